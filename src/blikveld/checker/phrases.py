"""Explanations in plain Dutch and English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from blikveld.checker.document import Language
from blikveld.checker.findings import Grade, Verdict

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.RIGHT: ("klopt", "right"),
    Verdict.ROUNDED_TWICE: (
        "Dat klopt alleen als er twee keer is afgerond.",
        "It is right only if rounded twice.",
    ),
    Verdict.TRUNCATED: (
        "De decimalen zijn afgekapt in plaats van afgerond.",
        "The decimals were cut off instead of rounded.",
    ),
}
_NAMES: dict[Verdict, tuple[str, str]] = {
    Verdict.RIGHT: ("klopt", "right"),
    Verdict.ROUNDED_TWICE: ("dubbel afgerond", "rounded twice"),
    Verdict.TRUNCATED: ("afgekapt", "truncated"),
    Verdict.WRONG: ("klopt niet", "wrong"),
    Verdict.WRONG_BASE: ("verkeerd totaal", "wrong base"),
    Verdict.IMPOSSIBLE: ("onmogelijk", "impossible"),
    Verdict.MISPRINT: ("waarschijnlijk drukfout", "likely misprint"),
    Verdict.SWAPPED: ("toets en vrijheidsgraden verwisseld", "statistic and df swapped"),
    Verdict.CONTRADICTION: ("in tegenspraak", "contradiction"),
    Verdict.WORD: ("woord past niet bij getal", "word does not fit"),
    Verdict.SUM: ("telt niet op", "does not add up"),
    Verdict.MISMATCH: ("percentages van een andere rij", "percentages of another row"),
    Verdict.P_VALUE: ("p klopt niet", "p does not follow"),
    Verdict.DECISION: ("p klopt niet, significantie anders", "p wrong, significance changes"),
    Verdict.CORRECTED: ("p klopt alleen gecorrigeerd", "p right only if corrected"),
    Verdict.ONE_SIDED: ("p klopt alleen eenzijdig", "p right only one-sided"),
    Verdict.INTERVAL: ("interval klopt niet", "interval is wrong"),
    Verdict.OFF_CENTRE: ("niet in het midden", "not in the middle"),
    Verdict.P_AGAINST_INTERVAL: ("p en interval spreken elkaar tegen", "p against interval"),
    Verdict.P_ZERO: ("p is nooit nul", "p is never zero"),
    Verdict.POINTS: ("procent en procentpunt verwisseld", "percent for percentage points"),
    Verdict.MEAN: ("gemiddelde of spreiding kan niet", "mean or deviation cannot be"),
    Verdict.MARGIN: ("marge te klein", "margin too small"),
    Verdict.NO_TARGET: ("verwijst naar niets", "refers to nothing"),
    Verdict.UNCHECKED: ("niet gecontroleerd", "unchecked"),
}


_GRADES: dict[Grade, tuple[str, str]] = {
    Grade.IMPOSSIBLE: ("kan niet kloppen", "cannot be right"),
    Grade.MISPRINT: ("zeer waarschijnlijk een drukfout", "very likely a misprint"),
    Grade.NOTE: ("kijk hier nog eens naar", "look at this"),
}


class Phrases:
    """Sentences in one language. Numbers are written as that language writes them."""

    def __init__(self, language: Language) -> None:
        self._dutch = language is Language.DUTCH
        self.language = language

    def say(self, dutch: str, english: str) -> str:
        """Whichever of the two the reader reads."""
        return dutch if self._dutch else english

    def of(self, verdict: Verdict) -> str:
        """What a verdict means, as a sentence."""
        return self.say(*_VERDICTS[verdict])

    def name(self, verdict: Verdict) -> str:
        """A verdict in a word or two."""
        return self.say(*_NAMES[verdict])

    def grade(self, grade: Grade) -> str:
        """How sure a finding is, in words."""
        return self.say(*_GRADES[grade])

    def number(self, value: int) -> str:
        """A count with its thousands grouped."""
        return f"{value:,}".replace(",", ".") if self._dutch else f"{value:,}"

    def decimal(self, value: Decimal | float | str) -> str:
        """A number with decimals."""
        return str(value).replace(".", ",") if self._dutch else str(value)

    def share(self, count: int, base: int) -> str:
        """A percentage with two decimals."""
        exact = Decimal(100 * count) / Decimal(base)
        return self.decimal(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def sums(self, count: int, base: int, printed: str) -> str:
        """What the count and base give, and what was printed."""
        exact, shown = self.share(count, base), self.decimal(printed)
        pair = self.number(count), self.number(base)
        return self.say(
            f"{pair[0]} van {pair[1]} is {exact}%, niet {shown}%.",
            f"{pair[0]} of {pair[1]} is {exact}%, not {shown}%.",
        )

    def rounded_up(self) -> str:
        """Right only if every fraction is rounded up."""
        return self.say(
            "Er is naar boven afgerond waar afronden naar beneden hoort.",
            "It was rounded up where rounding goes down.",
        )

    def too_many(self, count: int, base: int) -> str:
        """A count above its base."""
        pair = self.number(count), self.number(base)
        return self.say(
            f"{pair[0]} is meer dan het totaal {pair[1]}.", f"{pair[0]} is more than {pair[1]}."
        )

    def above_hundred(self, printed: str) -> str:
        """A share above 100%."""
        shown = self.decimal(printed)
        return self.say(f"{shown}% is meer dan alles.", f"{shown}% is more than everything.")

    def misprint(self, base: int, meant: int) -> str:
        """A base that is one keystroke from one that fits."""
        pair = self.number(base), self.number(meant)
        return self.say(
            f"Met {pair[1]} in plaats van {pair[0]} klopt het.",
            f"With {pair[1]} for {pair[0]} it is right.",
        )

    def no_count(self, printed: str, base: int) -> str:
        """No count gives this percentage."""
        shown, total = self.decimal(printed), self.number(base)
        return self.say(
            f"Geen enkel aantal van {total} is {shown}%.", f"No count of {total} is {shown}%."
        )

    def other_base(self, bases: Sequence[int]) -> str:
        """Which bases of the report would fit."""
        listed = ", ".join(self.number(base) for base in bases)
        return self.say(
            f"Het zou passen bij totaal {listed}, elders in het rapport.",
            f"It would fit base {listed}, used elsewhere in the report.",
        )

    def other_counts(self, counts: Sequence[int]) -> str:
        """Which counts would fit."""
        listed = self.say(" of ", " or ").join(self.number(count) for count in counts)
        return self.say(f"Het zou passen bij n={listed}.", f"It would fit n={listed}.")

    def note(self, number: int) -> str:
        """The name of a footnote."""
        return self.say(f"voetnoot {number}", f"footnote {number}")
