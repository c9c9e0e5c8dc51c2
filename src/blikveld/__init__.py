"""Blikveld runs a survey about a hidden problem, from first question to published report."""
