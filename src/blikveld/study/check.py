"""Whether a study can be used, as a list of what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from blikveld.errors import Fault
from blikveld.study.collector import resting
from blikveld.study.load import read
from blikveld.study.prove import prove_results


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
    whole, ledger = read(study)
    if not ledger.faults:
        prove_results(whole, ledger)
    return Findings(_sorted(ledger.faults), _sorted(ledger.remarks))


def faults(study: Path | str) -> tuple[Fault, ...]:
    """Return the faults that `examine` finds; none when the study is fine."""
    return examine(study).faults


def _sorted(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line or 0, fault.code)))
