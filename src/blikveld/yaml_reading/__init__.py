"""Reads YAML files that authors write: each value with its line, every fault at once."""
