"""The independent witness: judges printed numbers with rounding of its own."""
