"""Ten thousand generated sequences of pages that come twice, late, stale or out of order.

Between them come drafts, which the script sends while somebody fills in a page, and codes with
which another device goes on: new ones, stale ones, and ones that never were.

The plain version of what should happen stands in `Expected`: the last thing that was acknowledged
before the end is what counts, and after the end nothing counts. Everybody here is invented.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from io import BytesIO
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

from blikveld.fieldwork import sessions, tokens
from blikveld.questionnaire import Routing
from blikveld.rules import Missing, Value
from blikveld.study.model import Study
from blikveld.web import served_study

SEQUENCES = 10_000
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


@dataclass(frozen=True)
class Draft:
    """A page as the script sends it: `back` is how long ago it was shown, in turns."""

    of: Post
    back: int


@dataclass(frozen=True)
class Type:
    """A code typed in on another device: `back` is how many came after it."""

    back: int


Step: TypeAlias = Post | Draft | Type


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


def sequence(chance: random.Random) -> list[Step]:
    """Pages in a more or less sensible order, then one repeated, and something slipped in."""
    drawn = [post(chance) for _ in range(chance.randint(2, 5))]
    if chance.random() < 0.6:
        drawn.sort(key=lambda one: one.page)
    steps: list[Step] = list(drawn)
    steps.insert(chance.randint(0, len(steps)), chance.choice(drawn))
    for slipped in _slipped(chance):
        steps.insert(chance.randint(0, len(steps)), slipped)
    return steps


def _slipped(chance: random.Random) -> list[Step]:
    """A draft, or a code that is asked for and typed in: not always in that order."""
    page = post(chance)
    while page.page == 1:
        page = post(chance)
    if chance.random() < 0.7:
        return [Draft(page, chance.choice((0, 0, 0, 1, 2)))]
    return [replace(page, wish="code"), Type(chance.choice((0, 0, 0, 1)))]


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
    """The application itself, spoken to as a server would. `seen` is what came of each step."""

    application: Any
    statuses: Counter[int] = field(default_factory=Counter)
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    cookies: str = ""
    shown: str = ""
    location: str = ""

    def send(self, sent: Post, token: str, chance: random.Random, turn: str = "") -> int:
        """Send a page with the token in its field, its cookie, or both; gives the status."""
        place = chance.choice(("field", "cookie", "both"))
        pairs = [(name, value) for name, values in sent.fields.items() for value in values]
        pairs.append(("blikveld-go", sent.wish))
        pairs += [("blikveld-submission", turn)] if turn else []
        if place != "cookie" or sent.page == 1:
            pairs.append(("blikveld-session", token))
        page = "" if sent.page == 1 else f"p/{sent.page}/"
        cookie = "" if place == "field" else f"blikveld-web-zand={token}"
        return self._request(f"/{sent.language}/v/zand/{page}", urlencode(pairs).encode(), cookie)

    def type_in(self, code: str) -> int:
        """Type a code on a device that was never here."""
        return self._request("/nl/v/zand/code/", urlencode({"blikveld-code": code}).encode(), "")

    def follow(self, token: str) -> int:
        """Ask for the page that the last answer led to, and on from there."""
        status = 303
        for _ in range(3):
            if status == 303:
                status = self._request(self.location, b"", f"blikveld-web-zand={token}", "GET")
        return status

    def _request(self, path: str, body: bytes, cookie: str, method: str = "POST") -> int:
        told: list[str] = []
        kept: list[str] = []

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            told.append(status)
            kept.extend(value for name, value in headers if name == "Set-Cookie")
            self.location = dict(headers).get("Location", "")

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": cookie,
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        response = self.application(environ, start)
        self.shown, self.cookies = b"".join(response).decode(), "\n".join(kept)
        response.close()
        status = int(told[0].split()[0])
        self.statuses[status] += 1
        return status


@dataclass
class Respondent:
    """Somebody who goes through a sequence, and what has to be there after each step."""

    wire: Wire
    store: Any
    chance: random.Random
    token: str = field(default_factory=tokens.make_token)
    expected: Expected = field(default_factory=Expected)
    codes: list[str] = field(default_factory=list)

    def session(self) -> Any:
        return self.store.find(tokens.hash_token(self.token))

    def take(self, step: Step) -> None:
        """Take one step; what comes back is held against what should."""
        if isinstance(step, Type):
            status = self._type(step)
        elif isinstance(step, Draft):
            status = self._draft(step)
        else:
            status = self._post(step)
        self.wire.seen[type(step).__name__, status] += 1

    def _post(self, sent: Post) -> int:
        status = self.wire.send(sent, self.token, self.chance)
        asked = sent.wish == "code"
        # Every page that is sent is answered by the address of the next.
        assert status == 303
        shown = self.wire.follow(self.token) if asked or sent.faulty else 200
        assert shown == 200 or (shown == 422 and sent.faulty)
        if shown != 422:
            self.expected.hear(sent)
        self.codes += re.findall(r'<p class="code">([^<]+)</p>', self.wire.shown) if asked else []
        return shown if asked or sent.faulty else status

    def _draft(self, draft: Draft) -> int:
        session = self.session()
        turn, number = (session.submission, session.draft_number) if session else (0, 0)
        late = f"{max(turn - draft.back, 0)}-{number + 1}"
        status = self.wire.send(replace(draft.of, wish="draft"), self.token, self.chance, late)
        # One that was shown before something was sent in never takes the place of it.
        fresh = session is not None and draft.back in (0, *(() if turn else (1, 2)))
        kept = fresh and self.expected.ended is None
        assert status == (204 if kept else 409), (status, session)
        if kept:
            self.expected.hear(draft.of)
        return status

    def _type(self, typed: Type) -> int:
        known = self.codes[::-1]
        code = (
            known[typed.back] if typed.back < len(known) else tokens.group_code(tokens.make_code())
        )
        status = self.wire.type_in(code)
        assert status == 303, (status, typed)
        right = not self.wire.location.endswith("?notice=code_wrong")
        assert right == (code == (known or [""])[0]), typed
        # The other device has the very same token as long as there is something to change.
        given = f"blikveld-web-zand={self.token};" in self.wire.cookies
        assert given == (right and self.expected.ended is None)
        return 303 if right else 422


def run(one: list[Step], wire: Wire, routing: Routing, store: Any, chance: random.Random) -> Any:
    """Send a sequence in and hold what is kept against what is expected; gives the session."""
    someone = Respondent(wire, store, chance)
    for step in one:
        record: Any = None
        try:
            someone.take(step)
            if session := someone.session():
                record = sessions.record(routing, session)
                someone.expected.hold(record)
        except (AssertionError, KeyError) as fault:
            pytest.fail(f"{fault!r} after {step} of {one}: {record}")
        if record and record["completed"]:
            someone.expected.ended = record
    return someone.session()


@pytest.fixture
def wire(
    opened: Callable[[Study], Any], small: Study, monkeypatch: pytest.MonkeyPatch
) -> tuple[Wire, Any]:
    """The application over a database that need not survive a power cut, and the fieldwork."""
    monkeypatch.setenv("BLIKVELD_FSYNC", "0")
    # A code is stretched slowly on purpose; here as far as it goes in no time.
    monkeypatch.setattr(tokens, "scrypt", _at_once)
    monkeypatch.setattr(served_study, "CODES", served_study.RateLimit(10**9, 60.0))
    here = opened(small)
    from django.core.handlers.wsgi import WSGIHandler

    return Wire(WSGIHandler()), here


def _at_once(secret: bytes, *, salt: bytes, dklen: int, **costs: int) -> bytes:
    return blake2b(secret, salt=salt, digest_size=dklen).digest()


class _Sequences:
    part = 0
    share = 0.3

    def test_one_row_a_respondent_and_never_a_fault_of_ours(
        self, wire: tuple[Wire, Any], small: Study
    ) -> None:
        from blikveld.web import served_study

        application, here = wire
        routing, store = Routing(small), served_study.current().store
        chance = random.Random(SEED + self.part)
        ended = Counter[bool]()
        pages = Counter[int]()
        amount = round(SEQUENCES * self.share)
        for _ in range(amount):
            session = run(sequence(chance), application, routing, store, chance)
            ended[session.state is sessions.SessionState.COMPLETED] += 1
            pages.update(p.number for p in routing.pages if sessions.is_done(session, p))
        assert len(here.records()) == amount
        assert here.counts() == (amount, ended[True], dict(pages))
        assert ended[True] > amount / 20
        assert max(application.statuses) < 500
        # Each kind was kept often, and was refused often for being stale.
        for what in (
            ("Draft", 204),
            ("Draft", 409),
            ("Type", 303),
            ("Type", 422),
            ("Post", 200),
            ("Post", 422),
        ):
            assert application.seen[what] > amount / 50, what


class TestFirst(_Sequences):
    """A tenth of the sequences."""

    share = 0.1


@pytest.mark.long
class TestSecond(_Sequences):
    """Three tenths of the sequences."""

    part = 1


@pytest.mark.long
class TestThird(_Sequences):
    """Three tenths of the sequences."""

    part = 2


@pytest.mark.long
class TestFourth(_Sequences):
    """Three tenths of the sequences."""

    part = 3
