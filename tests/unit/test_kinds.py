"""Each kind of question: from a form to an answer to a value, and back."""

from __future__ import annotations

import ast
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

import blikveld
from blikveld.errors import Fault
from blikveld.fieldwork import SurveyLink
from blikveld.kinds import (
    KINDS,
    AskedQuestion,
    DayEntry,
    Multiple,
    NumberEntry,
    OpenText,
    Option,
    QuestionKind,
    Ranking,
    RatingScale,
    Single,
    TextEntry,
    Year,
)
from blikveld.kinds.base import KindOfQuestion
from blikveld.kinds.controls import ChoiceList, Control, SelectList
from blikveld.kinds.posted import AnswerError, AnswerRefused
from blikveld.questionnaire import Routing
from blikveld.responses.schema import columns_of
from blikveld.rules.types import VariableKind
from blikveld.study.examples import example_respondents
from blikveld.study.load import find_faults, load
from blikveld.study.model import Mode, Study
from blikveld.web.page_layout import QuestionLayout, lay_out_page

STUDIES = Path(__file__).parents[1] / "studies"
WORDS = {"nl": "ja", "en": "yes"}
OPTIONS = tuple(Option(code, WORDS, WORDS, exclusive=code == "none") for code in ("a", "b", "none"))
EVERY: tuple[QuestionKind, ...] = (
    Single(),
    Multiple(),
    Multiple(least=2),
    Multiple(most=1),
    Multiple(least=1, most=2),
    OpenText(),
    NumberEntry(),
    NumberEntry(least=Decimal(1), most=Decimal(12)),
    NumberEntry(least=Decimal("-3.5"), most=Decimal("0.25"), decimals=2),
    NumberEntry(most=Decimal(-4), decimals=6),
    Year(),
    Year(least=Decimal(1900), most=Decimal(1900)),
    RatingScale(low=WORDS, high=WORDS),
    RatingScale(first=-3, last=3, low=WORDS, high=WORDS),
    DayEntry(),
    DayEntry(first=date(2000, 2, 29), last=date(2000, 3, 1)),
    DayEntry(last=date(1600, 1, 1)),
    TextEntry(),
    TextEntry(pattern="[1-9]\\d{3} ?[A-Z]{2}", example="1234 AB"),
    Ranking(),
    Ranking(most=2),
)


@pytest.mark.parametrize("kind", EVERY, ids=repr)
def test_each_answer_comes_back_from_its_form(kind: KindOfQuestion) -> None:
    asked, dice = AskedQuestion("q", OPTIONS), random.Random(7)
    for _ in range(300):
        answer = kind.generate_answer(asked, dice)
        form = kind.fill_form(asked, answer)
        assert set(form) <= set(kind.field_names("q"))
        assert kind.parse_answer(asked, form) == answer
        assert kind.is_kept(asked, answer)
    assert kind.parse_answer(asked, {}) is None


@pytest.mark.parametrize("kind", EVERY, ids=repr)
def test_values_lie_within_the_limits(kind: KindOfQuestion) -> None:
    asked, dice = AskedQuestion("q", OPTIONS), random.Random(7)
    types = {VariableKind.NUMBER: Decimal, VariableKind.DATE: date}
    for _ in range(100):
        value = kind.read_value(kind.generate_answer(asked, dice))
        assert isinstance(value, types.get(kind.variable_kind, str | tuple))


RENT = NumberEntry(
    least=Decimal(0), most=Decimal("9999.99"), decimals=2, unit={"nl": "€", "en": "€"}
)
PEOPLE = NumberEntry(least=Decimal(1), most=Decimal(12))
COLD = NumberEntry(decimals=1)
BUILT = Year(least=Decimal(1600), most=Decimal(2027))
LIKING = RatingScale(low=WORDS, high=WORDS)
POSTCODE = TextEntry(pattern="[1-9]\\d{3} ?[A-Z]{2}", example="1234 AB", longest=20)
WRITTEN: list[tuple[QuestionKind, str, str | None]] = [
    (RENT, "12,5", "12.50"),
    (RENT, "12.5", "12.50"),
    (RENT, " 1 234,56 ", "1234.56"),
    (RENT, "1\N{NO-BREAK SPACE}234", "1234.00"),
    (RENT, "€ 500", "500.00"),
    (RENT, "500€", "500.00"),
    (RENT, "0500", "500.00"),
    (RENT, ",5", "0.50"),
    (RENT, "5,", "5.00"),
    (RENT, "+7", "7.00"),
    (RENT, "-0", "0.00"),
    (RENT, "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}", "12.00"),
    (COLD, "\N{MINUS SIGN}3,5", "-3.5"),
    (COLD, "   ", None),
    (BUILT, "1987", "1987"),
    (POSTCODE, " 9999  ZZ ", "9999 ZZ"),
    (POSTCODE, "9999ZZ", "9999ZZ"),
]


@pytest.mark.parametrize(("kind", "text", "kept"), WRITTEN)
def test_a_number_as_people_write_it(kind: QuestionKind, text: str, kept: str | None) -> None:
    assert kind.parse_answer(AskedQuestion("q"), {"q": [text]}) == kept


@pytest.mark.parametrize(
    ("kind", "chosen", "error"),
    [
        (Multiple(least=2), ["a"], AnswerError.TOO_FEW_CHOSEN),
        (Multiple(least=2), ["a", "b"], None),
        (Multiple(least=2), ["none"], None),
        (Multiple(most=1), ["a", "b"], AnswerError.TOO_MANY_CHOSEN),
        (Multiple(most=1), ["a"], None),
        (Multiple(most=1), ["none", "a"], AnswerError.EXCLUSIVE),
        (Multiple(), ["a", "b"], None),
    ],
)
def test_as_many_are_chosen_as_may_be(
    kind: Multiple, chosen: list[str], error: AnswerError | None
) -> None:
    asked = AskedQuestion("q", OPTIONS)
    if error is None:
        assert kind.parse_answer(asked, {"q": chosen}) == tuple(chosen)
        return
    with pytest.raises(AnswerRefused) as refused:
        kind.parse_answer(asked, {"q": chosen})
    assert refused.value.error is error


REFUSED: list[tuple[QuestionKind, list[str], AnswerError]] = [
    (RENT, ["twaalf"], AnswerError.NO_NUMBER),
    (RENT, ["12 34"], AnswerError.NO_NUMBER),
    (RENT, ["1e3"], AnswerError.NO_NUMBER),
    (RENT, ["--5"], AnswerError.NO_NUMBER),
    (RENT, ["."], AnswerError.NO_NUMBER),
    (RENT, ["nan"], AnswerError.NO_NUMBER),
    (RENT, ["1.234,5"], AnswerError.TWO_MARKS),
    (RENT, ["1,234,5"], AnswerError.TWO_MARKS),
    (RENT, ["12,345"], AnswerError.DECIMALS),
    (RENT, ["-0,01"], AnswerError.TOO_LOW),
    (RENT, ["10000"], AnswerError.TOO_HIGH),
    (RENT, ["1", "2"], AnswerError.TWICE),
    (RENT, ["1" * 41], AnswerError.TOO_LONG),
    (COLD, ["1" * 16], AnswerError.NO_NUMBER),
    (PEOPLE, ["2,5"], AnswerError.WHOLE),
    (PEOPLE, ["1.000"], AnswerError.WHOLE),
    (PEOPLE, ["2,0"], AnswerError.WHOLE),
    (PEOPLE, ["0"], AnswerError.TOO_LOW),
    (PEOPLE, ["13"], AnswerError.TOO_HIGH),
    (BUILT, ["87"], AnswerError.FOUR_DIGITS),
    (BUILT, ["1987,0"], AnswerError.FOUR_DIGITS),
    (BUILT, ["1599"], AnswerError.TOO_LOW),
    (BUILT, ["2028"], AnswerError.TOO_HIGH),
    (POSTCODE, ["0123 AB"], AnswerError.PATTERN),
    (POSTCODE, ["1234 AB!"], AnswerError.PATTERN),
    (POSTCODE, ["1234 AB" * 3], AnswerError.TOO_LONG),
    (LIKING, ["11"], AnswerError.NOT_OFFERED),
    (LIKING, ["05"], AnswerError.NOT_OFFERED),
    (LIKING, ["5", "6"], AnswerError.TOO_MANY),
]


@pytest.mark.parametrize(("kind", "fields", "error"), REFUSED)
def test_what_cannot_be_kept_is_refused(
    kind: QuestionKind, fields: list[str], error: AnswerError
) -> None:
    with pytest.raises(AnswerRefused) as refused:
        kind.parse_answer(AskedQuestion("q"), {"q": fields})
    assert refused.value.error is error


BORN = DayEntry(first=date(1900, 1, 1), last=date(2027, 2, 26))
DAYS: list[tuple[tuple[str, str, str], str | AnswerError]] = [
    (("1", "2", "1990"), "1990-02-01"),
    (("01", " 02 ", "1990"), "1990-02-01"),
    (("29", "2", "2000"), "2000-02-29"),
    (("1", "1", "1900"), "1900-01-01"),
    (("26", "2", "2027"), "2027-02-26"),
    (("29", "2", "1999"), AnswerError.NO_DATE),
    (("31", "4", "1990"), AnswerError.NO_DATE),
    (("0", "4", "1990"), AnswerError.NO_DATE),
    (("1", "13", "1990"), AnswerError.NO_DATE),
    (("een", "4", "1990"), AnswerError.NO_DATE),
    (("1", "4", "90"), AnswerError.FOUR_DIGITS),
    (("1", "4", "19 0"), AnswerError.NO_DATE),
    (("", "4", "1990"), AnswerError.DATE_HALF),
    (("1", "4", " "), AnswerError.DATE_HALF),
    (("31", "12", "1899"), AnswerError.TOO_EARLY),
    (("27", "2", "2027"), AnswerError.TOO_LATE),
]


@pytest.mark.parametrize(("parts", "kept"), DAYS)
def test_a_day_in_three_lines(parts: tuple[str, ...], kept: str | AnswerError) -> None:
    names = ("q__day", "q__month", "q__year")
    form = {name: [part] for name, part in zip(names, parts, strict=True)}
    if isinstance(kept, str):
        assert BORN.parse_answer(AskedQuestion("q"), form) == kept
        return
    with pytest.raises(AnswerRefused) as refused:
        BORN.parse_answer(AskedQuestion("q"), form)
    assert refused.value.error is kept


RANKED: list[tuple[Ranking, list[str], tuple[str, ...] | AnswerError]] = [
    (Ranking(), ["b", "none", "a"], ("b", "none", "a")),
    (Ranking(most=2), ["b", "none"], ("b", "none")),
    (Ranking(most=2), ["b", ""], AnswerError.RANK),
    (Ranking(), ["", "b", "a"], AnswerError.RANK_GAP),
    (Ranking(), ["b", "", "a"], AnswerError.RANK_GAP),
    (Ranking(), ["a", "a", "b"], AnswerError.RANK_TWICE),
    (Ranking(), ["a", "x", "b"], AnswerError.NOT_OFFERED),
]


@pytest.mark.parametrize(("kind", "chosen", "kept"), RANKED)
def test_an_order_of_answers(
    kind: Ranking, chosen: list[str], kept: tuple[str, ...] | AnswerError
) -> None:
    asked = AskedQuestion("q", OPTIONS)
    form = {f"q__{place}": [code] for place, code in enumerate(chosen, start=1)}
    if isinstance(kept, tuple):
        assert kind.parse_answer(asked, form) == kept
        return
    with pytest.raises(AnswerRefused) as refused:
        kind.parse_answer(asked, form)
    assert refused.value.error is kept


@pytest.mark.parametrize("text", ["1", "12"])
def test_limits_are_answers(text: str) -> None:
    assert PEOPLE.parse_answer(AskedQuestion("q"), {"q": [text]}) == text


LONG = [(30, False, ChoiceList), (31, False, SelectList), (31, True, ChoiceList)]


@pytest.mark.parametrize(("number", "text", "control"), LONG)
def test_many_answers_stand_in_a_list_that_opens(
    number: int, text: bool, control: type[Control]
) -> None:
    options = [Option(f"a{at}", WORDS, WORDS, text=WORDS if text else None) for at in range(number)]
    (found,) = Single().controls(AskedQuestion("q", options))
    assert isinstance(found, control)


def test_what_may_be_filled_in_is_said_as_people_write_it() -> None:
    said = {language: RENT.describe().say(language) for language in ("nl", "en", "pl")}
    assert said == {
        "nl": "Een getal van 0 tot en met 9999,99 (€). Decimalen mogen: hoogstens 2.",
        "en": "A number from 0 to 9999.99 (€). Decimals are allowed: at most 2.",
        "pl": "A number from 0 to 9999,99. Decimals are allowed: at most 2.",
    }


# Rooms that match on the types of variables or the controls of pages: what is left out of one is
# a type error there, as long as the match ends in assert_never.
FACES = (
    "disclosure/people.py",
    "exchange/xlsform.py",
    "responses/export/table.py",
    "responses/schema.py",
    "study/examples.py",
    "study/random_answers.py",
    "study/variables.py",
    "web/page_layout.py",
)
UNIONS = {"VariableKind", "SingleCode", "DecimalNumber", "ChoiceList", "TextInput"}


def _matches(path: Path) -> list[ast.Match]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Match)]


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


@pytest.mark.parametrize("face", FACES)
def test_a_type_or_control_left_out_is_a_type_error(face: str) -> None:
    found = 0
    for match in _matches(Path(blikveld.__file__).parent / face):
        patterns = set().union(*(_names(case.pattern) for case in match.cases))
        if UNIONS & patterns and len(match.cases) > 3:
            assert "assert_never" in _names(match.cases[-1]), f"line {match.lineno}"
            found += 1
    assert found


def test_mypy_names_a_type_that_is_left_out(tmp_path: Path) -> None:
    """Held on the enum itself: a match without one member does not end in assert_never."""
    left_out = "\n".join(
        f"        case VariableKind.{kind.name}:\n            return 1"
        for kind in VariableKind
        if kind is not VariableKind.NUMBER
    )
    types = (Path(blikveld.__file__).parent / "rules/types.py").read_text(encoding="utf-8")
    snippet = (
        f"{types}\nfrom typing import assert_never\n\n\ndef face(kind: VariableKind) -> int:\n"
        f"    match kind:\n{left_out}\n        case _:\n            assert_never(kind)\n"
    )
    file = tmp_path / "face.py"
    file.write_text(snippet, encoding="utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\n", encoding="utf-8")
    # In a process of its own: mypy changes how deep this one may call.
    options = ("--config-file", str(config), "--cache-dir", str(tmp_path / "cache"))
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "Literal[VariableKind.NUMBER]" in found.stdout


ELSEWHERE = [
    ("kind: integer", "wrong-value", "Here it is called 'number'."),
    ("kind: select_multiple pets", "wrong-value", "Here it is called 'multiple'."),
    ("kind: textarea", "wrong-value", "Here it is called 'open'."),
    ("kind: slider", "wrong-value", "Here it is called 'scale'."),
    ("kind: matrix", "wrong-value", "Write an item `- grid: name`."),
    ("kind: calculate", "wrong-value", "Make it in derived.yaml."),
    ("type: number", "unknown-key", "Here it is called 'kind'."),
    ("kind: open, hint: {nl: a, en: b}", "unknown-key", "Here it is called 'help'."),
    ("kind: open, relevant: 'True'", "unknown-key", "Here it is called 'ask_if'."),
    ("kind: open, Mandatory: true", "unknown-key", "Here it is called 'required'."),
    ("kind: number, minimum: 3", "unknown-key", "Here it is called 'min'."),
    ("kind: text, maxlength: 3", "unknown-key", "Here it is called 'longest'."),
    ("kind: open, minimum: 3", "unknown-key", "Choose from: "),
]


@pytest.mark.parametrize(("settings", "code", "mend"), ELSEWHERE)
def test_the_word_of_another_program_is_answered_with_ours(
    tmp_path: Path, settings: str, code: str, mend: str
) -> None:
    fault = next(one for one in _faults(tmp_path, settings) if one.code == code)
    assert (fault.code, fault.file, fault.line) == (code, "questionnaire.yaml", 5)
    assert fault.mend.startswith(mend)


def _faults(folder: Path, settings: str) -> tuple[Fault, ...]:
    """The faults of a question with these settings."""
    study = shutil.copytree(STUDIES / "days", folder / "study")
    text = "{question: q, text: {nl: Waarom, en: Why}, short: {nl: Reden, en: Reason}, "
    part = "sections:\n  - key: s\n    title: {nl: Deel, en: Part}\n    items:\n      - "
    (study / "questionnaire.yaml").write_text(f"{part}{text}{settings}}}\n", encoding="utf-8")
    return find_faults(study)


A = "{code: a, label: {nl: A, en: A}}"
FAULTY = [
    ("kind: number, min: 5, max: 3", ["wrong-value"]),
    ("kind: number, decimals: 9", ["wrong-value"]),
    ("kind: number, min: 0.5", ["wrong-value"]),
    ("kind: number, max: .inf", ["wrong-type"]),
    ("kind: number, min: 0, max: 10, bands: [5, 3]", ["wrong-value"]),
    ("kind: number, min: 0, max: 10, bands: [0, 11]", ["wrong-value"] * 2),
    ("kind: number, max: 1234567890123456", ["wrong-value"]),
    ("kind: number, options: [{code: a, label: {nl: A, en: A}}]", ["options"]),
    ("kind: year, min: 87", ["wrong-value"]),
    ("kind: scale", ["missing-key", "missing-key"]),
    ("kind: scale, min: 1, max: 1, low: {nl: a, en: b}, high: {nl: c, en: d}", ["wrong-value"]),
    ("kind: date, min: 2020-02-30", ["date"]),
    ("kind: date, min: today, max: 2020-01-01", ["date"]),
    ("kind: date, min: 1400-01-01", ["date"]),
    ("kind: text, pattern: '[0-9'", ["pattern"]),
    ("kind: text, pattern: '[0-9]+'", ["missing-key"]),
    ("kind: text, pattern: '[0-9]+', example: x", ["pattern"]),
    ("kind: text, longest: 0", ["wrong-value"]),
    ("kind: ranking", ["options"]),
    (f"kind: ranking, most: 1, options: [{A}]", ["options", "wrong-value"]),
    (f"kind: number, special: [{A}, {A}]", ["duplicate", "duplicate"]),
]


@pytest.mark.parametrize(("settings", "codes"), FAULTY)
def test_everything_wrong_in_the_settings_of_a_kind_is_told(
    tmp_path: Path, settings: str, codes: list[str]
) -> None:
    faults = _faults(tmp_path, settings)
    assert sorted(fault.code for fault in faults) == codes
    assert {fault.line for fault in faults} == {5}


GUIDE = (Path(blikveld.__file__).parents[2] / "docs/questions.md").read_text(encoding="utf-8")


def test_the_guide_names_every_kind_and_every_setting() -> None:
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \|(.*)$", GUIDE))
    assert set(rows) == set(KINDS)
    for name, kind in KINDS.items():
        assert set(kind.settings) <= set(re.findall(r"`(\w+)`", rows[name])), name


@pytest.mark.parametrize("block", re.findall(r"(?s)```yaml\n(.*?)```", GUIDE))
def test_what_the_guide_writes_is_a_study(tmp_path: Path, block: str) -> None:
    study = shutil.copytree(STUDIES / "days", tmp_path / "study")
    part = "sections:\n  - key: s\n    title: {nl: Deel, en: Part}\n    items:\n"
    text = "".join(f"      {line}\n" for line in block.splitlines())
    (study / "questionnaire.yaml").write_text(part + text, encoding="utf-8")
    assert find_faults(study) == ()


def test_the_new_kind_of_the_guide_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one module and one list: loaded, answered, proven, exported."""
    (module,) = re.findall(r"(?s)```python\n(.*?)```", GUIDE)
    made = ModuleType("duration")
    monkeypatch.setitem(sys.modules, "duration", made)
    exec(compile(module, "duration.py", "exec"), made.__dict__)  # noqa: S102
    kind = made.Duration
    assert isinstance(kind, type)
    monkeypatch.setitem(KINDS, "duration", kind)  # type: ignore[misc]
    assert _faults(tmp_path, "kind: duration, max: 48") == ()
    study = load(tmp_path / "study")
    question = study.questions["q"]
    asked = AskedQuestion("q")
    assert question.kind.parse_answer(asked, {"q": ["1:30"]}) == "90"
    for text in ("1:60", "90", "48:01"):
        with pytest.raises(AnswerRefused):
            question.kind.parse_answer(asked, {"q": [text]})
    (person,) = example_respondents(study, 1)
    minutes = person.record["q"]
    assert isinstance(minutes, Decimal)
    assert 0 <= minutes <= 48 * 60
    (column, _) = columns_of(study.variables["q"])
    assert column.type == "DECIMAL(18,0)"
    (shown,) = _shown(study)
    assert (shown.input, shown.how) == ("lines", "Zoals 1:30.")


def _shown(study: Study) -> tuple[QuestionLayout, ...]:
    page = lay_out_page(Routing(study), 1, "nl", SurveyLink("zand", Mode.WEB))
    found = (layout for section in page.sections for layout in section.layouts)
    return tuple(layout for layout in found if isinstance(layout, QuestionLayout))
