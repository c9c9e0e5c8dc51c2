"""Answers at rest: one record a respondent, coded and derived variables, the hashed snapshot."""
