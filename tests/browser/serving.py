"""A questionnaire served on loopback for a browser, and work that must leave its thread alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blikveld.contacts import make_keys
from blikveld.study.load import load
from blikveld.web import fieldwork
from blikveld.web.process import Server

SMALL = Path(__file__).parents[1] / "studies/small"


def beside(work: Callable[..., Any], *given: object) -> Any:
    """Do work in another thread: Playwright keeps this one for itself, and Django minds."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *given).result()


@contextmanager
def served(study: Path, data: Path) -> Iterator[Server]:
    """A study whose fieldwork is open, in a database that need not survive a power cut."""
    beside(fieldwork.open_, data, load(study))
    with Server(study, data, public_key=make_keys().public, durable=False) as server:
        yield server
