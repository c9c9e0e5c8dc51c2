"""Every public statistic brings an example that runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import blikveld.stats

MODULES = [
    f"blikveld.stats.{module.name}" for module in pkgutil.iter_modules(blikveld.stats.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_has_an_example(name: str) -> None:
    module = importlib.import_module(name)
    public = [
        (key, function)
        for key, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == name and not key.startswith("_")
    ]
    plumbing = {"influence_of_means", "joint"}
    without = [key for key, f in public if ">>>" not in (f.__doc__ or "") and key not in plumbing]
    assert without == []
