"""What is kept of a respondent: answers under a random key. No address, browser or time.

Below the tables stands the fieldwork's store: one transaction a request, and the numbers of the
last night.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Q

from blikveld.fieldwork import counters
from blikveld.fieldwork.counters import Counts, DailyTotal, count_finished, renewed
from blikveld.fieldwork.sessions import (
    Answers,
    FormAction,
    Session,
    SessionState,
    SurveyLink,
    Waiting,
)
from blikveld.fieldwork.store import ConcurrentUpdate, Phase
from blikveld.fieldwork.tokens import LockedToken
from blikveld.kinds.posted import AnswerError
from blikveld.study.identity import StudyDescription
from blikveld.study.model import Mode, Study
from blikveld.web.keys import RandomKey


class Fieldwork(models.Model):
    """The study this database holds, and where its fieldwork stands. One row."""

    study = models.CharField(primary_key=True, max_length=100)
    version = models.CharField(max_length=100)
    phase = models.CharField(max_length=10)


class Response(models.Model):
    """One questionnaire. `pages` are the keys of the pages sent in, with spaces between.

    `incomplete` is what was begun and is no answer yet; `submission` and `draft_number` tell old
    drafts from new. `waiting` is what the next request shows: text, for it can hold signs that no
    JSON column takes.
    """

    key = RandomKey()
    token_hash = models.CharField(max_length=64, unique=True)
    study = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    site = models.CharField(max_length=100, db_column="municipality")
    mode = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    incomplete = models.JSONField(default=dict, db_column="half")
    pages = models.TextField()
    state = models.CharField(max_length=10)
    revision = models.IntegerField()
    submission = models.IntegerField(default=0, db_column="turn")
    draft_number = models.IntegerField(default=0, db_column="drafts")
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    locked_token = models.CharField(max_length=64, default="")
    waiting = models.TextField(default="")


class Edition(models.Model):
    """The study as it was asked from some moment of the fieldwork on: what, and not when.

    Its description is text: a JSON column does not keep the order of answers in every database.
    """

    number = models.IntegerField(primary_key=True)
    description = models.TextField()


class LinkCount(models.Model):
    """A number of one link as of a night: fieldwork.counters says when it changes.

    The key is what is counted. A number of its own for each row would tell the order of events.
    """

    pk = models.CompositePrimaryKey("site", "mode", "step")
    site = models.CharField(max_length=100, db_column="municipality")
    mode = models.CharField(max_length=10)
    step = models.CharField(max_length=10)
    number = models.BigIntegerField()


class DayTotal(models.Model):
    """How many had finished at a site by a day: `fieldwork.counters` says when a line is made.

    It is of a site and never of fewer than the smallest group; no response has a day.
    """

    pk = models.CompositePrimaryKey("site", "day")
    site = models.CharField(max_length=100, db_column="municipality")
    day = models.CharField(max_length=10)
    number = models.BigIntegerField()


_RAISE_OPENED = (
    "INSERT INTO answers_linkcount (municipality, mode, step, number) VALUES (%s, %s, 'opened', %s)"
    " ON CONFLICT (municipality, mode, step)"
    " DO UPDATE SET number = answers_linkcount.number + excluded.number"
)


class DjangoStore:
    """Implements fieldwork.store.Store for one study."""

    def __init__(self, study: str) -> None:
        self.study = study

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction. On SQLite it takes the write lock at its beginning."""
        return transaction.atomic()

    def phase(self) -> Phase:
        """Where the fieldwork stands now; prepared when nobody opened it yet."""
        found = Fieldwork.objects.filter(study=self.study).values_list("phase", flat=True).first()
        return Phase(found) if found else Phase.PREPARED

    def set_phase(self, version: str, phase: Phase) -> None:
        """Open or close the fieldwork of this version of the study."""
        values = {"version": version, "phase": phase.value}
        Fieldwork.objects.update_or_create(study=self.study, defaults=values)

    def studies(self) -> tuple[tuple[str, str], ...]:
        """Key and version of each study this database was opened for."""
        return tuple(Fieldwork.objects.values_list("study", "version"))

    def edition(self, *, first: bool = False) -> tuple[int, StudyDescription] | None:
        """The newest or first edition of the study, with its number; None before it was opened."""
        row = Edition.objects.order_by("number" if first else "-number").first()
        if row is None:
            return None
        return row.number, StudyDescription.from_json(json.loads(row.description))

    def add_edition(self, description: StudyDescription) -> int:
        """Keep what is asked from now on; give its number."""
        newest = self.edition()
        number = newest[0] + 1 if newest else 1
        written = json.dumps(description.as_json(), ensure_ascii=False)
        Edition.objects.create(number=number, description=written)
        return number

    def find(self, token_hash: str) -> Session | None:
        """The session with this token. Within a turn it stays locked until the end."""
        rows = Response.objects.filter(token_hash=token_hash, study=self.study)
        if connection.in_atomic_block and connection.features.has_select_for_update:
            rows = rows.select_for_update()
        row = rows.first()
        return _session(row) if row else None

    def find_by_code(self, code_hash: str) -> Session | None:
        """The session with this code to go on."""
        row = Response.objects.filter(code_hash=code_hash, study=self.study).first()
        return _session(row) if row else None

    def add(self, session: Session) -> None:
        """Keep a new session. Raises ConcurrentUpdate when the same token was just added
        elsewhere."""
        try:
            Response(key=session.key, **_columns(session)).save(force_insert=True)
        except IntegrityError:
            raise ConcurrentUpdate from None

    def save(self, session: Session) -> None:
        """Keep a changed session; raises ConcurrentUpdate when it is not the one that was read."""
        unchanged = Response.objects.filter(
            key=session.key, revision=session.revision - 1, state=SessionState.OPEN.value
        )
        if not unchanged.update(**_columns(session)):
            raise ConcurrentUpdate

    def sessions(self) -> Iterator[Session]:
        """Every session, in the order of the random keys."""
        rows = Response.objects.filter(study=self.study).order_by("key")
        return (_session(row) for row in rows.iterator(chunk_size=500))

    def at(self, link: SurveyLink) -> Iterator[Session]:
        """Every session of one link, in the order of the random keys."""
        rows = Response.objects.filter(study=self.study, site=link.site, mode=link.mode.value)
        return (_session(row) for row in rows.order_by("key").iterator(chunk_size=500))

    def counts(self) -> Mapping[SurveyLink, Counts]:
        """The numbers of every link that has any, as of a night."""
        found: defaultdict[SurveyLink, dict[str, int]] = defaultdict(dict)
        for row in LinkCount.objects.all():
            found[SurveyLink(row.site, Mode(row.mode))][row.step] = row.number
        return {link: Counts(**numbers) for link, numbers in found.items()}

    def tally(self) -> Mapping[SurveyLink, Counts]:
        """How many began and finished by now, counted from the sessions. Never shown as it is."""
        rows = Response.objects.filter(study=self.study).values_list("site", "mode")
        done = Count("key", filter=Q(state=SessionState.COMPLETED.value))
        counted = rows.annotate(started=Count("key"), finished=done)
        return {
            SurveyLink(site, Mode(mode)): Counts(0, began, ended)
            for site, mode, began, ended in counted
        }

    def forget_waiting(self) -> None:
        """Forget what still waits: whoever it was for did not come back for it."""
        Response.objects.filter(study=self.study).exclude(waiting="").update(waiting="")

    def replace_counts(self, counts: Mapping[SurveyLink, Counts]) -> None:
        """Write the numbers of a night in place of those before, in the order of names."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE answers_linkcount IN EXCLUSIVE MODE")
        LinkCount.objects.all().delete()
        LinkCount.objects.bulk_create(
            LinkCount(site=link.site, mode=link.mode.value, step=step, number=n)
            for link, one in sorted(counts.items(), key=_by_name)
            for step, n in asdict(one).items()
            if n
        )

    def add_opened(self, opened: Mapping[SurveyLink, int]) -> None:
        """Raise how often links were opened, wholly or not at all."""
        with transaction.atomic(), connection.cursor() as cursor:
            for link, number in sorted(opened.items(), key=_by_name):
                cursor.execute(_RAISE_OPENED, (link.site, link.mode.value, number))


def _columns(session: Session) -> dict[str, Any]:
    return {
        "token_hash": session.token_hash,
        "study": session.study,
        "version": session.version,
        "site": session.link.site,
        "mode": session.link.mode.value,
        "language": session.language,
        "answers": dict(session.answers),
        "incomplete": dict(session.incomplete),
        "pages": " ".join(sorted(session.pages)),
        "state": session.state.value,
        "revision": session.revision,
        "submission": session.submission,
        "draft_number": session.draft_number,
        "code_hash": session.code.code_hash if session.code else None,
        "locked_token": session.code.locked if session.code else "",
        "waiting": _written(session.waiting),
    }


def _session(row: Response) -> Session:
    return Session(
        key=row.key,
        token_hash=row.token_hash,
        study=row.study,
        version=row.version,
        link=SurveyLink(row.site, Mode(row.mode)),
        language=row.language,
        answers=_answers(cast(dict[str, str | list[str]], row.answers)),
        pages=frozenset(row.pages.split()),
        state=SessionState(row.state),
        revision=row.revision,
        submission=row.submission,
        draft_number=row.draft_number,
        code=LockedToken(row.code_hash, row.locked_token) if row.code_hash else None,
        incomplete={name: tuple(begun) for name, begun in row.incomplete.items()},
        waiting=_waiting(row.waiting),
    )


def _written(waiting: Waiting | None) -> str:
    if waiting is None:
        return ""
    contacts = {key: trouble.value for key, trouble in waiting.contacts.items()}
    return json.dumps([waiting.page, waiting.wish.value, dict(waiting.form), contacts])


def _waiting(text: str) -> Waiting | None:
    if not text:
        return None
    page, wish, form, contacts = json.loads(text)
    return Waiting(
        page,
        FormAction(wish),
        {name: tuple(values) for name, values in form.items()},
        {key: AnswerError(trouble) for key, trouble in contacts.items()},
    )


def _answers(kept: Mapping[str, str | list[str]]) -> Answers:
    return {k: v if isinstance(v, str) else tuple(v) for k, v in kept.items()}


def _by_name(of_link: tuple[SurveyLink, object]) -> tuple[str, str]:
    return of_link[0].site, of_link[0].mode.value


def renew(study: Study, now: datetime) -> None:
    """Count every link from its questionnaires; keep of that what may change since the last night.

    One transaction: no reader sees numbers of two nights beside each other.
    """
    store = DjangoStore(study.key)
    with transaction.atomic():
        store.forget_waiting()
        tally, before = store.tally(), store.counts()
        smallest = study.disclosure.threshold
        store.replace_counts(
            {
                link: renewed(before.get(link, Counts()), tally.get(link, Counts()), smallest)
                for link in {*tally, *before}
            }
        )
        closed = store.phase() is Phase.CLOSED
        _note_day(study, count_finished(tally), now, closed=closed)


def day_lines() -> Mapping[str, tuple[DailyTotal, ...]]:
    """The lines of each site that has any, the oldest first."""
    found: defaultdict[str, list[DailyTotal]] = defaultdict(list)
    for row in DayTotal.objects.order_by("day"):
        found[row.site].append(DailyTotal(row.site, row.day, row.number))
    return {name: tuple(own) for name, own in found.items()}


def _note_day(study: Study, finished: Mapping[str, int], now: datetime, *, closed: bool) -> None:
    """Add what may be added today; nothing when a line of today is there already.

    All lines are written anew, in order: how rows stand in the file tells nothing.
    """
    known, day, smallest = day_lines(), counters.day_of(now), study.disclosure.threshold
    wanted = {
        site.key: counters.add_day(
            known.get(site.key, ()),
            DailyTotal(site.key, day, finished.get(site.key, 0)),
            smallest,
            closed=closed,
        )
        for site in study.sites
    }
    DayTotal.objects.all().delete()
    every = sorted((line for own in wanted.values() for line in own), key=_in_order)
    DayTotal.objects.bulk_create(
        DayTotal(site=line.site, day=line.day, number=line.number) for line in every
    )


def _in_order(line: DailyTotal) -> tuple[str, str]:
    return line.day, line.site
