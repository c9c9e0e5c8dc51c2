"""Rooms of the desk as Django apps: each keeps the label that its tables and migrations name."""

from __future__ import annotations

from django.apps import AppConfig


class AuditLogConfig(AppConfig):
    """The audit log, whose label is its name."""

    name = "blikveld.desk.audit_log"
    label = "audit_log"


class OpenAnswersConfig(AppConfig):
    """Open answers, under the label they were made with."""

    name = "blikveld.desk.open_answers"
    label = "texts"
