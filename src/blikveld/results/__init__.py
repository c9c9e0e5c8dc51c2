"""A number's life: counted once, rounded once, printed from one place."""
