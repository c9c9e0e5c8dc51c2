"""The application for a WSGI server: `python -m gunicorn blikveld.desk.wsgi`."""

from __future__ import annotations

import os

# The study is read here: a desk with a faulty study does not start.
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from blikveld.study.load import load
from blikveld.web import served_study

os.environ["DJANGO_SETTINGS_MODULE"] = "blikveld.desk.settings"
application = get_wsgi_application()

served_study.use(served_study.ServedStudy(load(settings.ENVIRONMENT.study)))
