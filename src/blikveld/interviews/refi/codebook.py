"""A .qdc file: a codebook without texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from blikveld.interviews.refi import elements, reading
from blikveld.interviews.refi.model import ExchangeError, RefiCode, same
from blikveld.interviews.refi.package import Schema, check, like, local, new, parse, serialised

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
        return tuple(reading.code(element, _SCHEMA.tag) for element in self.root.iterfind(path))

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
