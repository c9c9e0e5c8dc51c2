"""A study as data: read, checked and held as one value."""
