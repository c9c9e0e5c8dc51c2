"""Random studies that hold every kind of question, filled in over HTTP by people who do not exist.

What the database has of each of them is what the routing says of their answers: also of those who
left. Everything is invented.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from blikveld.contacts import make_keys
from blikveld.errors import Faults
from blikveld.kinds import KINDS
from blikveld.questionnaire import Routing
from blikveld.questionnaire.answers import fill_form
from blikveld.responses.schema import raw_names
from blikveld.rules import Missing
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.synthetic.trial_respondents import (
    HttpRespondent,
    RandomRespondent,
    draw_respondents,
    fill_in_all,
)
from blikveld.web import databases, fieldwork
from blikveld.web.process import Server

PEOPLE = 25
# Three studies in `make test`: a server is started for each.
BATCHES = [
    range(3),
    *(pytest.param(range(at, at + 10), marks=pytest.mark.long) for at in range(3, 203, 10)),
]
DAY = {"from": "2026-01-01", "to": "2026-12-31"}


def _words(text: str) -> dict[str, str]:
    return {"nl": f"{text}, in woorden", "en": f"{text}, in words"}


class _Maker:
    """Makes a study from a seed: a few sections of questions, each kind in some of them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rules: list[str] = ["language == 'nl'"]
        self.numbers: list[str] = []
        self.multiples: list[str] = []
        self.made = 0

    def write(self, folder: Path) -> None:
        yaml, dice = YAML(), self.dice
        folder.mkdir()
        about = {
            "format": 2,
            "study": "generated",
            "version": "1",
            "languages": ["nl", "en"],
            "title": _words("Verzonnen"),
            "period": DAY,
            "fieldwork": {"from": "2027-02-01", "to": "2027-02-28"},
            "modes": dice.choice((["web"], ["phone"], ["web", "phone"])),
            "sites": {
                "name": "town",
                "plural_name": "towns",
                "label": _words("Stad"),
                "plural": _words("Steden"),
                "list": [{"key": "veen", "name": "Veen"}, {"key": "zand", "name": "Zand"}],
            },
        }
        sections = [
            {"key": f"part{at}", "title": _words(f"Deel {at}"), "items": self._items()}
            for at in range(dice.randint(2, 4))
        ]
        for name, content in (("study", about), ("questionnaire", {"sections": sections})):
            with (folder / f"{name}.yaml").open("w", encoding="utf-8") as file:
                yaml.dump(content, file)

    def _items(self) -> list[dict[str, Any]]:
        items = [self._item() for _ in range(self.dice.randint(1, 4))]
        if self.dice.random() < 0.3:
            items.append({"text": self._key("t"), "body": _words("Lees dit"), **self._asked()})
        return items

    def _item(self) -> dict[str, Any]:
        makers: tuple[Callable[[], dict[str, Any]], ...] = (
            self._single,
            self._multiple,
            self._number,
            self._year,
            self._scale,
            self._date,
            self._text,
            self._open,
            self._ranking,
            self._grid_of_answers,
            self._grid_of_numbers,
            self._grid_with_columns,
        )
        asked = self._asked()
        return {**self.dice.choice(makers)(), **asked}

    def _key(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.made}"

    def _question(self, kind: str, **settings: Any) -> dict[str, Any]:
        key = self._key("q")
        named = {"question": key, "kind": kind, "text": _words(f"Vraag {key}"), **settings}
        return {**named, **({"required": False} if self.dice.random() < 0.3 else {})}

    def _asked(self) -> dict[str, Any]:
        return {"ask_if": self._rule()} if self.dice.random() < 0.5 else {}

    def _rule(self) -> str:
        one, other = (self.dice.choice(self.rules[-12:]) for _ in range(2))
        return self.dice.choice(
            (one, one, f"not ({one})", f"is_true({one})", f"{one} or {other}", f"{one} and {other}")
        )

    def _options(self, **more: Any) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = [
            {"code": code, "label": _words(f"Antwoord {code}")}
            for code in "abcdef"[: self.dice.randint(2, 6)]
        ]
        if self.dice.random() < 0.3:
            made[-1]["show_if"] = self._rule()
        if self.dice.random() < 0.4:
            made.append(
                {"code": "other", "label": _words("Iets anders"), "text": _words("namelijk")}
            )
            if self.dice.random() < 0.4:
                made[0]["text"] = _words("en wel")
        return [*made, *([more] if more else [])]

    def _special(self) -> dict[str, Any]:
        if self.dice.random() < 0.5:
            return {}
        return {"special": [{"code": "dont_know", "label": _words("Weet ik niet")}]}

    def _single(self) -> dict[str, Any]:
        earlier = self.multiples[-1:] if self.dice.random() < 0.3 else []
        if earlier:
            which = self.dice.choice(("chosen", "not_chosen"))
            return self._question("single", options_from={"question": earlier[0], "which": which})
        made = self._question("single", options=self._options())
        key = made["question"]
        self.rules += [f"{key} == 'a'", f"{key} in ['a', 'b']", f"{key} != 'b'"]
        return made

    def _multiple(self) -> dict[str, Any]:
        none = {"code": "none", "label": _words("Geen"), "exclusive": True}
        made = self._question("multiple", options=self._options(**none))
        key = made["question"]
        self.multiples.append(key)
        self.rules += [f"'a' in {key}", f"count({key}) >= 2", f"answered({key})"]
        return made

    def _number(self) -> dict[str, Any]:
        decimals = self.dice.choice((0, 0, 2))
        limits = {"min": self.dice.randint(-5, 1), "max": self.dice.randint(4, 40)}
        more = {"decimals": decimals} if decimals else {}
        made = self._question("number", **limits, **more, **self._special())
        key = made["question"]
        self.rules += [f"{key} >= 3", f"empty({key})"]
        if self.numbers:
            self.rules.append(f"{key} + {self.numbers[-1]} > 10")
        self.numbers.append(key)
        return made

    def _year(self) -> dict[str, Any]:
        made = self._question("year", min=1900, max=2026)
        self.rules.append(f"{made['question']} < 1990")
        return made

    def _scale(self) -> dict[str, Any]:
        ends = {"low": _words("niet"), "high": _words("zeer")}
        made = self._question("scale", **ends, **self._special())
        self.rules.append(f"{made['question']} >= 6")
        return made

    def _date(self) -> dict[str, Any]:
        limits = {"min": "1930-01-01", "max": "today"}
        made = self._question("date", **limits, **self._special())
        self.rules.append(f"years({made['question']}, today) >= 30")
        return made

    def _text(self) -> dict[str, Any]:
        more = {"pattern": "[1-9]\\d{3} ?[A-Z]{2}", "example": "1234 AB"}
        return self._question("text", **(more if self.dice.random() < 0.5 else {"longest": 40}))

    def _open(self) -> dict[str, Any]:
        made = self._question("open")
        self.rules.append(f"answered({made['question']})")
        return made

    def _ranking(self) -> dict[str, Any]:
        plain = [{"code": code, "label": _words(f"Zaak {code}")} for code in "abcd"]
        made = self._question("ranking", options=plain, most=self.dice.randint(2, 4))
        self.rules.append(f"rank({made['question']}, 'b') <= 2")
        return made

    def _rows(self) -> list[dict[str, Any]]:
        keys = [self._key("r") for _ in range(self.dice.randint(1, 3))]
        return [{"key": key, "text": _words(f"Regel {key}"), **self._asked()} for key in keys]

    def _grid(self, **settings: Any) -> dict[str, Any]:
        key = self._key("g")
        return {"grid": key, "text": _words(f"Raster {key}"), "rows": self._rows(), **settings}

    def _scale_of_grid(self) -> list[dict[str, Any]]:
        return [{"code": code, "label": _words(f"Oordeel {code}")} for code in "xyz"]

    def _grid_of_answers(self) -> dict[str, Any]:
        kind = self.dice.choice(({}, {"kind": "multiple", "required": False}))
        made = self._grid(scale=self._scale_of_grid(), **kind)
        for row in made["rows"] if not kind else ():
            self.rules.append(f"{row['key']} == 'x'")
        return made

    def _grid_of_numbers(self) -> dict[str, Any]:
        made = self._grid(kind="number", min=0, max=168)
        self.rules += [f"{row['key']} > 20" for row in made["rows"]]
        return made

    def _grid_with_columns(self) -> dict[str, Any]:
        columns = [
            {"key": "name", "kind": "text", "longest": 30, "text": _words("naam")},
            {"key": "born", "kind": "date", "max": "today", "text": _words("geboren")},
            {
                "key": "kind",
                "kind": "single",
                "text": _words("soort"),
                "scale": self._scale_of_grid(),
            },
        ]
        return self._grid(columns=columns, required=False)


def _study(seed: int, folder: Path) -> Study:
    """The first study from a seed that can be asked: a rule that nobody meets is refused."""
    for attempt in range(60):
        where = folder / f"study-{seed}-{attempt}"
        _Maker(1000 * seed + attempt).write(where)
        try:
            return load(where)
        except Faults:
            continue
    raise AssertionError(f"sixty studies from seed {seed} are refused")


def _expected(routing: Routing, person: RandomRespondent) -> dict[str, Any]:
    known = {"site": person.site, "mode": person.mode.value, "language": person.language}
    return routing.complete(
        **known,
        answers=person.answers,
        completed=person.pages is None,
        pages_done=_last_page(routing, person),
    )


def _last_page(routing: Routing, person: RandomRespondent) -> int:
    """The number of the last page that somebody sent in."""
    before = (person.site, person.mode.value, person.language)
    answers = dict(zip(routing.study.known_before, before, strict=True)) | dict(person.answers)
    asked = [page for page in _path(routing, answers) if page.questions]
    if person.pages is None:
        return len(routing.pages)
    return asked[person.pages - 1].number if person.pages else 0


def _path(routing: Routing, answers: dict[str, Any]) -> Iterator[Any]:
    page = routing.next_page(0, answers)
    while page is not None:
        yield page
        page = routing.next_page(page.number, answers)


@pytest.mark.parametrize("batch", BATCHES, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_records_of_random_studies_are_what_their_respondents_answered(
    batch: range, tmp_path: Path
) -> None:
    for seed in batch:
        study = _study(seed, tmp_path)
        people = list(draw_respondents(study, PEOPLE, seed))
        routing, names = Routing(study), raw_names(study)
        wanted = Counter(_told(_expected(routing, person), names) for person in people)
        found = Counter(
            _told(record, names) for record in _filled_in(study, people, tmp_path / f"data-{seed}")
        )
        assert found == wanted, seed


def test_the_random_studies_hold_every_kind_of_question(tmp_path: Path) -> None:
    studies = [_study(seed, tmp_path) for seed in range(40)]
    kinds = Counter(q.kind.name for study in studies for q in study.questions.values())
    assert kinds.keys() == KINDS.keys()
    assert min(kinds.values()) >= 8


def _told(record: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}={record[name]}" for name in names)


def _filled_in(study: Study, people: list[RandomRespondent], data: Path) -> list[Any]:
    """What the database has after everybody sent in their pages."""
    fieldwork.open_(data, study)
    try:
        with Server(study.folder, data, public_key=make_keys().public, durable=False) as server:
            fill_in_all([_traveller(study, server, person) for person in people])
        return [record.values for record in fieldwork.responses(data, study)]
    finally:
        databases.detach()


def _traveller(study: Study, server: Server, person: RandomRespondent) -> HttpRespondent:
    by_phone = person.mode is Mode.PHONE
    start = (server.phone_url if by_phone else server.link)(person.site, person.language)
    return HttpRespondent(start, fill_form(study.questions.values(), person.answers), person.pages)


ONLY_DUTCH = """
sections:
  - key: all
    title: {nl: Alles, en: Everything}
    items:
      - question: tea
        kind: single
        ask_if: "language == 'nl'"
        text: {nl: "Drinkt u thee?", en: "Do you drink tea?"}
        options:
          - {code: "yes", label: {nl: Ja, en: "Yes"}}
          - {code: "no", label: {nl: Nee, en: "No"}}
"""


@pytest.fixture
def only_dutch(opened: Callable[[Study], Any], tmp_path: Path) -> Any:
    """A questionnaire that asks who reads English nothing at all."""
    folder = tmp_path / "only"
    _Maker(1).write(folder)
    about = (folder / "study.yaml").read_text(encoding="utf-8")
    about = re.sub(r"modes:\n(- \w+\n)+", "modes: [web]\n", about)
    (folder / "study.yaml").write_text(about, encoding="utf-8")
    (folder / "questionnaire.yaml").write_text(ONLY_DUTCH, encoding="utf-8")
    return opened(load(folder))


def test_who_is_asked_nothing_has_finished(only_dutch: Any) -> None:
    someone = only_dutch.visitor(language="en").begin()
    assert someone.url.endswith("/done/")
    (record,) = only_dutch.records()
    assert (record["completed"], record["tea"]) == (True, Missing.NOT_ASKED)
    only_dutch.visitor(language="nl").begin()
    assert [r["completed"] for r in only_dutch.records()].count(True) == 1


def test_who_goes_on_in_a_language_that_asks_nothing_more_has_finished(only_dutch: Any) -> None:
    someone = only_dutch.visitor(language="nl").begin()
    assert someone.url.endswith("/p/1/")
    someone.press("language", {}, url="/en/v/veen/p/1/")
    assert someone.url.endswith("/en/v/veen/done/")
    assert someone.status == 200
    (record,) = only_dutch.records()
    assert record["completed"]
