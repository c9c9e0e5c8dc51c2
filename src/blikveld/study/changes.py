"""What differs between a study as it was used and as it is now: told by name, for who makes the
change while the field is open, and for who reads a snapshot of before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from blikveld.study.identity import DescribedVariable, StudyDescription, StudyPart, VariableOrigin
from blikveld.study.items import other_key


class ChangeKind(Enum):
    """What can differ between two descriptions of one study."""

    QUESTION_ADDED = "question-added"
    QUESTION_RETIRED = "question-retired"
    ITEM_ADDED = "item-added"
    ITEM_RETIRED = "item-retired"
    KIND_CHANGED = "kind-changed"
    OPTION_ADDED = "option-added"
    OPTION_CLOSED = "option-closed"
    OPTION_RETIRED = "option-retired"
    LIMITS_WIDENED = "limits-widened"
    LIMITS_NARROWED = "limits-narrowed"
    ROUTING_CHANGED = "routing-changed"
    SETTINGS_CHANGED = "settings-changed"
    ORDER_CHANGED = "order-changed"
    MADE_ADDED = "made-added"
    MADE_RETIRED = "made-retired"
    MADE_OTHERWISE = "made-otherwise"
    ANALYSIS_CHANGED = "analysis-changed"
    WORDS_CHANGED = "words-changed"


@dataclass(frozen=True, slots=True)
class StudyChange:
    """One difference: of a variable, or of one of its options; `name` is "" for the whole study."""

    kind: ChangeKind
    name: str = ""
    option: str = ""

    @property
    def what(self) -> str:
        """What was changed, as a user calls it."""
        if self.option:
            return f"answer {self.option!r} of {self.name!r}"
        return repr(self.name) if self.name else "the questionnaire"


Changes: TypeAlias = tuple[StudyChange, ...]


def compare_descriptions(before: StudyDescription, after: StudyDescription) -> Changes:
    """Return what was changed, by variable in the order of the later study, then of the whole."""
    names = dict.fromkeys((*after.variables, *before.variables))
    found = [
        change
        for name in names
        for change in _differences(name, before.variables.get(name), after.variables.get(name))
    ]
    items = (
        *_other_items(before, after),
        *(change for change in found if not _said(change, found)),
    )
    return (*items, *_of_the_whole(before, after, items))


def _other_items(before: StudyDescription, after: StudyDescription) -> Iterator[StudyChange]:
    """Yield texts, grids and offers of contact that came or went: they are no variables."""
    asked = {*before.variables, *after.variables}
    for item in after.items:
        if item not in {*asked, *before.items}:
            yield StudyChange(ChangeKind.ITEM_ADDED, item)
    for item in before.items:
        if item not in {*asked, *after.items}:
            yield StudyChange(ChangeKind.ITEM_RETIRED, item)


def _said(change: StudyChange, found: Iterable[StudyChange]) -> bool:
    """Whether it is of the box beside an answer, which has the words of its question."""
    question, beside, _ = change.name.rpartition(other_key(""))
    words = change.kind is ChangeKind.WORDS_CHANGED and bool(beside)
    return words and any(other.name == question for other in found)


def _differences(
    name: str, before: DescribedVariable | None, after: DescribedVariable | None
) -> Iterator[StudyChange]:
    if before is None or after is None:
        yield StudyChange(_came_or_went(before, after), name)
        return
    made = VariableOrigin.MADE in (before.origin, after.origin)
    if before.kind != after.kind or (before.origin is VariableOrigin.MADE) != (
        after.origin is VariableOrigin.MADE
    ):
        yield StudyChange(ChangeKind.KIND_CHANGED, name)
    elif made:
        if before.recipe != after.recipe:
            yield StudyChange(ChangeKind.MADE_OTHERWISE, name)
    else:
        yield from _asked_otherwise(name, before, after)
    if _words(before, after) != _words(after, before):
        yield StudyChange(ChangeKind.WORDS_CHANGED, name)


def _came_or_went(before: DescribedVariable | None, after: DescribedVariable | None) -> ChangeKind:
    there = after or before
    made = there is not None and there.origin is VariableOrigin.MADE
    if before is None:
        return ChangeKind.MADE_ADDED if made else ChangeKind.QUESTION_ADDED
    return ChangeKind.MADE_RETIRED if made else ChangeKind.QUESTION_RETIRED


def _asked_otherwise(
    name: str, before: DescribedVariable, after: DescribedVariable
) -> Iterator[StudyChange]:
    old, new = ({**one.codes, **one.special} for one in (before, after))
    yield from (StudyChange(ChangeKind.OPTION_ADDED, name, code) for code in new if code not in old)
    for code in old:
        if code not in new:
            yield StudyChange(ChangeKind.OPTION_RETIRED, name, code)
    for code in after.closed:
        if code in old and code not in before.closed:
            yield StudyChange(ChangeKind.OPTION_CLOSED, name, code)
    for code in before.closed:
        if code in new and code not in after.closed:
            yield StudyChange(ChangeKind.OPTION_ADDED, name, code)
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield StudyChange(ChangeKind.ORDER_CHANGED, name)
    if before.limits != after.limits:
        wider = _wider(before.limits, after.limits)
        yield StudyChange(ChangeKind.LIMITS_WIDENED if wider else ChangeKind.LIMITS_NARROWED, name)
    if before.asked_if != after.asked_if:
        yield StudyChange(ChangeKind.ROUTING_CHANGED, name)
    if before.settings != after.settings:
        yield StudyChange(ChangeKind.SETTINGS_CHANGED, name)


def _wider(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether whatever could be answered before can be answered after."""
    if len(before) != len(after) or not after:
        return not after
    *decimals, old_least, old_most = before
    *more, least, most = after
    finer = all(int(one or 0) <= int(other or 0) for one, other in zip(decimals, more, strict=True))
    read = _end_reader(decimals)
    lower = not least or (bool(old_least) and read(least) <= read(old_least))
    higher = not most or (bool(old_most) and read(most) >= read(old_most))
    return finer and lower and higher


def _end_reader(decimals: list[str]) -> Callable[[str], Any]:
    return Decimal if decimals else date.fromisoformat


def _words(one: DescribedVariable, other: DescribedVariable) -> list[object]:
    codes = {**one.codes, **one.special}
    also = {**other.codes, **other.special}
    return [one.label, one.text, {code: text for code, text in codes.items() if code in also}]


def _of_the_whole(
    before: StudyDescription, after: StudyDescription, found: Iterable[StudyChange]
) -> Iterator[StudyChange]:
    kinds = {change.kind for change in found}
    kept = [item for item in before.items if item in after.items]
    moved = kept != [item for item in after.items if item in before.items]
    if moved:
        yield StudyChange(ChangeKind.ORDER_CHANGED)
    elif (
        before.parts[StudyPart.QUESTIONS] != after.parts[StudyPart.QUESTIONS] and not kinds & _ASKED
    ):
        yield StudyChange(ChangeKind.SETTINGS_CHANGED)
    if before.parts[StudyPart.ANALYSIS] != after.parts[StudyPart.ANALYSIS]:
        yield StudyChange(ChangeKind.ANALYSIS_CHANGED)
    if before.parts[StudyPart.TEXTS] != after.parts[StudyPart.TEXTS] and not (
        moved or kinds & _IN_WORDS
    ):
        yield StudyChange(ChangeKind.WORDS_CHANGED)


_ASKED = frozenset(
    {
        *(ChangeKind.QUESTION_ADDED, ChangeKind.QUESTION_RETIRED, ChangeKind.KIND_CHANGED),
        *(ChangeKind.OPTION_ADDED, ChangeKind.OPTION_RETIRED, ChangeKind.LIMITS_WIDENED),
        *(ChangeKind.LIMITS_NARROWED, ChangeKind.ROUTING_CHANGED, ChangeKind.SETTINGS_CHANGED),
        *(ChangeKind.ORDER_CHANGED, ChangeKind.OPTION_CLOSED),
        *(ChangeKind.ITEM_ADDED, ChangeKind.ITEM_RETIRED),
    }
)
_IN_WORDS = frozenset(ChangeKind) - {ChangeKind.ROUTING_CHANGED, ChangeKind.ORDER_CHANGED}
"""What brings other words along: a question added is no change of words besides."""


class ChangeRule(Enum):
    """What becomes of a change while the field is open."""

    FREE = "free"
    """Nobody is asked anything else: it takes effect when the server starts again."""
    LOGGED = "logged"
    """Others are asked something else: `blikveld study change` notes an edition."""
    REFUSED_IF_ANSWERED = "refused if answered"
    """Answers would be lost: logged as long as nobody gave any."""


_RULES: Mapping[ChangeKind, ChangeRule] = {
    ChangeKind.QUESTION_ADDED: ChangeRule.LOGGED,
    ChangeKind.QUESTION_RETIRED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.ITEM_ADDED: ChangeRule.LOGGED,
    ChangeKind.ITEM_RETIRED: ChangeRule.LOGGED,
    ChangeKind.KIND_CHANGED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.OPTION_ADDED: ChangeRule.LOGGED,
    ChangeKind.OPTION_CLOSED: ChangeRule.LOGGED,
    ChangeKind.OPTION_RETIRED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.LIMITS_WIDENED: ChangeRule.LOGGED,
    ChangeKind.LIMITS_NARROWED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.ROUTING_CHANGED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.SETTINGS_CHANGED: ChangeRule.REFUSED_IF_ANSWERED,
    ChangeKind.ORDER_CHANGED: ChangeRule.LOGGED,
    ChangeKind.MADE_ADDED: ChangeRule.FREE,
    ChangeKind.MADE_RETIRED: ChangeRule.FREE,
    ChangeKind.MADE_OTHERWISE: ChangeRule.FREE,
    ChangeKind.ANALYSIS_CHANGED: ChangeRule.FREE,
    ChangeKind.WORDS_CHANGED: ChangeRule.FREE,
}

_TOLD: Mapping[ChangeKind, str] = {
    ChangeKind.QUESTION_ADDED: "question {} added",
    ChangeKind.QUESTION_RETIRED: "question {} taken out",
    ChangeKind.ITEM_ADDED: "{} added between the questions",
    ChangeKind.ITEM_RETIRED: "{} taken out between the questions",
    ChangeKind.KIND_CHANGED: "{} is of another kind",
    ChangeKind.OPTION_ADDED: "{} added",
    ChangeKind.OPTION_CLOSED: "{} closed",
    ChangeKind.OPTION_RETIRED: "{} taken out",
    ChangeKind.LIMITS_WIDENED: "limits of {} widened",
    ChangeKind.LIMITS_NARROWED: "limits of {} narrowed",
    ChangeKind.ROUTING_CHANGED: "{} asked of others",
    ChangeKind.SETTINGS_CHANGED: "{} asked in another way",
    ChangeKind.ORDER_CHANGED: "order of {} changed",
    ChangeKind.MADE_ADDED: "{} is made as well",
    ChangeKind.MADE_RETIRED: "{} is not made any more",
    ChangeKind.MADE_OTHERWISE: "{} is made otherwise",
    ChangeKind.ANALYSIS_CHANGED: "dates, tables, inclusion or the rule for small counts changed",
    ChangeKind.WORDS_CHANGED: "words of {} changed",
}


def rule_of_change(change: StudyChange) -> ChangeRule:
    """Return what becomes of a change while the field is open."""
    return _RULES[change.kind]


def tell_change(change: StudyChange) -> str:
    """Return a change in words, for the journal and for who makes it."""
    return _TOLD[change.kind].format(change.what)


BEARING_ON_ROWS = frozenset(
    {
        *(ChangeKind.QUESTION_ADDED, ChangeKind.QUESTION_RETIRED, ChangeKind.KIND_CHANGED),
        *(ChangeKind.OPTION_ADDED, ChangeKind.OPTION_RETIRED, ChangeKind.LIMITS_WIDENED),
        *(ChangeKind.LIMITS_NARROWED, ChangeKind.ORDER_CHANGED, ChangeKind.MADE_ADDED),
        *(ChangeKind.MADE_RETIRED, ChangeKind.MADE_OTHERWISE),
    }
)
"""Changes after which rows cannot be used as they stand in the file: they have other columns."""


_READS: Mapping[ChangeKind, str] = {
    ChangeKind.QUESTION_ADDED: "{} was added since: it reads as not asked.",
    ChangeKind.QUESTION_RETIRED: "{} is not asked any more: its answers stay in the file.",
    ChangeKind.ITEM_ADDED: "{} stands between the questions by now.",
    ChangeKind.ITEM_RETIRED: "{} stands between the questions no more.",
    ChangeKind.KIND_CHANGED: "{} is made anew.",
    ChangeKind.OPTION_ADDED: "{} was added since: nobody chose it.",
    ChangeKind.OPTION_CLOSED: "{} is closed by now: who gave it keeps it.",
    ChangeKind.OPTION_RETIRED: "{} is gone: nobody had chosen it.",
    ChangeKind.LIMITS_WIDENED: "{} has wider limits by now.",
    ChangeKind.LIMITS_NARROWED: "{} has narrower limits by now: answers beyond them stay.",
    ChangeKind.ROUTING_CHANGED: "{} is asked of others by now: the answers are as they were.",
    ChangeKind.SETTINGS_CHANGED: "{} is asked in another way by now.",
    ChangeKind.ORDER_CHANGED: "{} has another order by now.",
    ChangeKind.MADE_ADDED: "{} was added since: it is made from the answers.",
    ChangeKind.MADE_RETIRED: "{} is not made any more.",
    ChangeKind.MADE_OTHERWISE: "{} is made otherwise by now: it was made anew.",
    ChangeKind.ANALYSIS_CHANGED: "Dates, tables, inclusion or the rule for small counts differ.",
    ChangeKind.WORDS_CHANGED: "{} has other words by now.",
}


def reads_as(change: StudyChange) -> str:
    """Return what a change of the study means for a snapshot made before it."""
    what = _READS[change.kind].format(change.what)
    return what[:1].upper() + what[1:]
