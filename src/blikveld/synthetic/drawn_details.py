"""Draw details that no published figure fixes, from the study's plan and its invented texts.

Here are the respondents who broke off or left at inclusion, the days of the fieldwork, and the own
words in 'other, namely' boxes and open questions. All of it is invented. Answers that figures were
published about are found in `reconstruct`.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from blikveld.rules import Missing, Value
from blikveld.study.labels import fold_text
from blikveld.study.model import Coded, Period, Question, Study, other_key
from blikveld.synthetic.lookup import Lookup
from blikveld.synthetic.plan import Copies, Plan, PlanError


@dataclass(frozen=True, slots=True)
class DrawnRespondent:
    """A respondent before the texts are written. `cut` is the last question that was answered,
    '' for none; None for somebody who completed."""

    person: dict[str, Value]
    cut: str | None = None


def draw_excluded(
    study: Study, people: Sequence[dict[str, Value]], plan: Sequence[Copies], draw: random.Random
) -> Iterator[DrawnRespondent]:
    """Yield every respondent who leaves. Raises PlanError when nobody can be copied."""
    lookup = Lookup(study, people[0])
    for copies in plan:
        sources = [p for p in people if lookup.truth(copies.source, p) is True]
        for _ in range(copies.count):
            yield _draft(copies, sources, draw)


def _draft(
    copies: Copies, sources: Sequence[dict[str, Value]], draw: random.Random
) -> DrawnRespondent:
    cut: str | None = None
    if copies.cut:
        (cut,) = draw.choices(list(copies.cut), list(copies.cut.values()))
    fitting = [p for p in sources if not cut or not isinstance(p[cut], Missing)]
    if not fitting:
        raise PlanError("copies", f"Nobody can be copied up to {cut!r}.", "Change source or cut.")
    other = draw.choice(sources)
    mixed = {name: other[name] for name in copies.mixed}
    return DrawnRespondent({**draw.choice(fitting), **mixed, **copies.settings}, cut)


_SUGGESTED = "suggested_texts.csv"
_CODING = "coding.csv"


@dataclass(frozen=True, slots=True)
class SuggestedTexts:
    """Invented texts: `free` by question, `coded` by coded variable and its value."""

    free: Mapping[str, Sequence[str]]
    coded: Mapping[tuple[str, str], Sequence[str]]


def load_texts(folder: Path) -> SuggestedTexts:
    """Return the texts of a study's folder; none where it has no such file."""
    free: dict[str, list[str]] = defaultdict(list)
    coded: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows(folder / _SUGGESTED):
        free[row["question"]].append(row["text"])
    for row in _rows(folder / _CODING):
        coded[row["variable"], row["code"]].append(row["text"])
    return SuggestedTexts(free, coded)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer_behind(
    study: Study,
    coded: Coded,
    texts: SuggestedTexts,
    person: dict[str, Value],
    written: float,
    draw: random.Random,
) -> None:
    """Give the answer that is coded as the value decided before: an offered one or a text.

    `written` is the chance of a text where an answer was offered. Raises PlanError when neither
    is there.
    """
    value = person[coded.key]
    question = study.questions[coded.source]
    offered = [answer for answer, code in coded.map.items() if code == value]
    known = texts.coded.get((coded.key, str(value)), ())
    if not offered and not known:
        raise PlanError(
            f"step behind {coded.key!r}",
            f"No answer and no text is coded as {value!r}.",
            f"Add a text to {_CODING}.",
        )
    if offered and (not known or draw.random() >= written):
        person[question.key] = draw.choice(offered)
    else:
        person[question.key] = next(o.code for o in question.options if o.text)


def write_other(
    study: Study, texts: SuggestedTexts, person: dict[str, Value], draw: random.Random
) -> None:
    """Write a text in every 'other, namely' box that is open, coded as was decided."""
    for question in study.questions.values():
        for code, key in question.box_keys.items():
            person[key] = Missing.NOT_ASKED
            if _opens(code, person[question.key]):
                person[key] = draw.choice(_fitting(study, texts, question, person))


def _opens(code: str, value: Value) -> bool:
    return code in (value if isinstance(value, tuple) else (value,))


def _fitting(
    study: Study, texts: SuggestedTexts, question: Question, person: Mapping[str, Value]
) -> Sequence[str]:
    found = list(texts.free.get(question.key, ()))
    for coded in study.coded:
        if coded.source == question.key and coded.key in person:
            value = person[coded.key]
            plain = [t for t in found if fold_text(t) not in coded.texts]
            found = plain if value == coded.default else []
            found += texts.coded.get((coded.key, str(value)), ())
    if not found:
        raise PlanError(
            f"texts of {other_key(question.key)!r}",
            "There is no text to write.",
            f"Add one to {_SUGGESTED} or {_CODING}.",
        )
    return sorted(found)


def draw_days(fieldwork: Period, plan: Plan, number: int, draw: random.Random) -> Iterator[date]:
    """Draw `number` days of the fieldwork, more on the weekdays and in the months of the plan."""
    length = (fieldwork.last - fieldwork.first).days + 1
    all_days = [fieldwork.first + timedelta(days=n) for n in range(length)]
    weights = [
        plan.weekdays.get(day.isoweekday(), 1.0) * plan.months.get(day.month, 1.0)
        for day in all_days
    ]
    yield from draw.choices(all_days, weights, k=number)
