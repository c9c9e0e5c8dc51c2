"""Questionnaires in the formats of other programs."""
