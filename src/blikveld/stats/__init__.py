"""Statistics: numbers in, numbers out. Nothing here knows of questions or respondents."""
