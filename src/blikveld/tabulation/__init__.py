"""Snapshot and plan in, Cells and Tables out."""
