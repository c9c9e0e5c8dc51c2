"""Blikveld runs a survey about a hidden problem, from the first question to the published report."""
