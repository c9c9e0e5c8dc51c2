"""Patterns for texts: the part of regular expressions that means the same everywhere.

A pattern fits the whole text. It holds characters, `.`, classes such as `[A-Z0-9]`, `( )`, `|` and
`* + ? {2} {2,4}`; `\\d`, `\\w` and `\\s` are short for classes of plain letters, digits and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Never, TypeAlias, assert_never

_SHORT = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \t\n\r"}
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_TIMES = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")
_MOST_TIMES = 255
"""No engine repeats more often than PostgreSQL."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class PatternProblem:
    """What is wrong with a pattern, and how to mend it."""

    problem: str
    mend: str


@dataclass(frozen=True, slots=True)
class _Characters:
    """One character: within one of these ranges, or with `others` outside all of them."""

    ranges: tuple[tuple[str, str], ...]
    others: bool = False


@dataclass(frozen=True, slots=True)
class _Sequence:
    """One after the other."""

    parts: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of these."""

    parts: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class _Repeated:
    """So many times; without an end where `most` is None."""

    part: _Pattern
    least: int
    most: int | None


_Pattern: TypeAlias = _Characters | _Sequence | _Choice | _Repeated


class _Refused(Exception):
    """A pattern that leaves the language."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.found = PatternProblem(problem, mend)


def problem_of(pattern: str) -> PatternProblem | None:
    """What is wrong with a pattern; None when it can be used."""
    try:
        _read(pattern)
    except _Refused as refused:
        return refused.found
    return None


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text fits, in time that no pattern can blow up."""
    return len(text) in _ends(_read(pattern), text, {0})


@lru_cache(maxsize=256)
def regular_expression(pattern: str) -> str:
    """The pattern as every engine reads it, without its ends."""
    return _written(_read(pattern))


def _ends(pattern: _Pattern, text: str, starts: set[int]) -> set[int]:
    """Every place where the pattern can end that begins at one of these places."""
    match pattern:
        case _Characters():
            return {at + 1 for at in starts if at < len(text) and _holds(pattern, text[at])}
        case _Sequence(parts):
            for part in parts:
                starts = _ends(part, text, starts)
            return starts
        case _Choice(parts):
            return set().union(*(_ends(part, text, starts) for part in parts))
        case _Repeated():
            return _repeated(pattern, text, starts)
        case _:
            assert_never(pattern)


def _repeated(pattern: _Repeated, text: str, starts: set[int]) -> set[int]:
    for _ in range(pattern.least):
        starts = _ends(pattern.part, text, starts)
    found, new, times = set(starts), starts, pattern.least
    while new and (pattern.most is None or times < pattern.most):
        new = _ends(pattern.part, text, new) - found
        found |= new
        times += 1
    return found


def _holds(characters: _Characters, sign: str) -> bool:
    inside = any(first <= sign <= last for first, last in characters.ranges)
    return inside is not characters.others


@lru_cache(maxsize=256)
def _read(pattern: str) -> _Pattern:
    return _PatternReader(pattern).whole()


class _PatternReader:
    """Reads a pattern sign by sign."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern.removeprefix("^")
        if self.pattern.endswith("$") and not self.pattern.endswith("\\$"):
            self.pattern = self.pattern[:-1]
        self.at = 0

    def whole(self) -> _Pattern:
        if len(self.pattern) > _LONGEST:
            self._refuse(f"The pattern is over {_LONGEST} characters.")
        found = self._choice()
        if self.at < len(self.pattern):
            self._refuse("A bracket is closed that was never opened.")
        return found

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        sign = self._next()
        if not sign:
            self._refuse("The pattern ends too early.")
        self.at += 1
        return sign

    def _choice(self) -> _Pattern:
        parts = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _Choice(tuple(parts))

    def _sequence(self) -> _Pattern:
        parts: list[_Pattern] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._times(self._one()))
        if not parts:
            self._refuse("A part of the pattern is empty.")
        return parts[0] if len(parts) == 1 else _Sequence(tuple(parts))

    def _times(self, part: _Pattern) -> _Pattern:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._next())
        if bounds is None and self._next() != "{":
            return part
        least, most = self._braces() if bounds is None else bounds
        self.at += bounds is not None
        if self._next() in ("*", "+", "?", "{"):
            self._refuse("Two signs of repeating stand behind each other.")
        return _Repeated(part, least, most)

    def _braces(self) -> tuple[int, int | None]:
        found = _TIMES.match(self.pattern, self.at)
        if found is None:
            self._refuse("Braces hold how many times, such as {2} or {2,4}.")
        self.at = found.end()
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > _MOST_TIMES or (most is not None and most < max(least, 1)):
            self._refuse(f"Repeat at most {_MOST_TIMES} times, the smaller number first.")
        return least, most

    def _one(self) -> _Pattern:
        sign = self._take()
        match sign:
            case "(":
                found = self._choice()
                if self._take() != ")":
                    self._refuse("A bracket is not closed.")
                return found
            case "[":
                return self._class()
            case ".":
                return _Characters((("\n", "\n"),), others=True)
            case "\\":
                return _Characters(self._escaped())
        if sign in _SPECIAL:
            self._refuse(f"{sign!r} cannot stand here.")
        return _Characters(((sign, sign),))

    def _escaped(self) -> tuple[tuple[str, str], ...]:
        sign = self._take()
        if sign in _SHORT:
            return _ranges(_SHORT[sign])
        if sign.isalnum():
            self._refuse(f"\\{sign} does not mean the same everywhere.")
        return ((sign, sign),)

    def _class(self) -> _Pattern:
        others = self._next() == "^"
        self.at += others
        ranges: list[tuple[str, str]] = []
        while self._next() != "]":
            ranges += self._range()
        self.at += 1
        if not ranges:
            self._refuse("A class between [ and ] is empty.")
        return _Characters(tuple(ranges), others)

    def _range(self) -> tuple[tuple[str, str], ...]:
        first = self._take()
        if first == "\\":
            return self._escaped()
        if first == "[":
            self._refuse("'[' stands in a class.")
        if self._next() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", ""):
            return ((first, first),)
        self.at += 1
        last = self._take()
        if last == "\\" or last < first:
            self._refuse(f"{first}-{last} is no range.")
        return ((first, last),)

    def _refuse(self, problem: str) -> Never:
        mend = "Use characters, ., [A-Z], ( ), | and * + ? {2,4}; a backslash before a sign itself."
        raise _Refused(f"{problem} (sign {self.at + 1} of the pattern)", mend)


def _ranges(written: str) -> tuple[tuple[str, str], ...]:
    found, at = [], 0
    while at < len(written):
        wide = written[at + 1 : at + 2] == "-"
        found.append((written[at], written[at + 2] if wide else written[at]))
        at += 3 if wide else 1
    return tuple(found)


def _written(pattern: _Pattern) -> str:
    match pattern:
        case _Characters(ranges, others):
            return _written_class(ranges, others=others)
        case _Sequence(parts):
            return "".join(_grouped(part, _Choice) for part in parts)
        case _Choice(parts):
            return "|".join(map(_written, parts))
        case _Repeated(part, least, most):
            bounds = f"{{{least},{'' if most is None else most}}}"
            return _grouped(part, _Choice, _Sequence, _Repeated) + bounds
        case _:
            assert_never(pattern)


def _grouped(pattern: _Pattern, *looser: type[_Pattern]) -> str:
    text = _written(pattern)
    return f"({text})" if isinstance(pattern, looser) else text


def _written_class(ranges: Iterable[tuple[str, str]], *, others: bool) -> str:
    inside = "".join(
        _escape(first) if first == last else f"{_escape(first)}-{_escape(last)}"
        for first, last in ranges
    )
    return f"[{'^' if others else ''}{inside}]"


def _escape(sign: str) -> str:
    return f"\\{sign}" if sign in _SPECIAL or sign in "-&~#@%!" else sign
