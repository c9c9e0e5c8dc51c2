"""Commands on the desk: serve it, or read and change its database without a server.

It is served by a process of its own, beside the respondents' server and apart from it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from blikveld.desk.databases import attach
from blikveld.desk.environment import folder, without_addresses
from blikveld.desk.roles import Role
from blikveld.responses.snapshot import AS_WRITTEN
from blikveld.study.changes import Changes, tell_change
from blikveld.study.model import Study
from blikveld.web import fieldwork
from blikveld.web.databases import detach
from blikveld.web.environment import Environment
from blikveld.web.process import Server, run

if TYPE_CHECKING:
    from blikveld.desk.audit_log.entries import ChainVerdict
    from blikveld.desk.open_answers.written import Judged


def prepare(data: Path, study: Study) -> None:
    """Make or update the tables before a server uses them.

    Raises OtherStudy, AnswersChanged and ChangeNotLogged where the study does not fit what came in.
    """
    attach(data, study)
    try:
        fieldwork.check_fits(study)
    finally:
        detach()


def log_change(data: Path, study: Study) -> tuple[int, Changes]:
    """Note the study as it is now as an edition, in the fieldwork and in the journal.

    Give its number and what was changed; the number is 0 where nothing had to be noted. Raises
    OtherStudy and AnswersChanged.
    """
    attach(data, study)
    from blikveld.desk.audit_log.entries import COMMAND, change

    try:
        number, changes = fieldwork.check_change(study)
        if number:
            told = [tell_change(each) for each in changes]
            with change(COMMAND, "fieldwork.study_changed", str(number), changes=told):
                fieldwork.note_edition(study)
    finally:
        detach()
    return number, changes


def invite(data: Path, study: Study, name: str, role: Role) -> str:
    """The token of a one-time link."""
    attach(data, study)
    from blikveld.desk.accounts import invitations
    from blikveld.desk.audit_log.entries import COMMAND

    try:
        return invitations.invite(name, role, COMMAND)
    finally:
        detach()


def judged_texts(data: Path, study: Study, *, all_of_them: bool = False) -> Judged:
    """What was decided at the desk about the texts that came in, for a snapshot of them.

    With `all_of_them` they are released as they were written, for this once; the journal says so.
    """
    attach(data, study)
    from blikveld.desk.audit_log.entries import COMMAND, write
    from blikveld.desk.open_answers.written import judged
    from blikveld.web.served_study import ServedStudy

    try:
        found = judged(ServedStudy(study))
        if all_of_them:
            write(COMMAND, "open_answers.all_released", number=found.waiting)
    finally:
        detach()
    return replace(found, texts=AS_WRITTEN) if all_of_them else found


def forget_texts(data: Path, study: Study) -> None:
    """Remove what was decided about texts, of which the marks remain when answers are erased."""
    from blikveld.desk.databases import DESK, FILE

    if not (folder(data) / FILE).exists():
        return
    attach(data, study)
    from blikveld.desk.audit_log.entries import COMMAND, change
    from blikveld.desk.open_answers.models import CodedText, ReleasedText
    from blikveld.web import stored_data

    try:
        with change(COMMAND, "open_answers.forgotten"):
            CodedText.objects.all().delete()
            ReleasedText.objects.all().delete()
        stored_data.rewrite_one(DESK)
    finally:
        detach()


def audit(data: Path, study: Study, hash_: str | None = None) -> tuple[ChainVerdict, bool]:
    """Whether the journal's chain holds, and whether a seal noted down before is still in it."""
    attach(data, study)
    from blikveld.desk.audit_log.entries import FIRST, verify_all
    from blikveld.desk.audit_log.models import AuditEntry

    try:
        verdict = verify_all()
        known = hash_ in (None, FIRST) or AuditEntry.objects.filter(hash=hash_).exists()
    finally:
        detach()
    return verdict, known


APPLICATION = "blikveld.desk.wsgi"


def variables(environment: Environment) -> dict[str, str]:
    """The process's variables: nothing of the addresses goes along."""
    others = {name: text for name, text in os.environ.items() if not _of_fieldwork(name)}
    return {**others, **without_addresses(environment).variables()}


def serve(environment: Environment, listening: socket) -> int:
    """Serve on a port that was taken, until the desk is stopped; gives its exit code."""
    return run(APPLICATION, listening, variables(environment), workers=1).wait()


def _of_fieldwork(name: str) -> bool:
    return name.startswith("BLIKVELD_") and not name.startswith(
        ("BLIKVELD_DESK_", "BLIKVELD_TESTS_")
    )


class Desk(Server):
    """Serves the desk of a data folder on a free port, for as long as the `with` block lasts."""

    application = APPLICATION

    def variables(self) -> dict[str, str]:
        """The variables of the process, without those of the addresses."""
        return variables(self._environment)
