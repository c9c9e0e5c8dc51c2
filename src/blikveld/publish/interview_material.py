"""From interviews to what a report may print of them. Neither room knows the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from blikveld.interviews.attribution import Naming, Quote
from blikveld.interviews.coding.retrieval import theme_count
from blikveld.interviews.coding_project import CodingProject, InterviewMetadata
from blikveld.interviews.study_files import (
    FOLDER,
    ShippedInterview,
    ShippedInterviews,
    load_shipped,
    load_topic_guide,
)
from blikveld.report import interviews as printed
from blikveld.study.model import Study, Text

_CODES, _GUIDE = "codebook.yaml", "guide.yaml"


def material_of_study(study: Study) -> printed.Interviews:
    """Return what the report prints of the interviews that ship with a study; nothing where none
    do.
    """
    if not _ships(study):
        return printed.Interviews(topics=_topics(study))
    return _of_shipped(study, load_shipped(study))


def material_of_project(study: Study, room: CodingProject) -> printed.Interviews:
    """Return what the report prints of interviews that were coded here. Raises BlikveldError."""
    naming = load_shipped(study).naming if _ships(study) else Naming.of_study(study)
    state, about = room.log().state, room.about()
    counts = theme_count(state.settled)
    codes = state.codes
    names = {key: dict.fromkeys(study.languages, code.name) for key, code in codes.items()}
    return printed.Interviews(
        held=len(room.texts()),
        invented=room.invented,
        quotes=tuple(
            _quote(study, section, replace(quote, theme=codes[quote.theme].called))
            for section, quote in room.quotes(naming)
        ),
        themes={
            codes[key].called: printed.ThemeCount(names[key], count)
            for key, count in counts.items()
        },
        covered=_covered(study, about.values()),
        topics=_topics(study),
    )


def _ships(study: Study) -> bool:
    return (study.folder / FOLDER / _CODES).exists()


def _of_shipped(study: Study, made: ShippedInterviews) -> printed.Interviews:
    counts = made.theme_count()
    return printed.Interviews(
        held=len(made.interviews),
        invented=made.invented,
        quotes=tuple(_quote(study, at, q) for at, found in made.at.items() for q in found),
        themes={key: printed.ThemeCount(made.names[key], count) for key, count in counts.items()},
        covered=_covered(study, made.interviews.values()),
        topics=_topics(study),
    )


def _topics(study: Study) -> tuple[printed.PrintedTopic, ...]:
    """The topics of the study's guide; none where it has no guide."""
    if not (study.folder / FOLDER / _GUIDE).exists():
        return ()
    return tuple(
        printed.PrintedTopic(topic.title, topic.questions)
        for topic in load_topic_guide(study).topics
    )


def _covered(
    study: Study, held: Collection[InterviewMetadata | ShippedInterview]
) -> dict[str, printed.InterviewCoverage]:
    """How many interviews were held at each site, and of each item of the roles' levels."""
    sites = Counter(one.site for one in held)
    groups = (printed.CoverageGroup(_same(study, s.name), sites[s.key]) for s in study.sites)
    found = {study.sites.name: printed.InterviewCoverage(study.sites.label, tuple(groups))}
    return found | dict(_covered_roles(study, [one.role for one in held]))


def _covered_roles(
    study: Study, held: Sequence[str]
) -> Iterator[tuple[str, printed.InterviewCoverage]]:
    roles = study.roles
    if roles is None:
        return
    for level in roles.levels:
        holders = roles.holders(level.name)
        counts = Counter(holders[code] for code in held if code in holders)
        items = roles.at(level.name)
        groups = tuple(printed.CoverageGroup(item.label, counts[item.code]) for item in items)
        yield level.name, printed.InterviewCoverage(level.label, groups)


def _same(study: Study, name: str) -> Text:
    return dict.fromkeys(study.languages, name)


def _quote(study: Study, section: str, found: Quote) -> printed.PrintedQuote:
    spoken, label = study.languages[0], found.label
    return printed.PrintedQuote(
        section=section,
        theme=found.theme,
        words={**found.translated, spoken: found.words},
        language=spoken,
        label={language: label.text(language) for language in study.languages},
    )
