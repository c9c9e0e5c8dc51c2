"""Whole numbers and days made of literals: added up, multiplied and compared by gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from blikveld.rules.nodes import ComparisonOperator
from blikveld.study.solver import FALSE, TRUE, Circuit


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """`offset`, and one more where the first bit holds, two more where the second does, …"""

    offset: int
    bits: tuple[int, ...] = ()

    @property
    def most(self) -> int:
        """The largest number that the bits can make."""
        return self.offset + (1 << len(self.bits)) - 1


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day: its year, its place in a leap year (0 for 1 January), and its number (`toordinal`)."""

    year: WholeNumber
    place: WholeNumber
    number: WholeNumber


class Arithmetic:
    """Whole numbers over the gates of one circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit

    def free_number(self, least: int, most: int) -> WholeNumber:
        """A number that can be anything between these two, both included."""
        solver = self._circuit.solver
        bits = tuple(solver.new_literal() for _ in range((most - least).bit_length()))
        number = WholeNumber(least, bits)
        solver.add(self.at_most(number, most))
        return number

    def chosen(self, numbers: Sequence[tuple[int, int]]) -> WholeNumber:
        """The number beside the literal that holds, where one of them does."""
        least = min((number for number, _ in numbers), default=0)
        width = max((number - least for number, _ in numbers), default=0).bit_length()
        bits = (
            self._circuit.some(at for number, at in numbers if (number - least) >> place & 1)
            for place in range(width)
        )
        return WholeNumber(least, tuple(bits))

    def where(self, number: WholeNumber, literal: int) -> WholeNumber:
        """The number where the literal holds, and nought elsewhere."""
        bits = tuple(self._circuit.every((bit, literal)) for bit in number.bits)
        offset = self.chosen([(number.offset, literal), (0, -literal)])
        return self.plus(WholeNumber(0, bits), offset)

    def plus(self, one: WholeNumber, other: WholeNumber) -> WholeNumber:
        """Both added up."""
        width = max(len(one.bits), len(other.bits))
        carry, bits = FALSE, []
        for place in range(width):
            first, second = _bit(one, place), _bit(other, place)
            either = self._differ(first, second)
            bits.append(self._differ(either, carry))
            carry = self._circuit.some(
                (self._circuit.every((first, second)), self._circuit.every((either, carry)))
            )
        if carry != FALSE:
            bits.append(carry)
        return WholeNumber(one.offset + other.offset, tuple(bits))

    def minus(self, one: WholeNumber, other: WholeNumber) -> WholeNumber:
        """The first less the second."""
        return self.plus(one, self.times(other, -1))

    def times(self, number: WholeNumber, factor: int) -> WholeNumber:
        """The number so many times."""
        if factor < 0:
            # What is lacking to the largest number grows where the number falls.
            turned = WholeNumber(-number.most, tuple(-bit for bit in number.bits))
            return self.times(turned, -factor)
        total = WholeNumber(0)
        for place in range(factor.bit_length()):
            if factor >> place & 1:
                shifted = (*(FALSE,) * place, *number.bits)
                total = self.plus(total, WholeNumber(0, shifted))
        return WholeNumber(total.offset + number.offset * factor, total.bits)

    def at_most(self, number: WholeNumber, bound: int) -> int:
        """The literal that the number is no larger than this."""
        left = bound - number.offset
        if left < 0:
            return FALSE
        if bound >= number.most:
            return TRUE
        every, some, found = self._circuit.every, self._circuit.some, TRUE
        for place, bit in enumerate(number.bits):
            found = (some if left >> place & 1 else every)((-bit, found))
        return found

    def compare(self, one: WholeNumber, operator: ComparisonOperator, other: WholeNumber) -> int:
        """The literal that the comparison holds."""
        gap = self.minus(one, other)
        at_most, less = self.at_most(gap, 0), self.at_most(gap, -1)
        match operator:
            case ComparisonOperator.AT_MOST:
                return at_most
            case ComparisonOperator.LESS:
                return less
            case ComparisonOperator.MORE:
                return -at_most
            case ComparisonOperator.AT_LEAST:
                return -less
            case ComparisonOperator.EQUAL:
                return self._circuit.every((at_most, -less))
            case ComparisonOperator.NOT_EQUAL:
                return self._circuit.some((-at_most, less))

    def same(self, number: WholeNumber, value: int) -> int:
        """The literal that the number is this one."""
        return self._circuit.every((self.at_most(number, value), -self.at_most(number, value - 1)))

    def _differ(self, one: int, other: int) -> int:
        every = self._circuit.every
        return self._circuit.some((every((one, -other)), every((-one, other))))

    # Days

    def day(self, day: date) -> CalendarDay:
        """A day that is known."""
        numbers = (day.year, _place(day), day.toordinal())
        return CalendarDay(*(WholeNumber(number) for number in numbers))

    def free_day(self, first: date, last: date) -> CalendarDay:
        """A day that can be any between these two, both included."""
        year = self.free_number(first.year, last.year)
        place = self.free_number(0, _LEAP_DAYS - 1)
        years = [(y, self.same(year, y)) for y in range(first.year, last.year + 1)]
        common = self._circuit.some(at for y, at in years if not _is_leap(y))
        begins = self.chosen([(date(y, 1, 1).toordinal(), at) for y, at in years])
        late = self._circuit.every((common, -self.at_most(place, _FEBRUARY_29)))
        number = self.minus(self.plus(begins, place), WholeNumber(0, (late,)))
        add = self._circuit.solver.add
        add(-self.same(place, _FEBRUARY_29), -common)
        add(self.at_most(number, last.toordinal()))
        add(-self.at_most(number, first.toordinal() - 1))
        return CalendarDay(year, place, number)

    def years(self, first: CalendarDay, last: CalendarDay) -> WholeNumber:
        """How many whole years from one day to another."""
        late = self.compare(last.place, ComparisonOperator.LESS, first.place)
        return self.minus(self.minus(last.year, first.year), WholeNumber(0, (late,)))


_LEAP_DAYS = 366
_FEBRUARY_29 = 59


def _place(day: date) -> int:
    return day.replace(year=2000).toordinal() - date(2000, 1, 1).toordinal()


def day_of(year: int, place: int) -> date:
    """The day of a year at a place of the leap year's calendar."""
    return (date(2000, 1, 1) + timedelta(days=place)).replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _bit(number: WholeNumber, place: int) -> int:
    return number.bits[place] if place < len(number.bits) else FALSE


def value_of(number: WholeNumber, holding: Iterable[bool]) -> int:
    """The number that these bits make."""
    return number.offset + sum(1 << place for place, holds in enumerate(holding) if holds)
