"""`python -m blikveld.checker REPORT`."""

import sys

from blikveld.checker.command import main

sys.exit(main())
