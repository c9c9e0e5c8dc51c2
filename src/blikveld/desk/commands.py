"""What the commands do at the desk's database, without its server."""

from __future__ import annotations

from pathlib import Path

from blikveld.desk.journal.chain import FIRST, Verdict, verify
from blikveld.desk.roles import Role
from blikveld.desk.setup import attach
from blikveld.study.model import Study
from blikveld.web.setup import detach


def prepare(data: Path, study: Study) -> None:
    """Make or update the tables before a server uses them."""
    attach(data, study)
    detach()


def invite(data: Path, study: Study, name: str, role: Role) -> str:
    """The token of a one-time link."""
    attach(data, study)
    from blikveld.desk.accounts import inviting
    from blikveld.desk.journal.writing import COMMAND

    try:
        return inviting.invite(name, role, COMMAND)
    finally:
        detach()


def audit(data: Path, study: Study, seal: str | None = None) -> tuple[Verdict, bool]:
    """Whether the journal's chain holds, and whether a seal noted down before is still in it."""
    attach(data, study)
    from blikveld.desk.journal.models import Line

    try:
        verdict = verify(Line.objects.order_by("number").iterator(chunk_size=1_000))
        known = seal in (None, FIRST) or Line.objects.filter(seal=seal).exists()
    finally:
        detach()
    return verdict, known
