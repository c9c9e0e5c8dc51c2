"""Collects every fault of a study, and suggests near names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from blikveld.errors import Fault
from blikveld.rules.parse import RuleContext

_SHOWN = 12


def nearest(word: str, known: Iterable[str], *, alike: float = 0.7) -> str | None:
    """The known name that `word` was probably meant to be; None when nothing is so much alike."""
    names = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), names, n=1, cutoff=alike)
    return names[found[0]] if found else None


def choose(word: str, known: Iterable[str], *, empty: str = "There is none to choose.") -> str:
    """A sentence that helps to choose a known name instead of `word`."""
    names = list(dict.fromkeys(known))
    meant = nearest(word, names, alike=0.6)
    if meant is not None:
        return f"Did you mean {meant!r}?"
    if not names:
        return empty
    shown = ", ".join(names[:_SHOWN])
    return f"Choose from: {shown}{' and more' if len(names) > _SHOWN else ''}."


_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("hint", "instruction", "instructions", "helptext", "guidance_hint"), "help"),
    **dict.fromkeys(("relevant", "relevance", "visibleif", "show_if", "display_logic"), "ask_if"),
    **dict.fromkeys(("branching_logic", "condition", "filter", "routing", "skip_logic"), "ask_if"),
    **dict.fromkeys(("type", "field_type", "question_type", "widget"), "kind"),
    **dict.fromkeys(("choices", "answers", "select_choices", "list_name"), "options"),
    **dict.fromkeys(("mandatory", "isrequired", "force_response", "optional"), "required"),
    **dict.fromkeys(("minimum", "min_value", "start", "from", "min_num_value_n"), "min"),
    **dict.fromkeys(("maximum", "max_value", "end", "to", "max_num_value_n"), "max"),
    **dict.fromkeys(("maxlength", "max_length", "max_characters", "length"), "longest"),
    **dict.fromkeys(("regex", "validation", "constraint", "format"), "pattern"),
    **dict.fromkeys(("suffix", "prefix", "units"), "unit"),
    **dict.fromkeys(("precision", "num_decimals", "decimal_places"), "decimals"),
    **dict.fromkeys(("subquestions", "statements", "items"), "rows"),
    **dict.fromkeys(("name", "id", "variable", "field_name", "qid"), "question"),
    **dict.fromkeys(("label", "title", "question_text", "wording"), "text"),
    **dict.fromkeys(("value", "choice_name"), "code"),
}
"""What other programs call a setting, without its capitals, and what it is called here."""


def called_here(word: str, known: Iterable[str]) -> str | None:
    """The known setting that other programs call `word`; None where there is none."""
    name = _ELSEWHERE.get(word.casefold())
    return name if name is not None and name in known else None


@dataclass
class FaultLog:
    """Everything that was found wrong so far, each thing once.

    `languages` is None until study.yaml told them; then every text is held against them.
    `broken` are the files that could not be read at all: what they define is unknown, so nobody
    is told that it does not exist. `rule_context` is what study.yaml tells the rules of all files,
    and `fieldwork` the first and last day of the fieldwork. `placeholders` are what may stand
    between braces in a text that a respondent reads.
    """

    languages: tuple[str, ...] | None = None
    broken: set[str] = field(default_factory=set)
    rule_context: RuleContext = field(default_factory=RuleContext)
    fieldwork: tuple[date, date] = (date.min, date.max)
    placeholders: tuple[str, ...] = ()
    _found: dict[Fault, None] = field(default_factory=dict)
    _remarks: dict[Fault, None] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Remember a fault. One that shows itself twice, as behind a YAML alias, is one fault."""
        self._found.setdefault(fault)

    def remark(self, hint: Fault) -> None:
        """Remember what an author may want to look at, and what stops nothing."""
        self._remarks.setdefault(hint)

    def break_off(self, fault: Fault) -> None:
        """Remember a fault by which the whole file cannot be read."""
        self.add(fault)
        self.broken.add(fault.file)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, in the order they were found."""
        return tuple(self._found)

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """All hints, in the order they were found."""
        return tuple(self._remarks)
