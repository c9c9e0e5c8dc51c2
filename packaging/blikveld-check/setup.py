"""Leaves out what the checker alone does not need of the shared package."""

from setuptools import setup
from setuptools.command.build_py import build_py

KEPT = {"blikveld": {"__init__", "errors"}}
LEFT_OUT = {"blikveld.checker": {"rederive"}}


class OnlyTheChecker(build_py):
    """Copies the checker and the errors it tells, and no other module."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        found = super().find_package_modules(package, package_dir)
        kept, left_out = KEPT.get(package), LEFT_OUT.get(package, set())
        return [m for m in found if m[1] not in left_out and (kept is None or m[1] in kept)]


setup(cmdclass={"build_py": OnlyTheChecker})
