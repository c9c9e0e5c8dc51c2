"""The coding page: the text, what is coded in it, and a panel. It works without a script too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.showing import KEYS, TRAITS, coding_project, leads, number, traits
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_study, texts, translate
from blikveld.interviews.coding import ActionKind, CodebookCode, CodedSegment, CodingState, Log
from blikveld.interviews.coding.retrieval import (
    PassageFilter,
    coders_of,
    find_passages,
    search,
)
from blikveld.interviews.coding_project import InterviewMetadata
from blikveld.interviews.deidentification import PseudonymisedText
from blikveld.interviews.text_lines import TurnOf, stepped, turns
from blikveld.report.build import quote_sections
from blikveld.web import served_study

WORDS = texts("interviews")
PAGE = texts("coding_page")
SCRIPT = texts("coding_script")

_COLOURS = 12
_RECENT = 9
_TABS = ("codes", "passages", "search", "memos")
_PANELS = (*_TABS, "code", "selection")
_FILTERS = ("code", *TRAITS, "coder", "words")
_STEPS: Mapping[str, tuple[int, int]] = {
    "front_out": (-1, 0),
    "front_in": (1, 0),
    "back_in": (0, -1),
    "back_out": (0, 1),
}


@dataclass(frozen=True, slots=True)
class CodingView:
    """What one coder sees of one text, and what they asked for: the query of the address."""

    request: HttpRequest
    language: str
    text: PseudonymisedText
    log: Log
    query: QueryDict

    @property
    def who(self) -> str:
        """The coder."""
        return current_account(self.request).name

    @property
    def state(self) -> CodingState:
        """What the coder may see of everybody's work."""
        return self.log.state.visible_to(self.who, lead=leads(self.request))

    @property
    def tab(self) -> str:
        """Which panel is open."""
        asked = self.query.get("tab", "")
        return asked if asked in _PANELS else "codes"

    @property
    def selected(self) -> tuple[int, int] | None:
        """The words that are chosen; None where there are none."""
        first, _, last = self.query.get("sel", "").partition("-")
        start, end = number(first), number(last)
        return (start, end) if 0 <= start < end <= len(self.text.text) else None


def view_of(
    request: HttpRequest, language: str, name: str, query: QueryDict | None = None
) -> CodingView:
    """What somebody sees of a text. Raises Http404 where there is no such text."""
    whole = coding_project().texts().get(name)
    if whole is None:
        raise Http404
    asked = request.GET if query is None else query
    return CodingView(request, language, whole, coding_project().log(), asked)


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def panel(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """The panel alone, for the script."""
    view = view_of(request, language, name)
    return rendering.page(request, "interviews/panel.html", language, **panel_context(view))


@requires(Permission.CODE_INTERVIEWS)
@require_safe
def changes(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """What others changed since the script last asked."""
    view = view_of(request, language, name)
    same = number(request.GET.get("after")) == _last_number(view.log)
    return JsonResponse(rows_since(view, view.state) if same else rows_since(view, None))


def page_of(view: CodingView, problem: str = "", status: int = 200) -> HttpResponse:
    """The whole page."""
    state, own = view.state, leads(view.request)
    names = coding_project().about()
    others = [(key, _named(key, names, view.language)) for key in coding_project().texts()]
    return rendering.page(
        view.request,
        "interviews/coding.html",
        view.language,
        status,
        **panel_context(view),
        problem=problem,
        data=script_json(_data(view, state)),
        keys=[(key, texts("coding_key")[what][view.language]) for key, what in KEYS],
        turns=list(_turns(view, state)),
        texts=others,
        tabs=[(key, PAGE[f"tab_{key}"][view.language]) for key in _TABS],
        prepares=own,
        finished=(view.text.key, view.who) in state.finished,
        frozen=view.text.key in state.frozen,
        count=len(view.text.text.split()),
    )


def script_json(found: Mapping[str, Any]) -> Markup:
    """JSON that can stand in a page: no sign of it ends the element that holds it."""
    return Markup(json.dumps(found, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def _named(key: str, about: Mapping[str, InterviewMetadata], language: str) -> str:
    found = about.get(key)
    roles = traits(language)["role"].names
    return f"{key} · {roles.get(found.role, found.role)}" if found else key


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence to choose: its number in the text, its place, and its words."""

    number: int
    start: int
    end: int
    words: str


def _turns(
    view: CodingView, state: CodingState
) -> list[tuple[TurnOf, list[ShownSentence], list[CodedSegment]]]:
    """The turns of the text with their sentences, and the passages that begin in each."""
    mine = sorted(p for p in state.segments if p.text == view.text.key)
    found, count = [], 0
    for turn in turns(view.text):
        rows = []
        for unit in turn.sentences:
            rows.append(
                ShownSentence(count, unit.start, unit.end, view.text.text[unit.start : unit.end])
            )
            count += 1
        found.append((turn, rows, [p for p in mine if turn.start <= p.start < turn.end]))
    return found


# What the script knows.


def _data(view: CodingView, state: CodingState) -> dict[str, Any]:
    units = [unit for turn in turns(view.text) for unit in turn.sentences]
    addresses = {
        key: reverse(f"interviews_{key}", args=[view.language, view.text.key])
        for key in ("act", "changes", "panel")
    }
    return {
        **rows_since(view, None),
        "text": view.text.key,
        "who": view.who,
        "frozen": view.text.key in state.frozen,
        "recent": _recent(view),
        "cuts": [[unit.start, unit.end] for unit in units],
        "selected": view.selected,
        "token": get_token(view.request),
        "urls": addresses,
        "words": translate(SCRIPT, view.language),
    }


def _recent(view: CodingView) -> list[str]:
    state = view.log.state
    given = (
        state.root(entry.action.code)
        for entry in reversed(view.log.entries)
        if entry.author == view.who and entry.action.kind is ActionKind.CODE
    )
    return [key for key in dict.fromkeys(given) if key in state.codes][:_RECENT]


def _last_number(log: Log) -> int:
    return log.entries[-1].number if log.entries else 0


def rows_since(view: CodingView, before: CodingState | None) -> dict[str, Any]:
    """What the script has to know of a state; with one `before`, only what changed since."""
    now = _rows(view, view.state)
    old = _rows(view, before) if before is not None else ({}, {}, {})
    pairs = list(zip(now, old, strict=True))
    changed = [[row for key, row in new.items() if was.get(key) != row] for new, was in pairs]
    gone = [[key for key in was if key not in new] for new, was in pairs]
    return {
        "number": _last_number(view.log),
        "whole": before is None,
        "codes": changed[0],
        "gone_codes": gone[0],
        "passages": changed[1],
        "gone": [old[1][key] for key in gone[1]],
        "memos": changed[2],
        "gone_memos": gone[2],
    }


Rows = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def _rows(view: CodingView, state: CodingState) -> Rows:
    """Codes, passages of this text, and memos on it, each by what tells it from others."""
    colour = colours(state)
    codes: dict[str, Any] = {
        key: {"key": key, "name": code.name, "parent": code.parent, "colour": colour[key]}
        for key, code in state.codes.items()
    }
    seen = {(p.text, p.start, p.end, p.code, p.author) for p in state.segments}
    passages: dict[str, Any] = {}
    for p in state.given:
        root = state.root(p.code)
        if p.text == view.text.key and (p.text, p.start, p.end, root, p.author) in seen:
            row = {"start": p.start, "end": p.end, "code": root, "given": p.code, "by": p.author}
            passages[f"{p.start}-{p.end}-{p.code}-{p.author}"] = row
    memos: dict[str, Any] = {
        key: {**asdict(memo), "kind": memo.kind.value, "by": memo.author}
        | {"code": state.root(memo.code) if memo.code else ""}
        for key, memo in state.memos.items()
        if memo.about == view.text.key
    }
    return codes, passages, memos


def colours(state: CodingState) -> Mapping[str, int]:
    """A colour for each code that stays as it is when others come and go."""
    order = {key: index for index, key in enumerate(state.makers)}
    return {key: order.get(key, 0) % _COLOURS for key in state.codes}


# The panel.


def panel_context(view: CodingView) -> dict[str, Any]:
    """What the panel needs, whichever part of it is open."""
    state, texts = view.state, coding_project().texts()
    kept = {key: view.query.get(key, "") for key in ("tab", "sel", *_FILTERS)}

    def link(**given: object) -> str:
        whole = {**kept, **{key: str(value) for key, value in given.items()}}
        return "?" + urlencode({key: value for key, value in whole.items() if value})

    around = {
        "t": {**translate(WORDS, view.language), **translate(PAGE, view.language)},
        "name": view.text.key,
        "who": view.who,
        "tab": view.tab,
        "asked": kept,
        "link": link,
        "lead": leads(view.request),
        "tree": tree(state),
        "codes": state.codes,
        "colours": colours(state),
        "selected": view.selected,
        "words_of": lambda p: texts[p.text].text[p.start : p.end],
        "lost": number(view.query.get("lost")),
    }
    return {**around, **_PANEL_CONTEXT[view.tab](view, state)}


def _codes(view: CodingView, state: CodingState) -> dict[str, Any]:
    counts = {
        key: sum(p.code == key and p.text == view.text.key for p in state.segments)
        for key in state.codes
    }
    return {"counts": counts}


def _code(view: CodingView, state: CodingState) -> dict[str, Any]:
    code = state.codes.get(view.query.get("code", ""), CodebookCode("", ""))
    seen = state.changed[code.key][0] if code.key else 0
    memos = [memo for memo in state.memos.values() if code.key and memo.about == code.key]
    others = [c for c in state.codes.values() if c.key != code.key]
    return {"code": code, "seen": seen, "memos": memos, "others": others}


def _passages(view: CodingView, state: CodingState) -> dict[str, Any]:
    texts = {key: text.text for key, text in coding_project().texts().items()}
    about = {key: (a.role, a.site) for key, a in coding_project().about().items()}
    wanted = PassageFilter(**{key: view.query.get(key, "") for key in _FILTERS})
    found = find_passages(state, texts, about, wanted)
    by_text: dict[str, list[CodedSegment]] = {}
    for passage in found:
        by_text.setdefault(passage.text, []).append(passage)
    known, given = traits(view.language), about.values()
    roles, sites = known["role"].names, known["site"].names
    return {
        "found": by_text,
        "total": len(found),
        "traits": known,
        "roles": {key: roles.get(key, key) for key in sorted({role for role, _ in given})},
        "sites": {key: sites.get(key, key) for key in sorted({site for _, site in given})},
        "coders": [(coder, coder) for coder in coders_of(state.segments)],
        "about": {
            key: (roles.get(role, role), sites.get(site, site))
            for key, (role, site) in about.items()
        },
    }


def _search(view: CodingView, state: CodingState) -> dict[str, Any]:
    texts = {key: text.text for key, text in coding_project().texts().items()}
    hits = search(texts, view.query.get("words", ""))
    frozen = set(state.frozen)
    rows = [(hit, texts[hit.text][hit.sentence.start : hit.sentence.end]) for hit in hits]
    return {"hits": rows, "closed": frozen}


def _memos(view: CodingView, state: CodingState) -> dict[str, Any]:
    rows = sorted(state.memos.values(), key=lambda memo: -memo.number)
    here = [memo for memo in rows if memo.about in ("", view.text.key) or memo.about in state.codes]
    quotes = {memo.key: view.text.text[memo.start : memo.end] for memo in here if memo.end}
    return {"memos": here, "quoted": quotes}


def _selection(view: CodingView, state: CodingState) -> dict[str, Any]:
    if view.selected is None:
        return {"chosen": "", "steps": {}, "there": [], "places": {}}
    start, end = view.selected
    steps = {}
    for name, (front, back) in _STEPS.items():
        first, last = stepped(view.text.text, start, end, front=front, back=back)
        steps[name] = f"{first}-{last}"
    there = [
        p
        for p in sorted(state.segments)
        if p.text == view.text.key and p.start < end and start < p.end
    ]
    study = served_study.current().study
    return {
        "chosen": view.text.text[start:end],
        "steps": steps,
        "there": there,
        "places": quote_sections(study, of_study(study, view.language)),
    }


_PANEL_CONTEXT = {
    "codes": _codes,
    "code": _code,
    "passages": _passages,
    "search": _search,
    "memos": _memos,
    "selection": _selection,
}


def tree(state: CodingState) -> list[tuple[int, CodebookCode]]:
    """Codes under their themes, each with its depth."""
    under: dict[str, list[CodebookCode]] = {}
    for code in state.codes.values():
        under.setdefault(code.parent, []).append(code)

    def below(parent: str, depth: int) -> list[tuple[int, CodebookCode]]:
        here = under.get(parent, [])
        return [pair for code in here for pair in [(depth, code), *below(code.key, depth + 1)]]

    return below("", 0)
