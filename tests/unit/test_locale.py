"""Catalogues: complete, of today's English, with the same placeholders; every id used in code."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from tests.pseudo import pseudo, save

import blikveld
from blikveld.errors import BlikveldError, Faults
from blikveld.fieldwork.store import Phase
from blikveld.kinds.posted import AnswerError
from blikveld.kinds.words import DescriptionCode
from blikveld.locale import (
    Audience,
    UnknownMessage,
    catalogue,
    direction,
    draft_words,
    language_name,
    languages,
    read_words,
)
from blikveld.locale.catalogues import placeholders, read_po_file, template_of
from blikveld.locale.conventions import day, whole_number
from blikveld.rules.grammar import RulePhrases, TermPhrases
from blikveld.rules.nodes import ComparisonOperator
from blikveld.study.model import Mode
from blikveld.web.templating import MonitorWords, PageWords, ScriptWords

RESPONDENTS = Audience.RESPONDENTS
KNOWN = [(audience, code) for audience in Audience for code in languages(audience)]


def test_code_asks_for_every_message_and_for_no_other() -> None:
    """The ids of the respondents' words, each where a type or an enum names it."""
    named = {
        *_fields("page", PageWords),
        *_fields("script", ScriptWords),
        *_fields("monitor", MonitorWords),
        *_fields("rule", RulePhrases),
        *(f"answer.{error.value}" for error in AnswerError),
        *(f"describe.{code.value}" for code in DescriptionCode),
        *(f"monitor.mode.{mode.value}" for mode in Mode),
        *(f"monitor.phase.{phase.value}" for phase in Phase),
        *(f"mode.{mode.value}" for mode in Mode),
        *_fields("rule.term", TermPhrases),
        *(
            f"rule.{group}.{comparison.name.lower()}"
            for group in ("amount", "count", "numbers", "days", "place")
            for comparison in ComparisonOperator
        ),
        *(f"variable.{name}" for name in ("mode", "language", "completed")),
        *("rule.answers", "monitor.few", "monitor.few_note", "invitation.text"),
    }
    assert catalogue(RESPONDENTS, "en").messages.keys() == named


def _fields(prefix: str, made: type) -> set[str]:
    return {f"{prefix}.{field.name.rstrip('_')}" for field in fields(made)}


@pytest.mark.parametrize(("audience", "code"), KNOWN)
def test_a_catalogue_is_complete_and_plain_text(audience: Audience, code: str) -> None:
    """Loading holds it to its template; here what no translator should write."""
    words, source = catalogue(audience, code), catalogue(audience, "en")
    assert words.messages.keys() == source.messages.keys()
    for key, forms in words.messages.items():
        for text in forms:
            assert (text == text.strip()) == (source.text(key) == source.text(key).strip()), key
            assert not re.search(r"<\w|&\w+;", text), key


@pytest.mark.parametrize("code", [code for code in languages(RESPONDENTS) if code != "en"])
def test_a_catalogue_has_the_plural_forms_of_its_language(code: str) -> None:
    found = read_po_file(template_of(RESPONDENTS).parent / code / "respondents.po", None)
    assert str(found.locale) == code
    assert (found.num_plurals, found.plural_expr) == get_plural(code)[:2]


def _source(*folders: str) -> str:
    """The code and templates in these modules and folders of the house."""
    files = [file for folder in folders for file in (HOUSE / folder).rglob("*.*")]
    files += [HOUSE / module for module in folders if (HOUSE / module).is_file()]
    return "\n".join(f.read_text("utf-8") for f in files if f.suffix in CODE)


HOUSE, CODE = Path(blikveld.__file__).parent, {".py", ".html", ".js", ".typ", ".j2"}
ROOMS = (*("accounts", "audit_log", "export", "monitoring", "open_answers", "phone", "interviews"),)
CODING = ("coding_page", "coding_script", "coding_key")
"""What the coding page of the interviews has beside the words of its room."""
BUILT = {
    "accounts": {"password_too_short", "password_too_common", "password_too_similar"},
    "export": {"contacts_what", "answers_what", "calls_what"},
    "monitoring": {"prepared", "open", "phone", "what_open", "what_closed"},
    "phone": {"morning_end", "afternoon_start", "afternoon_end"},
}
"""Ids that code puts together, from Django's codes or from the values of an enum."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_the_desk_asks_for_every_message_and_for_no_other(room: str) -> None:
    words = catalogue(Audience.DESK, "en")
    source = _source(f"desk/{room}", f"desk/templates/{room}", f"desk/{room}.py")
    groups = (room, *CODING) if room == "interviews" else (room,)
    known = {name for group in groups for name in words.under(group)}
    asked = re.findall(r'WORDS\["(\w+)"\]|\{\{ t\.(\w+)', source)
    # Pseudonyms have WORDS of their own, by language.
    assert {name for names in asked for name in names if name} - {"en"} <= known
    unused = {name for name in known if not re.search(rf"""["'.]{name}\b""", source)}
    assert unused == BUILT.get(room, set())


def test_the_desk_asks_for_every_message_around_a_page_and_for_no_other() -> None:
    known, source = catalogue(Audience.DESK, "en").under("desk"), _source("desk")
    assert set(re.findall(r"\bw\.(\w+)", source)) <= known.keys()
    names = {name.removesuffix("_text") for name in known}
    assert {name for name in names if not re.search(rf"""["'.]{name}\b""", source)} == set()


def test_every_other_message_of_the_desk_is_of_an_enum_or_an_act() -> None:
    """Those of an enum are asked for as a whole when their module is read."""
    groups = {key.rpartition(".")[0] for key in catalogue(Audience.DESK, "en").messages}
    acts = {f"act.{room}" for room in (*ROOMS, "fieldwork")}
    call = {f"call.{name}" for name in ("why", "nobody", "stand", "rate", "fault", "refused")}
    others = {"desk", "role", "outcome", "outcome.heading", "interviews.kind", "interviews.done"}
    assert groups == {*ROOMS, *CODING, *(acts & groups), *call, *others}


def test_the_report_uses_every_message_of_its_readers() -> None:
    source = _source("report")
    known = catalogue(Audience.READERS, "en").messages
    unused = {name for name in known if not re.search(rf"""["'.]{name}\b""", source)}
    tests = {"chi_square", "fisher", "simulated", "t_paired"}
    assert unused == tests


SAME = {
    "en": set(),
    "nl": {"describe.band_one", "mode.web", "page.named", "rule.quoted", "rule.term.plus"},
    "de": {"describe.band_one", "mode.web", "page.named", "rule.term.plus", "rule.term.minus"},
    "fr": {"describe.band_one", "describe.place", "page.browser_title", "rule.term.plus"},
}
"""Words that are the same as in English."""


def test_nothing_but_these_is_the_same_in_two_languages() -> None:
    """What was forgotten would stand there in English."""
    english = catalogue(RESPONDENTS, "en").messages
    for code in languages(RESPONDENTS):
        other = catalogue(RESPONDENTS, code).messages
        same = {key for key in english if code != "en" and english[key] == other[key]}
        assert same <= SAME[code], code


def _refused(made: Catalog, path: Path) -> list[tuple[str, str]]:
    save(made, path / "words" / "cy.po")
    with pytest.raises(Faults) as refused:
        read_words(RESPONDENTS, "cy", path)
    return [(fault.code, fault.problem) for fault in refused.value.faults]


@dataclass
class Spoilt:
    """A catalogue of one fault, and what is told of it."""

    spoil: Callable[[Catalog], object]
    code: str
    told: str


def _change(key: str, old: str, new: str) -> Callable[[Catalog], object]:
    def change(made: Catalog) -> None:
        (message,) = (one for one in made if one.context == key)
        if isinstance(message.string, str):
            message.string = message.string.replace(old, new)
        else:
            message.string = tuple(form.replace(old, new) for form in message.string or ())

    return change


def _outdated(made: Catalog) -> None:
    made.delete("Next", context="page.next")
    made.add("Onward", "‹Onward›", context="page.next")


SPOILT = [
    Spoilt(_change("page.next", "‹Next›", ""), "words-missing", "page.next"),
    Spoilt(
        lambda made: made.get("Next", context="page.next").flags.add("fuzzy"),
        "words-missing",
        "1 messages have no translation: page.next.",
    ),
    Spoilt(lambda made: made.delete("Back", context="page.back"), "words-missing", "page.back"),
    Spoilt(lambda made: made.add("x", "y", context="page.x"), "words-unknown", "'page.x'"),
    Spoilt(_outdated, "words-outdated", "'page.next'"),
    Spoilt(_change("page.step", "{step}", ""), "words-placeholders", "holds {steps}; it should"),
    Spoilt(_change("page.step", "{step}", "{step!r}"), "words-placeholders", "{step!r}"),
    Spoilt(_change("page.step", "{step}", "{step.real}"), "words-placeholders", "{step.real}"),
    Spoilt(_change("page.next", "Next", "{next}"), "words-placeholders", "should hold none"),
    Spoilt(_change("page.next", "Next", "{"), "words-placeholders", "holds {; it should hold none"),
    Spoilt(_change("monitor.few", "{number}", "5"), "words-placeholders", "'monitor.few'"),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda spoilt: f"{spoilt.code} {spoilt.told}")
def test_a_catalogue_with_a_fault_is_refused_with_what_to_mend(
    tmp_path: Path, spoilt: Spoilt
) -> None:
    made = pseudo("cy")
    spoilt.spoil(made)
    told = _refused(made, tmp_path)
    assert {code for code, _ in told} == {spoilt.code}
    assert spoilt.told in told[0][1]


def test_all_faults_of_a_catalogue_are_told_at_once(tmp_path: Path) -> None:
    made = pseudo("cy")
    for spoilt in SPOILT[:2]:
        spoilt.spoil(made)
    made.add("x", "y", context="page.x")
    assert [code for code, _ in _refused(made, tmp_path)] == ["words-missing", "words-unknown"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is prose", "po"),
        (b'msgid ""\nmsgstr "\xff"\n', "po"),
        (b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=klingon\\n"\n', "words-missing"),
        (b"", "words-missing"),
    ],
)
def test_what_is_no_gettext_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = save(pseudo("cy"), tmp_path / "words" / "cy.po")
    path.write_bytes(content)
    with pytest.raises(Faults) as refused:
        catalogue(RESPONDENTS, "cy", tmp_path)
    assert refused.value.faults[0].code == code
    assert refused.value.faults[0].file == "words/cy.po"


@pytest.mark.parametrize(("told", "code"), [(7, "words-missing"), (2, "po")])
def test_as_many_plural_forms_are_needed_as_the_file_says(
    tmp_path: Path, told: int, code: str
) -> None:
    """Welsh has six."""
    path = save(pseudo("cy"), tmp_path / "words" / "cy.po")
    text = path.read_text("utf-8").replace("nplurals=6; plural=", f"nplurals={told}; plural=")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        read_words(RESPONDENTS, "cy", tmp_path)
    assert refused.value.faults[0].code == code


@pytest.mark.parametrize("rule", ["n1", "(n", "n % 0", "n", "n > 1 ? 6 : 0", "-1"])
def test_a_rule_of_plurals_gives_a_form_for_every_number(tmp_path: Path, rule: str) -> None:
    path = save(pseudo("cy"), tmp_path / "words" / "cy.po")
    text = path.read_text("utf-8")
    header = re.sub(
        r'"Plural-Forms:[^;]*;.*?;\\n"',
        f'"Plural-Forms: nplurals=6; plural={rule};\\\\n"',
        text,
        count=1,
        flags=re.S,
    )
    assert header != text
    path.write_text(header, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        read_words(RESPONDENTS, "cy", tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["po"]


def test_a_message_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = save(pseudo("cy"), tmp_path / "words" / "cy.po")
    with path.open("a", encoding="utf-8") as file:
        file.write('\nmsgctxt "page.next"\nmsgid "Next"\nmsgstr "Nesaf"\n')
    with pytest.raises(Faults) as refused:
        catalogue(RESPONDENTS, "cy", tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["words-twice"]


def test_words_of_a_study_win_over_ours(tmp_path: Path) -> None:
    save(pseudo("nl"), tmp_path / "words" / "nl.po")
    assert catalogue(RESPONDENTS, "nl", tmp_path).text("page.next") == "‹Next›"
    assert catalogue(RESPONDENTS, "nl").text("page.next") == "Volgende"


def test_a_language_without_words_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(BlikveldError, match=r"language 'cy'.*Choose from .*\bnl\b.*\[no-words\]"):
        catalogue(RESPONDENTS, "cy")


def test_a_message_that_nobody_wrote_is_an_error() -> None:
    with pytest.raises(UnknownMessage, match=r"no message 'page\.nxt'"):
        catalogue(RESPONDENTS, "nl").text("page.nxt")


@dataclass
class Wrong:
    """A type that names a message that is not there."""

    nxt: str


def test_a_field_without_a_message_is_an_error() -> None:
    with pytest.raises(UnknownMessage, match=r"page\.nxt"):
        catalogue(RESPONDENTS, "nl").fill(Wrong, "page")


@pytest.mark.parametrize(
    ("code", "number", "form"),
    [
        ("nl", 1, "1 teken."),
        ("nl", 0, "0 tekens."),
        ("nl", 5, "5 tekens."),
        ("fr", 0, "0 caractère."),
    ],
)
def test_a_number_gets_its_plural_form(code: str, number: int, form: str) -> None:
    assert catalogue(RESPONDENTS, code).counted("answer.too_long", number).endswith(form)


def test_arabic_gets_its_six_forms(tmp_path: Path) -> None:
    """By CLDR's rules for cardinal numbers in Arabic."""
    made = pseudo("ar")
    (message,) = (one for one in made if one.context == "answer.too_long")
    message.string = tuple(f"{name} {{number}}" for name in ("0", "1", "2", "few", "many", "other"))
    save(made, tmp_path / "words" / "ar.po")
    words = catalogue(RESPONDENTS, "ar", tmp_path)
    said = [words.counted("answer.too_long", n) for n in (0, 1, 2, 3, 110, 11, 199, 100, 102)]
    assert said == [
        "0 0",
        "1 1",
        "2 2",
        "few 3",
        "few 110",
        "many 11",
        "many 199",
        "other 100",
        "other 102",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", set()),
        ("{a} {b}", {"{a}", "{b}"}),
        ("{a!r:>3}", {"{a!r:>3}"}),
        ("{{a}}", set()),
        ("{} of {}", {"{} 0", "{} 1"}),
        ("{", {"{"}),
        ("}", {"{"}),
    ],
)
def test_placeholders_are_read_as_they_are_filled_in(text: str, found: set[str]) -> None:
    assert placeholders(text) == found


def test_languages_say_how_they_are_written() -> None:
    from datetime import date

    first = date(2026, 3, 1)
    assert [language_name(code) for code in ("nl", "en", "fr", "ar", "pt-BR")] == [
        *("Nederlands", "English", "Français", "العربية", "Português (Brasil)"),
    ]
    assert [direction(code) for code in ("nl", "ar", "he", "fa")] == ["ltr", "rtl", "rtl", "rtl"]
    assert [day(first, code) for code in ("nl", "en", "de", "fr")] == [
        *("1 maart 2026", "1 March 2026", "1. März 2026", "1 mars 2026"),
    ]
    assert [whole_number(12345, code) for code in ("nl", "en")] == ["12.345", "12,345"]


def test_a_draft_of_words_is_made_once_and_then_brought_up_to_date(tmp_path: Path) -> None:
    path, lacking = draft_words("pl", tmp_path)
    assert lacking == len(catalogue(RESPONDENTS, "en").messages)
    text = path.read_text("utf-8")
    before = 'msgctxt "page.next"\nmsgid "Next"\nmsgstr ""'
    assert before in text
    path.write_text(text.replace(before, before[:-1] + 'Dalej"'), encoding="utf-8")
    assert draft_words("pl", tmp_path) == (path, lacking - 1)
    older = path.read_text("utf-8").replace('msgid "Next"', 'msgid "Next page"')
    path.write_text(older + '\nmsgctxt "page.gone"\nmsgid "Gone"\nmsgstr "Nie ma"\n', "utf-8")
    assert draft_words("pl", tmp_path) == (path, lacking)
    newer = path.read_text("utf-8")
    assert "page.gone" not in newer
    assert 'msgid "Next page"' not in newer
    with pytest.raises(Faults) as refused:
        read_words(RESPONDENTS, "pl", tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["words-missing"]


def test_no_draft_is_made_for_what_is_no_language(tmp_path: Path) -> None:
    with pytest.raises(BlikveldError, match=r"'xx'.*\[language\]"):
        draft_words("xx", tmp_path)
    assert list(tmp_path.iterdir()) == []


PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset)-(?:left|right)|[;{]\s*(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)|border-radius:\s*[\w.]+ [\w.]+"
)


@pytest.mark.parametrize("sheet", ["web/templates/style.css"])
def test_the_sheet_of_respondents_knows_no_left_and_right(sheet: str) -> None:
    text = (HOUSE / sheet).read_text("utf-8")
    assert PHYSICAL.findall(text) == []
    for box in re.findall(r"(?:margin|padding):([^;}]+)[;}]", text):
        sides = box.split()
        assert len(sides) < 4 or sides[1] == sides[3], box
