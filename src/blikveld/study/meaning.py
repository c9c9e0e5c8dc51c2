"""What defines the rows of a snapshot, as a digest of the study and not of its files.

A comment, a space, the order of keys or the ends of lines say nothing about an answer, so they
change nothing here. A label does: it is part of what was asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from hashlib import sha256

from blikveld.kinds.base import UNSET, KindOfQuestion
from blikveld.study.model import Study

_DEFINING = (
    *("key", "version", "languages", "title", "period", "fieldwork", "modes"),
    *("municipalities", "groups", "domains", "sections", "thanks", "coded", "derived", "scores"),
)
"""Tables, inclusion, themes, waves and the limit of disclosure are left out: adding a table does
not ask for a new snapshot."""

_PLACE = "line"
"""The field that tells where something stands in its file."""


def digest(study: Study) -> str:
    """SHA-256 of what the study asks, codes and derives, in hexadecimal."""
    whole = {name: _plain(getattr(study, name)) for name in _DEFINING}
    if study.computed:
        # What came later leaves older studies as they were.
        whole["computed"] = _plain(study.computed)
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    """A value of the study as JSON knows it. Raises TypeError for a kind nobody thought of."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        known = {f.name: getattr(value, f.name) for f in fields(value) if f.name != _PLACE}
        for f in fields(value):
            # What came later leaves older studies as they were.
            if f.metadata.get(UNSET) and known[f.name] == f.default:
                del known[f.name]
        if isinstance(value, KindOfQuestion) and not known:
            return value.name
        name = value.name if isinstance(value, KindOfQuestion) else type(value).__name__
        return {"": name, **{name: _plain(one) for name, one in known.items()}}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(type(value).__name__)
