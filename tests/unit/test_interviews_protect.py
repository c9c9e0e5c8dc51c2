"""Protection: what is found, what stands in its place, that nobody can go back. All invented."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from blikveld.interviews.protect import (
    Context,
    Draft,
    KeyFile,
    Kind,
    People,
    Protected,
    Register,
    Source,
    Span,
    Speaker,
    frog,
    program,
    protect,
    suggestions,
)
from blikveld.interviews.protect.keys import KeyRefused
from blikveld.interviews.protect.people import forms
from blikveld.interviews.protect.protected import TextChanged, used
from blikveld.interviews.protect.spans import settled
from blikveld.interviews.protect.words import Category
from blikveld.interviews.transcripts import take_in


def _helper(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "interviews" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


measure = _helper("measure")
ADA = People((Speaker(("Laan, Ada van der (Het Anker)",), "Gast"),), ("Buurtteam Noord",))
TALK = """Famke Osinga: Dag Delano. Je mailde vanaf delano.pinas@zijspoor.example?
Delano Pinas: Ja, en delano is ook bij Stichting Zijspoor. Bel 06 12 34 56 78.
Famke Osinga: En Youssef uit Almelo?
"""
TALKERS = People(
    (Speaker(("Famke Osinga",), "Interviewer"), Speaker(("Delano Pinas",), "Jongerenwerker")),
    ("Stichting Zijspoor",),
)


def kinds(text: str, context: Context | None = None) -> list[tuple[str, Kind]]:
    return [(span.words(text), span.kind) for span in suggestions(text, context)]


@pytest.mark.parametrize("half", measure.SETS)
def test_what_was_marked_by_hand_is_found(half: str) -> None:
    marked = measure.marked(half)
    found = measure.score(marked)
    assert found.recall("person") >= 0.98, found.missed
    assert found.recall("phone", "mail") >= 0.98, found.missed
    assert found.recall("town", "organisation") >= 0.90, found.missed
    assert found.recall("account", "plate", "date", "handle") >= 0.95, found.missed
    assert found.precision >= 0.95, found.too_much


def test_the_set_is_as_large_as_it_has_to_be() -> None:
    apart, *others = (measure.marked(half) for half in reversed(measure.SETS))
    assert apart.turns >= 40
    assert len(apart.spans) >= 150
    assert sum(half.turns for half in others) >= 40


@pytest.mark.parametrize("half", measure.SETS)
def test_speakers_are_found_in_text_without_capitals(half: str) -> None:
    marked = measure.marked(half)
    lower = marked.text.lower()
    found = suggestions(lower, Context(marked.people))
    hidden = {p for span in found for p in range(span.start, span.end)}
    names = [s for s in marked.spans if s.kind is Kind.PERSON]
    spoken = {part.lower() for s in marked.people.speakers for part in s.names[0].split()}
    meant = [s for s in names if set(s.words(lower).split()) <= spoken]
    assert len(meant) >= 6
    covered = sum(hidden.issuperset(range(s.start, s.end)) for s in meant)
    assert covered / len(meant) >= 0.90


def test_a_long_text_is_protected_like_its_parts() -> None:
    marked = measure.marked("seen")
    known = Context(marked.people)
    once = len(suggestions(marked.text, known))
    times = 50_000 // len(marked.text) + 1
    assert len(suggestions("\n".join([marked.text] * times), known)) == once * times


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a.b+c@sub.voorbeeld.example", Kind.MAIL),
        ("06-12345678", Kind.PHONE),
        ("(010) 123 45 67", Kind.PHONE),
        ("+31 (0)6 12345678", Kind.PHONE),
        ("0031612345678", Kind.PHONE),
        ("nl91abna0417164300", Kind.ACCOUNT),
        ("DE89 3704 0044 0532 0130 00", Kind.ACCOUNT),
        ("xx-99-xx", Kind.PLATE),
        ("12-3-2021", Kind.DATE),
        ("1XYZ23", Kind.PLATE),
        ("2021-03-12", Kind.DATE),
        ("3e januari", Kind.DATE),
        ("@wie.dan_ook", Kind.HANDLE),
        ("+31 (0)10 - 123 45 67", Kind.PHONE),
        ("nul zes twaalf vierendertig zesenvijftig achtenzeventig", Kind.PHONE),
        ("nul tien een twee drie vier vijf zes zeven", Kind.PHONE),
        ("a punt b apenstaartje voorbeeld punt example", Kind.MAIL),
        ("NL 91 ABNA 0417 1643 00", Kind.ACCOUNT),
        ("ZZ 123 Z", Kind.PLATE),
        ("de negentiende mei", Kind.DATE),
        ("3 maart '21", Kind.DATE),
        ("Q. Wolters", Kind.PERSON),
        ("agent de Vries", Kind.PERSON),
        ("basisschool De Populier", Kind.ORGANISATION),
        ("politieteam Heuvel-Oost", Kind.ORGANISATION),
        ("SV Heuvelzicht", Kind.ORGANISATION),
        ("Wijk bij Duurstede", Kind.TOWN),
        ("Marco Pololaan 212", Kind.ADDRESS),
        ("Laan van Verzonnen Dingen 14b", Kind.ADDRESS),
        ("kerkstraat 12", Kind.ADDRESS),
        ("1234 AB", Kind.ADDRESS),
        ("Postbus 1234", Kind.ADDRESS),
        ("0900-1234", Kind.PHONE),
        ("088 123 45 67", Kind.PHONE),
        ("+44 20 7946 0018", Kind.PHONE),
        ("www.voorbeeld.example/pagina", Kind.LINK),
        ("https://t.me/verzonnen_groep", Kind.LINK),
        ("voorbeeld.nl", Kind.LINK),
        ("111222333", Kind.NUMBER),
        ("1112.22.333", Kind.NUMBER),
        ("PL1500-2021123456", Kind.NUMBER),
        ("s1234567", Kind.NUMBER),
        ("13/123456-20", Kind.NUMBER),
        ("23 10 2011", Kind.DATE),
        ("2011-mei-17", Kind.DATE),
        ("12-04-'02", Kind.DATE),
        ("april 2021", Kind.DATE),
    ],
)
def test_each_form_is_found_alone(text: str, kind: Kind) -> None:
    whole = f"Dat was {text} toch"
    ((words, found),) = kinds(whole)
    assert found is kind
    # A title and an article stay, for they tell of nobody.
    assert words == re.sub("^(?:agent|de) (?=[a-z])", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "Bel 112.",
        "Hij verdiende 1.500.000 en daarna 2000000 euro, dat was 89 jaar geleden.",
        "Op plaats 3 en in hoek 4 van de A12, op de weg 7 auto's.",
        "Er waren 20 jongens in 2021, van 13-17 jaar.",
        "Hij kreeg 1500 euro, 30 procent van 5000.",
        "Dat ging via WhatsApp, in het Turks, met Kerst. Het OM en Veilig Thuis weten het.",
        "NL is geen rekening en GB12 ook niet.",
    ],
)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("zijn dossiernummer is AB-2021/1234, zei hij", "AB-2021/1234", Kind.NUMBER),
        ("bsn: 111222334", "111222334", Kind.NUMBER),
        ("haar studentnummer 20123", "20123", Kind.NUMBER),
        ("het kenteken is M AB 1234", "M AB 1234", Kind.PLATE),
        ("rekeningnummer: 12.34.56.789", "12.34.56.789", Kind.ACCOUNT),
        ("op insta: verzonnen_iemand", "verzonnen_iemand", Kind.HANDLE),
        ("zijn snapchat is xx.yy99", "xx.yy99", Kind.HANDLE),
        ("zij is 93 jaar", "93", Kind.AGE),
        ("een 101-jarige man", "101", Kind.AGE),
    ],
)
def test_what_a_word_before_it_tells_is_found(text: str, words: str, kind: Kind) -> None:
    assert kinds(text) == [(words, kind)]


@pytest.mark.parametrize("number", ["111222334", "000000000", "123456783"])
def test_nine_digits_count_as_a_citizens_number_by_the_test_of_eleven(number: str) -> None:
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    assert kinds(f"Dat was {spaced} toch") == []
    assert kinds("Dat was 111 222 333 toch") == [("111 222 333", Kind.NUMBER)]


def test_a_study_chooses_whether_countries_and_national_bodies_are_hidden() -> None:
    text = "Zij kwam uit Ghana en belde met het UWV en de IND."
    assert kinds(text) == []
    hidden = Context(hide=frozenset(Category))
    assert [words for words, _ in kinds(text, hidden)] == ["Ghana", "UWV", "IND"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hoewel Xandrijn kwam. Voorts niets.", ["Xandrijn"]),
        ("Moulay kwam later.", ["Moulay"]),
        ("Bas zei niets. Bas op dan.", ["Bas", "Bas"]),
        ("Bij de Europese Werkgroep zat een Europese Youssef.", ["Europese Werkgroep", "Youssef"]),
        ("Bij de Europese Commissie en de Tweede Kamer.", []),
        ("Een T-shirt en de FM-radio.", []),
        ("Dat deed de regering-Xandrijn.", ["Xandrijn"]),
        ("Stichting voor Verzonnen Zaken hielp.", ["Stichting voor Verzonnen Zaken"]),
        ("Ik sprak met A.B. van der Xandt.", ["A.B. van der Xandt"]),
        ("Dat zei van der Sluis.", ["van der Sluis"]),
        ("Bij het Xandra ziekenhuis.", ["Xandra ziekenhuis"]),
        ("In Borkel en Schaft en 's-Hertogenbosch.", ["Borkel en Schaft", "'s-Hertogenbosch"]),
    ],
)
def test_a_list_of_words_decides_where_a_sentence_begins(text: str, names: list[str]) -> None:
    assert [words for words, _ in kinds(text)] == names


def test_a_name_found_once_is_found_in_every_form() -> None:
    text = "Toen belde Youssef Boukhari. Boukhari's broer zei: dat is youssef. De rest zweeg."
    found = [words for words, _ in kinds(text)]
    assert found == ["Youssef Boukhari", "Boukhari", "youssef"]


@pytest.mark.parametrize(
    ("turn", "names"),
    [
        ("ik sprak met mevrouw bakker van de stichting", ["bakker"]),
        ("toen kwam youssef el idrissi uit zutphen binnen", ["youssef el idrissi", "zutphen"]),
        ("dat was bij stichting havenlicht in de wijk", ["stichting havenlicht"]),
        ("mijn collega en ik zaten daar, wijkagent, ik zeg niets", []),
    ],
)
def test_turns_without_capitals_are_read_by_lists(turn: str, names: list[str]) -> None:
    assert [words for words, _ in kinds(turn)] == names


def test_a_display_name_is_found_as_it_is_said() -> None:
    text = "Dag ada, zei Van der Laan. De laan was leeg; ADA VAN DER LAAN van het anker, Adam niet."
    assert forms("Laan, Ada van der (Het Anker)") == ("Ada van der Laan",)
    found = [span.words(text) for span in suggestions(text, Context(ADA))]
    assert found == ["ada", "Van der Laan", "ADA VAN DER LAAN", "het anker", "Adam"]


def test_a_surname_alone_is_found_without_a_capital_unless_it_is_a_word() -> None:
    people = People((Speaker(("Famke Osinga",), "A"), Speaker(("Rowena Winter",), "B")))
    found = suggestions("zei osinga, en in de winter zei Winter", Context(people))
    assert [span.start for span in found] == [4, 32]


def test_an_address_with_a_speakers_name_goes_as_a_whole() -> None:
    assert kinds("Mail ada@anker.example", Context(ADA)) == [("ada@anker.example", Kind.MAIL)]


def test_the_towns_of_a_study_are_known() -> None:
    assert kinds("Klein Duimpje is daar.", Context(towns=frozenset({"Klein Duimpje"}))) == [
        ("Klein Duimpje", Kind.TOWN)
    ]


def test_a_name_with_which_a_sentence_begins_is_known_from_elsewhere() -> None:
    text = "Toen kwam Xandrijn binnen. Xandrijn zei niets. Morgen weer."
    assert [words for words, _ in kinds(text)] == ["Xandrijn", "Xandrijn"]


def test_a_placeholder_is_left_alone() -> None:
    assert kinds("Dag [naam 1] uit [plaats 2].") == []


def test_where_two_disagree_the_surer_one_has_its_way_and_nothing_is_left_bare() -> None:
    listed, guessed = Span(0, 9, Kind.TOWN, Source.LIST), Span(4, 20, Kind.PERSON, Source.CAPITAL)
    assert settled((guessed, listed)) == (Span(0, 20, Kind.TOWN, Source.LIST),)
    spoken = Span(0, 9, Kind.PERSON, Source.SPEAKERS)
    assert settled((guessed, spoken)) == (spoken,)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Xandra Quist kwam.", ["Xandra Quist"]),
        ("Gisteren kwam zij.", []),
        ("Toen Xandra kwam.", ["Xandra"]),
        ("Met Xandra Quist ging het goed. Xandra lachte.", ["Xandra Quist", "Xandra"]),
        ("Echt waar, heel veel. Heel veel. Best lastig. Buren zagen het.", []),
        ("Xandra Quist van Buurtteam Heuvel kwam.", ["Xandra Quist", "Buurtteam Heuvel"]),
    ],
)
def test_a_sentence_may_begin_with_a_name(text: str, wanted: list[str]) -> None:
    assert [words for words, _ in kinds(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bij Populier en bij populier.", ["Populier"]),
        ("Bij de Gouden Poort, of de gouden poort.", ["Gouden Poort", "gouden poort"]),
        ("Zegt wójcik, of mevrouw Wójcik-Quist.", ["wójcik", "Wójcik-Quist"]),
    ],
)
def test_speakers_and_bodies_are_known_by_half_their_names(text: str, wanted: list[str]) -> None:
    people = People(
        (Speaker(("Agnieszka Wójcik-Quist",), "A"),),
        ("Stichting Populier", "Stichting Gouden Poort"),
    )
    assert [span.words(text) for span in suggestions(text, Context(people))] == wanted


def test_another_program_adds_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        SimpleNamespace(tag="persoon", start_char=0, end_char=4),
        SimpleNamespace(tag="leeftijd", start_char=5, end_char=7),
    ]
    engine = SimpleNamespace(deidentify=lambda _: SimpleNamespace(annotations=found))
    monkeypatch.setattr(program, "_deduce", lambda: engine)
    assert kinds("piet 16", Context(programs=(program.deduced,))) == [("piet", Kind.PERSON)]


COLUMNS = (
    "1\tGisteren\t\t\tBW()\t0.99\tO\t\t\t",
    "2\tzag\t\t\tWW(pv,verl,ev)\t0.99\tO\t\t\t",
    "3\tYoussef\t\t\tSPEC(deeleigen)\t1.00\tB-PER\t\t\t",
    "4\tin\t\t\tVZ(init)\t0.99\tO\t\t\t",
    "5\tDen\t\t\tSPEC(deeleigen)\t1.00\tB-LOC\t\t\t",
    "6\tHaag.\t\t\tSPEC(deeleigen)\t1.00\tI-LOC\t\t\t",
    "",
    "1\tZijspoor\t\t\t\tSPEC(deeleigen)\t1.00\tB-ORG\t\t\t\t\t\t",
    "2\tnietinhetverhaal\t\t\tX\t1.00\tI-ORG\t\t\t",
    "3\tkwam\t\t\tWW(pv)\t1.00\tB-MISC\t\t\t",
)


def test_what_frog_says_is_put_back_where_it_stands() -> None:
    text = "👋 Gisteren zag Youssef in Den Haag. Zijspoor kwam."
    found = [(span.words(text), span.kind) for span in frog.spans(text, COLUMNS)]
    assert found == [
        ("Youssef", Kind.PERSON),
        ("Den Haag", Kind.TOWN),
        ("Zijspoor", Kind.ORGANISATION),
    ]


@pytest.mark.frog
@pytest.mark.parametrize("half", measure.SETS)
def test_places_and_organisations_with_frog(half: str) -> None:
    marked = measure.marked(half)
    found = measure.score(marked, (frog.frogged,))
    assert found.recall("town", "organisation") >= 0.90, found.missed
    assert found.precision >= 0.95, found.too_much


def test_a_program_that_does_not_run_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "frog").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "frog").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert frog.there()
    with pytest.raises(frog.ProgramFailed, match="It stopped: CalledProcessError"):
        list(frog.frogged("Dag."))


def test_a_program_that_is_not_installed_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "there", lambda: False)
    for spec in (None, SimpleNamespace(origin=None)):
        monkeypatch.setattr(program, "find_spec", lambda _, found=spec: found)
        assert program.installed() == ()
    monkeypatch.setattr(program, "find_spec", lambda _: SimpleNamespace(origin="deduce.py"))
    assert program.installed() == (program.deduced,)
    monkeypatch.setattr(program, "there", lambda: True)
    assert program.installed() == (program.deduced, frog.frogged)


def test_the_same_person_has_one_number_and_another_has_another() -> None:
    text = "Ada van der Laan kwam, toen Ada en ook Bob, en weer bob."
    spans = suggestions(text)
    done = protect(Draft("x", text, "en"), spans, Register())
    assert done.text == "[person 1] kwam, toen [person 1] en ook [person 2], en weer bob."


def test_a_person_rejects_a_suggestion_by_leaving_it_out() -> None:
    text = "Ada woont in Almelo."
    only_town = [s for s in suggestions(text) if s.kind is Kind.TOWN]
    assert protect(Draft("x", text), only_town, Register()).text == "Ada woont in [plaats 1]."


def test_positions_are_code_points() -> None:
    text = "👩🏽‍🏫 e\u0301 Ada 🇳🇱 Almelo"
    assert kinds(text) == [("Ada", Kind.PERSON), ("Almelo", Kind.TOWN)]
    done = protect(Draft("x", text), suggestions(text), Register())
    assert [done.text[p.start : p.end] for p in done.placeholders] == ["[naam 1]", "[plaats 1]"]


def stored(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        yield path.name.encode()
        yield path.read_bytes()


def test_after_intake_no_speaker_is_named_in_any_stored_file(tmp_path: Path) -> None:
    key = KeyFile.make(tmp_path / "elsewhere.key", outside=[tmp_path / "project"])
    folder = tmp_path / "project"
    folder.mkdir()
    register = Register()
    draft = take_in(TALK.encode(), "talk.txt", TALKERS, register, key="talk")
    (folder / "draft.json").write_text(f"{draft.text}\n{draft.notes}", encoding="utf-8")
    (folder / "register.bin").write_bytes(register.locked(key.key()))
    protect(draft, suggestions(draft.text), register).write(folder)
    (folder / "register2.bin").write_bytes(register.locked(key.key()))
    for name in ("famke", "osinga", "delano", "pinas", "zijspoor"):
        assert not any(name.encode() in content.lower() for content in stored(folder))
    words = (folder / "talk.txt").read_text(encoding="utf-8")
    assert words.endswith("Interviewer: En [naam 2] uit [plaats 1]?")
    assert "[e-mail 1]" in words


def test_without_the_key_nobody_can_go_back(tmp_path: Path) -> None:
    key, register = KeyFile.make(tmp_path / "a.key"), Register()
    register.number(Kind.TOWN, "Almelo")
    locked = register.locked(key.key())
    assert Register.opened(locked, key.key()).words(Kind.TOWN, 1) == ("Almelo",)
    key.destroy()
    assert not key.path.exists()
    assert b"Almelo" not in locked
    with pytest.raises(KeyRefused, match="nobody can tell any more"):
        key.key()
    other = KeyFile.make(tmp_path / "b.key")
    with pytest.raises(KeyRefused, match="another key"):
        Register.opened(locked, other.key())


def test_numbers_go_on_after_the_key_was_destroyed() -> None:
    old = Protected("x", "in [plaats 3] en [plaats 1]")
    register = Register.after(used([old]))
    assert register.number(Kind.TOWN, "Almelo") == 4
    assert register.words(Kind.TOWN, 3) == ()


def test_a_key_is_for_its_owner_and_lies_outside_the_folder(tmp_path: Path) -> None:
    key = KeyFile.make(tmp_path / "a.key")
    assert key.path.stat().st_mode & 0o077 == 0
    with pytest.raises(KeyRefused, match="does not belong in the folder"):
        KeyFile.make(tmp_path / "project" / "a.key", outside=[tmp_path / "project"])
    with pytest.raises(KeyRefused, match="never written over"):
        KeyFile.make(key.path)
    key.path.write_text("kort", encoding="ascii")
    with pytest.raises(KeyRefused, match="64 hexadecimals"):
        key.key()


def test_a_protected_text_never_changes(tmp_path: Path) -> None:
    text = Protected("talk", "Dag [naam 1]\r\n 👋")
    text.write(tmp_path)
    assert Protected.read(tmp_path, "talk") == text
    with pytest.raises(TextChanged, match="never written over"):
        Protected("talk", "anders").write(tmp_path)
    path = tmp_path / "talk.txt"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(TextChanged, match="changed after it was protected"):
        Protected.read(tmp_path, "talk")
    with pytest.raises(TextChanged, match="cannot be the name"):
        Protected("../x", "").write(tmp_path)
