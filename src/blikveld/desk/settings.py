"""Django's settings for the desk's server. It knows accounts; the respondents' server does not."""

from __future__ import annotations

import os
from typing import Any

from blikveld.desk.databases import databases
from blikveld.desk.environment import folder, hosts, without_addresses
from blikveld.desk.sections import APPS
from blikveld.web.environment import QUIET, kept_key, read

ENVIRONMENT = without_addresses(read(os.environ))

# A key of its own: the respondents' key opens nothing here.
SECRET_KEY = kept_key(folder(ENVIRONMENT.data)) if ENVIRONMENT.study else "types only"
DEBUG = False
ALLOWED_HOSTS = hosts(os.environ)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "blikveld.web.answers",
    *APPS,
]
MIDDLEWARE = [
    "blikveld.desk.access.protected",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "blikveld.desk.access.AccessMiddleware",
]
ROOT_URLCONF = "blikveld.desk.urls"
WSGI_APPLICATION = "blikveld.desk.wsgi.application"
APPEND_SLASH = False

DATABASES = databases(ENVIRONMENT)
DATABASE_ROUTERS = ["blikveld.desk.databases.DeskRouter"]

AUTH_USER_MODEL = "accounts.Account"
_PASSWORDS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_PASSWORDS}UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name",)},
    },
    {"NAME": f"{_PASSWORDS}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_PASSWORDS}CommonPasswordValidator"},
]

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

# Half an hour without a page ends a session, and so does closing the browser.
SESSION_COOKIE_NAME = "desk_session"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "desk_form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "blikveld.desk.error_pages.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
# The proxy speaks HTTPS and says so; without HTTPS nobody's word is taken for it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None

USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A transcript with names in it stays in memory: larger ones are refused, none goes to a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

LOGGING = QUIET
