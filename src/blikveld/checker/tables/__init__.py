"""Tables whose cells are known: typed, given a meaning that their own cells prove, and judged."""

from __future__ import annotations

from blikveld.checker.tables.judging import judge_tables, typed_tables

__all__ = ["judge_tables", "typed_tables"]
