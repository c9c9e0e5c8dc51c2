"""The interviews at the desk: take in, protect, code, compare, quote, exchange."""
