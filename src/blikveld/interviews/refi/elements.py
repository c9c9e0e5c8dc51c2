"""Elements of a project: made from ours, and laid over those that came from another program.

What another program has and we do not use is kept, to go out again: sets, links and graphs. They
point at codes, texts and notes by guid, and name things in words of their own; a name of a set of
texts is often somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy

from lxml import etree

from blikveld.interviews.refi.archive import RefiArchive, Schema, like, local, parse, serialised
from blikveld.interviews.refi.archive import new as new_element
from blikveld.interviews.refi.model import (
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    RefiUser,
    in_utf16,
    same,
)

_TAG = Schema.PROJECT.tag
_TEXT = ("Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef")
OURS: Mapping[str, tuple[str, ...]] = {
    "Project": ("Users", "CodeBook", "Sources", "Notes", "Description", "NoteRef"),
    "Users": ("User",),
    "CodeBook": ("Codes",),
    "Codes": ("Code",),
    "Code": ("Description", "NoteRef", "Code"),
    "Sources": ("TextSource",),
    "Notes": ("Note",),
    "TextSource": _TEXT,
    "Note": _TEXT,
    "PlainTextSelection": ("Description", "Coding", "NoteRef"),
    "Coding": ("CodeRef", "NoteRef"),
}
"""The elements we read in each element; all others are kept as they came."""
_ATTRIBUTES = frozenset(
    ("guid", "name", "id", "isCodable", "color", "creatingUser", "creationDateTime")
) | {"startPosition", "endPosition", "targetGUID", "plainTextPath"}
_ORDER: Mapping[str, tuple[str, ...]] = {
    "Project": (
        *("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets"),
        *("Graphs", "Description", "NoteRef"),
    ),
    "TextSource": (*_TEXT, "VariableValue"),
    "Note": (*_TEXT, "VariableValue"),
}
ElementFactory = Callable[..., etree._Element]


def element(
    name: str, attributes: Mapping[str, str | None], *inner: etree._Element
) -> etree._Element:
    """An element of a project. Raises ValueError for signs that XML cannot hold."""
    made = new_element(name, Schema.PROJECT)
    for key, value in attributes.items():
        if value is not None:
            made.set(key, value)
    made.extend(inner)
    return made


def worded(name: str, text: str | None) -> tuple[etree._Element, ...]:
    """An element with words; none for None."""
    if text is None:
        return ()
    made = element(name, {})
    made.text = text or None
    return (made,)


def filled(name: str, inner: Iterable[etree._Element]) -> tuple[etree._Element, ...]:
    """An element around others; none when there are none, for the standard knows no empty ones."""
    found = tuple(inner)
    return (element(name, {}, *found),) if found else ()


def user(made: RefiUser) -> etree._Element:
    """A coder."""
    return element("User", {"guid": made.guid, "name": made.name, "id": made.login})


def code(made: RefiCode) -> etree._Element:
    """A code and those under it."""
    attributes = {
        "guid": made.guid,
        "name": made.name,
        "isCodable": "true" if made.codable else "false",
        "color": made.color,
    }
    words = worded("Description", made.description)
    return element("Code", attributes, *words, *references(made.notes), *map(code, made.codes))


def document(kind: str, made: RefiDocument, path: str | None, inline: str | None) -> etree._Element:
    """A source or note, its text at a path or written in."""
    attributes = {
        "guid": made.guid,
        "name": made.name,
        "plainTextPath": path,
        "creatingUser": made.user,
        "creationDateTime": made.when,
    }
    return element(
        kind,
        attributes,
        *worded("Description", made.description),
        *worded("PlainTextContent", inline),
        *map(_selection, in_utf16(made) if made.utf16 else made.selections),
        *map(_coding, made.codings),
        *references(made.notes),
    )


def references(notes: Iterable[str]) -> tuple[etree._Element, ...]:
    """References to notes."""
    return tuple(element("NoteRef", {"targetGUID": guid}) for guid in notes)


def _selection(made: RefiSelection) -> etree._Element:
    attributes = {
        "guid": made.guid,
        "name": made.name,
        "startPosition": str(made.start),
        "endPosition": str(made.end),
        "creatingUser": made.user,
        "creationDateTime": made.when,
    }
    words = worded("Description", made.description)
    codings = map(_coding, made.codings)
    return element("PlainTextSelection", attributes, *words, *codings, *references(made.notes))


def _coding(made: RefiCoding) -> etree._Element:
    attributes = {"guid": made.guid, "creatingUser": made.user, "creationDateTime": made.when}
    reference = element("CodeRef", {"targetGUID": made.code})
    return element("Coding", attributes, reference, *references(made.notes))


def over(new: etree._Element, old: etree._Element) -> etree._Element:
    """A new element that keeps what the old one had and we do not know.

    Our attributes and children come from the new one, all others from the old.
    """
    made = like(str(new.tag), old.nsmap)
    made.text = new.text
    for key, value in _foreign_attributes(old):
        made.set(key, value)
    for key in map(str, new.attrib):
        made.set(key, _spelled(key, new.get(key, ""), old.get(key)))
    made.extend(_children(new, old))
    return made


def _spelled(key: str, value: str, before: str | None) -> str:
    # Truth has two spellings; one that did not change is left as it was written.
    same_truth = key == "isCodable" and before is not None and truth(before) == truth(value)
    return before if same_truth and before is not None else value


def truth(value: str) -> bool:
    """What a boolean of XML says."""
    return value.strip() in ("true", "1")


def _foreign_attributes(old: etree._Element) -> list[tuple[str, str]]:
    ours = ("name", "origin") if local(old) == "Project" else _ATTRIBUTES
    return [(str(k), str(v)) for k, v in old.attrib.items() if k not in ours]


def _children(new: etree._Element, old: etree._Element) -> list[etree._Element]:
    ours = OURS.get(local(new), ())
    before = {_identity(child): child for child in old if local(child) in ours}
    made = [_merged(child, before) for child in new]
    if local(new) == "Sources":
        return _in_place(made, old)
    kept = [deepcopy(child) for child in old if local(child) and local(child) not in ours]
    order = _ORDER.get(local(new), ours)
    whole = [*made, *kept, *_others_sources(new, old)]
    return sorted(whole, key=lambda child: _rank(local(child), order))


def _in_place(made: list[etree._Element], old: etree._Element) -> list[etree._Element]:
    # Another program may have put its sources between ours; those that were there keep their place.
    ours = {_identity(child): child for child in made}
    there = [
        ours.pop(_identity(child), None) if local(child) == "TextSource" else deepcopy(child)
        for child in old
    ]
    return [*(child for child in there if child is not None), *ours.values()]


def _others_sources(new: etree._Element, old: etree._Element) -> list[etree._Element]:
    # Without a text of ours there may still be pictures and recordings.
    if any(local(child) == "Sources" for child in new):
        return []
    empty = [over(element("Sources", {}), c) for c in old if local(c) == "Sources"]
    return [sources for sources in empty if len(sources)]


def _merged(
    child: etree._Element, before: Mapping[tuple[str, str], etree._Element]
) -> etree._Element:
    old = before.get(_identity(child))
    return child if old is None else over(child, old)


def _identity(child: etree._Element) -> tuple[str, str]:
    return local(child), same(child.get("guid") or child.get("targetGUID") or "")


def _rank(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)


_KEPT = ("Links", "Sets", "Graphs")
Hide = Callable[[str], str]


def kept(package: RefiArchive, hide: Hide, hide_surely: Hide) -> bytes:
    """The sets, links and graphs of a package as a document of their own.

    `hide` takes known names out of words. `hide_surely` takes out whatever may be a name: it is
    asked for sets of texts, and for what a graph calls things.
    """
    root = element("Project", {"name": ""})
    for part in package.root:
        if local(part) in _KEPT:
            root.append(deepcopy(part))
    for inner in root.iter():
        _without_names(inner, hide_surely if _of_people(inner) else hide)
    return serialised(root)


def joined(parts: Collection[bytes]) -> bytes:
    """Several such documents as one."""
    root = element("Project", {"name": ""})
    roots = [parse(raw, Schema.PROJECT, "kept") for raw in parts]
    for name in _KEPT:
        inner = [deepcopy(e) for one in roots for e in one.iterfind(f"{_TAG(name)}/*")]
        if inner:
            root.append(element(name, {}, *inner))
    return serialised(root)


def within(raw: bytes, project: RefiProject) -> RefiArchive:
    """A package with what is kept, as far as it points at things of a project."""
    return RefiArchive(_pointing_within(raw, set(_guids(project))))


def kept_within(raw: bytes, project: RefiProject, codes: Collection[str]) -> bytes:
    """What is kept, as far as it points at things of a project or at one of these codes."""
    return serialised(_pointing_within(raw, {*_guids(project), *codes}))


def _pointing_within(raw: bytes, guids: Collection[str]) -> etree._Element:
    root = parse(raw, Schema.PROJECT, "kept")
    there = set(map(same, guids))
    for inner in list(root.iter()):
        if not all(same(guid) in there for guid in _pointed_at(inner)):
            _removed(inner)
    _without_loose_edges(root)
    for part in (*root.iter(_TAG("Set")), *root):
        if len(part) == 0:
            _removed(part)
    return root


def _of_people(inner: etree._Element) -> bool:
    sources = local(inner) == "Set" and inner.find(_TAG("MemberSource")) is not None
    return sources or local(inner) == "Vertex"


def _without_names(inner: etree._Element, hide: Hide) -> None:
    if name := inner.get("name"):
        inner.set("name", hide(name))
    if local(inner) == "Description" and inner.text:
        inner.text = hide(inner.text)


def _pointed_at(inner: etree._Element) -> Iterator[str]:
    wanted: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(("MemberCode", "MemberSource", "MemberNote"), ("targetGUID",)),
        "Link": ("originGUID", "targetGUID"),
        "Vertex": ("representedGUID",),
        "Edge": ("representedGUID",),
        "NoteRef": ("targetGUID",),
    }
    found = (inner.get(name) for name in wanted.get(local(inner), ()))
    yield from (guid for guid in found if guid)


def _without_loose_edges(root: etree._Element) -> None:
    vertices = {same(vertex.get("guid", "")) for vertex in root.iter(_TAG("Vertex"))}
    for edge in list(root.iter(_TAG("Edge"))):
        ends = (same(edge.get(name, "")) for name in ("sourceVertex", "targetVertex"))
        if not vertices.issuperset(ends):
            _removed(edge)


def _removed(inner: etree._Element) -> None:
    parent = inner.getparent()
    if parent is not None:
        parent.remove(inner)


def _guids(project: RefiProject) -> Iterator[str]:
    yield from (user.guid for user in project.users)
    yield from (code.guid for code in project.all_codes())
    for document in (*project.sources, *project.notes):
        yield from _of_document(document)


def _of_document(document: RefiDocument) -> Iterator[str]:
    yield document.guid
    yield from (coding.guid for coding in document.codings)
    for selection in document.selections:
        yield selection.guid
        yield from (coding.guid for coding in selection.codings)
