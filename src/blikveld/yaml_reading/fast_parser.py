"""YAML read by the parser in C, ten times as fast, where it is installed.

It gives nodes for text it has no objection to. Anything else is left to the parser in Python,
whose faults have the line and the words that authors are told.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.resolver import VersionedResolver

_DEEPEST = 100
"""Deeper nesting is left to Python, which stops before its stack ends; C does not."""


def composed(text: str) -> Node | None:
    """The whole of a text as a node, or None when the other parser must look."""
    made = _composer()
    # A line that begins with % is a directive, which may change the version of YAML.
    if made is None or "%" in text[:1] or "\n%" in text:
        return None
    try:
        node = made(text).get_single_node()
    except (YAMLError, ValueError, RecursionError):
        return None
    return node if isinstance(node, Node) else None


@cache
def _composer() -> Any:
    """A composer in C with the rules of YAML 1.2 for what is a word and what a number."""
    try:
        parser = importlib.import_module("_ruamel_yaml").CParser
    except ImportError:
        return None

    class Composer(parser, VersionedResolver):  # type: ignore[misc, valid-type]
        # Asked for at every node. No text comes here that chooses a version itself.
        processing_version = (1, 2)

        def __init__(self, text: str) -> None:
            parser.__init__(self, text)
            VersionedResolver.__init__(self, loadumper=self)
            self._depth = 0

        def descend_resolver(self, *_: object) -> None:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise RecursionError

        def ascend_resolver(self) -> None:
            self._depth -= 1

    return Composer
