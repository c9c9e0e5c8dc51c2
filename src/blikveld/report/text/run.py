"""Runs a report's texts and keeps, for every call in them, what was called and where.

In the running text a call becomes a mark of two signs that no keyboard has, around its number.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from blikveld.errors import BlikveldError, Fault, Faults
from blikveld.report.citations import unnamed
from blikveld.report.claims.facts import FalseClaim
from blikveld.report.claims.shares import Claim
from blikveld.report.text.functions import WITHOUT_SHARE, Called, things, vocabulary
from blikveld.rules import format_rule
from blikveld.study.bases import BaseProofs
from blikveld.study.loader.rule_names import Scope, problems
from blikveld.study.model import Study
from blikveld.study.solver import Solver

OPEN, CLOSE = "\ue000", "\ue001"
_DIGIT = re.compile(r"\d[\d.,]*")
_CLAIM_MARKER = re.compile(f"{OPEN}\\d+{CLOSE}")
_TYPED = "A number is typed here; it would not change with the answers."
_UNTYPED = (
    "Let a claim print it, such as {{ count(...) }} or {{ how_many(...) }}. A number from "
    "elsewhere is {{ cited('number', 'source') }}."
)


class ClaimError(Faults):
    """Texts say what is not so, or what cannot be read: every place at once."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call in a text: what it asks for, and the file and line where it stands.

    `title` is what stands between `{% call %}` and `{% endcall %}`, marks included.
    """

    called: Called
    file: str
    line: int
    title: str = ""

    def fault(self, problem: str, mend: str) -> Fault:
        """Return a fault at this place."""
        return Fault("claim", self.file, self.line, problem, mend)


@dataclass(frozen=True, slots=True)
class Recording:
    """Texts with marks, file by file, and the calls that the marks stand for."""

    texts: tuple[tuple[str, str], ...]
    calls: tuple[Call, ...]


def record(study: Study, language: str, files: tuple[Path, ...]) -> Recording:
    """Run the texts. Raises ClaimError with every text that cannot be run."""
    texts, faults = [], []
    with Solver() as solver:
        recorder = _Recorder(study, language, BaseProofs(study, solver))
        for path in files:
            try:
                texts.append((path.name, recorder.run(path)))
            except _Broken as broken:
                faults.append(broken.fault)
        faults.extend(recorder.faults)
    if faults:
        raise ClaimError(faults)
    return Recording(tuple(texts), tuple(recorder.calls))


class _Broken(Exception):
    """A text that cannot be run at all."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class _Recorder:
    def __init__(self, study: Study, language: str, bases: BaseProofs) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._file, self._template = "", Template("")
        self._scope, self._bases = Scope(study.variables), bases
        # The texts come with a study from elsewhere: they may call these words and nothing else.
        # What comes out is Markdown; writers escape it for their own format.
        self._environment = SandboxedEnvironment(
            undefined=StrictUndefined, autoescape=False, finalize=self._counted
        )
        self._environment.globals = {
            name: self._recording(function, of_its_base=name not in WITHOUT_SHARE)
            for name, function in vocabulary(study, language).items()
        } | dict(things(study))

    def run(self, path: Path) -> str:
        """Return the text of a file with marks for its calls."""
        before = len(self.calls)
        text = self._run(path)
        self._all_named(self.calls[before:])
        return text

    def _run(self, path: Path) -> str:
        self._file = f"{path.parent.name}/{path.name}"
        source = path.read_text(encoding="utf-8")
        try:
            self._no_typed_numbers(source)
            code = self._environment.compile(source, path.name, str(path))
            self._template = Template.from_code(self._environment, code, self._globals())
            text: str = self._template.render()
        except TemplateSyntaxError as error:
            raise self._broken(error.lineno, str(error.message)) from None
        except (TemplateError, TypeError, ValueError, BlikveldError) as error:
            raise self._broken(self._line_of(error.__traceback__), str(error)) from None
        return text

    def _globals(self) -> dict[str, object]:
        return dict(self._environment.globals)

    def _no_typed_numbers(self, source: str) -> None:
        for line, kind, value in self._environment.lex(source):
            if kind != "data":
                continue
            for match in _DIGIT.finditer(value):
                at = line + value[: match.start()].count("\n")
                self.faults.append(Fault("typed-number", self._file, at, _TYPED, _UNTYPED))

    @pass_context
    def _counted(self, _: Context, value: object) -> object:
        """What `{{ }}` prints, unless it is a number between quotes. Loops count by themselves."""
        if isinstance(value, str) and _DIGIT.search(_CLAIM_MARKER.sub("", value)):
            self.faults.append(Fault("typed-number", self._file, self._line(), _TYPED, _UNTYPED))
        return value

    def _all_named(self, calls: Sequence[Call]) -> None:
        """A text that takes a number from a source names that source."""
        claims = [call.called for call in calls if isinstance(call.called, Claim)]
        for key in unnamed(claims):
            first = next(c for c in calls if isinstance(c.called, Claim) and key in c.called.cites)
            problem = f"A number is cited from {key!r}, and this text does not name that source."
            mend = f"Write {{{{ source({key!r}) }}}} behind the number."
            self.faults.append(Fault("source-not-named", self._file, first.line, problem, mend))

    def _recording(
        self, function: Callable[..., Called], *, of_its_base: bool
    ) -> Callable[..., str]:
        def call(*given: object, **named: object) -> str:
            inside, everybody = named.pop("caller", None), named.pop("not_asked", not of_its_base)
            line = self._line()
            try:
                called = function(*given, **named)
            except (FalseClaim, BlikveldError) as error:
                problem = error.problem
                self.faults.append(Fault("claim", self._file, line, problem, error.mend))
                return ""
            misread = tuple(self._misread(called, line))
            self.faults.extend(misread)
            if not (misread or everybody):
                self.faults.extend(self._beyond(called, line))
            title = str(inside()).strip() if callable(inside) else ""
            self.calls.append(Call(called, self._file, line, title))
            return f"{OPEN}{len(self.calls) - 1}{CLOSE}"

        return call

    def _misread(self, called: Called, line: int) -> Iterator[Fault]:
        """What the rules of a call name that the study does not have."""
        rules = dict.fromkeys(r for ask in called.asks for r in (ask.base_rule, ask.rule))
        found = (problem for rule in rules for problem in problems(rule, self._scope))
        for problem in dict.fromkeys(found):
            yield Fault(problem.code, self._file, line, problem.problem, problem.mend)

    def _beyond(self, called: Called, line: int) -> Iterator[Fault]:
        """The first number of a call that counts people who were never asked it."""
        for ask in called.asks:
            route = self._bases.missing_route(ask.base_rule, ask.rule)
            if route is not None:
                base, asked = format_rule(ask.base_rule), format_rule(route)
                problem = f"Not everybody in {base!r} was asked what is counted here."
                mend = f'Add "{asked}" to of=, or say not_asked=True to count the others with them.'
                yield Fault("base-beyond-asked", self._file, line, problem, mend)
                return

    def _line(self) -> int:
        # Jinja tells a function that a text calls no line, so walk Python's frames to the template.
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
            if frame.f_code.co_filename == self._template.filename:
                return int(self._template.get_corresponding_lineno(frame.f_lineno))
        return 0

    def _line_of(self, trace: TracebackType | None) -> int:
        # Jinja puts lines of a text into a traceback under its file's name; other frames are ours.
        lines = [
            at.tb_lineno for at in _walk(trace) if at.tb_frame.f_code.co_filename.endswith(".md")
        ]
        return lines[-1] if lines else 0

    def _broken(self, line: int, problem: str) -> _Broken:
        mend = "See docs/report.md for the words that a report text may call."
        return _Broken(Fault("report-text", self._file, line or None, f"{problem}.", mend))


def _walk(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next
