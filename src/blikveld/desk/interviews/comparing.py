"""Pages to compare coders once each is ready, and to settle which codings count."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import tree
from blikveld.desk.interviews.showing import coding_project, number, render
from blikveld.desk.roles import Permission
from blikveld.desk.words import texts
from blikveld.errors import BlikveldError
from blikveld.interviews.coding import AGREED, Action, ActionKind, CodingState
from blikveld.interviews.coding.compare import (
    Agreement,
    Approach,
    CodedSentence,
    agreement,
    side_by_side,
)
from blikveld.interviews.deidentification import PseudonymisedText
from blikveld.interviews.study_files import load_topic_guide
from blikveld.interviews.text_lines import SENTENCES, Unit, turns
from blikveld.web import served_study

WORDS = texts("interviews")


@requires(Permission.CODE_INTERVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
@show_error_page
def compare(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Differences sentence by sentence; what is settled here counts from then on."""
    texts, state = coding_project().texts(), coding_project().log().state
    coders = state.comparable(name)
    if name not in texts or not coders:
        title, text = WORDS["not_ready"][language], WORDS["not_ready_text"][language]
        return rendering.page(request, "desk/notice.html", language, 409, title=title, text=text)
    if name not in state.frozen:
        return _start(request, language, name)
    units = _units(texts[name])
    if request.method == "POST":
        actions = tuple(_settled(request, name, state, units))
        if actions:
            coding_project().do(current_account(request).name, *actions)
        return rendering.go(language, "interviews_compare", name)
    whole = texts[name].text
    rows = side_by_side(state, units, coders)
    names = {key: code.name for key, code in state.codes.items()}
    return render(
        request,
        "compare",
        language,
        name=name,
        coders=coders,
        names=names,
        tree=tree(state),
        rows=[
            (row, whole[row.unit.start : row.unit.end], _agreed(row, settled), settled)
            for row in rows
            for settled in [_there(row, state)]
        ],
        alphas=_alphas(state, units, coders),
        sentence_rules=SENTENCES,
    )


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def read_along(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Everybody's codes beside each other before comparing begins, for who does not code the text.

    Somebody who codes it too would no longer judge apart, and waits like all others.
    """
    texts, state = coding_project().texts(), coding_project().log().state
    me = current_account(request).name
    if name not in texts:
        raise Http404
    if name not in state.open_texts(me, lead=True):
        title, text = WORDS["not_ready"][language], WORDS["not_ready_text"][language]
        return rendering.page(request, "desk/notice.html", language, 409, title=title, text=text)
    coders = tuple(sorted({p.author for p in state.segments if p.text == name} - {AGREED}))
    rows = side_by_side(state, _units(texts[name]), coders)
    whole = texts[name].text
    return render(
        request,
        "reading",
        language,
        name=name,
        coders=coders,
        names={key: code.name for key, code in state.codes.items()},
        same=sum(row.same for row in rows),
        rows=[(row, whole[row.unit.start : row.unit.end]) for row in rows],
    )


def _start(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Ask whether comparing begins; from then on independent work is kept as it is."""
    if request.method == "POST":
        coding_project().do(
            current_account(request).name, Action(ActionKind.START_COMPARISON, text=name)
        )
        return rendering.go(language, "interviews_compare", name)
    return render(request, "start", language, name=name)


def _units(whole: PseudonymisedText) -> tuple[Unit, ...]:
    return tuple(unit for turn in turns(whole) for unit in turn.sentences)


def _agreed(row: CodedSentence, settled: frozenset[str]) -> frozenset[str]:
    """What was settled; before that, what all coders gave."""
    return settled or frozenset.intersection(*row.given.values())


def _there(row: CodedSentence, state: CodingState) -> frozenset[str]:
    """The codes that were settled for a sentence."""
    passages = (p for p in state.segments if p.author == AGREED and row.unit.touches(p))
    return frozenset(passage.code for passage in passages)


def _settled(
    request: HttpRequest, name: str, state: CodingState, units: tuple[Unit, ...]
) -> list[Action]:
    """The actions that bring what counts to what was ticked."""
    ticked, seen = _ticked_units(request, "agree"), _ticked_units(request, "seen")
    made = []
    for unit in units:
        for code in state.codes:
            there = [
                p
                for p in state.segments
                if p.author == AGREED and p.code == code and unit.touches(p)
            ]
            here = unit.start, code
            # Only what this person changed: others may have settled more since the page was made.
            if here in ticked and here not in seen and not there:
                made.append(_act(ActionKind.CODE, name, unit.start, unit.end, code))
            if there and here in seen and here not in ticked:
                made += [_act(ActionKind.UNCODE, name, p.start, p.end, code) for p in there]
    return made


def _ticked_units(request: HttpRequest, name: str) -> set[tuple[int, str]]:
    """The sentences and codes that a field of the form names, as 'start:code'."""
    pairs = (value.partition(":") for value in request.POST.getlist(name))
    return {(number(start), code) for start, _, code in pairs}


def _act(kind: ActionKind, text: str, start: int, end: int, code: str) -> Action:
    return Action(kind, code=code, text=text, start=start, end=end, about=AGREED)


def _alphas(
    state: CodingState, units: tuple[Unit, ...], coders: tuple[str, ...]
) -> dict[str, tuple[Agreement, Agreement]] | None:
    """Alpha over all text and over coded text; None where the approach has no place for it."""
    approach = _approach()
    if approach is Approach.REFLEXIVE:
        return None
    over_all = agreement(approach, state, units, coders)
    coded = agreement(approach, state, units, coders, coded_only=True)
    return {code: (over_all[code], coded[code]) for code in state.codes}


def _approach() -> Approach:
    try:
        return load_topic_guide(served_study.current().study).approach
    except BlikveldError:
        return Approach.REFLEXIVE
