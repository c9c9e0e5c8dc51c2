"""The application for a WSGI server: `python -m gunicorn blikveld.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blikveld.web.settings")
application = get_wsgi_application()

# The study is read here: a server with a faulty study, or without a key, does not start.
from blikveld.web import site  # noqa: E402

site.current()
