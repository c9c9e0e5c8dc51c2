"""A .qdpx file: a zip archive with XML and its sources, read without trusting either.

The XML is checked against the schema of the standard when it is read, and again before it is
written.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, cast

from lxml import etree

from blikveld.atomic_files import write_zip
from blikveld.errors import Fault, Faults
from blikveld.interviews.refi.model import ExchangeError

_SHOWN = 20
_NAMESPACE = re.compile(r"\{urn:QDA-XML:[a-z]+:1\.0\}")


class Schema(Enum):
    """The two documents of the standard; the value is what its namespace calls it."""

    PROJECT = "project"
    CODEBOOK = "codebook"

    @property
    def namespace(self) -> str:
        """The namespace of every element in such a document."""
        return f"urn:QDA-XML:{self.value}:1.0"

    def tag(self, name: str) -> str:
        """The full name of an element."""
        return f"{{{self.namespace}}}{name}"


def parse(raw: bytes, schema: Schema, section: str) -> etree._Element:
    """The root of a valid document.

    Raises ExchangeError for what is no XML or declares a document type, and Faults, with the line
    of each, for what the schema does not allow.
    """
    root = _root(raw, section)
    _leave_out_empty_sets(root, schema)
    check(root, schema, section)
    return root


def _leave_out_empty_sets(root: etree._Element, schema: Schema) -> None:
    """Taguette writes an empty list of sets, which the standard does not allow and says nothing."""
    for element in root.findall(schema.tag("Sets")):
        if not len(element):
            root.remove(element)


def check(root: etree._Element, schema: Schema, section: str) -> None:
    """Hold a document against the schema. Raises Faults."""
    validator = _validator(schema)
    if validator.validate(root):
        return
    mend = "Write the file again in the program it comes from, or mend this line."
    raise Faults(
        Fault("schema", section, entry.line or None, _plain(entry.message), mend)
        for entry in list(_entries(validator))[:_SHOWN]
    )


def serialised(root: etree._Element) -> bytes:
    """The document as UTF-8 with an XML declaration."""
    tree = root.getroottree()  # with the comments that stand beside the root
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def new(name: str, schema: Schema) -> etree._Element:
    """An empty element of a document, without a prefix."""
    return like(schema.tag(name), {None: schema.namespace})


def like(tag: str, nsmap: Mapping[str | None, str]) -> etree._Element:
    """An empty element with these prefixes."""
    # The stubs know no element without a prefix, which is what this format is made of.
    return etree.Element(tag, nsmap=cast("dict[str, str]", dict(nsmap)))


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; '' for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _root(raw: bytes, section: str) -> etree._Element:
    # Entities stay as they are and nothing is fetched: a document can neither grow nor call.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        problem = f"This is no XML: {error.msg}."
        raise ExchangeError("no-xml", section, problem, "Write the file again.") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        problem = "It declares a document type, which the standard does not know."
        raise ExchangeError("doctype", section, problem, "Remove the line with DOCTYPE.")
    return root


@cache
def _validator(schema: Schema) -> etree.XMLSchema:
    found = files("blikveld.interviews.refi").joinpath(f"{schema.value}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(found))


def _entries(validator: etree.XMLSchema) -> Iterator[Any]:
    yield from cast("Iterator[Any]", validator.error_log)


def _plain(message: str) -> str:
    return _NAMESPACE.sub("", message)


PROJECT = "project.qde"
FOLDER = "Sources"
_INSIDE = "internal://"


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
        write_zip(target, ((self.project_name, serialised(self.root)), *self.members))
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
