"""The research desk: a room of its own, with accounts, that respondents' pages know nothing of."""

ALL_APPS = "blikveld.desk.all_apps"
"""The settings of commands."""
