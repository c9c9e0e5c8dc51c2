"""The table for sealed addresses, in a database of its own."""
