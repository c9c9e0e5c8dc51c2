"""Roles of the desk with their permissions. Nothing else grants any."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from blikveld.locale import Audience, by_member
from blikveld.study.model import Text


class Role(Enum):
    """What somebody is at the desk. Everybody has one role."""

    RESEARCHER = "researcher"
    INTERVIEWER = "interviewer"
    CODER = "coder"
    PRIVACY_OFFICER = "privacy_officer"


class Permission(Enum):
    """Something that is done at the desk."""

    OWN_ACCOUNT = "own_account"
    SEE_RESPONSE = "see_response"
    RUN_FIELDWORK = "run_fieldwork"
    CODE_OPEN_ANSWERS = "code_texts"
    READ_REMARKS = "read_remarks"
    EXPORT = "export"
    SEE_ERASING = "see_erasing"
    CALL = "call"
    PREPARE_CALLS = "prepare_calls"
    CODE_INTERVIEWS = "code_talks"
    PREPARE_INTERVIEWS = "prepare_talks"
    INVITE = "invite"
    READ_AUDIT_LOG = "read_journal"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.RESEARCHER: frozenset(Permission) - {Permission.CALL},
        Role.INTERVIEWER: frozenset({Permission.OWN_ACCOUNT, Permission.CALL}),
        Role.CODER: frozenset(
            {
                Permission.OWN_ACCOUNT,
                Permission.CODE_OPEN_ANSWERS,
                Permission.READ_REMARKS,
                Permission.CODE_INTERVIEWS,
            }
        ),
        Role.PRIVACY_OFFICER: frozenset(
            {
                Permission.OWN_ACCOUNT,
                Permission.SEE_RESPONSE,
                Permission.SEE_ERASING,
                Permission.INVITE,
                Permission.READ_AUDIT_LOG,
            }
        ),
    }
)

OPENS: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.RESEARCHER: frozenset(Role),
        Role.INTERVIEWER: frozenset(),
        Role.CODER: frozenset(),
        Role.PRIVACY_OFFICER: frozenset({Role.PRIVACY_OFFICER}),
    }
)
"""Who may let somebody in as what: nobody gives what was kept from themselves.

Otherwise two accounts of one person would reach it. A researcher keeps the list that interviewers
call, so theirs is no more.
"""

LABELS: Mapping[Role, Text] = by_member(Audience.DESK, Role, "role")
"""What a role is called."""


def has_permission(role: str, task: Permission) -> bool:
    """Whether somebody with this role may do this. A role nobody knows may do nothing."""
    return role in {known.value for known in Role} and task in PERMISSIONS[Role(role)]


def opens(role: str) -> frozenset[Role]:
    """As what somebody with this role may let others in. A role nobody knows: as nothing."""
    return OPENS[Role(role)] if role in {known.value for known in Role} else frozenset()
