"""The door for notebooks, and the page about it."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from blikveld import notebook
from blikveld.errors import BlikveldError
from blikveld.notebook import ClearedTable, ClearedTables, NoPandas, NoSuchName

PAGE = Path(__file__).parents[2] / "docs/notebook.md"


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What is there after the lines of docs/notebook.md were run."""
    found: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, found)  # noqa: S102
    return found


@pytest.fixture(scope="module")
def tables(page: dict[str, Any]) -> ClearedTables:
    found = page["tables"]
    assert isinstance(found, ClearedTables)
    return found


def shown(table: ClearedTable) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(table._repr_html_())


def test_a_question_shows_its_counts_bases_and_bars(tables: ClearedTables) -> None:
    forms = tables["forms"]
    drugs = next(row for row in forms.rows if row["column"] == "drugs")
    assert (drugs["count"], drugs["base"], drugs["percent"]) == (393, 821, "47.9")
    text = shown(forms).text_content()
    assert "48% (393" in text
    assert "821" in text
    assert "Base: " in text
    bars = re.findall(r"width:([0-9.]+)%'></span>", forms._repr_html_())
    assert bars[0] == "47.9"


def test_a_kept_back_number_is_nowhere(tables: ClearedTables) -> None:
    table = tables["annex_c"]
    hidden = [row for row in table.rows if row["suppressed"]]
    assert hidden
    assert all(row["count"] is None and row["percent"] is None for row in hidden)
    cells = [cell.text for cell in shown(table).iter("td")]
    assert sum("–" in str(cell) for cell in cells) >= len(hidden)
    lines = list(csv.DictReader(table.to_csv().splitlines()))
    assert sum(line["suppressed"] == "True" for line in lines) == len(hidden)
    assert all(not line["count"] for line in lines if line["suppressed"] == "True")


def test_a_name_that_is_nearly_right_is_refused_with_the_right_one(tables: ClearedTables) -> None:
    with pytest.raises(NoSuchName, match="Did you mean 'forms'"):
        tables["form"]
    with pytest.raises(KeyError):
        tables["nothing at all like it"]
    assert "forms" in tables
    assert "form" not in tables


def test_a_language_that_the_study_has_not_is_refused() -> None:
    with pytest.raises(BlikveldError, match="nl, en"):
        notebook.study("criminele_uitbuiting", language="fr")


def test_without_pandas_the_way_out_is_said(
    tables: ClearedTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(NoPandas, match=r"\.rows"):
        tables["forms"].to_pandas()


def test_labels_cannot_be_markup(tables: ClearedTables) -> None:
    study = tables["forms"].study
    question = study.questions["agreements"]
    evil = {"nl": "<script>", "en": "<script>"}
    options = (replace(question.options[0], short=evil), *question.options[1:])
    changed = replace(question, options=options, short=evil)
    parts = tuple(
        replace(p, items=tuple(changed if i is question else i for i in p.items))
        for p in study.sections
    )
    made = ClearedTables(replace(study, sections=parts, tables=()), None, "en")["agreements"]
    assert "<script>" not in made._repr_html_()
    assert "&lt;script&gt;" in made._repr_html_()


def test_importing_blikveld_loads_nothing_heavy() -> None:
    program = "import sys, blikveld; print('numpy' in sys.modules or 'duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False"
