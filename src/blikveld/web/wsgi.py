"""The application for a WSGI server: `python -m gunicorn blikveld.web.wsgi`.

Its settings are always these, whatever those of the command that starts it are.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "blikveld.web.settings"
application = get_wsgi_application()

# The study is read here: a server with a faulty study, or without a key, does not start.
from blikveld.web import site  # noqa: E402

site.current()
