"""waves.yaml: earlier versions of the study, and what its codes were called there."""

from __future__ import annotations

from dataclasses import replace

from blikveld.study.model import Renamed, Study, Wave
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode, once


def with_waves(study: Study, root: YamlNode, *, known: bool) -> Study:
    """The study with the versions it may be compared with.

    With `known` false its variables could not be read, and names are not held against them.
    """
    if not root.given:
        return study
    waves = root.fields("waves")["waves"]
    once((element.inner("from") for element in waves.elements()), "version")
    return replace(study, waves=waves.some(lambda node: _wave(node, study, known=known)))


def _wave(node: YamlNode, study: Study, *, known: bool) -> Wave:
    fields = node.fields("from", optional=("renamed",))
    version = fields["from"].string()
    if version and version == study.version:
        problem = f"{version!r} is this version itself."
        fields["from"].fault("wave", problem, "Write the version of the earlier study.")
    renamed = fields["renamed"].each(lambda at: _renamed(at, study, known=known))
    _check_one_to_one(fields["renamed"], renamed)
    return Wave(version, renamed)


def _renamed(node: YamlNode, study: Study, *, known: bool) -> Renamed:
    fields = node.fields("variable", "old", "new")
    found = Renamed(
        fields["variable"].string(), fields["old"].code(), fields["new"].code(), node.line
    )
    if not known or not found.variable:
        return found
    variable = study.variables.get(found.variable)
    if variable is None:
        problem = f"Nothing here is called {found.variable!r}."
        fields["variable"].fault("rule-name", problem, choose(found.variable, study.variables))
    elif found.new and found.new not in (codes := [code.code for code in variable.codes]):
        problem = f"{variable.name!r} has no code {found.new!r}."
        fields["new"].fault("unknown-code", problem, choose(found.new, codes))
    return found


def _check_one_to_one(node: YamlNode, renamed: tuple[Renamed, ...]) -> None:
    """Codes that were taken together are no renaming: people may have chosen several of them."""
    seen: set[tuple[str, str, str]] = set()
    for element, found in zip(node.elements(), renamed, strict=True):
        sides = {(found.variable, "old", found.old), (found.variable, "new", found.new)}
        if sides & seen:
            problem = f"A code of {found.variable!r} is renamed twice."
            mend = "Give each one line; take codes together in a derived variable."
            element.fault("duplicate", problem, mend)
        seen |= sides
