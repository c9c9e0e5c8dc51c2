"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from blikveld.study.model import Mode
from blikveld.web import monitor, printing, resuming, views

_MODES = {"v": Mode.WEB, "tel": Mode.PHONE}

urlpatterns = [
    path("health/", views.health),
    path("style-<str:digest>.css", views.style),
    path("<str:language>/v/<str:municipality>/code/", resuming.resume, {"mode": Mode.WEB}),
    path("script-<str:digest>.js", views.script),
    path("<str:language>/monitor/<str:municipality>/<str:given>/", monitor.monitor),
]
for segment, mode in _MODES.items():
    start = f"<str:language>/{segment}/<str:municipality>/"
    urlpatterns += [
        path(start, views.landing, {"mode": mode}),
        path(start.removesuffix("/"), views.with_slash, {"mode": mode}),
        path(f"{start}p/<int:number>/", views.page, {"mode": mode}),
        path(f"{start}print/", printing.whole, {"mode": mode}),
        path(f"{start}done/", views.done, {"mode": mode}),
    ]

handler400 = "blikveld.web.refusals.unreadable"
handler404 = "blikveld.web.refusals.unknown"
handler500 = "blikveld.web.refusals.broken"
