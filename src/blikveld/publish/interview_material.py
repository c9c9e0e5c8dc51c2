"""From interviews to what a report may print of them. Neither room knows the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
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
from blikveld.study.model import Study

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
) -> dict[str, tuple[printed.CoverageGroup, ...]]:
    return {
        "municipality": municipalities(study, (one.municipality for one in held)),
        "domain": domains(study, (one.function for one in held)),
    }


def _quote(study: Study, section: str, found: Quote) -> printed.PrintedQuote:
    spoken, label = study.languages[0], found.label
    return printed.PrintedQuote(
        section=section,
        theme=found.theme,
        words={**found.translated, spoken: found.words},
        language=spoken,
        label={language: label.text(language) for language in study.languages},
    )


def municipalities(study: Study, held: Iterable[str]) -> tuple[printed.CoverageGroup, ...]:
    """Return how many interviews were held in each municipality of the study."""
    counts = Counter(held)
    return tuple(
        printed.CoverageGroup(dict.fromkeys(study.languages, m.name), counts[m.key])
        for m in study.municipalities
    )


def domains(study: Study, held: Iterable[str]) -> tuple[printed.CoverageGroup, ...]:
    """Return how many interviews were held in each domain, from the functions of who spoke."""
    domain_of = {f.code: d.key for d in study.domains for f in d.functions}
    counts = Counter(domain_of[function] for function in held)
    return tuple(printed.CoverageGroup(d.label, counts[d.key]) for d in study.domains)
