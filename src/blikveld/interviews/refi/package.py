"""A .qdpx file: a zip archive with a project and its sources, read without trusting it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from lxml import etree

from blikveld.interviews.refi.model import ExchangeError
from blikveld.interviews.refi.xml import Schema, check, parse, serialised

PROJECT = "project.qde"
FOLDER = "Sources"
_INSIDE = "internal://"
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How large a file may be before it is refused unread; sizes in bytes, unpacked."""

    members: int = 5_000
    project: int = 64 * 2**20
    total: int = 512 * 2**20
    ratio: int = 250
    """Unpacked over packed; no text or picture gets near, a bomb does."""


@dataclass(frozen=True)
class RefiArchive:
    """A project's document and the other members of the archive, in their order.

    `root` belongs to the package: change a copy. `project_name` is how the archive spells it.
    """

    root: etree._Element
    members: tuple[tuple[str, bytes], ...] = ()
    project_name: str = PROJECT
    where: str = field(default="a project", compare=False)

    @classmethod
    def read(
        cls, raw: bytes, where: str = "a project", bounds: ArchiveLimits | None = None
    ) -> RefiArchive:
        """Read a .qdpx; `where` names it in messages.

        Member names are found in whatever letter case and with either slash. Raises ExchangeError
        and Faults; then nothing was loaded.
        """
        members = _unpacked(raw, where, bounds or ArchiveLimits())
        projects = [name for name in members if _folded(name) == PROJECT]
        if len(projects) != 1:
            problem = f"The archive holds {len(projects)} files named {PROJECT} instead of one."
            raise ExchangeError("no-project", where, problem, "Export the project again.")
        root = parse(members[projects[0]], Schema.PROJECT, f"{where}/{projects[0]}")
        rest = tuple((name, data) for name, data in members.items() if name != projects[0])
        return cls(root, rest, projects[0], where)

    def written(self) -> bytes:
        """The package as a .qdpx; the same content gives the same bytes. Raises Faults."""
        check(self.root, Schema.PROJECT, f"{self.where}/{self.project_name}")
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in ((self.project_name, serialised(self.root)), *self.members):
                info = zipfile.ZipInfo(name, _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
        return target.getvalue()

    @property
    def origin(self) -> str:
        """The program that wrote it, as it calls itself; '' when it does not say."""
        return self.root.get("origin", "")

    def content(self, path: str | None) -> bytes | None:
        """What stands at a path of the project; None when the package does not hold it.

        Some programs (qc) write the name of a member alone, without saying that it is inside.
        """
        file = (path or "").removeprefix(_INSIDE)
        if not file or "://" in file:
            return None
        return self._by_name.get(_folded(f"{FOLDER}/{file}"))

    def with_content(self, file: str, data: bytes) -> RefiArchive:
        """The package with a member in the folder of sources, in place of one of that name."""
        name = f"{FOLDER}/{file}"
        others = tuple((n, d) for n, d in self.members if _folded(n) != _folded(name))
        return replace(self, members=(*others, (name, data)))

    @cached_property
    def _by_name(self) -> Mapping[str, bytes]:
        return {_folded(name): data for name, data in self.members}


def inside(file: str) -> str:
    """The path by which a project names a member of its folder of sources."""
    return f"{_INSIDE}{file}"


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _unpacked(raw: bytes, where: str, bounds: ArchiveLimits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _within(infos, where, bounds)
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        problem = f"This is no archive that can be read: {error}."
        raise ExchangeError("no-archive", where, problem, "Export the project again.") from None


def _within(infos: list[zipfile.ZipInfo], where: str, bounds: ArchiveLimits) -> None:
    # The sizes are what the archive says of itself; reading stops there with an error if it lies.
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    names = {_folded(info.filename) for info in infos}
    project = max((i.file_size for i in infos if _folded(i.filename) == PROJECT), default=0)
    reasons = {
        f"it has over {bounds.members:,} members": len(infos) > bounds.members,
        f"it unpacks to over {bounds.total:,} bytes": total > bounds.total,
        f"its project is over {bounds.project:,} bytes": project > bounds.project,
        "it unpacks to far more than any project": total > bounds.ratio * (packed + 2**16),
        "two members have one name": len(names) < len(infos),
        "it is locked with a password": any(info.flag_bits & 1 for info in infos),
    }
    for reason, true in reasons.items():
        if true:
            mend = "Export the project again, without large recordings or a password."
            raise ExchangeError("refused-archive", where, f"Refused: {reason}.", mend)
