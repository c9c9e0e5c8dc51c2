"""Settings with every app of the house: for commands and for checking types. No server has these.

A command reads what one server keeps and the other does not, and Django can be set up only once
in a process. Which databases a command reaches is tied each time: see the two `databases` modules.
"""

from __future__ import annotations

from blikveld.desk.settings import *  # noqa: F403 - the desk's settings with one app more
from blikveld.desk.settings import INSTALLED_APPS as _OF_DESK
from blikveld.web.settings import DATA_UPLOAD_MAX_MEMORY_SIZE as DATA_UPLOAD_MAX_MEMORY_SIZE
from blikveld.web.settings import DATA_UPLOAD_MAX_NUMBER_FIELDS as DATA_UPLOAD_MAX_NUMBER_FIELDS
from blikveld.web.settings import DATA_UPLOAD_MAX_NUMBER_FILES as DATA_UPLOAD_MAX_NUMBER_FILES
from blikveld.web.settings import DATABASES as DATABASES
from blikveld.web.settings import ENVIRONMENT as ENVIRONMENT
from blikveld.web.settings import MIDDLEWARE as MIDDLEWARE
from blikveld.web.settings import ROOT_URLCONF as ROOT_URLCONF
from blikveld.web.settings import SECRET_KEY as SECRET_KEY

INSTALLED_APPS = [*_OF_DESK, "blikveld.web.addresses"]
