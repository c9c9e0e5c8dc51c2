"""REFI-QDA, the exchange format of programs for qualitative analysis: projects and codebooks.

A file that was read keeps everything it held, whether we use it or not, and gives it back when it
is written. Positions in texts count Unicode code points, from 0; an end is not included.
"""

from __future__ import annotations

from blikveld.interviews.refi.archive import RefiArchive
from blikveld.interviews.refi.model import (
    ExchangeError,
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    RefiUser,
)
from blikveld.interviews.refi.projects import Codebook, package, project

__all__ = [
    "Codebook",
    "ExchangeError",
    "RefiArchive",
    "RefiCode",
    "RefiCoding",
    "RefiDocument",
    "RefiProject",
    "RefiSelection",
    "RefiUser",
    "package",
    "project",
]
