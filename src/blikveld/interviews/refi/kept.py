"""What another program has and we do not use: sets, links and graphs, to go out again.

They point at codes, texts and notes by guid, and name things in words of their own; a name of a set
of texts is often somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from copy import deepcopy

from lxml import etree

from blikveld.interviews.refi.elements import element
from blikveld.interviews.refi.model import RefiDocument, RefiProject, same
from blikveld.interviews.refi.package import RefiArchive, Schema, local, parse, serialised

_KEPT = ("Links", "Sets", "Graphs")
_TAG = Schema.PROJECT.tag
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
    root = parse(raw, Schema.PROJECT, "kept")
    there = {same(guid) for guid in _guids(project)}
    for inner in list(root.iter()):
        if not all(same(guid) in there for guid in _pointed_at(inner)):
            _removed(inner)
    _without_loose_edges(root)
    for part in list(root):
        if len(part) == 0:
            root.remove(part)
    return RefiArchive(root)


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
