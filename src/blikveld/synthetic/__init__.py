"""Reference respondents from published tables."""
