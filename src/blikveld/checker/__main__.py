"""`python -m blikveld.checker REPORT`."""

from __future__ import annotations

import sys

from blikveld.checker.command import main

sys.exit(main())
