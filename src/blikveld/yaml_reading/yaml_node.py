"""A place in a study file: its value as the author wrote it, and what may be wrong there.

Every method reads one kind of value. When the value is not of that kind the fault is written
down with its line and reading goes on with a stand-in, so that an author sees all faults in one
go. A stand-in never leaves the loader: where there are faults, there is no study.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from blikveld.errors import Fault
from blikveld.rules import EVERYBODY, Rule, RuleError, parse
from blikveld.rules.parse import RuleContext, parse_quotient
from blikveld.rules.terms import Quotient
from blikveld.yaml_reading.fault_log import FaultLog, called_here, choose, nearest

Text: TypeAlias = Mapping[str, str]
"""Language to words, such as {'nl': 'Ja', 'en': 'Yes'}; every language of the study is there."""

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_TAG = "tag:yaml.org,2002:"
_STRING, _FLAG, _NUMBERS, _DATE = "str", "bool", ("int", "float"), "timestamp"
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
_LONGEST_NAME = 64
_WORD = re.compile(r"[^\W\d_]{2,}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
PIPED = re.compile(r"\{([a-z][a-z0-9_]*)\|([^{}|]*[^{}|\s][^{}|]*)\}")
"""An answer that is filled in, and the words where there is none: {name|fallback}."""


@dataclass(frozen=True, slots=True)
class YamlNode:
    """One value in a file. `name` is what the author calls it, `line` where that stands.

    `node` is None for a setting that was left out; reading it gives a stand-in and no fault.
    """

    node: Node | None
    name: str
    file: str
    line: int
    ledger: FaultLog

    @property
    def given(self) -> bool:
        """Whether the author wrote this setting."""
        return self.node is not None

    def fault(self, code: str, problem: str, mend: str) -> None:
        """Write down that something is wrong here."""
        self.ledger.add(Fault(code, self.file, self.line, problem, mend))

    def optional(self, read: Callable[[YamlNode], T]) -> T | None:
        """What `read` makes of this place; None when the setting was left out."""
        return read(self) if self.given else None

    # Blocks and lists

    def fields(self, *required: str, optional: Iterable[str] = ()) -> Mapping[str, YamlNode]:
        """The settings of a block, by name. Each known name is there, left out or not.

        An unknown setting is a fault. One that is nearly right is read as what it was meant to
        be, so that one slip gives one message.
        """
        known = (*required, *optional)
        found = dict.fromkeys(known, self._absent())
        for node in self._settings():
            name = node.name if node.name in known else self._meant(node, found)
            if name is not None:
                found[name] = node
        for name in required:
            if self.given and not found[name].given and isinstance(self.node, MappingNode):
                self.fault("missing-key", f"{name!r} is missing here.", f"Add {name}: …")
        return found

    def entries(self) -> tuple[YamlNode, ...]:
        """The settings of a block whose names the author chooses, such as a map of codes."""
        return tuple(self._settings())

    def each(self, read: Callable[[YamlNode], T]) -> tuple[T, ...]:
        """What `read` makes of each element of a list; a list that was left out is empty."""
        return tuple(read(node) for node in self.elements())

    def elements(self) -> tuple[YamlNode, ...]:
        """The places of a list's elements."""
        if isinstance(self.node, SequenceNode):
            return tuple(self._inside(node, self.name, node) for node in self.node.value)
        self._wrong("a list", "Begin each element with a dash, or put them between [ and ].")
        return ()

    def some(self, read: Callable[[YamlNode], T]) -> tuple[T, ...]:
        """As `each`, for a list that may not be empty."""
        if isinstance(self.node, SequenceNode) and not self.node.value:
            self.fault("empty", f"The list {self.name!r} is empty.", "Give it an element.")
        return self.each(read)

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.node, SequenceNode)

    @property
    def is_block(self) -> bool:
        """Whether a block of settings stands here."""
        return isinstance(self.node, MappingNode)

    def inner(self, name: str) -> YamlNode:
        """A setting of this block, looked at without judging the block."""
        pairs = self.node.value if isinstance(self.node, MappingNode) else ()
        for key, value in pairs:
            if key.value == name:
                return self._inside(value, name, key)
        return self._absent()

    def setting_names(self) -> tuple[str, ...]:
        """The names of the settings in this block; none when it is no block."""
        if not isinstance(self.node, MappingNode):
            return ()
        return tuple(key.value for key, _ in self.node.value if isinstance(key, ScalarNode))

    # Single values

    def string(self) -> str:
        """Words as they stand, without space around them; empty ones are a fault."""
        text = self.text_or_empty()
        if self._tag == _STRING and not text:
            self.fault("empty", f"{self.name!r} is empty.", "Write something, or leave it out.")
        return text

    def text_or_empty(self) -> str:
        """Words as they stand; they may be empty."""
        if self._tag == _STRING:
            return self._value.strip()
        self._wrong("a text", f'Put quotes around it: "{self._value or "…"}".')
        return self._value

    def key(self) -> str:
        """A name that rules and addresses can use, such as `training_ce`."""
        text = self.string()
        if self._tag == _STRING and text and not is_key(text):
            self.fault(
                "name",
                f"{text!r} cannot be a name.",
                "Use a-z, 0-9 and single underscores, begin with a letter, at most "
                f"{_LONGEST_NAME} characters, and no word of the rule language.",
            )
        return text

    def code(self) -> str:
        """The code of an answer or value, such as `dont_know`, `11-25` or `26+`."""
        text = self.string()
        fits = _CODE.fullmatch(text) and len(text) <= _LONGEST_NAME
        if self._tag == _STRING and text and not fits:
            self.fault(
                "name",
                f"{text!r} cannot be a code.",
                f"Use letters, digits and _ . + - only, at most {_LONGEST_NAME}.",
            )
        return text

    def flag(self, *, default: bool) -> bool:
        """true or false; `default` when the setting was left out."""
        if self._tag == _FLAG:
            return self._value.casefold() == "true"
        self._wrong("true or false", "Write true or false, without quotes.")
        return default

    def number(self) -> float:
        """A number, whole or with a decimal point."""
        try:
            if self._tag in _NUMBERS:
                return float(self._value)
        except ValueError:
            pass  # such as 0x1F: YAML has more ways to write a number than an author needs
        self._wrong("a number", "Write a plain number such as 3 or 2.5, without quotes.")
        return 0.0

    def decimal(self, decimals: int) -> Decimal:
        """A number exactly as it is written, with at most so many decimals."""
        try:
            if self._tag in _NUMBERS:
                number = Decimal(self._value)
                if number != round(number, decimals):
                    problem = f"{self._value} has more than {decimals} decimals."
                    self.fault("wrong-value", problem, "Round it, or allow more decimals.")
                return round(number, decimals)
        except ArithmeticError:
            pass  # such as .inf, which is no limit
        self._wrong("a number", "Write a plain number such as 3 or 2.5, without quotes.")
        return Decimal(0)

    def day(self) -> date:
        """A date written as 2021-06-30."""
        try:
            if self._tag in (_DATE, _STRING):
                return date.fromisoformat(self._value)
        except ValueError:
            mend = "Write year-month-day, such as 2021-06-30, a day that exists."
            self.fault("date", f"{self._value!r} is no date.", mend)
            return date.min
        self._wrong("a date", "Write it as 2021-06-30.")
        return date.min

    def one_of(self, kinds: type[E]) -> E:
        """One of a closed set of words."""
        text, known = self.string(), {str(kind.value): kind for kind in kinds}
        if text in known:
            return known[text]
        if self._tag == _STRING and text:
            self.fault("wrong-value", f"{self.name!r} cannot be {text!r}.", choose(text, known))
        return known.get(nearest(text, known) or "", next(iter(kinds)))

    def rule(self) -> Rule:
        """A rule of the rule language; EVERYBODY when the setting was left out."""
        return (self._in_rule_language(parse) if self.given else None) or EVERYBODY

    def quotient(self) -> Quotient | None:
        """What is computed, in terms of the rule language; None, and a fault, for anything else."""
        return self._in_rule_language(parse_quotient)

    def _in_rule_language(self, read: Callable[[str, RuleContext], T]) -> T | None:
        text = self.rule_text()
        try:
            return read(text, self.ledger.rule_context) if text else None
        except RuleError as error:
            problem = f"The rule {text!r} cannot be read at column {error.column}: {error.problem}"
            self.fault("rule", problem, error.mend)
            return None

    def rule_text(self) -> str:
        """The words of a rule on one line."""
        return " ".join(self.string().split())

    # Words in every language

    def label(self) -> Text:
        """Words in every language of the study, for readers of tables: nothing between braces."""
        return self._words(())

    def words(self) -> tuple[YamlNode, ...]:
        """The words in each language, or the one name in all, looked at without judging them."""
        pairs = self.node.value if isinstance(self.node, MappingNode) else ()
        texts = tuple(self._inside(value, str(key.value), key) for key, value in pairs)
        return texts if isinstance(self.node, MappingNode) else (self,)

    def pipe_text(self, *, answers: bool = False) -> Text:
        """Words in every language for a respondent. Names of `placeholders` may stand in braces,
        and with `answers` {name|fallback}."""
        return self._words(self.ledger.placeholders, PIPED if answers else None)

    def _words(self, placeholders: tuple[str, ...], piped: re.Pattern[str] | None = None) -> Text:
        places = tuple(self._settings())
        words = {node.name: node._sentence(placeholders, piped) for node in places}
        languages = self.ledger.languages
        if languages is None or not isinstance(self.node, MappingNode):
            return words
        for language in languages:
            if language not in words:
                problem = f"{self.name!r} has no words in language {language!r}."
                self.fault("language", problem, f"Add {language}: …")
        for node in places:
            if node.name not in languages:
                problem = f"The study has no language {node.name!r}."
                node.fault("language", problem, choose(node.name, languages))
        self._remark_same_words({name: words[name] for name in languages if name in words})
        return {language: words.get(language, "") for language in languages}

    def _remark_same_words(self, words: Text) -> None:
        """Remark on a text that seems not to be translated; one word may be the same in both."""
        first: dict[str, str] = {}
        for language, text in words.items():
            same = first.setdefault(text.casefold(), language)
            if same != language and len(_WORD.findall(text)) > 1:
                problem = f"{self.name!r} has the same words in {same!r} and {language!r}."
                mend = "Translate one of them. Where they should be the same, nothing is wrong."
                hint = Fault("same-text", self.file, self.line, problem, mend)
                self.ledger.remark(hint)

    def _sentence(self, placeholders: tuple[str, ...], piped: re.Pattern[str] | None) -> str:
        text = self.string()
        for found in _BRACES.findall(piped.sub("", text) if piped else text):
            if found.strip("{}") not in placeholders or len(found) < len("{}"):
                known = [f"{{{name}}}" for name in placeholders]
                none = "Nothing can be filled in here; leave the braces out."
                problem = f"{found!r} in {self.name!r} is nothing that can be filled in."
                self.fault("placeholder", problem, choose(found, known, empty=none))
        return text

    # How a value is looked at

    @property
    def written(self) -> str:
        """The single value as the author wrote it, not judged; '' where none stands."""
        return self._value.strip()

    @property
    def _tag(self) -> str:
        return str(self.node.tag).removeprefix(_TAG) if isinstance(self.node, ScalarNode) else ""

    @property
    def _value(self) -> str:
        return str(self.node.value) if isinstance(self.node, ScalarNode) else ""

    def _absent(self) -> YamlNode:
        return YamlNode(None, "", self.file, self.line, self.ledger)

    def _inside(self, node: Node, name: str, mark: Node) -> YamlNode:
        return YamlNode(node, name, self.file, mark.start_mark.line + 1, self.ledger)

    def _settings(self) -> Iterator[YamlNode]:
        if not isinstance(self.node, MappingNode):
            self._wrong("a block of settings", "Write `name: value` lines under it.")
            return
        seen: dict[str, int] = {}
        for key, value in self.node.value:
            node = self._inside(value, str(key.value), key)
            if not isinstance(key, ScalarNode):
                node.fault("wrong-type", "A setting has one name.", "Write `name: value`.")
            elif node.name in seen:
                problem = f"{node.name!r} stands here twice, first on line {seen[node.name]}."
                node.fault("duplicate-key", problem, "Keep one of the two.")
            else:
                seen[node.name] = node.line
                yield node

    def _meant(self, node: YamlNode, found: Mapping[str, YamlNode]) -> str | None:
        open_names = [name for name, at in found.items() if not at.given]
        open_names = [name for name in open_names if name not in self.setting_names()]
        elsewhere = called_here(node.name, open_names)
        meant = elsewhere or nearest(node.name, open_names)
        mend = f"Did you mean {meant!r}?" if meant else choose(node.name, found)
        if elsewhere:
            mend = f"Here it is called {elsewhere!r}."
        node.fault("unknown-key", f"There is no setting {node.name!r} here.", mend)
        return meant

    def _wrong(self, wanted: str, mend: str) -> None:
        if self.given:
            problem = f"{self.name!r} must be {wanted}, not {self._described()}."
            self.fault("wrong-type", problem, mend)

    def _described(self) -> str:
        if isinstance(self.node, MappingNode):
            return "a block of settings"
        if isinstance(self.node, SequenceNode):
            return "a list"
        names = {"null": "empty", "bool": f"the yes-or-no value {self._value}"}
        names |= dict.fromkeys(_NUMBERS, f"the number {self._value}")
        return names.get(self._tag, f"{self._value[:40]!r}")


def is_key(text: str) -> bool:
    """Whether a text can be the name of a variable."""
    reserved = keyword.iskeyword(text) or text in {"asked", "answered", "count"}
    return bool(_KEY.fullmatch(text)) and len(text) <= _LONGEST_NAME and not reserved


def once(places: Iterable[YamlNode], what: str) -> None:
    """Write down a fault for each place whose value stood at an earlier one."""
    first: dict[str, int] = {}
    for node in places:
        # Neither columns nor people can be trusted to tell capitals apart.
        name = node.written.casefold()
        if name in first:
            problem = f"The {what} {node.written!r} stands twice, first on line {first[name]}."
            node.fault("duplicate", problem, "Remove one of the two, or change its name.")
        elif name:
            first[name] = node.line


def once_in_words(elements: Iterable[YamlNode], name: str, what: str) -> None:
    """Write down a fault for each element whose words under `name` an earlier one has.

    Readers cannot tell such elements apart. Words are compared within a language.
    """
    first: dict[tuple[str, str], YamlNode] = {}
    for element in elements:
        for words in element.inner(name).words():
            text = words.written
            same = first.setdefault((words.name, text.casefold()), words)
            if text and same is not words:
                problem = f"The {what} {text!r} stands twice, first on line {same.line}."
                # Words behind an alias stand elsewhere, perhaps where the others stand.
                at = words if words.line >= element.line else element
                at.fault("duplicate", problem, "Give each of the two words of its own.")
                break
