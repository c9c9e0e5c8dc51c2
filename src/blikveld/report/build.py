"""From texts and cleared numbers to a report."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from blikveld.disclosure import Release
from blikveld.errors import BlikveldError, Fault
from blikveld.report import citations, footnotes, printed
from blikveld.report.charts import cover, figures
from blikveld.report.charts.data import Plot
from blikveld.report.charts.figures import DotMap, FigureTable, draw_figure, list_numbers
from blikveld.report.charts.figures import list_bar_entries as figure_entries
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import Claim
from blikveld.report.footnotes import InfluenceTable
from blikveld.report.interviews import (
    NONE,
    Interviews,
    ThemeCount,
    coverage,
    quoted,
    speakers,
    theme_count,
    topics,
)
from blikveld.report.model import (
    Block,
    Heading,
    Inlines,
    KeyFigure,
    KeyMessage,
    ManifestEntry,
    Number,
    Report,
    ReportFunnel,
    TableBlock,
    TextRun,
)
from blikveld.report.printed import print_questionnaire
from blikveld.report.text import files
from blikveld.report.text.files import find_words
from blikveld.report.text.functions import PlacedBlock
from blikveld.report.text.parse import Numbering, blocks, inlines
from blikveld.report.text.run import CLOSE, OPEN, Call, ClaimError, Recording, record
from blikveld.report.writers import shared
from blikveld.report.writers.shared import split_wide
from blikveld.results.cell import CellRequest, DataOrigin, StatisticRequest
from blikveld.results.formatting import percent
from blikveld.study.model import Study


def asks(study: Study, language: str) -> frozenset[CellRequest]:
    """Return everything that has to be counted for the texts of a report in one language.

    Raises ClaimError with every place of the texts that cannot be read, and BlikveldError for a
    language that the study or its report does not have.
    """
    recording, picture = _recorded(study, language), cover.plot_cover(study)
    asks = (ask for call in recording.calls for ask in call.called.asks)
    return frozenset(asks) | frozenset(picture.asks if picture else ())


def required_cells(study: Study, language: str) -> frozenset[CellRequest]:
    """Return those of `asks` that sentences need; a chart can do without a number, a sentence
    cannot.
    """
    calls = (call.called for call in _recorded(study, language).calls)
    return frozenset(ask for found in calls if isinstance(found, Claim) for ask in found.asks)


def statistics(study: Study, language: str) -> frozenset[StatisticRequest]:
    """Return everything that has to be tested for the texts of a report in one language."""
    calls = (call.called for call in _recorded(study, language).calls)
    return frozenset(a for found in calls if isinstance(found, Claim) for a in found.statistics)


def tables(study: Study, language: str) -> frozenset[str]:
    """Return the keys of the tables that the texts of a report in one language place."""
    calls = (call.called for call in _recorded(study, language).calls)
    placed = [found for found in calls if isinstance(found, PlacedBlock)]
    if any(found.kind == "tables" for found in placed):
        return frozenset(plan.key for plan in study.tables)
    return frozenset(found.key for found in placed if found.kind in ("table", "annex"))


def quote_sections(study: Study, language: str) -> Mapping[str, str]:
    """Return where the texts of a report print quotes of interviews, in order: key and heading
    above.
    """
    headings = files.read_headings(study, language)
    found: dict[str, str] = {}
    for call in _recorded(study, language).calls:
        if isinstance(call.called, PlacedBlock) and call.called.kind == "quotes":
            above = [t for at, t in headings[Path(call.file).name].items() if at <= call.line]
            found.setdefault(call.called.key, above[-1] if above else call.called.key)
    return found


def build(
    study: Study,
    release: Release,
    funnel: ReportFunnel,
    language: str,
    standing: DataOrigin = DataOrigin.FIELDWORK,
    interviews: Interviews = NONE,
) -> Report:
    """Return the report in one language. The release holds what `asks` and `statistics` list.

    Raises ClaimError with every claim that is not true or may not be printed, with its place, and
    with every quote that the texts have no place for. Raises MissingFont.
    """
    shared.find_fonts()
    recording = _recorded(study, language)
    settings = files.read_settings(study)
    facts = Facts(study, release, funnel, language, settings, interviews, standing)
    writer = _ReportWriter(facts, recording)
    made = writer.all()
    writer.entries.extend(cover.list_cover_entries(facts))
    faults = [*writer.faults, *_lost(interviews, quote_sections(study, language), language)]
    if faults:
        raise ClaimError(faults)
    spoken = find_words(language)
    warning = {
        DataOrigin.FIELDWORK: "",
        DataOrigin.REFERENCE: facts.say("reference_warning"),
        DataOrigin.MADE_UP: facts.say("made_up_warning"),
    }[standing]
    return Report(
        study=study.key,
        version=study.version,
        snapshot=_snapshot(release),
        language=language,
        title=study.title[language],
        subtitle=settings.subtitle[language],
        date=study.fieldwork.last.isoformat(),
        standing=standing,
        warning=warning,
        about=tuple(text[language] for text in settings.about),
        blocks=made,
        notes=tuple(writer.footnotes.made),
        entries=tuple(writer.entries),
        words=spoken,
        cover=cover.draw_cover(facts),
    )


def _lost(interviews: Interviews, known: Container[str], language: str) -> Iterator[Fault]:
    """Quotes that would be left out without a word."""
    for section in interviews.sections:
        if section not in known:
            problem = f"No text in {language!r} prints the quotes of {section!r}."
            mend = f"Write {{{{ quotes({section!r}) }}}} in one, or give the quotes another place."
            yield Fault("quotes", "report", None, problem, mend)


def _recorded(study: Study, language: str) -> Recording:
    find_words(language)
    paths = files.find_files(study, language)
    return _once(
        _LoadedStudy(study), language, paths, tuple(file.stat().st_mtime_ns for file in paths)
    )


@dataclass(frozen=True, eq=False)
class _LoadedStudy:
    """A study that equals itself alone, for a look-up: its content is slow to compare."""

    study: Study

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _LoadedStudy) and self.study is other.study

    def __hash__(self) -> int:
        # Safe although an id may come again: the cache of _once keeps the study alive.
        return id(self.study)


@lru_cache(maxsize=4)
def _once(
    of: _LoadedStudy, language: str, paths: tuple[Path, ...], written: tuple[int, ...]
) -> Recording:
    """Texts are run once for all that is asked of them, and anew when a file was `written`."""
    return record(of.study, language, paths)


def _snapshot(release: Release) -> str:
    cells = (cell for table in release.tables.values() for row in table.rows for cell in row.cells)
    first = next(iter(release.cells.values()), None) or next(cells, None)
    return first.source.snapshot if first is not None else ""


class _ReportWriter:
    """Resolves the marks of the texts, and keeps count of figures, tables, notes and numbers."""

    def __init__(self, facts: Facts, recording: Recording) -> None:
        self._facts, self._recording = facts, recording
        self._numbering = Numbering()
        self._figures = self._tables = self._messages = 0
        self._noted = True
        self._quoted: frozenset[str] = frozenset()
        self.footnotes = footnotes.Footnotes(facts)
        self.entries: list[ManifestEntry] = []
        self.faults: list[Fault] = []

    def all(self) -> tuple[Block, ...]:
        """Return the blocks of all texts."""
        return tuple(made for _, text in self._recording.texts for made in self._of(text))

    def _of(self, text: str) -> Iterator[Block]:
        self._messages = 0
        for block in blocks(text, self, self._numbering):
            yield from split_wide(block, find_words(self._facts.language)["part"])

    def is_block(self, call: int) -> bool:
        """Return whether a call stands in a place of its own."""
        return not isinstance(self._recording.calls[call].called, Claim)

    def inline(self, marks: Sequence[str | int]) -> Inlines:
        """Text and claims as inlines, with marks for their footnotes."""
        made = self.footnotes.inlines([self._piece(piece) for piece in marks], noted=self._noted)
        self.entries.extend(
            printed.entry(cell, "footnote", percent(cell.count, cell.base, self._facts.language))
            for cell in self.footnotes.without
        )
        self.footnotes.without.clear()
        return made

    def _piece(self, piece: str | int) -> str | footnotes.PrintedClaim:
        return piece if isinstance(piece, str) else self._said(self._recording.calls[piece])

    def _said(self, call: Call) -> footnotes.PrintedClaim:
        section = f"{call.file}:{call.line}"
        if not isinstance(call.called, Claim):
            self.faults.append(
                call.fault("A figure or table stands inside a sentence.", "Give it its own line.")
            )
            return footnotes.PrintedClaim("")
        try:
            said = call.called.say(self._facts)
        except (FalseClaim, BlikveldError) as error:
            self.faults.append(call.fault(error.problem, error.mend))
            return footnotes.PrintedClaim("")
        self.entries.extend(printed.entry(cell, section, said.text) for cell in said.cells)
        ids = tuple(dict.fromkeys(cell.id for cell in said.cells))
        if said.statistic is not None:
            self.entries.append(printed.tested(said.statistic, section, said.text))
            ids = (*ids, said.statistic.id)
        return footnotes.PrintedClaim(said.text, ids, said.noted, said.note)

    def blocks(self, call: int) -> Sequence[Block]:
        """Return the figure, table or funnel that a call stands for."""
        wanted = self._recording.calls[call]
        try:
            return tuple(self._placed(wanted))
        except (FalseClaim, BlikveldError) as error:
            self.faults.append(wanted.fault(error.problem, error.mend))
            return ()

    def _placed(self, call: Call) -> Iterator[Block]:
        # The chart shows what its title says, with the base under it: no footnotes there.
        self._noted = False
        title = inlines(call.title, self) if call.title else ()
        self._noted = True
        match call.called:
            case Plot() as plot:
                yield self._figure(plot, title, call)
            case DotMap() as found:
                yield self._map(found, title)
            case InfluenceTable():
                self.entries.extend(footnotes.list_entries(self._facts, f"{call.file}:{call.line}"))
                yield footnotes.tabulate_influences(self._facts, self._numbering.anchor("zonder"))
            case FigureTable() as found:
                yield self._listing(found, title, call)
            case PlacedBlock("table" | "annex" | "tables" | "funnel"):
                yield from self._tabulated(call.called)
            case PlacedBlock("quotes", section):
                self._quoted = speakers(self._facts.interviews, section, self._facts.language)
                yield from quoted(self._facts.interviews, section, title, self._facts.language)
            case PlacedBlock("message" | "key_figure"):
                yield self._summed(call.called, title)
            case PlacedBlock("theme_count" | "interviewed"):
                yield from self._of_interviews(call.called)
            case PlacedBlock("sources" | "questionnaire" | "topics"):
                yield from self._of_study(call.called)

    @property
    def _released(self) -> tuple[str, ...]:
        return tuple(self._facts.release.tables)

    def _label(self, kind: str) -> str:
        if kind == "figure":
            self._figures += 1
            return f"{find_words(self._facts.language)['figure']} {self._figures}"
        self._tables += 1
        return f"{find_words(self._facts.language)['table']} {self._tables}"

    def _figure(self, plot: Plot, title: Inlines, call: Call) -> Block:
        label = self._label("figure")
        self.entries.extend(figure_entries(plot, self._facts, label))
        if not title:
            title = (TextRun(self._facts.labels.label(plot.variable)),)
        anchor = self._numbering.anchor(f"figuur-{plot.key}")
        return draw_figure(plot, self._facts, title, label, anchor)

    def _map(self, wanted: DotMap, title: Inlines) -> Block:
        label = self._label("figure")
        self.entries.extend(figures.list_dot_entries(wanted, self._facts, label))
        anchor = self._numbering.anchor(f"figuur-{wanted.plot.key}")
        return figures.draw_dots(wanted, self._facts, title, label, anchor)

    def _summed(self, placed: PlacedBlock, title: Inlines) -> KeyMessage | KeyFigure:
        """What a summary shows at once: a message with its number, or a number with its words."""
        if placed.kind == "key_figure":
            return self._key_figure(placed.key, title)
        self._messages += bool(placed.key)
        return printed.message(title, str(self._messages) if placed.key else "")

    def _key_figure(self, mark: str, about: Inlines) -> KeyFigure:
        """A claim that stands large, with its words and its base under it."""
        call = mark.strip(OPEN + CLOSE)
        if not call.isdigit():
            problem = f"{mark!r} is no claim, and a key figure shows one."
            raise FalseClaim(problem, "Write, for instance, key_figure(share(...)).")
        said = self._said(self._recording.calls[int(call)])
        value = Number(said.text, said.cells)
        return printed.key_figure(self._facts, value, next(iter(said.noted), None), about)

    def _listing(self, wanted: FigureTable, title: Inlines, call: Call) -> TableBlock:
        label = self._label("table") if wanted.numbered else ""
        section = label or f"{call.file}:{call.line}"
        self.entries.extend(figure_entries(wanted.plot, self._facts, section))
        anchor = self._numbering.anchor(("tabel-" if label else "") + wanted.plot.key)
        return list_numbers(wanted, self._facts, title, label, anchor)

    def _tabulated(self, placed: PlacedBlock) -> Iterator[Block]:
        """A table of the plan, all of them, or the funnel."""
        match placed.kind:
            case "table":
                yield self._table(placed.key, self._label("table"))
            case "annex":
                yield from self._annex(placed.key)
            case "tables":
                yield from (self._table(key, self._label("table")) for key in self._released)
            case _:
                anchor = self._numbering.anchor("tabel-funnel")
                yield printed.tabulate_funnel(self._facts, self._label("table"), anchor)

    def _table(self, key: str, label: str) -> TableBlock:
        found = self._facts.table(key)
        self.entries.extend(printed.entries(found, self._facts.language, label))
        return printed.table(self._facts, found, label, self._numbering.anchor(f"tabel-{key}"))

    def _annex(self, key: str) -> Iterator[Block]:
        """A table under a heading of its own, named after its place."""
        found = self._facts.table(key)
        section = found.number[self._facts.language]
        parts = (TextRun(f"{section}. {found.title[self._facts.language]}"),)
        yield Heading(2, "", parts, self._numbering.anchor(section))
        yield replace(self._table(key, section), title=(), label="")

    def _of_study(self, placed: PlacedBlock) -> Iterator[Block]:
        """What needs no count: the sources that the texts name, what was asked in which words."""
        if placed.kind == "sources":
            claims = [c.called for c in self._recording.calls if isinstance(c.called, Claim)]
            yield citations.listed(citations.load(self._facts.study), claims, self._facts.language)
        elif placed.kind == "topics":
            yield from topics(self._facts.interviews, self._facts.language)
        else:
            yield from print_questionnaire(self._facts, self._numbering.anchor)

    def _of_interviews(self, placed: PlacedBlock) -> Iterator[Block]:
        found, language = self._facts.interviews, self._facts.language
        if not found.held:
            return
        if placed.kind == "theme_count":
            yield theme_count(found, self._counted(placed.key), language)
        else:
            anchor = self._numbering.anchor(f"tabel-{placed.key}")
            yield coverage(found, placed.key, self._label("table"), anchor, language)

    def _counted(self, key: str) -> ThemeCount:
        """A theme whose count agrees with the quotes above it. Raises FalseClaim."""
        theme, quoted_here = self._facts.theme(key), len(self._quoted)
        self._quoted = frozenset()
        if quoted_here > theme.interviews:
            raise FalseClaim(
                f"{quoted_here} people are quoted right above, and theme {key!r} counts "
                f"{theme.interviews} interviews.",
                "Count a theme under which all these quotes stand, or code them so.",
            )
        return theme
