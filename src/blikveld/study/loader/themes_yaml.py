"""themes.yaml: how the pages of some sites look. Colours that do not read are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from blikveld.study.model import Study
from blikveld.study.themes import COLOURS, Theme, too_faint
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def with_themes(study: Study, root: YamlNode) -> Study:
    """The study with its themes; none where the file was left out.

    The file is no part of what defines a snapshot: another colour asks for no new one.
    """
    if not root.given:
        return study
    elements = root.fields("themes")["themes"]
    themes = elements.some(lambda node: _theme(node, study))
    once((element.inner("key") for element in elements.elements()), "theme")
    seen: dict[str, str] = {}
    for theme, element in zip(themes, elements.elements(), strict=True):
        for member in theme.members:
            _only_theme(element, theme, member, seen)
    return replace(study, themes=themes)


def _only_theme(element: YamlNode, theme: Theme, member: str, seen: dict[str, str]) -> None:
    if member in seen:
        problem = f"{member!r} has two themes: {seen[member]!r} and {theme.key!r}."
        element.fault("duplicate", problem, "Leave it out of one of the two.")
    seen[member] = theme.key


def _theme(node: YamlNode, study: Study) -> Theme:
    fields = node.fields("key", "members", "colours")
    members = tuple(
        m for found in fields["members"].some(lambda p: _members(p, study)) for m in found
    )
    theme = Theme(fields["key"].key(), members, _colours(fields["colours"]))
    for pair in too_faint(theme):
        problem = (
            f"{pair.front} on {pair.back} has a contrast of {pair.ratio:.2f}, "
            f"and {pair.least:g} is needed."
        )
        node.fault("contrast", problem, "Make one of the two lighter or darker.")
    return theme


def _members(node: YamlNode, study: Study) -> tuple[str, ...]:
    """The sites that are meant: one, or all of a group."""
    name = node.string()
    groups = {group.key: group.members for group in study.sites.groups}
    known = study.sites.keys
    if name in groups:
        return groups[name]
    if name and known and name not in known:
        problem = f"The study has no site or group {name!r}."
        node.fault("unknown-site", problem, choose(name, [*groups, *known]))
    return (name,)


def _colours(node: YamlNode) -> Mapping[str, str]:
    found = node.fields(optional=COLOURS)
    return {name: _colour(at) for name, at in found.items() if at.given}


def _colour(node: YamlNode) -> str:
    text = node.string()
    if _COLOUR.fullmatch(text):
        return text.lower()
    if text:
        node.fault("colour", f"{text!r} is no colour.", 'Write it as "#15606b", with quotes.')
    # A stand-in that gives no second fault for the same line.
    return COLOURS[node.name]
