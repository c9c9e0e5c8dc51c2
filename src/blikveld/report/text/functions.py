"""The words a report text may call: claims, facts of the study, figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

from blikveld.locale.conventions import day, month
from blikveld.report import citations
from blikveld.report.charts.data import Plot, plot
from blikveld.report.charts.figures import DotMap, FigureTable, dot_map, figure_table
from blikveld.report.claims import comparisons, shares
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import Claim, ClaimText
from blikveld.report.footnotes import InfluenceTable
from blikveld.report.text import files
from blikveld.results import share_phrases as book
from blikveld.results.formatting import number
from blikveld.study.model import Period, Study


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block that a text puts in its own place: a table, the funnel, quotes of interviews."""

    kind: str
    key: str = ""
    asks: tuple[()] = field(default=(), init=False)


Called: TypeAlias = Claim | Plot | FigureTable | DotMap | InfluenceTable | PlacedBlock


def vocabulary(study: Study, language: str) -> Mapping[str, Callable[..., Called]]:
    """Return every function a text may call, by name. Raises BadSources."""
    known = citations.load(study)
    return {
        **_CLAIMS,
        "rank": partial(shares.rank, study=study),
        "top": partial(shares.top, study=study),
        "top_share": partial(shares.top_share, study=study),
        "highest": partial(_of_everybody, shares.highest, study),
        "lower_bound": partial(shares.lower_bound, study=study),
        "mean_answers": partial(shares.mean_answers, study=study),
        "mean": partial(comparisons.mean, study=study),
        "test": partial(_of_everybody, comparisons.test, study),
        "related": partial(_of_everybody, comparisons.related, study),
        "unrelated": partial(_of_everybody, comparisons.unrelated, study),
        "figure": partial(plot, study),
        "dot_map": partial(dot_map, study),
        "influence_table": InfluenceTable,
        "figure_table": partial(figure_table, study),
        "table": partial(_planned, study, "table"),
        "annex": partial(_planned, study, "annex"),
        "tables": partial(PlacedBlock, "tables"),
        "funnel": partial(PlacedBlock, "funnel"),
        "questionnaire": partial(PlacedBlock, "questionnaire"),
        "topics": partial(PlacedBlock, "topics"),
        "quotes": partial(PlacedBlock, "quotes"),
        "theme_count": partial(PlacedBlock, "theme_count"),
        "message": _message,
        "key_figure": partial(PlacedBlock, "key_figure"),
        "interviewed": partial(_interviewed, study),
        "started": _funnel(lambda facts: facts.funnel.started),
        "remained": _funnel(lambda facts: facts.funnel.remained),
        "left": _left,
        "completed": _remained_after,
        "how_many": partial(_how_many, study),
        "names": partial(_names, study),
        "label": partial(_label, study, language),
        "group": partial(_group, study, language),
        "period": partial(_period, study.period),
        "fieldwork": partial(_period, study.fieldwork),
        "cited": partial(citations.cited, known),
        "source": partial(citations.source, known),
        "sources": partial(PlacedBlock, "sources"),
        "numeral": citations.numeral,
        "threshold": _threshold,
        "where": _where,
    }


def things(study: Study) -> Mapping[str, object]:
    """Return what a text may go through one by one with `{% for %}`; each has a `key` and a
    `name`.
    """
    return {study.sites.plural_name: study.sites.every}


_CLAIMS: Mapping[str, Callable[..., Claim]] = {
    "share": shares.share,
    "count": shares.count,
    "base": shares.base,
    "fraction": shares.fraction,
    "says": shares.says,
    "at_least": shares.at_least,
    "invented": shares.invented,
    "more": shares.more,
    "less": shares.less,
    "same": shares.same,
    "difference": comparisons.difference,
}


WITHOUT_SHARE = frozenset({"count", "mean", "lower_bound"})
"""What prints people, or takes only those with a value: others in the base change nothing."""


def _message(*, numbered: bool = True) -> PlacedBlock:
    """One of the messages of a summary, with its number unless it has none."""
    return PlacedBlock("message", "numbered" if numbered else "")


def _planned(study: Study, kind: str, key: str) -> PlacedBlock:
    """A table that the study plans."""
    known = [plan.key for plan in study.tables]
    if key not in known:
        tables = f"Tables of this study: {', '.join(known) or 'none'}."
        raise FalseClaim(f"There is no table {key!r}.", tables)
    return PlacedBlock(kind, key)


def _interviewed(study: Study, by: str) -> PlacedBlock:
    """How many were interviewed by site, or by a level of a classification."""
    known = [study.sites.name, *(level.name for level in study.levels)]
    if by not in known:
        raise FalseClaim(
            f"There is no table of interviews by {by!r}.", f"Choose: {' or '.join(known)}."
        )
    return PlacedBlock("interviewed", by)


def _of_everybody(claim: Callable[..., Claim], study: Study, *given: Any, **named: Any) -> Claim:
    return claim(*given, **{"of": shares.OF_ALL, "study": study, **named})


def _fact(say: Callable[[Facts], str]) -> Claim:
    return Claim((), lambda facts: ClaimText(say(facts)))


def _funnel(of: Callable[[Facts], int]) -> Callable[[], Claim]:
    return lambda: _fact(lambda facts: number(of(facts), facts.language))


def _left(key: str) -> Claim:
    """How many respondents left by an inclusion rule."""
    return _fact(lambda facts: number(_steps(facts)[_known(facts, key)][0], facts.language))


def _remained_after(key: str) -> Claim:
    """How many respondents remained after an inclusion rule."""
    return _fact(lambda facts: number(_steps(facts)[_known(facts, key)][1], facts.language))


def _steps(facts: Facts) -> dict[str, tuple[int, int]]:
    return {step.key: (step.left, step.remained) for step in facts.funnel.steps}


def _known(facts: Facts, key: str) -> str:
    if key not in _steps(facts):
        known = ", ".join(_steps(facts)) or "none"
        raise FalseClaim(f"There is no inclusion rule {key!r}.", f"Inclusion rules: {known}.")
    return key


def _how_many(study: Study, things: str, *, in_digits: bool = False) -> Claim:
    """How many sites, items of a level or questions there are, in letters to twenty.

    Sites and levels go by their `plural_name`. The key of a group of sites, or of a variable,
    counts its members or answers. 'interviews' are those that the report prints of, and with a
    plural name behind it, such as 'interview_schools', where they were held: as many as in the
    tables of interviews.
    """
    talked = _talked(study)
    if things in talked:
        return _fact(lambda f: _in_letters(talked[things](f), f))
    amounts = {
        study.sites.plural_name: len(study.sites),
        **{level.plural_name: len(study.items_at(level.name)) for level in study.levels},
        "questions": len({q.grid or q.key for q in study.questions.values() if q.required}),
        "modes": len(study.modes),
    }
    amounts |= {group.key: len(group.members) for group in study.sites.groups}
    amounts |= {name: len(v.codes) for name, v in study.variables.items() if v.codes}
    if things not in amounts:
        raise FalseClaim(f"{things!r} cannot be counted.", "Choose a thing that the study has.")
    amount = amounts[things]
    return _fact(lambda f: number(amount, f.language) if in_digits else _in_letters(amount, f))


def _in_letters(amount: int, facts: Facts) -> str:
    return book.spelled(amount, facts.language) or number(amount, facts.language)


def _with_interviews(by: str) -> Callable[[Facts], int]:
    def count(facts: Facts) -> int:
        covered = facts.interviews.covered.get(by)
        return sum(group.interviews > 0 for group in covered.groups) if covered else 0

    return count


def _talked(study: Study) -> Mapping[str, Callable[[Facts], int]]:
    plurals = {study.sites.name: study.sites.plural_name}
    plurals |= {level.name: level.plural_name for level in study.levels}
    return {
        "interviews": lambda facts: facts.interviews.held,
        **{f"interview_{many}": _with_interviews(one) for one, many in plurals.items()},
    }


def _names(study: Study, things: str) -> Claim:
    """The names of sites, the items of a level, or the members of a group, as a list."""

    def say(facts: Facts) -> str:
        sites, language = {site.key: site.name for site in study.sites}, facts.language
        lists = {study.sites.plural_name: tuple(sites.values())}
        for level in study.levels:
            items = study.items_at(level.name)
            lists[level.plural_name] = tuple(item.label[language] for item in items)
        lists |= {g.key: tuple(sites[m] for m in g.members) for g in study.sites.groups}
        if things not in lists:
            raise FalseClaim(f"{things!r} has no names.", f"Choose from: {', '.join(lists)}.")
        return files.join_names(lists[things], facts.language)

    return _fact(say)


def _label(study: Study, language: str, name: str, code: str = "") -> Claim:
    """What a variable, or one of its answers, is called."""
    variable = study.variables.get(name)
    if variable is None:
        raise FalseClaim(f"There is no variable {name!r}.", "Check the spelling.")
    try:
        text = variable.code(code).label[language] if code else variable.label[language]
    except KeyError:
        raise FalseClaim(f"{name} has no answer {code!r}.", "Check the spelling.") from None
    return _fact(lambda facts: text)


def _group(study: Study, language: str, key: str) -> Claim:
    """What a group of sites is called."""
    found = {group.key: group.label[language] for group in study.sites.groups}
    if key not in found:
        raise FalseClaim(f"There is no group {key!r}.", f"Groups: {', '.join(found) or 'none'}.")
    return _fact(lambda facts: found[key][:1].lower() + found[key][1:])


def _period(period: Period) -> Claim:
    """Two dates: 'juli 2019 tot en met juni 2021' for whole months, else with their days."""

    def say(facts: Facts) -> str:
        whole = period.first.day == (period.last + timedelta(days=1)).day == 1
        written = month if whole else day
        ends = [written(when, facts.language) for when in (period.first, period.last)]
        return facts.say("until", first=ends[0], last=ends[1])

    return _fact(say)


def _threshold() -> Claim:
    """The smallest count that is printed."""
    return _fact(lambda facts: number(facts.release.policy.threshold, facts.language))


def _where(key: str) -> Claim:
    """Where a table stands, such as 'Bijlage C'."""
    return _fact(lambda facts: facts.table(key).number[facts.language])
