"""Respondents who try a questionnaire: made up from a study alone, and filling in the real pages.

Made-up answers are drawn at random along the routing and say nothing about anybody. Whoever fills
in pages, made up or reconstructed, knows nothing of the server: forms are read as a browser would,
what the form offers is filled in, and it stops with the place when a page does not offer an answer
that the respondent wants to give.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from queue import SimpleQueue
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
from lxml.html import FormElement, HtmlElement

from blikveld.errors import BlikveldError
from blikveld.kinds import AskedQuestion
from blikveld.kinds.posted import StoredAnswer
from blikveld.questionnaire import Page, Routing
from blikveld.rules import Value
from blikveld.study.items import questions_of
from blikveld.study.model import Mode, Option, Question, Study, VariableKind
from blikveld.study.variables import LANGUAGE

_LEAVES = 0.05
"""The share of respondents who leave at each page."""
_WITHOUT_VALUE = 0.1
"""The share of 'don't know' where that is offered beside a number."""
_OTHER: Mapping[str, str] = {"nl": "verzonnen antwoord"}
_OTHER_ELSEWHERE = "made-up answer"
"""What is typed in a language that nobody wrote it in: who reads it sees that it is none."""


@dataclass(frozen=True, slots=True)
class RandomRespondent:
    """A respondent who does not exist. `pages` is None for somebody who goes on to the end."""

    site: str
    mode: Mode
    language: str
    answers: Mapping[str, Value]
    pages: int | None


def draw_respondents(study: Study, number: int, seed: int = 1) -> Iterator[RandomRespondent]:
    """Draw respondents; the same seed gives the same ones."""
    routing, dice = Routing(study), random.Random(seed)
    for _ in range(number):
        yield _one(study, routing, dice)


def _one(study: Study, routing: Routing, dice: random.Random) -> RandomRespondent:
    site = dice.choice(study.sites.every).key
    language = dice.choice(study.languages)
    known = dict(zip(study.known_before, (site, study.modes[0].value, language), strict=True))
    answers: dict[str, Value] = {}
    pages = 0
    page = routing.next_page(0, known)
    while page is not None:
        if page.questions:
            if dice.random() < _LEAVES:
                return RandomRespondent(site, study.modes[0], language, answers, pages)
            pages += 1
        answers.update(_page_of_answers(routing, page, {**answers, **known}, dice))
        page = routing.next_page(page.number, {**answers, **known})
    return RandomRespondent(site, study.modes[0], language, answers, None)


_TRIES = 50
"""So often somebody answers a page anew whose answers a check refuses."""


def _page_of_answers(
    routing: Routing, page: Page, known: Mapping[str, Value], dice: random.Random
) -> dict[str, Value]:
    """Answers to a page, in the order of its questions, that pass its checks if any are found."""
    study = routing.study
    site, language = str(known[study.sites.name]), str(known[LANGUAGE])
    questions = _asked(routing, page, known)
    for _ in range(_TRIES):
        found: dict[str, Value] = {}
        for question in questions:
            found |= _answer(question, study.options(question, site), language, dice)
        if not study.checks:
            break
        person = routing.person({**known, **found})
        if not any(routing.failing(question, person) for question in questions):
            break
    return found


def _asked(routing: Routing, page: Page, answers: Mapping[str, Value]) -> list[Question]:
    return [q for item in routing.items(page, answers) for q in questions_of(item)]


def _answer(
    question: Question, options: Sequence[Option], language: str, dice: random.Random
) -> dict[str, Value]:
    if question.variable_kind is VariableKind.TEXT and not question.kind.encoded:
        return {question.key: _typed(language)} if question.required else {}
    for key in question.special_keys:
        if dice.random() < _WITHOUT_VALUE:
            return {key: dice.choice(question.kind.specials()).code}
    answer = question.kind.generate_answer(AskedQuestion(question.key, options), dice)
    return {question.key: answer, **_text(question, answer, language)}


def _typed(language: str) -> str:
    return _OTHER.get(language, _OTHER_ELSEWHERE)


def _text(question: Question, answer: StoredAnswer, language: str) -> dict[str, Value]:
    chosen = (answer,) if isinstance(answer, str) else answer
    return {key: _typed(language) for code, key in question.box_keys.items() if code in chosen}


_MOST_STEPS = 60


class HttpRespondentError(BlikveldError):
    """A respondent could not go on: where, and what the page did not accept or offer."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            "travel", url, problem, "Compare the respondent's answers with the questionnaire."
        )


@dataclass(frozen=True, slots=True)
class HttpRespondent:
    """Somebody who fills in the questionnaire.

    `fields` holds the values for each form field by its name. With `pages` the traveller leaves
    after that many pages of questions; None goes on to the end.
    """

    start: str
    fields: Mapping[str, Sequence[str]]
    pages: int | None = None


@dataclass(slots=True)
class Journey:
    """What one traveller did."""

    pages: int = 0
    finished: bool = False


@dataclass(slots=True)
class _Browser:
    """One connection with its cookies; follows redirects, keeps nothing else."""

    connection: HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def get(self, url: str) -> HtmlElement:
        return self._go("GET", url, None)

    def submit(self, form: FormElement, values: Sequence[tuple[str, str]]) -> HtmlElement:
        return self._go("POST", urljoin(self.url, form.get("action") or ""), urlencode(values))

    def _go(self, method: str, url: str, body: str | None) -> HtmlElement:
        for _ in range(10):
            response = self._send(method, url, body)
            content = response.read()
            if response.status not in (301, 302, 303, 307, 308):
                break
            method, body = "GET", None
            url = urljoin(url, response.getheader("Location") or "")
        self.url = url
        if response.status >= 400 and response.status != 422:
            raise HttpRespondentError(url, f"The server answered {response.status}.")
        page = lxml.html.fromstring(content.decode("utf-8"))
        _stop_at_errors(url, page)
        return page

    def _send(self, method: str, url: str, body: str | None) -> HTTPResponse:
        parts = urlsplit(url)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self.connection.request(method, target, body, headers)
        response = self.connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name.strip()] = rest.partition(";")[0]
        return response


def fill_in_all(
    travellers: Iterable[HttpRespondent],
    *,
    threads: int = 4,
    progress: Callable[[int], None] = lambda pages: None,
) -> list[Journey]:
    """Let every traveller fill in the questionnaire, several at a time.

    `progress` is told after each traveller how many pages that one sent. Returns the journeys
    in the order of the travellers. The first HttpRespondentError ends it all.
    """
    travellers = list(travellers)
    idle: SimpleQueue[HTTPConnection] = SimpleQueue()
    host = urlsplit(travellers[0].start).netloc if travellers else ""
    for _ in range(threads):
        idle.put(HTTPConnection(host, timeout=60))

    def one(traveller: HttpRespondent) -> Journey:
        connection = idle.get()
        try:
            journey = fill_in(traveller, connection)
        finally:
            idle.put(connection)
        progress(journey.pages)
        return journey

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, travellers))


def fill_in(traveller: HttpRespondent, connection: HTTPConnection) -> Journey:
    """Go from the link to the last page, or until the traveller leaves."""
    browser = _Browser(connection)
    page = browser.get(traveller.start)
    journey = Journey()
    for _ in range(_MOST_STEPS):
        form = _form(page)
        if form is None:
            journey.finished = True
            return journey
        if _asks(form):
            if traveller.pages is not None and journey.pages >= traveller.pages:
                return journey
            journey.pages += 1
        page = browser.submit(form, _filled(browser.url, form, traveller.fields))
    raise HttpRespondentError(browser.url, f"There is no end after {_MOST_STEPS} pages.")


_FIELDS = ("input", "textarea", "select")


def _form(page: HtmlElement) -> FormElement | None:
    """The form that leads on: the one marked as the questionnaire's."""
    found = [form for form in page.forms if form.get("id") == "questionnaire"]
    return found[0] if found else None


def _asks(form: FormElement) -> bool:
    return any(_kind(element) != "hidden" for element in form.iter(*_FIELDS))


def _kind(element: HtmlElement) -> str:
    return str(element.get("type", "text")) if element.tag == "input" else str(element.tag)


def _filled(
    url: str, form: FormElement, fields: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """What the form sends: hidden fields as they are, the traveller's answers, the button."""
    values = _button(form)
    offered: dict[str, set[str]] = {}
    for element in form.iter(*_FIELDS):
        name, kind = str(element.get("name") or ""), _kind(element)
        if kind == "hidden":
            values.append((name, str(element.get("value") or "")))
        elif kind in ("radio", "checkbox"):
            offered.setdefault(name, set()).add(str(element.get("value")))
        elif kind == "select":
            offered[name] = {str(option.get("value")) for option in element.iter("option")}
        elif name in fields:
            values.extend((name, value) for value in fields[name])
    for name, codes in offered.items():
        wanted = fields.get(name, ())
        strange = [value for value in wanted if value not in codes]
        if strange:
            raise HttpRespondentError(url, f"Question {name} does not offer {strange[0]!r}.")
        values.extend((name, value) for value in wanted)
    return values


def _button(form: FormElement) -> list[tuple[str, str]]:
    """The name and value of the form's first button, the one that leads on."""
    for button in form.iter("button"):
        name = button.get("name")
        return [(str(name), str(button.get("value") or ""))] if name else []
    return []


def _stop_at_errors(url: str, page: HtmlElement) -> None:
    summary = page.get_element_by_id("error-summary", None)
    if summary is not None:
        raise HttpRespondentError(url, " ".join(summary.text_content().split()))
