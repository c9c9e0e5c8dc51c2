"""From interviews to what a report may print of them. Neither room knows the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from blikveld.interviews.coding.matrices import spoken_of
from blikveld.interviews.plan import guide, talks
from blikveld.interviews.plan.files import FOLDER
from blikveld.interviews.plan.talks import Talk, Talks
from blikveld.interviews.roles import Naming, Quote
from blikveld.interviews.room import About, Room
from blikveld.report import interviews as printed
from blikveld.study.model import Study

_CODES, _GUIDE = "codebook.yaml", "guide.yaml"


def shipped(study: Study) -> printed.Interviews:
    """What the report prints of the interviews that ship with a study; nothing where none do."""
    if not _ships(study):
        return printed.Interviews(topics=_topics(study))
    return _of_talks(study, talks(study))


def of_room(study: Study, room: Room) -> printed.Interviews:
    """What the report prints of interviews that were coded here. Raises BlikveldError."""
    naming = talks(study).naming if _ships(study) else Naming.of_study(study)
    state, about = room.log().state, room.about()
    counts = spoken_of(state.settled)
    codes = state.codes
    names = {key: dict.fromkeys(study.languages, code.name) for key, code in codes.items()}
    return printed.Interviews(
        held=len(room.texts()),
        invented=room.invented,
        quotes=tuple(
            _quote(study, place, replace(quote, theme=codes[quote.theme].called))
            for place, quote in room.quotes(naming)
        ),
        themes={
            codes[key].called: printed.Theme(names[key], count) for key, count in counts.items()
        },
        covered=_covered(study, about.values()),
        topics=_topics(study),
    )


def _ships(study: Study) -> bool:
    return (study.folder / FOLDER / _CODES).exists()


def _of_talks(study: Study, made: Talks) -> printed.Interviews:
    counts = made.spoken_of()
    return printed.Interviews(
        held=len(made.interviews),
        invented=made.invented,
        quotes=tuple(_quote(study, at, q) for at, found in made.at.items() for q in found),
        themes={key: printed.Theme(made.names[key], count) for key, count in counts.items()},
        covered=_covered(study, made.interviews.values()),
        topics=_topics(study),
    )


def _topics(study: Study) -> tuple[printed.Topic, ...]:
    """The topics of the study's guide; none where it has no guide."""
    if not (study.folder / FOLDER / _GUIDE).exists():
        return ()
    return tuple(printed.Topic(topic.title, topic.questions) for topic in guide(study).topics)


def _covered(study: Study, held: Collection[About | Talk]) -> dict[str, tuple[printed.Group, ...]]:
    return {
        "municipality": municipalities(study, (one.municipality for one in held)),
        "domain": domains(study, (one.function for one in held)),
    }


def _quote(study: Study, place: str, found: Quote) -> printed.Quote:
    spoken, label = study.languages[0], found.label
    return printed.Quote(
        place=place,
        theme=found.theme,
        words={**found.translated, spoken: found.words},
        spoken=spoken,
        label={language: label.text(language) for language in study.languages},
    )


def municipalities(study: Study, held: Iterable[str]) -> tuple[printed.Group, ...]:
    """How many interviews were held in each municipality of the study."""
    counts = Counter(held)
    return tuple(
        printed.Group(dict.fromkeys(study.languages, m.name), counts[m.key])
        for m in study.municipalities
    )


def domains(study: Study, held: Iterable[str]) -> tuple[printed.Group, ...]:
    """How many interviews were held in each domain, from the functions of who spoke."""
    domain_of = {f.code: d.key for d in study.domains for f in d.functions}
    counts = Counter(domain_of[function] for function in held)
    return tuple(printed.Group(d.label, counts[d.key]) for d in study.domains)
