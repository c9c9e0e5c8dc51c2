"""What claims are checked against: the study, the cleared cells and the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from blikveld.disclosure import Release, SafeCell, SafeTable
from blikveld.report.interviews import NONE, Interviews, ThemeCount
from blikveld.report.model import ReportFunnel
from blikveld.report.text.files import ReportSettings, find_words
from blikveld.results.cell import CellRequest, DataOrigin
from blikveld.rules import Rule, describe_rule, format_rule
from blikveld.study.labels import Labels
from blikveld.study.model import Study


class FalseClaim(Exception):
    """A claim cannot be made. Becomes a fault with the place of the text."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(problem)


@dataclass(frozen=True)
class Facts:
    """All that a text may be made from, in one language."""

    study: Study
    release: Release
    funnel: ReportFunnel
    language: str
    settings: ReportSettings
    interviews: Interviews = NONE
    standing: DataOrigin = DataOrigin.FIELDWORK

    @cached_property
    def labels(self) -> Labels:
        """What variables and codes are called."""
        return Labels(self.study, self.language)

    def cell(self, ask: CellRequest) -> SafeCell:
        """Return a cleared cell. Raises FalseClaim where it was not counted."""
        try:
            return self.release.cells[ask]
        except KeyError:
            raise FalseClaim(
                f"{format_rule(ask.rule)} of {format_rule(ask.base_rule)} was not released.",
                "Count what report.claims.asks lists, and release it.",
            ) from None

    def shown(self, ask: CellRequest) -> tuple[SafeCell, int, int]:
        """Return a cell with its count and base. Raises FalseClaim where either is suppressed or
        nobody is."""
        cell = self.cell(ask)
        if cell.count is None or cell.base is None:
            raise FalseClaim(
                f"The count of {format_rule(ask.rule)} of {format_rule(ask.base_rule)} may not be "
                "printed: it is small, or would give away a small one.",
                "Leave the sentence out, or take larger groups together.",
            )
        return cell, cell.count, cell.base

    def some(self, ask: CellRequest) -> tuple[SafeCell, int, int]:
        """As `shown`, of a base that is not empty."""
        cell, count, base = self.shown(ask)
        if base == 0:
            raise FalseClaim(
                f"Nobody meets {format_rule(ask.base_rule)}, so there is no share of them.",
                "Check the rule after `of=`, or leave the sentence out.",
            )
        return cell, count, base

    def table(self, key: str) -> SafeTable:
        """Return a cleared table. Raises FalseClaim."""
        try:
            return self.release.tables[key]
        except KeyError:
            known = ", ".join(self.release.tables) or "none"
            raise FalseClaim(
                f"There is no table {key!r}.", f"Tables of this study: {known}."
            ) from None

    def theme(self, key: str) -> ThemeCount:
        """Return what interviews speak of. Raises FalseClaim."""
        themes = self.interviews.themes
        if key not in themes:
            known = ", ".join(themes) or "none"
            raise FalseClaim(f"There is no theme {key!r}.", f"Themes of the interviews: {known}.")
        return themes[key]

    def who(self, rule: Rule) -> str:
        """Return a rule as readers say it: 'respondenten met een kind'."""
        text = describe_rule(rule, self.labels, self.language, self.settings.named(self.language))
        return text[:1].upper() + text[1:]

    @property
    def why_invented(self) -> str:
        """What the sign of an invented value means here: of some values, or of all."""
        made_up = self.standing is DataOrigin.MADE_UP
        return self.say("invented_made_up" if made_up else "invented")

    def say(self, key: str, **values: str) -> str:
        """Return one of the report's own phrases, filled in; the study's words for sites too."""
        sites = {
            "site": self.study.sites.one(self.language),
            "sites": self.study.sites.many(self.language),
        }
        return find_words(self.language)[key].format(**{**sites, **values})
