"""The application for a WSGI server: `python -m gunicorn blikveld.web.wsgi`.

Its settings are always these, whatever those of the command that starts it are.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "blikveld.web.settings"
application = get_wsgi_application()

# The study is read here: a server with a faulty study, or without a key, does not start.
from blikveld.web import served_study  # noqa: E402

served_study.current()
