"""A file, or a folder of files, is there as a whole or not at all; the same parts packed are the
same bytes.

Nothing here knows what is written; `private` also settles who may read it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, which takes its place once everything went well.

    On an error the half file is removed, and what stood at `path` before still stands there.
    """
    half = path.with_name(f"{path.name}.part")
    try:
        yield half
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    half.replace(path)


@contextmanager
def private(path: Path) -> Iterator[Path]:
    """As `whole`, for a file that only its owner may read: from its first byte on.

    The file that stood at `path` before gives way with its rights, so nobody who could read that
    one can read this one.
    """
    with whole(path) as half:
        half.unlink(missing_ok=True)
        # Made here and exclusively: written by another program it would begin with wider rights.
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield half


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside `folder` to write files in, which takes its place when the block ends
    well.

    Only the owner may look inside, and the files are on the disk before the folder has its name.
    What stood there before gives way; on an error it still stands there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield fresh
        _settle(fresh)
        _move(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def write_zip(target: Path | BinaryIO, parts: Iterable[tuple[str, bytes]]) -> None:
    """Pack named parts. Each carries the same date and system, so equal parts make equal files."""
    with ZipFile(target, "w") as archive:
        for name, content in parts:
            about = ZipInfo(name, _FIRST_DAY)
            about.compress_type, about.create_system = ZIP_DEFLATED, _UNIX
            archive.writestr(about, content)


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
