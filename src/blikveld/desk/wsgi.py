"""The application for a WSGI server: `python -m gunicorn blikveld.desk.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "blikveld.desk.settings"
application = get_wsgi_application()

# The study is read here: a desk with a faulty study does not start.
from django.conf import settings  # noqa: E402

from blikveld.study.load import load  # noqa: E402
from blikveld.web import served_study  # noqa: E402

served_study.use(served_study.ServedStudy(load(settings.ENVIRONMENT.study)))
