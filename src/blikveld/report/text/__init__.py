"""Report text: its files, its functions, and how it is run and parsed."""
