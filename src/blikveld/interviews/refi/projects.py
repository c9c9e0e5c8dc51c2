"""Projects and codebooks: read from their XML, and written over the XML they came from.

A .qdc file is a codebook without texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from blikveld.interviews.refi import elements
from blikveld.interviews.refi.archive import (
    RefiArchive,
    Schema,
    check,
    inside,
    like,
    local,
    new,
    parse,
    serialised,
)
from blikveld.interviews.refi.model import (
    ExchangeError,
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    RefiUser,
    counts_utf16,
    in_code_points,
    same,
)

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


_SCHEMA = Schema.CODEBOOK
_LARGEST = 64 * 2**20


@dataclass(frozen=True)
class Codebook:
    """A codebook's document. `root` belongs to it: change a copy."""

    root: etree._Element
    where: str = field(default="a codebook", compare=False)

    @classmethod
    def read(cls, raw: bytes, where: str = "a codebook") -> Codebook:
        """Read a .qdc. Raises ExchangeError and Faults; then nothing was loaded."""
        if len(raw) > _LARGEST:
            problem = f"It is over {_LARGEST:,} bytes."
            raise ExchangeError("too-large", where, problem, "Split the codebook.")
        return cls(parse(raw, _SCHEMA, where), where)

    @property
    def codes(self) -> tuple[RefiCode, ...]:
        """The codes, those under others inside them."""
        path = f"{_SCHEMA.tag('Codes')}/{_SCHEMA.tag('Code')}"
        return tuple(code(element, _SCHEMA.tag) for element in self.root.iterfind(path))

    def with_codes(self, codes: Iterable[RefiCode]) -> Codebook:
        """The codebook with these codes; its sets and origin are kept. Raises Faults."""
        return _made(codes, self.root, self.where)

    @classmethod
    def of(cls, codes: Iterable[RefiCode], origin: str | None = None) -> Codebook:
        """A new codebook. Raises Faults when it has no codes: the standard knows no empty one."""
        root = new("CodeBook", _SCHEMA)
        if origin is not None:
            root.set("origin", origin)
        return _made(codes, root, "a codebook")

    def written(self) -> bytes:
        """The codebook as a .qdc. Raises Faults."""
        check(self.root, _SCHEMA, self.where)
        return serialised(self.root)


def _made(codes: Iterable[RefiCode], old: etree._Element, where: str) -> Codebook:
    root = like(str(old.tag), old.nsmap)
    for key, value in old.attrib.items():
        root.set(str(key), str(value))
    try:
        inner = etree.SubElement(root, _SCHEMA.tag("Codes"))
        inner.extend([_moved(elements.code(_bare(code))) for code in codes])
    except ValueError as error:
        problem = f"A name or description holds a sign that XML cannot hold ({error})."
        raise ExchangeError("signs", where, problem, "Remove control characters.") from None
    known = {same(element.get("guid", "")) for element in inner.iter(_SCHEMA.tag("Code"))}
    root.extend([_with_members(sets, known) for sets in old.iterchildren(_SCHEMA.tag("Sets"))])
    check(root, _SCHEMA, where)
    return Codebook(root, where)


def _bare(code: RefiCode) -> RefiCode:
    # Notes are part of a project; a codebook has nowhere to put a reference to one.
    inner = tuple(map(_bare, code.codes))
    return RefiCode(code.guid, code.name, code.codable, code.color, code.description, (), inner)


def _moved(element: etree._Element) -> etree._Element:
    made = new(local(element), _SCHEMA)
    made.text = element.text
    for key, value in element.attrib.items():
        made.set(str(key), str(value))
    made.extend([_moved(child) for child in element])
    return made


def _with_members(sets: etree._Element, known: set[str]) -> etree._Element:
    # A set that names a code which is gone would point nowhere.
    made = etree.fromstring(etree.tostring(sets))
    for member in list(made.iter(_SCHEMA.tag("MemberCode"))):
        parent = member.getparent()
        if parent is not None and same(member.get("guid", "")) not in known:
            parent.remove(member)
    return made
