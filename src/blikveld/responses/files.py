"""A folder that is there completely or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from blikveld.responses.snapshot_errors import SnapshotNotWritten


@contextmanager
def new_folder(folder: Path, known: Collection[str], *, replace: bool) -> Iterator[Path]:
    """A folder to write in, which becomes `folder` in one step when the block ends well.

    Only its owner may look inside. With `replace` an older folder gives way if it holds nothing
    but files named in `known`. Raises SnapshotNotWritten, and leaves no traces when the block
    fails.
    """
    check_free(folder, known, replace=replace)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise SnapshotNotWritten(folder, f"No folder can be made: {error.strerror}.") from None
    try:
        yield fresh
        _settle(fresh)
        _move(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def check_free(folder: Path, known: Collection[str], *, replace: bool) -> None:
    """Raise SnapshotNotWritten when writing here would cost somebody something."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SnapshotNotWritten(folder, "A file stands in its place.")
    there = {path.name for path in folder.iterdir()}
    if there - set(known):
        raise SnapshotNotWritten(folder, "The folder holds other files.")
    if there and not replace:
        raise SnapshotNotWritten(folder, "A snapshot stands there already.")


def _settle(folder: Path) -> None:
    """Make sure that the files survive a power cut before the folder gets its name."""
    for path in folder.iterdir():
        path.chmod(0o600)
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
    else:
        old = fresh.with_name(f"{fresh.name}.old")
        folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old)
    _sync(folder.parent)
