"""PDF by coordinates, in a process of its own: words, lines, tables.

Strangers' files meet a large C++ library here. Nothing in this room imports the rest of the
checker, so that the process stays small.
"""
