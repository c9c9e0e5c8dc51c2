"""A folder becomes a study, or a list of everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from blikveld.errors import Faults
from blikveld.study import meaning
from blikveld.study.bases import check_bases
from blikveld.study.collector import resting
from blikveld.study.model import Study
from blikveld.study.prove import prove
from blikveld.study.reading import (
    basics,
    coding,
    plans,
    questionnaire,
    source,
    themes,
    variables,
    waves,
)
from blikveld.study.reading.ledger import Ledger
from blikveld.study.reading.source import (
    CODING,
    DERIVED,
    INCLUSION,
    QUESTIONNAIRE,
    STUDY,
    TABLES,
    THEMES,
    WAVES,
)


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
    return replace(whole, digest=meaning.digest(whole))


def read(study: Path | str) -> tuple[Study, Ledger]:
    """Read a study as `load` does, and return it with its faults and remarks.

    With faults it is no study to use. Raises BlikveldError when there is no such study.
    """
    folder, ledger = source.folder_of(study), Ledger()
    found = source.contents(folder, ledger)
    roots = {
        name: source.root(name, found.get(name), ledger)
        for name in (STUDY, QUESTIONNAIRE, DERIVED, INCLUSION, TABLES, THEMES, WAVES)
    }
    texts = source.decoded(CODING, found[CODING], ledger) if CODING in found else None
    whole = basics.study(roots[STUDY], folder, source.digest(found))
    whole = questionnaire.with_questionnaire(whole, roots[QUESTIONNAIRE])
    # What hangs on something that cannot be read is not held against it.
    asked = bool(whole.questions) and STUDY not in ledger.broken
    made = asked and DERIVED not in ledger.broken
    whole = variables.with_variables(whole, roots[DERIVED], known=asked)
    whole = coding.with_coding(whole, texts, ledger, known=made)
    whole = plans.with_inclusion(whole, roots[INCLUSION], known=made)
    whole = plans.with_tables(whole, roots[TABLES], known=made)
    whole = themes.with_themes(whole, roots[THEMES])
    whole = waves.with_waves(whole, roots[WAVES], known=made)
    if not ledger.faults:
        prove(whole, ledger)
        check_bases(whole, ledger)
    return whole, ledger
