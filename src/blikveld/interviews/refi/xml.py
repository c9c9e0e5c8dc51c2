"""XML of the exchange format: read without trusting it, checked against the schema, written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lxml import etree

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
