"""Ten thousand generated sequences of pages that come twice, late, stale or out of order.

The plain version of what should happen stands in `Expected`: the last thing that was acknowledged
before the end is what counts, and after the end nothing counts. Everybody here is invented.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest

from blikveld.fieldwork import Counts, sessions, tokens
from blikveld.questionnaire import Routing
from blikveld.rules import Missing, Value
from blikveld.study.model import Study

PARTS, SEQUENCES = 4, 10_000
SEED = 25
UNKNOWN = "<script>"
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Post:
    """One page as it is sent: which, what stands in it, which button, where the token stands."""

    page: int
    fields: Fields
    wish: str = "next"
    language: str = "nl"
    faulty: bool = False


def post(chance: random.Random) -> Post:
    """A page with answers drawn at random, now and then with something wrong in it."""
    page = chance.choice((1, 2, 2, 3, 3, 4, 5, 5))
    fields = _DRAWN[page](chance)
    language = chance.choice(("nl", "nl", "en"))
    if page > 1 and page != 5 and chance.random() < 0.1:
        name = chance.choice(sorted(fields.keys() - {"job_other"}))
        return Post(page, {**fields, name: [UNKNOWN]}, language=language, faulty=True)
    return Post(page, fields, chance.choice(("next", "next", "next", "back")), language)


def _work(chance: random.Random) -> Fields:
    district = chance.choice(("zand_duin", "zand_strand", "elsewhere"))
    job = {"job": ["other"], "job_other": [f"invented {chance.randrange(1000)}"]}
    baker = {"job": ["baker"]}
    seen = chance.choice(("yes", "yes", "no"))
    return {"district": [district], "seen": [seen], **chance.choice((job, baker))}


def _gulls(chance: random.Random) -> Fields:
    places = chance.choice((["beach"], ["street"], ["beach", "street"], ["dont_know"]))
    said = ("agree", "disagree")
    return {"places": places, "loud": [chance.choice(said)], "clever": [chance.choice(said)]}


_DRAWN: dict[int, Callable[[random.Random], Fields]] = {
    1: lambda _: {},
    2: _work,
    3: _gulls,
    4: lambda chance: {"fed": [chance.choice(("yes", "no"))]},
    5: lambda chance: {"remarks": [f"invented {chance.randrange(1000)}"]},
}


def sequence(chance: random.Random) -> list[Post]:
    """Pages in a more or less sensible order, then repeated, swapped, and some sent late."""
    drawn = [post(chance) for _ in range(chance.randint(2, 5))]
    if chance.random() < 0.6:
        drawn.sort(key=lambda one: one.page)
    repeated = [chance.choice(drawn) for _ in range(chance.randint(1, 2))]
    for again in repeated:
        drawn.insert(chance.randint(0, len(drawn)), again)
    return drawn


@dataclass
class Expected:
    """What has to be there: the last acknowledged word of each variable, until the end."""

    said: dict[str, Value] = field(default_factory=dict)
    ended: dict[str, Value] | None = None

    def hear(self, sent: Post) -> None:
        if self.ended is not None:
            return
        # A page before its turn has no fault to show; what the study does not offer is left out.
        offered = {n: values for n, values in sent.fields.items() if values != [UNKNOWN]}
        if "job" in offered:
            self.said.pop("job_other", None)
        self.said |= {name: _value(name, values) for name, values in offered.items()}

    def hold(self, record: dict[str, Value]) -> None:
        if self.ended is not None:
            assert record == self.ended
        for name in _VARIABLES:
            found = record[name]
            if isinstance(found, Missing):
                assert found is not Missing.BROKEN_OFF or not record["completed"]
                assert found is not Missing.SKIPPED or name not in self.said
            else:
                assert found == self.said[name], name


_VARIABLES = ("district", "job", "job_other", "seen", "places", "loud", "clever", "fed", "remarks")


def _value(name: str, values: list[str]) -> Value:
    return tuple(values) if name == "places" else values[0]


@dataclass
class Wire:
    """The application itself, spoken to as a server would."""

    application: Any
    statuses: Counter[int] = field(default_factory=Counter)

    def send(self, sent: Post, token: str, chance: random.Random) -> int:
        """Send a page with the token in its field, its cookie, or both; gives the status."""
        place = chance.choice(("field", "cookie", "both"))
        pairs = [(name, value) for name, values in sent.fields.items() for value in values]
        pairs.append(("blikveld-go", sent.wish))
        if place != "cookie" or sent.page == 1:
            pairs.append(("blikveld-session", token))
        page = "" if sent.page == 1 else f"p/{sent.page}/"
        cookie = "" if place == "field" else f"blikveld-web-zand={token}"
        return self._request(f"/{sent.language}/v/zand/{page}", urlencode(pairs).encode(), cookie)

    def _request(self, path: str, body: bytes, cookie: str) -> int:
        told: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": cookie,
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        response = self.application(environ, lambda status, headers: told.append(status))
        response.close()
        status = int(told[0].split()[0])
        self.statuses[status] += 1
        return status


def run(one: list[Post], wire: Wire, routing: Routing, store: Any, chance: random.Random) -> Any:
    """Send a sequence in and hold what is kept against what is expected; gives the session."""
    token, expected = tokens.make(), Expected()
    for sent in one:
        status = wire.send(sent, token, chance)
        assert status == 303 or (sent.faulty and status == 422), (status, sent, one)
        session = store.find(tokens.hashed(token))
        if status == 303:
            expected.hear(sent)
        record = sessions.record(routing, session)
        try:
            expected.hold(record)
        except (AssertionError, KeyError) as fault:
            pytest.fail(f"{fault!r} after {sent} of {one}: {record}")
        if record["completed"]:
            expected.ended = record
    return session


@pytest.fixture
def wire(
    opened: Callable[[Study], Any], small: Study, monkeypatch: pytest.MonkeyPatch
) -> tuple[Wire, Any]:
    """The application over a database that need not survive a power cut, and the fieldwork."""
    monkeypatch.setenv("BLIKVELD_DURABLE", "0")
    here = opened(small)
    from django.core.handlers.wsgi import WSGIHandler

    return Wire(WSGIHandler()), here


class _Sequences:
    part = 0

    def test_one_row_a_respondent_and_never_a_fault_of_ours(
        self, wire: tuple[Wire, Any], small: Study
    ) -> None:
        from blikveld.web import site

        application, here = wire
        routing, store = Routing(small), site.current().store
        chance = random.Random(SEED + self.part)
        ended = Counter[bool]()
        pages = Counter[int]()
        amount = SEQUENCES // PARTS
        for _ in range(amount):
            session = run(sequence(chance), application, routing, store, chance)
            ended[session.state is sessions.State.COMPLETED] += 1
            pages.update(session.pages)
        assert len(here.records()) == amount
        assert here.counts() == Counts(0, amount, ended[True], dict(pages))
        assert ended[True] > amount / 20
        assert max(application.statuses) < 500


class TestFirst(_Sequences):
    """A quarter of the sequences."""

    part = 0


class TestSecond(_Sequences):
    """A quarter of the sequences."""

    part = 1


class TestThird(_Sequences):
    """A quarter of the sequences."""

    part = 2


class TestFourth(_Sequences):
    """A quarter of the sequences."""

    part = 3
