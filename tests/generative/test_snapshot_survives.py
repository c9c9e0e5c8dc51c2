"""Random answers survive the snapshot in any order, and every derived rule can be counted."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blikveld.responses.derive import code_and_derive
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import ResponseRecord, raw_names
from blikveld.responses.snapshot import AS_WRITTEN, read, write
from blikveld.rules import Missing, Value, evaluate
from blikveld.study.load import load
from blikveld.study.model import Variable, VariableKind

STUDY = load(Path(__file__).parents[1] / "studies/made")
SIGNS = st.characters(exclude_categories=["Cs"])
TEXTS = st.one_of(st.sampled_from(["appeltaart", " WIJKverpleegkundige"]), st.text(SIGNS))


def _values(variable: Variable) -> st.SearchStrategy[Value]:
    codes = [code.code for code in variable.codes]
    answers: Mapping[VariableKind, st.SearchStrategy[Value]] = {
        VariableKind.SINGLE: st.sampled_from(codes or [""]),
        VariableKind.MULTIPLE: st.sets(st.sampled_from(codes or [""])).map(
            lambda chosen: tuple(code for code in codes if code in chosen)
        ),
        VariableKind.TEXT: TEXTS,
        VariableKind.FLAG: st.booleans(),
    }
    return st.one_of(st.sampled_from(Missing), answers[variable.kind])


PEOPLE = st.lists(
    st.fixed_dictionaries({name: _values(STUDY.variables[name]) for name in raw_names(STUDY)}),
    max_size=8,
)


@given(PEOPLE, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_answers_survive(people: list[dict[str, Value]], chance: random.Random) -> None:
    responses = [ResponseRecord(str(number), person) for number, person in enumerate(people)]
    with tempfile.TemporaryDirectory() as folder:
        first = write(STUDY, responses, Path(folder) / "first", texts=AS_WRITTEN)
        chance.shuffle(responses)
        second = write(STUDY, responses, Path(folder) / "second", texts=AS_WRITTEN)
        assert second.digest == first.digest
        back = list(read(STUDY, first.folder).persons())
        made = [code_and_derive(STUDY, person) for person in people]
        assert sorted(map(repr, back)) == sorted(repr(_in_order(person)) for person in made)
        rules = [case.when for derived in STUDY.derived for case in derived.cases]
        chosen = ", ".join(condition(rule, STUDY.variables) for rule in rules)
        with first.connect() as connection:
            counted = connection.execute(f"SELECT {chosen} FROM respondents").fetchall()  # noqa: S608
        assert counted == [tuple(evaluate(rule, person) for rule in rules) for person in back]


def _in_order(person: Mapping[str, Value]) -> dict[str, Value]:
    return {name: person[name] for name in STUDY.variables}
