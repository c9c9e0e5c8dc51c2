"""Numbers that are worked out from others: exact, rounded half up, missing over nought."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import cells, columns_of
from blikveld.rules import Missing, Person, RuleError, Special, Value, evaluate, parse
from blikveld.rules.check import misfits
from blikveld.rules.evaluate import evaluate_quotient
from blikveld.rules.nodes import innermost
from blikveld.rules.parse import parse_quotient
from blikveld.rules.text import format_quotient
from blikveld.rules.types import DecimalNumber
from blikveld.study.load import examine, find_faults, load
from blikveld.study.model import Study
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import Solver

STUDIES = Path(__file__).parents[1] / "studies"
EACH = """
computed:
  - key: each
    label: {nl: "Huur per bewoner", en: "Rent a head"}
    compute: "rent / (size - 1)"
    decimals: 1
  - key: warmth
    label: {nl: "Warmte", en: "Warmth"}
    compute: "coalesce(cold, 0) * 2 + each"
    decimals: 0
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = shutil.copytree(STUDIES / "numbers", tmp_path / "study")
    (folder / "derived.yaml").write_text(EACH, encoding="utf-8")
    file = folder / "questionnaire.yaml"
    text = file.read_text(encoding="utf-8")
    rule = "size >= 5 and rent < 750.50"
    file.write_text(text.replace(rule, "each > 100 or warmth < -20"), encoding="utf-8")
    return load(folder)


def _person(study: Study, **answers: str) -> Person:
    routing = Routing(study)
    record = routing.complete(
        site="zand",
        mode="web",
        language="en",
        answers={"size": "3", "rent": "500.00", **answers},
        completed=True,
        pages_done=len(routing.pages),
    )
    return code_and_derive(study, record)


@pytest.mark.parametrize(
    ("answers", "each", "warmth"),
    [
        ({}, Decimal("250.0"), Decimal(250)),
        ({"rent": "500.10"}, Decimal("250.1"), Decimal(250)),  # 250.05 is rounded up
        ({"cold": "-12.5", "rent": "0.00"}, Decimal("0.0"), Decimal(-25)),
        ({"cold": "-0.1", "rent": "0.60"}, Decimal("0.3"), Decimal(0)),
        ({"cold": "-0.4", "rent": "0.60"}, Decimal("0.3"), Decimal(-1)),  # -0.5, away from nought
        ({"size": "1"}, Missing.SKIPPED, Missing.SKIPPED),
        ({"rent": "", "rent__special": "dont_know"}, Missing.SKIPPED, Missing.SKIPPED),
    ],
)
def test_what_is_computed(
    study: Study, answers: Mapping[str, str], each: Value, warmth: Value
) -> None:
    person = _person(study, **{name: value for name, value in answers.items() if value})
    if "rent__special" in answers:
        person = code_and_derive(study, {**_raw(study, person), "rent": Special("dont_know")})
    assert (person["each"], person["warmth"]) == (each, warmth)
    for name in ("each", "warmth"):
        variable = study.variables[name]
        assert len(list(cells(variable, person))) == len(columns_of(variable))


def _raw(study: Study, person: Person) -> dict[str, Value]:
    return {name: value for name, value in person.items() if name not in study.made_from}


def test_a_computed_number_leads_to_a_question(study: Study) -> None:
    routing = Routing(study)
    assert "crowded" in routing.asked({"size": "3", "rent": "300.00"})
    assert "crowded" not in routing.asked({"size": "3", "rent": "200.00"})
    assert "crowded" in routing.asked({"size": "3", "rent": "0.00", "cold": "-15.0"})
    assert [q.key for q in routing.pages[-1].questions] == ["crowded"]


@pytest.mark.parametrize(
    ("compute", "code", "words"),
    [
        ("rent / sise", "rule-name", "Did you mean 'size'?"),
        ("rent / size / 2", "rule", "A rule divides nothing."),
        ("rent / crowded", "rule-kind", "'crowded' is one code"),
        ("rent * size", "rule", "Two variables are multiplied."),
        ("rent >= 3", "rule", "No number and no day stands here."),
        ("warmth + 1", "rule-name", "Nothing here is called 'warmth'."),
    ],
)
def test_what_cannot_be_computed_is_refused_at_its_line(
    tmp_path: Path, compute: str, code: str, words: str
) -> None:
    folder = shutil.copytree(STUDIES / "numbers", tmp_path / "study")
    text = EACH.replace("rent / (size - 1)", compute)
    (folder / "derived.yaml").write_text(text.partition("  - key: warmth")[0], encoding="utf-8")
    (fault,) = find_faults(folder)
    assert (fault.file, fault.line, fault.code) == ("derived.yaml", 5, code)
    assert words in f"{fault.problem} {fault.mend}"


@pytest.mark.parametrize(("factor", "code"), [(1_000, ""), (100_000, "rule-size")])
def test_fifteen_digits_can_be_multiplied_as_long_as_they_stay_exact(
    factor: int, code: str
) -> None:
    (rule,) = innermost(parse(f"a * {factor} > 3"))
    found = misfits(rule, lambda name: DecimalNumber(2))
    assert "".join(misfit.code for misfit in found) == code


def test_a_quotient_is_written_as_it_is_read() -> None:
    for text in ("a / b", "(a + b) / (c - 1)", "a * 2 / (b * 3)", "sum(a, b, least=1)"):
        assert format_quotient(parse_quotient(text)) == text
    with pytest.raises(RuleError):
        parse("a / b > 2")


def test_no_binary_fraction_spoils_the_last_digit() -> None:
    tenth = parse_quotient("(a + b) * 100 / 3")
    person: Person = {"a": Decimal("0.1"), "b": Decimal("0.2")}
    assert evaluate_quotient(tenth, 0, person) == 10
    assert evaluate_quotient(parse_quotient("a / 4"), 2, {"a": Decimal("0.1")}) == Decimal("0.03")


def test_the_solver_knows_when_a_number_is_computed(study: Study) -> None:
    assert examine(study.folder).faults == ()
    with Solver() as solver:
        model = RespondentModel(solver, study)
        alone = model.truth(parse("completed and size == 1 and answered(each)"))[0]
        together = model.truth(parse("completed and size == 2 and each > 100"))[0]
        assert (solver.solve((alone,)), solver.solve((together,))) == (False, True)
    person = _person(study)
    assert evaluate(parse("each > 100 and not answered(cold)"), person) is True
