"""What every table of this folder says of itself: when, where and on which files it was measured.

The scripts beside this file share it; it measures nothing itself.
"""

from __future__ import annotations

import csv
import platform
import shutil
import subprocess
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path


def tell_when() -> str:
    """The day, the commit, the machine and the Python that a table was made with."""
    done = subprocess.run(  # noqa: S603
        [shutil.which("git") or "git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    commit = done.stdout.strip() or "unknown"
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}, commit {commit}, {platform.machine()}, "
        f"Python {platform.python_version()}."
    )


def list_sources(folder: Path, measured: Collection[Path] | None = None) -> Iterator[str]:
    """The table of foreign files with their repository, commit and checksum.

    Reads `sources.csv` in `folder`; with `measured` only those files are listed.
    """
    yield "| file | repository | commit | SHA-256 |"
    yield "|---|---|---|---|"
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        for source in csv.DictReader(file):
            path = folder / source["file"]
            if path.is_file() if measured is None else path in measured:
                digest = sha256(path.read_bytes()).hexdigest()[:16]
                repository, commit = source["repository"], source["commit"][:12]
                yield f"| {source['file']} | {repository} | {commit} | {digest} |"
