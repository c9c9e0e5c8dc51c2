"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from blikveld.study.model import Mode
from blikveld.web import monitor, views
from blikveld.web.request_data import SEGMENTS

urlpatterns = [
    path("health/", views.health),
    path("style-<str:digest>.css", views.style),
    path(
        f"<str:language>/{SEGMENTS[Mode.WEB]}/<str:site>/code/",
        views.resume,
        {"mode": Mode.WEB},
    ),
    path("script-<str:digest>.js", views.script),
    path("<str:language>/monitor/<str:site>/<str:given>/", monitor.monitor),
]
for mode, segment in SEGMENTS.items():
    start = f"<str:language>/{segment}/<str:site>/"
    urlpatterns += [
        path(start, views.landing, {"mode": mode}),
        path(start.removesuffix("/"), views.with_slash, {"mode": mode}),
        path(f"{start}p/<int:number>/", views.page, {"mode": mode}),
        path(f"{start}print/", views.whole, {"mode": mode}),
        path(f"{start}done/", views.done, {"mode": mode}),
    ]

handler400 = "blikveld.web.rendering.unreadable"
handler404 = "blikveld.web.rendering.unknown"
handler500 = "blikveld.web.rendering.broken"
