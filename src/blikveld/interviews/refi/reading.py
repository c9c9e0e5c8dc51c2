"""From a package to a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from blikveld.interviews.refi.model import (
    ExchangeError,
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    RefiUser,
)
from blikveld.interviews.refi.package import RefiArchive, Schema
from blikveld.interviews.refi.positions import counts_utf16, in_code_points

_TAG = Schema.PROJECT.tag


def project(package: RefiArchive) -> RefiProject:
    """What Blikveld uses of a package. Raises ExchangeError for a text that is no UTF-8."""
    root = package.root
    return RefiProject(
        name=root.get("name", ""),
        users=tuple(_user(e) for e in _under(root, "Users", "User")),
        codes=tuple(code(e, _TAG) for e in _under(root, "CodeBook", "Codes", "Code")),
        sources=tuple(_document(e, package) for e in _under(root, "Sources", "TextSource")),
        notes=tuple(_document(e, package) for e in _under(root, "Notes", "Note")),
        origin=root.get("origin"),
        description=described(root, _TAG),
        about=_notes(root),
    )


def code(element: etree._Element, tag: Callable[[str], str]) -> RefiCode:
    """A code and those under it; `tag` names elements in the document's namespace."""
    return RefiCode(
        guid=element.get("guid", ""),
        name=element.get("name", ""),
        codable=element.get("isCodable", "").strip() in ("true", "1"),
        color=element.get("color"),
        description=described(element, tag),
        notes=_notes(element),
        codes=tuple(code(inner, tag) for inner in element.iterchildren(tag("Code"))),
    )


def described(element: etree._Element, tag: Callable[[str], str]) -> str | None:
    """The description of a thing; None when there is none."""
    found = element.find(tag("Description"))
    return None if found is None else found.text or ""


def _under(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    yield from root.iterfind("/".join(_TAG(name) for name in names))


def _user(element: etree._Element) -> RefiUser:
    return RefiUser(element.get("guid", ""), element.get("name"), element.get("id"))


def _document(element: etree._Element, package: RefiArchive) -> RefiDocument:
    found = _as_written(element, package)
    utf16 = found.text is not None and counts_utf16(found.text, found.selections, package.origin)
    return replace(found, selections=in_code_points(found), utf16=True) if utf16 else found


def _as_written(element: etree._Element, package: RefiArchive) -> RefiDocument:
    return RefiDocument(
        guid=element.get("guid", ""),
        name=element.get("name"),
        text=text_of(element, package),
        description=described(element, _TAG),
        user=element.get("creatingUser"),
        when=element.get("creationDateTime"),
        selections=tuple(map(_selection, element.iterchildren(_TAG("PlainTextSelection")))),
        codings=_codings(element),
        notes=_notes(element),
    )


def text_of(element: etree._Element, package: RefiArchive) -> str | None:
    """The text of a source or note: written in the document, or a member of the package."""
    written = element.find(_TAG("PlainTextContent"))
    if written is not None:
        return written.text or ""
    path = element.get("plainTextPath")
    data = package.content(path)
    if data is None:
        return None
    try:
        # A byte order mark is no part of the text; line ends stay as they are.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"Byte {error.start} of {path} is no UTF-8."
        mend = "Save the text as UTF-8 and export again."
        raise ExchangeError("encoding", package.where, problem, mend) from None


def _selection(element: etree._Element) -> RefiSelection:
    return RefiSelection(
        guid=element.get("guid", ""),
        start=int(element.get("startPosition", "0")),
        end=int(element.get("endPosition", "0")),
        name=element.get("name"),
        description=described(element, _TAG),
        user=element.get("creatingUser"),
        when=element.get("creationDateTime"),
        codings=_codings(element),
        notes=_notes(element),
    )


def _codings(element: etree._Element) -> tuple[RefiCoding, ...]:
    return tuple(map(_coding, element.iterchildren(_TAG("Coding"))))


def _coding(element: etree._Element) -> RefiCoding:
    reference = element.find(_TAG("CodeRef"))
    return RefiCoding(
        guid=element.get("guid", ""),
        code="" if reference is None else reference.get("targetGUID", ""),
        user=element.get("creatingUser"),
        when=element.get("creationDateTime"),
        notes=_notes(element),
    )


def _notes(element: etree._Element) -> tuple[str, ...]:
    return tuple(e.get("targetGUID", "") for e in element.iterchildren(_TAG("NoteRef")))
