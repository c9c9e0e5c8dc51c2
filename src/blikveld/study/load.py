"""Load a study and check it; raise Faults with everything that is wrong."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from blikveld.errors import Fault, Faults
from blikveld.study.bases import check_bases
from blikveld.study.identity import digest
from blikveld.study.loader import (
    coding_csv,
    derived_yaml,
    questionnaire_yaml,
    rule_names,
    study_files,
    study_yaml,
    tables_yaml,
    themes_yaml,
)
from blikveld.study.loader.study_files import (
    CODING,
    DERIVED,
    INCLUSION,
    QUESTIONNAIRE,
    STUDY,
    TABLES,
    THEMES,
    WAVES,
)
from blikveld.study.model import Study
from blikveld.study.reachability import check_reachability, prove_results
from blikveld.yaml_reading.fault_log import FaultLog


@contextmanager
def resting() -> Iterator[None]:
    """No walk along all objects in search of circles, which would find none and costs a tenth.

    Also a decorator. Afterwards the collector is as it was before.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@resting()
def load(study: Path | str) -> Study:
    """Read a study: a folder, or the name of one that comes with Blikveld.

    study.yaml and questionnaire.yaml are needed; derived.yaml, inclusion.yaml, tables.yaml,
    themes.yaml, waves.yaml and coding.csv add to them. Raises Faults with every fault in every
    file, each with its file, its line and how to mend it, and BlikveldError when there is no such
    study.
    """
    whole, ledger = read(study)
    if ledger.faults:
        raise Faults(ledger.faults)
    return replace(whole, digest=digest(whole))


def read(study: Path | str) -> tuple[Study, FaultLog]:
    """Read a study as `load` does, and return it with its faults and remarks.

    With faults it is no study to use. Raises BlikveldError when there is no such study, and Faults
    where its files are in another format.
    """
    folder, ledger = study_files.folder_of(study), FaultLog()
    found = study_files.contents(folder, ledger)
    roots = {
        name: study_files.root(name, found.get(name), ledger)
        for name in (STUDY, QUESTIONNAIRE, DERIVED, INCLUSION, TABLES, THEMES, WAVES)
    }
    texts = study_files.decoded(CODING, found[CODING], ledger) if CODING in found else None
    study_yaml.check_format(roots[STUDY], folder)
    whole = study_yaml.study(roots[STUDY], folder, study_files.digest(found))
    whole, steps = questionnaire_yaml.with_questionnaire(whole, roots[QUESTIONNAIRE])
    # What hangs on something that cannot be read is not held against it.
    asked = bool(whole.questions) and STUDY not in ledger.broken
    made = asked and DERIVED not in ledger.broken
    whole = derived_yaml.with_variables(whole, roots[DERIVED], known=asked)
    rule_names.check_routing(whole, steps)
    whole = coding_csv.with_coding(whole, texts, ledger, known=made)
    whole = study_yaml.with_collecting(whole, roots[STUDY], known=made)
    whole = tables_yaml.with_inclusion(whole, roots[INCLUSION], known=made)
    whole = tables_yaml.with_tables(whole, roots[TABLES], known=made)
    whole = themes_yaml.with_themes(whole, roots[THEMES])
    whole = tables_yaml.with_waves(whole, roots[WAVES], known=made)
    if not ledger.faults:
        check_reachability(whole, ledger)
        check_bases(whole, ledger)
    return whole, ledger


@dataclass(frozen=True, slots=True)
class Findings:
    """What an author should mend, and what to look at. `remarks` keep nothing from being used."""

    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]


@resting()
def examine(study: Path | str) -> Findings:
    """Return everything wrong with a study's files and rules, by file and line.

    Beyond what `load` refuses, it proves that each value, inclusion step and table can have
    somebody. Takes what `load` takes, and raises BlikveldError when there is no such study.
    """
    try:
        whole, ledger = read(study)
    except Faults as refused:
        return Findings(_sorted(refused.faults), ())
    if not ledger.faults:
        prove_results(whole, ledger)
    return Findings(_sorted(ledger.faults), _sorted(ledger.remarks))


def find_faults(study: Path | str) -> tuple[Fault, ...]:
    """Return the faults that `examine` finds; none when the study is fine."""
    return examine(study).faults


def _sorted(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line or 0, fault.code)))
