"""A bare Django page to measure beside ours: one form of text fields, one row in SQLite, 303.

Served as `gunicorn bare` from this folder. It does nothing else: no routing, checks, counting,
languages or transactions over two tables. What it costs is the floor that Django sets.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

FIELDS = range(5)
PAGE = """<!doctype html><html lang="en"><title>Bare</title><form method="post">{% csrf_token %}
{% for field in fields %}<label>Question {{ field }} <input name="q{{ field }}"></label>{% endfor %}
<button>Next</button></form></html>"""

settings.configure(
    SECRET_KEY="only for measuring",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    INSTALLED_APPS=["django.contrib.sessions"],
    SESSION_ENGINE="django.contrib.sessions.backends.db",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("BARE_DATABASE", "bare.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
            },
        }
    },
)
django.setup()
_TEMPLATE = engines["django"].from_string(PAGE)


def page(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep what was sent in the session and in a row."""
    if request.method == "GET":
        return HttpResponse(_TEMPLATE.render({"fields": FIELDS}, request))
    request.session["pages"] = request.session.get("pages", 0) + 1
    with connection.cursor() as cursor:
        answers = "\n".join(request.POST.get(f"q{field}", "") for field in FIELDS)
        cursor.execute("INSERT INTO answers (answers) VALUES (%s)", [answers])
    return HttpResponse(status=303, headers={"Location": "/"})


def prepare() -> None:
    """Make the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS answers (key INTEGER PRIMARY KEY, answers TEXT)")


urlpatterns = [path("", page)]
application = get_wsgi_application()
if __name__ == "__main__":
    prepare()
