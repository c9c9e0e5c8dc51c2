"""From a project to a package: a new one, or over the one it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from blikveld.interviews.refi import elements
from blikveld.interviews.refi.model import ExchangeError, RefiDocument, RefiProject, same
from blikveld.interviews.refi.package import RefiArchive, Schema, check, inside
from blikveld.interviews.refi.reading import text_of

_TAG = Schema.PROJECT.tag


def package(project: RefiProject, base: RefiArchive | None = None) -> RefiArchive:
    """A package with this project.

    Over `base` everything another program wrote and we do not use is kept, and texts that did not
    change stay the bytes they were. Raises ExchangeError for words that XML cannot hold, and Faults
    for what the schema does not allow.
    """
    where = base.where if base else project.name or "a project"
    before = base or RefiArchive(elements.element("Project", {"name": ""}), where=where)
    try:
        made, whole = _root(project, before)
        root = elements.over(made, before.root)
    except ValueError as error:
        problem = f"A name or description holds a sign that XML cannot hold ({error})."
        raise ExchangeError("signs", where, problem, "Remove control characters.") from None
    check(root, Schema.PROJECT, where)
    return replace(whole, root=root)


def _root(project: RefiProject, before: RefiArchive) -> tuple[etree._Element, RefiArchive]:
    sources, whole = _documents("TextSource", project.sources, before)
    notes, whole = _documents("Note", project.notes, whole)
    codes = elements.filled("Codes", map(elements.code, project.codes))
    root = elements.element(
        "Project",
        {"name": project.name, "origin": project.origin},
        *elements.filled("Users", map(elements.user, project.users)),
        *elements.filled("CodeBook", codes),
        *elements.filled("Sources", sources),
        *elements.filled("Notes", notes),
        *elements.worded("Description", project.description),
        *elements.references(project.about),
    )
    return root, whole


def _documents(
    kind: str, documents: tuple[RefiDocument, ...], whole: RefiArchive
) -> tuple[list[etree._Element], RefiArchive]:
    before = {same(e.get("guid", "")): e for e in _all(whole.root, kind)}
    made = []
    for document in documents:
        old = before.get(same(document.guid))
        path, inline, whole = _placed(document, old, whole)
        made.append(elements.document(kind, document, path, inline))
    return made, whole


def _all(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    yield from root.iter(_TAG(kind))


def _placed(
    document: RefiDocument, old: etree._Element | None, whole: RefiArchive
) -> tuple[str | None, str | None, RefiArchive]:
    # Where the text of a document stands: unchanged where it stood, or in a file of its own.
    if old is not None and text_of(old, whole) == document.text:
        written = old.find(_TAG("PlainTextContent"))
        inline = None if written is None else written.text or ""
        return old.get("plainTextPath"), inline, whole
    if document.text is None:
        return None, None, whole
    file = f"{same(document.guid).upper()}.txt"
    return inside(file), None, whole.with_content(file, _bytes(document, whole))


def _bytes(document: RefiDocument, whole: RefiArchive) -> bytes:
    try:
        raw = document.text.encode("utf-8") if document.text else b""
    except UnicodeEncodeError:
        problem = f"The text of {document.name!r} holds half a sign, which UTF-8 cannot hold."
        raise ExchangeError("signs", whole.where, problem, "Remove it.") from None
    # A text that begins with this sign would lose it as a byte order mark.
    return b"\xef\xbb\xbf" + raw if raw.startswith(b"\xef\xbb\xbf") else raw
