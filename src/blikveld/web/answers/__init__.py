"""Tables for answers and counters."""
