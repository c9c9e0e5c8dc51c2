"""Which questions of foreign questionnaires the study model can say: whole, in part or not.

python world/kinds.py DIR [foreign-questionnaires.tsv]

DIR holds the files of the list, each as `<repository with + for />/<path>`; without a list on the
command line it stands in DIR. The results go to `kinds.md` beside this file.

What the model can say is asked of the model: each construct and each feature has a study of a few
lines, and counts as there when that study loads without a fault. So a figure rises when something
lands and never by a change here alone.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import xlrd
from lxml import etree
from provenance import tell_when

from blikveld.study.load import find_faults

TABLE = Path(__file__).with_suffix(".md")
LIST = "foreign-questionnaires.tsv"


class Verdict(Enum):
    """How much of a foreign question the study model can say."""

    WHOLE = "whole"
    PART = "a feature lost"
    DETOUR = "by a detour"
    NOT = "not at all"
    ASIDE = "place or file, left aside"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question of another program: what kind it is there, and the features that it uses."""

    file: str
    kind: str
    features: frozenset[str]


# What the study model can say

_STUDY = """\
format: 2
study: probe
version: "1"
languages: [en]
title: {en: Probe}
period: {from: 2026-01-01, to: 2026-12-31}
fieldwork: {from: 2026-01-01, to: 2026-12-31}
modes: [web]
sites:
  {name: place, plural_name: places, label: {en: Place}, plural: {en: places},
   list: [{key: here, name: Here}]}
"""
_BEFORE = """\
sections:
  - key: probe
    title: {en: Probe}
    items:
      - {question: m, kind: multiple, text: {en: M}, options: [{code: a, label: {en: A}},
         {code: b, label: {en: B}}, {code: c, label: {en: C}}]}
      - {question: n, kind: number, min: 0, max: 9, text: {en: N}}
      - {question: t, kind: text, text: {en: T}}
"""
_ABC = "[{code: a, label: {en: A}}, {code: b, label: {en: B}}, {code: c, label: {en: C}}]"
_ROWS = "rows: [{key: r1, text: {en: First}}, {key: r2, text: {en: Second}}]"


@dataclass(frozen=True, slots=True)
class Probe:
    """A few lines that say something: items after the first three questions, or other files."""

    items: str = ""
    derived: str = ""
    study: str = _STUDY
    after: str = ""


def _question(kind: str, settings: str = "", text: str = "Q") -> Probe:
    more = f", {settings}" if settings else ""
    return Probe(f'- {{question: q, kind: {kind}, text: {{en: "{text}"}}{more}}}')


def _grid(kind: str, settings: str = "", rows: str = _ROWS) -> Probe:
    more = f", {settings}" if settings else ""
    return Probe(f"- {{grid: g, kind: {kind}, text: {{en: G}}, {rows}{more}}}")


_TWO_COLUMNS = (
    f"columns: [{{key: x, text: {{en: X}}, scale: {_ABC}}},"
    f" {{key: y, text: {{en: Y}}, scale: {_ABC}}}]"
)
PROBES: Mapping[str, Probe] = {
    "single": _question("single", f"options: {_ABC}"),
    "multiple": _question("multiple", f"options: {_ABC}"),
    "number": _question("number"),
    "number limits": _question("number", "min: 1, max: 5"),
    "unit": _question("number", 'unit: "€"'),
    "scale": _question("scale", "low: {en: low}, high: {en: high}"),
    "date": _question("date"),
    "date limits": _question("date", "min: 2000-01-01, max: today"),
    "text": _question("text"),
    "open": _question("open"),
    "regex": _question("text", 'pattern: "[0-9]+", example: "12"'),
    "text length": _question("text", "longest: 20"),
    "ranking": _question("ranking", f"options: {_ABC}"),
    "ranking limits": _question("ranking", f"most: 2, options: {_ABC}"),
    "grid of single": _grid("single", f"scale: {_ABC}"),
    "grid of multiple": _grid("multiple", f"scale: {_ABC}"),
    "grid of numbers": _grid("number", "min: 0, max: 9"),
    "grid of scales": _grid("scale", "low: {en: low}, high: {en: high}"),
    "grid of texts": _grid("text"),
    "grid of columns": _grid("single", _TWO_COLUMNS),
    "grid of number columns": _grid(
        "number", "columns: [{key: x, text: {en: X}}, {key: y, text: {en: Y}}]"
    ),
    "relevance": _question("text", "ask_if: \"'a' in m\""),
    "arithmetic in relevance": _question("text", 'ask_if: "n + 1 >= 3"'),
    "text in relevance": _question("text", "ask_if: \"t == 'yes'\""),
    "exclusive": _question(
        "multiple",
        "options: [{code: a, label: {en: A}}, {code: z, label: {en: Z}, exclusive: true}]",
    ),
    "other": _question(
        "single",
        "options: [{code: a, label: {en: A}}, {code: o, label: {en: O}, text: {en: namely}}]",
    ),
    "text at several options": _question(
        "multiple",
        "options: [{code: a, label: {en: A}, text: {en: more}},"
        " {code: o, label: {en: O}, text: {en: namely}}]",
    ),
    "text at an option of a grid": _grid(
        "single",
        "scale: [{code: a, label: {en: A}}, {code: o, label: {en: O}, text: {en: namely}}]",
    ),
    "text at a row of a grid": _grid(
        "single",
        f"scale: {_ABC}",
        "rows: [{key: r1, text: {en: First}}, {key: r2, text: {en: Other}, other: {en: namely}}]",
    ),
    "comment beside": _question("single", f"options: {_ABC}, comment: {{en: Why?}}"),
    "option filter": _question(
        "multiple",
        "options: [{code: a, label: {en: A}, show_if: \"'a' in m\"}, {code: z, label: {en: Z}}]",
    ),
    "carried forward": _question("multiple", "options_from: {question: m, which: chosen}"),
    "row filter": _grid(
        "single",
        f"scale: {_ABC}",
        "rows: [{key: r1, text: {en: First}, ask_if: \"'a' in m\"}, {key: r2, text: {en: Second}}]",
    ),
    "limits on choices": _question("multiple", f"least: 1, most: 2, options: {_ABC}"),
    "hard check": Probe(
        after="checks:\n  - {key: c, rule: \"n <= 5 or 'a' in m\", severity: hard, text: {en: No}}"
    ),
    "piping": _question("text", "short: {en: Q}", "About {n|that}?"),
    "random order": _question("multiple", f"order: random, options: {_ABC}"),
    "random order of rows": _grid("single", f"order: random, scale: {_ABC}"),
    "random order of items": Probe(
        after="  - {key: s, title: {en: S}, order: random, items: ["
        "{question: u, kind: text, text: {en: U}}, {question: v, kind: text, text: {en: V}}]}"
    ),
    "default": _question("number", "default: 3"),
    "default of an earlier answer": _question("number", 'default: "n"'),
    "number step": _question("number", "min: 0, max: 10, step: 2"),
    "repeat": Probe(
        "- {roster: r, count: n, most: 9, items: [{question: x, kind: text, text: {en: X}}]}"
    ),
    "calculated": Probe(
        derived='computed:\n  - {key: twice, label: {en: Twice}, compute: "2 * n", decimals: 0}'
    ),
    "preloaded": Probe(study=f"{_STUDY}preloaded:\n  - {{name: region, kind: text}}\n"),
    "language": Probe(),
    "no sites": Probe(study=_STUDY.partition("sites:")[0]),
}
"""Each construct and feature, and the lines that say it."""


def probe(name: str) -> list[str]:
    """The faults that a probe has; none where the study model can say it."""
    lines = PROBES[name]
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "study.yaml").write_text(lines.study, encoding="utf-8")
        items = f"      {lines.items}\n" if lines.items else ""
        after = f"{lines.after}\n" if lines.after else ""
        whole = f"{_BEFORE}{items}{after}"
        (folder / "questionnaire.yaml").write_text(whole, encoding="utf-8")
        if lines.derived:
            (folder / "derived.yaml").write_text(lines.derived, encoding="utf-8")
        return [f"{fault.code}: {fault.problem}" for fault in find_faults(folder)]


def can_say() -> frozenset[str]:
    """The probes that load without a fault."""
    return frozenset(name for name in PROBES if not probe(name))


KINDS: Mapping[str, tuple[str, ...]] = {
    "single": ("single",),
    "single+comment": ("comment beside",),
    "multiple": ("multiple",),
    "multiple+comments": ("text at several options",),
    "number": ("number",),
    "multi-number": ("grid of numbers",),
    "text": ("text", "open"),
    "multi-text": ("grid of texts",),
    "date": ("date",),
    "ranking": ("ranking",),
    "matrix": ("grid of single",),
    "matrix-by-column": ("grid of single",),
    "matrix of multiple": ("grid of multiple",),
    "matrix of numbers": ("grid of number columns",),
    "matrix of texts": ("grid of texts",),
    "matrix dual scale": ("grid of columns",),
    "side by side": ("grid of columns",),
    "slider": ("grid of scales", "grid of numbers"),
    "calculated": ("calculated",),
    "acknowledge": ("single",),
    "barcode": ("text",),
}
"""What a foreign kind becomes here."""
DETOURS: Mapping[str, tuple[str, ...]] = {
    "single+comment": ("single", "open"),
    "multiple+comments": ("multiple", "grid of texts"),
    "language": ("language",),
}
"""What says the same in two questions, or elsewhere, where the kind itself is not there."""
ASIDE = ("geo", "file")
FEATURES: Mapping[str, str] = {
    **{
        name: name
        for name in (
            *("relevance", "arithmetic in relevance", "text in relevance", "number limits"),
            *("date limits", "regex", "text length", "unit", "exclusive", "option filter"),
            *("row filter", "limits on choices", "ranking limits", "piping", "random order"),
            *("random order of rows", "random order of items", "default", "number step"),
            *("repeat", "text at several options", "text at an option of a grid"),
            *("text at a row of a grid", "default of an earlier answer"),
        )
    },
    "own validation rule": "hard check",
    "limit that is worked out": "hard check",
    "other": "other",
    "constraint": "hard check",
}
"""A feature and the probe that says it. One that is not here nobody can say: a time limit, say."""


def judge(question: Foreign, known: frozenset[str]) -> tuple[Verdict, tuple[str, ...]]:
    """How much of a question can be said, and what is missing."""
    if question.kind in ASIDE:
        return Verdict.ASIDE, ()
    needs = KINDS.get(question.kind, (question.kind,))
    lost = tuple(sorted(f for f in question.features if FEATURES.get(f, f) not in known))
    if set(needs) <= known:
        return (Verdict.PART if lost else Verdict.WHOLE), lost
    detour = DETOURS.get(question.kind)
    if detour and set(detour) <= known:
        return Verdict.DETOUR, (question.kind, *lost)
    return Verdict.NOT, (question.kind, *lost)


# LimeSurvey

_LSS = {
    **dict.fromkeys("L!YG5", "single"),
    **dict.fromkeys("STU", "text"),
    **dict.fromkeys("ABCEF", "matrix"),
    "O": "single+comment",
    "M": "multiple",
    "P": "multiple+comments",
    "N": "number",
    "K": "multi-number",
    "Q": "multi-text",
    "D": "date",
    "R": "ranking",
    "I": "language",
    "H": "matrix-by-column",
    "1": "matrix dual scale",
    ":": "matrix of numbers",
    ";": "matrix of texts",
    "|": "file",
    "*": "calculated",
}
_GRIDS = frozenset("ABCEFH1:;KQ")
_TERM = re.compile(r"[+*/%]|\bsum\(|\b(?:min|max|count|round|floor)\(|[\w)]\s-\s[\w(]")
_PIPED = re.compile(r"\{\s*[A-Za-z]\w*(\.(shown|value|NAOK))?\s*\}")
_WORKED_OUT = re.compile(r"\{\s*[A-Za-z][^{}]*\}")
_COUNTED = re.compile(r"-?\d+(\.\d+)?")


def read_lss(path: Path, file: str) -> Iterator[Foreign]:
    """The questions of a LimeSurvey file, in any language once; texts and equations aside."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.parse(str(path), parser).getroot()
    words: dict[str, str] = {}
    for row in _rows(root, "question_l10ns"):
        words[row["qid"]] = words.get(row["qid"], "") + row.get("question", "")
    attributes: dict[str, dict[str, str]] = {}
    for row in _rows(root, "question_attributes"):
        if row.get("value", "").strip():
            attributes.setdefault(row["qid"], {})[row["attribute"]] = row["value"].strip()
    parts: dict[str, list[dict[str, str]]] = {}
    for row in _rows(root, "subquestions"):
        parts.setdefault(row["parent_qid"], []).append(row)
    given = {row.get("qid", "") for row in _rows(root, "defaultvalues")}
    conditions = {row.get("qid", "") for row in _rows(root, "conditions")}
    seen = set[str]()
    for row in _rows(root, "questions"):
        if row["type"] == "X" or row["qid"] in seen:
            continue
        seen.add(row["qid"])
        row["words"] = row.get("question", "") + row.get("help", "") + words.get(row["qid"], "")
        found = set(_lss_features(row, attributes.get(row["qid"], {}), parts.get(row["qid"], [])))
        found |= {"default"} if row["qid"] in given else set()
        found |= {"relevance"} if row["qid"] in conditions else set()
        kind = _LSS[row["type"]]
        if row["type"] == ":" and _on(attributes.get(row["qid"], {}), "multiflexible_checkbox"):
            kind = "matrix of multiple"
        yield Foreign(file, kind, frozenset(found))


def _rows(root: Any, table: str) -> list[dict[str, str]]:
    found = root.find(f"{table}/rows")
    return [] if found is None else [{c.tag: c.text or "" for c in row} for row in found]


def _lss_features(
    row: Mapping[str, str], attributes: Mapping[str, str], parts: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    grid = row["type"] in _GRIDS
    yield from _lss_rules(row, attributes)
    yield from _lss_filters(row, attributes, parts)
    yield from _lss_limits(attributes)
    yield from _lss_words(row, parts)
    if _on(attributes, "min_answers", "max_answers", "max_subquestions"):
        yield "ranking limits" if row["type"] == "R" else "limits on choices"
    if row.get("preg", "").strip():
        yield "regex"
    if _on(attributes, "random_order"):
        yield "random order of rows" if grid else "random order"
    if _on(attributes, "random_group"):
        yield "random order of items"
    if row.get("other", "N") == "Y":
        yield "text at several options" if row["type"] == "P" else "other"
    yield from (feature for name, feature in _LSS_MORE.items() if _on(attributes, name))


def _lss_rules(row: Mapping[str, str], attributes: Mapping[str, str]) -> Iterator[str]:
    for rule in (row.get("relevance", ""), attributes.get("relevance", "")):
        if rule not in ("", "1"):
            yield "relevance"
            if _TERM.search(rule):
                yield "arithmetic in relevance"


def _lss_filters(
    row: Mapping[str, str], attributes: Mapping[str, str], parts: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    filters = [part["relevance"] for part in parts if part.get("relevance", "") not in ("", "1")]
    if filters or _on(attributes, "array_filter", "array_filter_exclude"):
        yield "row filter" if row["type"] in _GRIDS else "option filter"
    # What is shown hangs on an answer to the question itself, as only a script can do.
    if any(re.search(rf"\bself\.|\b{row['title']}_", rule) for rule in filters):
        yield "filter by the question itself"


def _lss_words(row: Mapping[str, str], parts: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for words in (row["words"], *(part.get("question", "") for part in parts)):
        if _WORKED_OUT.search(words):
            yield "piping"
        if _WORKED_OUT.search(_PIPED.sub("", words)):
            yield "words that are worked out"


_LSS_MORE = {
    "hidden": "hidden",
    "exclude_all_others": "exclusive",
    "maximum_chars": "text length",
    "numbers_only": "regex",
    "date_min": "date limits",
    "date_max": "date limits",
    "prefix": "unit",
    "suffix": "unit",
    "multiflexible_step": "number step",
    "time_limit": "time limit",
    "slider_default": "default",
}


def _lss_limits(attributes: Mapping[str, str]) -> Iterator[str]:
    for name in ("min_num_value", "max_num_value", "min_num_value_n", "max_num_value_n"):
        if value := attributes.get(name, ""):
            # The sum of several numbers is a check; a limit of one number is a setting.
            alone = name.endswith("_n") and _COUNTED.fullmatch(value)
            yield "number limits" if alone else "limit that is worked out"
    if _on(attributes, "equals_num_value", "num_value_equals_sgqa", "max_num_value_sgqa"):
        yield "limit that is worked out"
    if _on(attributes, "multiflexible_min", "multiflexible_max"):
        yield "number limits"
    if _on(attributes, "em_validation_q", "em_validation_sq"):
        yield "own validation rule"


def _on(attributes: Mapping[str, str], *names: str) -> bool:
    return any(attributes.get(name, "0") not in ("0", "", "N") for name in names)


# Qualtrics


def read_qsf(path: Path, file: str) -> Iterator[Foreign]:
    """The questions of a Qualtrics file, those in its bin too; descriptions aside."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    for element in whole["SurveyElements"]:
        question = element["Payload"] if element["Element"] == "SQ" else {"QuestionType": "DB"}
        if question["QuestionType"] != "DB":
            yield Foreign(file, _qsf_kind(question), frozenset(_qsf_features(question)))


def _qsf_kind(question: Mapping[str, Any]) -> str:
    selector = (question["QuestionType"], question["Selector"], question.get("SubSelector") or "")
    match selector:
        case ("MC", chosen, _):
            return "multiple" if chosen.startswith(("MA", "MSB")) else "single"
        case ("Matrix", "TE", _):
            return "matrix of texts"
        case ("Matrix", _, "MultipleAnswer"):
            return "matrix of multiple"
        case ("Matrix", _, _):
            return "matrix"
        case ("TE", "FORM", _):
            return "multi-text"
        case ("TE", _, _):
            return "text"
        case ("Slider", _, _):
            return "slider"
        case ("SBS", _, _):
            return "side by side"
        case ("RO", _, _):
            return "ranking"
        case ("CS", _, _):
            return "multi-number"
        case (other, _, _):
            return str(other)


def _qsf_features(question: Mapping[str, Any]) -> Iterator[str]:
    grid = question["QuestionType"] in ("Matrix", "SBS")
    choices = _values(question.get("Choices"))
    written = [each for each in choices if "TextEntry" in each]
    if written and grid:
        yield "text at a row of a grid"
    elif written:
        yield "other" if len(written) == 1 else "text at several options"
    if grid and any("TextEntry" in each for each in _values(question.get("Answers"))):
        yield "text at an option of a grid"
    if question.get("DisplayLogic") or question.get("InPageDisplayLogic"):
        yield "relevance"
    if any("DisplayLogic" in each for each in choices):
        yield "row filter" if grid else "option filter"
    if question.get("DynamicChoices"):
        yield "row filter" if grid else "option filter"
    if question.get("Randomization"):
        yield "random order of rows" if grid else "random order"
    if "${" in question["QuestionText"] or any("${" in str(c.get("Display")) for c in choices):
        yield "piping"
    if question.get("QuestionJS"):
        yield "script"
    if question.get("DefaultChoices"):
        yield "default"
    yield from _qsf_validation((question.get("Validation") or {}).get("Settings") or {})


def _values(choices: Any) -> list[Mapping[str, Any]]:
    return list(choices.values()) if isinstance(choices, dict) else list(choices or ())


def _qsf_validation(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings.get("MinChoices") or settings.get("MaxChoices"):
        yield "limits on choices"
    if settings.get("Type") == "CustomValidation":
        yield "own validation rule"
    if settings.get("Type") == "ContentType":
        yield "regex"
    if settings.get("MaxChars") or settings.get("TotalChar"):
        yield "text length"


# XLSForm

_XLS = {
    "select_one": "single",
    "select_multiple": "multiple",
    "integer": "number",
    "decimal": "number",
    "range": "number",
    "text": "text",
    "date": "date",
    "geopoint": "geo",
    "geotrace": "geo",
    "geoshape": "geo",
    "gps": "geo",
    "location": "geo",
    "osm": "geo",
    "image": "file",
    "photo": "file",
    "audio": "file",
    "video": "file",
    "file": "file",
    "calculate": "calculated",
    "acknowledge": "acknowledge",
    "barcode": "barcode",
    "rank": "ranking",
    "datetime": "date",
    "select1": "single",
    "int": "number",
    "string": "text",
    "trigger": "acknowledge",
    "phonenumber": "text",
    "percentage": "number",
    "q acknowledge": "acknowledge",
    "select": "multiple",
}
_OLD_WORDS = (
    ("select one", "select_one"),
    ("select all that apply", "select_multiple"),
    ("add select_one prompt", "select_one"),
    ("select multiple", "select_multiple"),
)
_LOOPS = ("begin repeat", "begin_repeat", "begin loop", "begin_loop", "begin looped group")
_ENDS = ("end repeat", "end_repeat", "end loop", "end_loop", "end looped group")


def read_xls(path: Path, file: str) -> Iterator[Foreign]:
    """The questions of an XLSForm; notes, groups and what a telephone fills in aside."""
    deep = 0
    for row in _sheet(path, "survey"):
        written = " ".join(row.get("type", "").strip().casefold().split()).replace("_external", "")
        deep += written.startswith(_LOOPS)
        deep -= written.startswith(_ENDS)
        kind = _xls_kind(written)
        if kind is not None:
            found = set(_xls_features(row, written))
            yield Foreign(file, kind, frozenset(found | ({"repeat"} if deep > 0 else set())))


def _xls_kind(written: str) -> str | None:
    if " using " in written:
        return _XLS.get(written.split(" using ")[0].replace(" ", "_"), "single")
    for old, new in (("select one", "select_one"), ("select all that apply", "select_multiple")):
        written = written.replace(old, new)
    for old, new in (
        ("add select_one prompt", "select_one"),
        ("select multiple", "select_multiple"),
    ):
        written = written.replace(old, new)
    words = written.removeprefix("add ").split()
    return _XLS.get(words[0]) if words else None


def _xls_features(row: Mapping[str, str], written: str) -> Iterator[str]:
    if "or specify other" in written or "or_other" in written:
        yield "other"
    if rule := row.get("relevant") or row.get("relevance") or row.get("bind: relevant"):
        yield "relevance"
        if re.search(r"[+*]| div | mod ", rule):
            yield "arithmetic in relevance"
    if rule := row.get("constraint") or row.get("bind: constraint"):
        bounds = re.sub(r"\.\s*(>=?|<=?)\s*-?\d+(\.\d+)?|\band\b|\s|[()]", "", rule)
        yield "constraint" if bounds else "number limits"
    if row.get("choice_filter"):
        yield "option filter"
    if any("${" in value for name, value in row.items() if name.startswith(("label", "hint"))):
        yield "piping"
    if row.get("default"):
        yield "default"


def _sheet(path: Path, name: str) -> Iterator[dict[str, str]]:
    rows = list(_cells(path, name))
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    for row in rows[1:]:
        yield dict(zip(head, row, strict=False))


def _cells(path: Path, name: str) -> Iterator[list[str]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        title = next((t for t in book.sheetnames if t.strip().casefold() == name), None)
        for row in book[title].iter_rows(values_only=True) if title else ():
            yield ["" if cell is None else str(cell) for cell in row]
        return
    old = xlrd.open_workbook(str(path))
    sheet = next((s for s in old.sheets() if s.name.strip().casefold() == name), None)
    for at in range(sheet.nrows if sheet else 0):
        yield [str(cell) for cell in sheet.row_values(at)] if sheet else []


# The table

_READERS: Mapping[str, Callable[[Path, str], Iterator[Foreign]]] = {
    "lss": read_lss,
    "qsf": read_qsf,
    "xls": read_xls,
    "xlsx": read_xls,
}


def read_all(folder: Path, listed: Path) -> Iterator[tuple[Mapping[str, str], list[Foreign]]]:
    """Each row of the list with the questions of its file."""
    with listed.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = folder / row["repository"].replace("/", "+") / row["path"]
            yield row, list(_READERS[row["kind"]](path, row["path"]))


def table(folder: Path, listed: Path) -> str:
    """The results as Markdown."""
    known = can_say()
    files = list(read_all(folder, listed))
    judged = [(q, *judge(q, known)) for _, found in files for q in found]
    counts = Counter(verdict for _, verdict, _ in judged)
    return "\n".join(
        [
            "# Questions of foreign questionnaires",
            "",
            tell_when(),
            "",
            "A question is whole when its kind and each of its features can be said in a study:",
            "for each there is a study of a few lines that has to load without a fault. How it",
            "looks (a slider, columns, a font) is no feature.",
            "",
            *_counted(counts),
            "",
            *_missing(judged),
            "",
            *_by_kind(judged),
            "",
            "Not yet in the study model, of what was asked: "
            + (", ".join(sorted(PROBES.keys() - known)) or "nothing")
            + ".",
            "",
            *_sources(folder, files),
            "",
        ]
    )


def _counted(counts: Counter[Verdict]) -> Iterator[str]:
    inside = sum(counts.values()) - counts[Verdict.ASIDE]
    yield "| how much | questions | share, places and files left aside |"
    yield "|---|---|---|"
    for verdict in Verdict:
        share = "" if verdict is Verdict.ASIDE else f"{counts[verdict] / inside:.1%}"
        yield f"| {verdict.value} | {counts[verdict]} | {share} |"
    yield f"| all | {sum(counts.values())} | |"


Judged = tuple[Foreign, Verdict, tuple[str, ...]]


def _missing(judged: Iterable[Judged]) -> Iterator[str]:
    rows = list(judged)
    lost = Counter(name for _, _, missing in rows for name in missing)
    alone = Counter(missing[0] for _, _, missing in rows if len(missing) == 1)
    yield "| what is missing | questions | of which nothing else is missing |"
    yield "|---|---|---|"
    for name, count in sorted(lost.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"| {name} | {count} | {alone[name]} |"


def _by_kind(judged: Iterable[Judged]) -> Iterator[str]:
    counts = Counter((question.kind, verdict) for question, verdict, _ in judged)
    yield f"| kind | {' | '.join(verdict.value for verdict in Verdict)} |"
    yield f"|---|{'---|' * len(Verdict)}"
    for kind in sorted({kind for kind, _ in counts}):
        cells = " | ".join(str(counts[kind, verdict] or "") for verdict in Verdict)
        yield f"| {kind} | {cells} |"


def _sources(
    folder: Path, files: Iterable[tuple[Mapping[str, str], list[Foreign]]]
) -> Iterator[str]:
    yield "| repository | file | questions read (in the list) | SHA-256 |"
    yield "|---|---|---|---|"
    for row, found in files:
        path = folder / row["repository"].replace("/", "+") / row["path"]
        digest = sha256(path.read_bytes()).hexdigest()[:16]
        read = f"{len(found)} ({row['questions']})"
        yield f"| {row['repository']} | {row['path']} | {read} | {digest} |"


def main() -> None:
    """Write the table."""
    folder = Path(sys.argv[1])
    listed = Path(sys.argv[2]) if len(sys.argv) > 2 else folder / LIST
    if not listed.exists():
        sys.exit(f"{folder} holds no {LIST}.")
    result = table(folder, listed)
    TABLE.write_text(result, encoding="utf-8")
    print(result)


if __name__ == "__main__":
    main()
