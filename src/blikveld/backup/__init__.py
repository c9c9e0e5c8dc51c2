"""Backups: make, restore, erase. Knows the databases, the call list and the desk."""
