"""What an analyst asks for: the same people have the same mark, and a base is who was asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.shifts import answers, study_with

from blikveld.figures.cell import Ask
from blikveld.responses.record import Response
from blikveld.responses.snapshot import Origin, write
from blikveld.rules import parse
from blikveld.tabulation.anchors import count

PUBLISHED = """\
id,kind,where,annex,footnote,base_rule,population,condition_rule,count,base,base_kind,\
percent,value,df,status,contradicts,followed,reason
a,count,p. 1,,,True,included,nights != 'never' and told == 'yes',75,364,respondents,,,,reproduce,,,
b,count,p. 2,,,nights != 'never',included,told == 'no',81,243,respondents,,,,reproduce,,,
c,count,p. 3,,,nights != 'never',included,told == 'dont_know',87,243,respondents,,,,reproduce,,,
d,count,p. 4,,,True,included,nights != 'never' and role == 'cook',95,364,respondents,,,,reproduce,,,
"""


@pytest.mark.parametrize(
    ("base", "rule", "fixed"),
    [
        # The same people as published, in other words.
        ("True", "warned == 'yes'", True),
        ("True", "told == 'yes'", True),
        ("True", "nights in ('often', 'rarely') and told in ('yes',)", True),
        ("asked(told)", "told == 'no'", True),
        ("answered(told)", "not (told == 'yes' or told == 'dont_know')", True),
        ("True", "answered(told)", True),
        ("asked(harm)", "told != 'yes'", True),
        # Some answers to a question of which every count was published.
        ("nights != 'never'", "warned == 'no'", True),
        ("asked(told)", "told in ('no', 'dont_know')", True),
        # Equal members here, and by chance: nobody who works there need have lost anything.
        ("True", "'theft' in harm", False),
        ("nights != 'never'", "'theft' in harm", False),
        # Not published, and no sum of what was.
        ("nights != 'never'", "nights == 'often'", False),
        ("nights == 'often'", "told == 'yes'", False),
        ("role == 'cook'", "told == 'yes'", False),
    ],
)
def test_a_mark_follows_from_who_is_counted(
    tmp_path: Path, base: str, rule: str, *, fixed: bool
) -> None:
    study = study_with(tmp_path, {"published.csv": PUBLISHED})
    people = (Response(str(n), given) for n, given in enumerate(answers()))
    snapshot = write(study, people, tmp_path / "snapshot", origin=Origin.REFERENCE)
    ask = Ask(parse(base), parse(rule))
    assert count(study, snapshot, [ask])[ask].fixed is fixed
