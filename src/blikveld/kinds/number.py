"""Answers that are numbers: any number, a year, a point of a scale."""

from __future__ import annotations

import random
import re
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion, NumberBand, read_special
from blikveld.kinds.controls import ChoiceList, Control, Option, TextInput, Typing
from blikveld.kinds.posted import (
    AnswerError,
    AnswerRefused,
    Form,
    StoredAnswer,
    read_codes,
    read_text,
)
from blikveld.kinds.words import Description, DescriptionCode, shorten
from blikveld.rules import Value
from blikveld.rules.types import DecimalNumber, VariableKind
from blikveld.yaml_reading.yaml_node import Text, YamlNode

MOST_DIGITS = 15
"""Digits of a number, decimals included: as many as every statistical program keeps exactly."""
_LONGEST = 40
_MOST_DECIMALS = 6
_SPAN = 100
"""So far from its one limit a made-up number may lie."""
_SPACED = re.compile(r"-?\d{1,3}( \d{3})+([.,]\d*)?")
_WRITTEN = re.compile(r"[+-]?\d+([.,]\d*)?|[+-]?[.,]\d+")
_MARKS = re.compile(r"[+-]?[\d.,]*\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class _Numeric(KindOfQuestion):
    """What all kinds with a number for a value share. Its answer is kept as it is printed in
    every language: digits and a point."""

    special: tuple[Option, ...] = ()
    bands: tuple[Decimal, ...] = ()

    variable_kind: ClassVar[VariableKind] = VariableKind.NUMBER
    offers: ClassVar[bool] = False
    encoded: ClassVar[bool] = True

    @property
    @abstractmethod
    def limits(self) -> DecimalNumber:
        """Decimals and limits of its value."""

    def specials(self) -> tuple[Option, ...]:
        """Return the answers that are no number."""
        return self.special

    def divide(self) -> tuple[NumberBand, ...]:
        """Return the bands: one before the first number of the setting, and one from each."""
        if not self.bands:
            return ()
        ends = (None, *self.bands, None)
        return tuple(NumberBand(low, high, self._band(low, high)) for low, high in pairwise(ends))

    def _band(self, low: Decimal | None, high: Decimal | None) -> Description:
        unit = {language: f" {words}" for language, words in self._unit().items()}
        if low is None or high is None:
            end = low if high is None else high
            code = DescriptionCode(f"band_{self._time}{'from' if high is None else 'under'}")
            return Description(code, {"end": end or Decimal(0), "unit": unit})
        last = high if self.limits.decimals else high - 1
        alone = DescriptionCode.BAND_ONE if low == last else DescriptionCode.BAND_WHOLE
        code = DescriptionCode.BAND_BETWEEN if self.limits.decimals else alone
        return Description(code, {"low": low, "high": last, "unit": unit})

    _time: ClassVar[str] = ""

    def _unit(self) -> Text:
        return {}

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the field with the number."""
        return {asked.key: (str(answer),)}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the number, with as many decimals as the kind has."""
        return Decimal(str(answer))

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return a number between the limits, or near to the one that there is."""
        limits, decimals = self.limits, self.limits.decimals or 0
        low = limits.least if limits.least is not None else (limits.most or _SPAN) - _SPAN
        high = limits.most if limits.most is not None else low + _SPAN
        step = Decimal(1).scaleb(-decimals)
        first, last = int(low / step), int(high / step)
        return _stored(Decimal(dice.randint(first, max(first, last))) * step, decimals)


@dataclass(frozen=True, slots=True)
class NumberEntry(_Numeric):
    """A number on a line, whole or with decimals, between two limits where these are set.

    `bands` divide it for tables, each from its own number up to the next.
    """

    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = 0
    unit: Text | None = None

    name: ClassVar[str] = "number"
    settings: ClassVar[tuple[str, ...]] = ("min", "max", "decimals", "unit", "bands", "special")
    nothing: ClassVar[AnswerError] = AnswerError.NUMBER

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        decimals = fields["decimals"].optional(_decimals) or 0
        least = fields["min"].optional(lambda node: node.decimal(decimals))
        most = fields["max"].optional(lambda node: node.decimal(decimals))
        check_limits(fields["max"], least, most)
        for node in (fields["min"], fields["max"]):
            _checkread_digits(node, decimals)
        return cls(
            special=read_special(fields["special"]),
            least=least,
            most=most,
            decimals=decimals,
            unit=fields["unit"].optional(_unit),
            bands=_bands(fields["bands"], decimals, least, most),
        )

    @property
    def limits(self) -> DecimalNumber:
        """Decimals and limits of its value."""
        return DecimalNumber(self.decimals, self.least, self.most)

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a line. A keyboard with digits only has no minus."""
        typing = Typing.DECIMAL if self.decimals else Typing.DIGITS
        if self.least is None or self.least < 0:
            typing = Typing.TEXT
        return (TextInput(asked.key, _LONGEST, typing, self._room(), unit=self.unit),)

    def _unit(self) -> Text:
        return self.unit or {}

    def _room(self) -> int:
        widest = max((len(str(limit)) for limit in (self.least, self.most) if limit), default=12)
        return widest + (self.decimals + 1 if self.decimals else 0)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the number. Refused is what is no number, has two marks or too many decimals, or
        is beyond the limits."""
        text = read_text(form, asked.key, _LONGEST)
        for unit in set(self._unit().values()):
            text = text.removeprefix(unit).removesuffix(unit).strip()
        return _stored(read_number(text, self.limits), self.decimals) if text else None

    def describe(self) -> Description:
        """Return the limits and the decimals."""
        sort = "decimal" if self.decimals else "whole"
        ends = {(True, True): "_between", (True, False): "_least", (False, True): "_most"}
        given = self.least is not None, self.most is not None
        unit = {language: f" ({words})" for language, words in self._unit().items()}
        values = {"min": self.least, "max": self.most, "decimals": Decimal(self.decimals)}
        known = {name: value for name, value in values.items() if value is not None}
        return Description(DescriptionCode(sort + ends.get(given, "")), {**known, "unit": unit})


@dataclass(frozen=True, slots=True)
class Year(_Numeric):
    """A year of four digits."""

    least: Decimal = Decimal(1000)
    most: Decimal = Decimal(9999)

    name: ClassVar[str] = "year"
    _time: ClassVar[str] = "year_"
    settings: ClassVar[tuple[str, ...]] = ("min", "max", "bands", "special")
    nothing: ClassVar[AnswerError] = AnswerError.YEAR

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        least = fields["min"].optional(lambda node: node.decimal(0))
        most = fields["max"].optional(lambda node: node.decimal(0))
        check_limits(fields["max"], least, most)
        for node, limit in ((fields["min"], least), (fields["max"], most)):
            if limit is not None and not 1000 <= limit <= 9999:
                node.fault("wrong-value", f"{limit} is no year of four digits.", "Write one.")
        return cls(
            special=read_special(fields["special"]),
            least=Decimal(1000) if least is None else least,
            most=Decimal(9999) if most is None else most,
            bands=_bands(fields["bands"], 0, least, most),
        )

    @property
    def limits(self) -> DecimalNumber:
        """Decimals and limits of its value."""
        return DecimalNumber(0, self.least, self.most)

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a line for four digits."""
        return (TextInput(asked.key, _LONGEST, Typing.DIGITS, 4),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the year. Refused is what has not four digits, or is beyond the limits."""
        text = read_digits(read_text(form, asked.key, _LONGEST))
        if not text:
            return None
        if not re.fullmatch("[0-9]{4}", text):
            raise AnswerRefused(AnswerError.FOUR_DIGITS)
        return _stored(_check_range(Decimal(text), self.limits), 0)

    def describe(self) -> Description:
        """Return the limits."""
        if (self.least, self.most) == (Decimal(1000), Decimal(9999)):
            return Description(DescriptionCode.YEAR)
        return Description(DescriptionCode.YEAR_BETWEEN, {"min": self.least, "max": self.most})


@dataclass(frozen=True, slots=True)
class RatingScale(_Numeric):
    """A point between two ends that have words, such as 0 to 10."""

    first: int = 0
    last: int = 10
    low: Text = field(default_factory=dict)
    high: Text = field(default_factory=dict)

    name: ClassVar[str] = "scale"
    settings: ClassVar[tuple[str, ...]] = ("min", "max", "low", "high", "bands", "special")
    nothing: ClassVar[AnswerError] = AnswerError.CHOOSE_ONE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        least = fields["min"].optional(lambda node: node.decimal(0))
        most = fields["max"].optional(lambda node: node.decimal(0))
        first, last = int(least or 0), 10 if most is None else int(most)
        check_limits(fields["max"], Decimal(first), Decimal(last))
        if last == first:
            fields["kind"].fault("wrong-value", "A scale has two points or more.", "Change max.")
        if last - first > _SPAN:
            mend = "Use fewer points, or make it a number."
            fields["max"].fault("wrong-value", f"A scale has at most {_SPAN} points.", mend)
        for name in ("low", "high"):
            if not fields[name].given:
                problem = f"Nobody knows what the end {name!r} of this scale means."
                fields["kind"].fault("missing-key", problem, f"Add {name}: the words at that end.")
        return cls(
            special=read_special(fields["special"]),
            first=first,
            last=last,
            low=fields["low"].optional(YamlNode.label) or {},
            high=fields["high"].optional(YamlNode.label) or {},
            bands=_bands(fields["bands"], 0, Decimal(first), Decimal(last)),
        )

    @property
    def limits(self) -> DecimalNumber:
        """Decimals and limits of its value."""
        return DecimalNumber(0, Decimal(self.first), Decimal(self.last))

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a radio button a point, in one line where there is room."""
        points = tuple(map(self._point, self._points))
        return (ChoiceList(asked.key, points, ends=(self.low, self.high)),)

    def _point(self, point: int) -> Option:
        label = dict.fromkeys(self.low, str(point))
        return Option(str(point), label, label)

    @property
    def _points(self) -> range:
        return range(self.first, self.last + 1)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the point. Refused are two, and what is not on the scale."""
        chosen = read_codes(form, asked.key)
        if not set(chosen) <= set(map(str, self._points)):
            raise AnswerRefused(AnswerError.NOT_OFFERED)
        if len(chosen) > 1:
            raise AnswerRefused(AnswerError.TOO_MANY)
        return chosen[0] if chosen else None

    def describe(self) -> Description:
        """Return the ends and their words."""
        values = {"min": Decimal(self.first), "max": Decimal(self.last)}
        return Description(DescriptionCode.SCALE, {**values, "low": self.low, "high": self.high})


def read_number(text: str, limits: DecimalNumber) -> Decimal:
    """Return the number that a respondent wrote, with a comma or a point before the decimals.

    Raises AnswerRefused for what is no number, for two marks, of which nobody knows what they
    mean (1.234,5), for more decimals than there is room for, and beyond the limits.
    """
    plain = read_digits(text).replace("\N{MINUS SIGN}", "-")
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    if not _WRITTEN.fullmatch(plain):
        several = _MARKS.fullmatch(plain) and len(re.findall("[.,]", plain)) > 1
        raise AnswerRefused(AnswerError.TWO_MARKS if several else AnswerError.NO_NUMBER)
    number, decimals = Decimal(plain.replace(",", ".")), limits.decimals or 0
    if number != round(number, decimals):
        error = AnswerError.DECIMALS if decimals else AnswerError.WHOLE
        raise AnswerRefused(error, Decimal(decimals))
    if decimals == 0 and re.search("[.,]", plain):
        # 1.000 is a thousand to one and one to another.
        raise AnswerRefused(AnswerError.WHOLE)
    if len(re.sub(r"\D", "", plain.partition(".")[0].partition(",")[0])) + decimals > MOST_DIGITS:
        raise AnswerRefused(AnswerError.NO_NUMBER)
    return _check_range(number, limits)


def _check_range(number: Decimal, limits: DecimalNumber) -> Decimal:
    if limits.least is not None and number < limits.least:
        raise AnswerRefused(AnswerError.TOO_LOW, limits.least)
    if limits.most is not None and number > limits.most:
        raise AnswerRefused(AnswerError.TOO_HIGH, limits.most)
    return number


def read_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9, and single plain spaces."""
    plain = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return " ".join("".join(plain).split())


def _stored(number: Decimal, decimals: int) -> str:
    # Adding nought makes no minus of a nought below it.
    return f"{number + 0:.{decimals}f}"


def check_limits(node: YamlNode, least: Decimal | None, most: Decimal | None) -> None:
    """Write down that no number fits between two limits."""
    if least is not None and most is not None and most < least:
        node.fault("wrong-value", f"No number lies between {least} and {most}.", "Change one.")


def _decimals(node: YamlNode) -> int:
    number = node.decimal(0)
    if not 0 <= number <= _MOST_DECIMALS:
        mend = f"Write a number from 0 to {_MOST_DECIMALS}."
        node.fault("wrong-value", f"{number} decimals cannot be kept.", mend)
        return 0
    return int(number)


def _checkread_digits(node: YamlNode, decimals: int) -> None:
    whole = node.written.lstrip("-").partition(".")[0]
    if len(whole) + decimals > MOST_DIGITS:
        problem = f"{node.written} has more than {MOST_DIGITS} digits with its decimals."
        node.fault("wrong-value", problem, "Choose a smaller limit or fewer decimals.")


def _unit(node: YamlNode) -> Text:
    """Words in every language, or one sign for all of them."""
    if node.is_block:
        return node.label()
    return dict.fromkeys(node.ledger.languages or (), node.string())


def _bands(
    node: YamlNode, decimals: int, least: Decimal | None, most: Decimal | None
) -> tuple[Decimal, ...]:
    bands = node.some(lambda at: shorten(at.decimal(decimals))) if node.given else ()
    if list(bands) != sorted(set(bands)):
        node.fault("wrong-value", "The bands do not go up.", "Write each number once, from low up.")
    for band in bands:
        if (least is not None and band <= least) or (most is not None and band > most):
            problem = f"A band that begins at {band} has nothing before it, or nothing in it."
            node.fault("wrong-value", problem, "Keep the bands between min and max.")
    return bands
