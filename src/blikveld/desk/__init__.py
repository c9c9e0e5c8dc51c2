"""The research desk: a room of its own, with accounts, that respondents' pages know nothing of."""

from __future__ import annotations

ALL_APPS = "blikveld.desk.all_apps"
"""The settings of commands."""
