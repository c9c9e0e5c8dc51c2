"""The audit log as a Django app: its tables keep the names they were made with."""

from __future__ import annotations

from django.apps import AppConfig


class AuditLogConfig(AppConfig):
    """Keeps the label, which the names of tables and recorded migrations begin with."""

    name = "blikveld.desk.audit_log"
    label = "audit_log"
