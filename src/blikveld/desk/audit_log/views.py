"""The audit log as a page, the latest entry first, with whether its chain still holds."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.audit_log.entries import verify_all
from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.roles import Permission
from blikveld.desk.sections import DeskSection, MenuLink, acts, current_act
from blikveld.desk.words import texts, translate

WORDS = texts("audit_log")

_A_PAGE = 50


@requires(Permission.READ_AUDIT_LOG)
@require_safe
def journal(request: HttpRequest, language: str) -> HttpResponse:
    """Who did what, and when."""
    known = acts()
    shown = Paginator(AuditEntry.objects.order_by("-number"), _A_PAGE).get_page(
        request.GET.get("page")
    )
    lines = [
        (
            line,
            known[act][language] if (act := current_act(line.act)) in known else act,
            _more(line),
        )
        for line in shown
    ]
    verdict = verify_all()
    context: dict[str, Any] = {
        "t": translate(WORDS, language),
        "lines": lines,
        "shown": shown,
        "verdict": verdict,
    }
    return rendering.page(request, "audit_log/audit_log.html", language, **context)


def _more(line: AuditEntry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in line.more.items())


SECTION = DeskSection(
    key="audit_log",
    urls=(path("<str:language>/audit-log/", journal, name="audit_log"),),
    links=(MenuLink("audit_log", Permission.READ_AUDIT_LOG, WORDS["title"], WORDS["about"]),),
)
