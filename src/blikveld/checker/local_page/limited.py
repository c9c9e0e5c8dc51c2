"""The process that checks a dropped file: limited in memory and time, it writes no file."""

from __future__ import annotations

import sys

from blikveld.checker.command import main
from blikveld.checker.pdf.pages import limit

if __name__ == "__main__":
    limit()
    sys.exit(main(sys.argv[1:]))
