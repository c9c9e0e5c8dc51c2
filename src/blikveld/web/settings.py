"""Django's settings. What differs between servers comes from the environment."""

from __future__ import annotations

import os

from blikveld.web.databases import databases
from blikveld.web.environment import QUIET, read, secret_key

ENVIRONMENT = read(os.environ)

SECRET_KEY = secret_key(ENVIRONMENT)
DEBUG = False
# No address is ever made from the Host header, so any will do: a wrong one costs no answer.
ALLOWED_HOSTS = ["*"]

# No sessions, no accounts, no messages on a respondent's pages: see docs/decisions.
INSTALLED_APPS = ["blikveld.web.answers", "blikveld.web.addresses"]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "blikveld.web.middleware.limit_and_protect",
    "blikveld.web.middleware.follow_redirect",
]
ROOT_URLCONF = "blikveld.web.urls"
WSGI_APPLICATION = "blikveld.web.wsgi.application"
APPEND_SLASH = False

DATABASES = databases(ENVIRONMENT)
DATABASE_ROUTERS = ["blikveld.web.databases.ContactsRouter"]

USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# Longer bodies are answered by the middleware before they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 0
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING = QUIET
