"""A report as a value, before it becomes a file, and the list of every number it prints.

Writers walk the report and decide nothing. The list says what each number was made from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from blikveld.atomic_files import whole
from blikveld.results.cell import DataOrigin
from blikveld.study.model import Text


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One number in one place.

    `count` and `base` are None where they are suppressed; then `low` and `high` are the ends
    between
    which the count lies. `printed` is what the reader sees.
    `cell` is the id of the Cell: the same number in two places has the same id.
    """

    cell: str
    location: str
    printed: str
    count: int | None
    base: int | None
    base_rule: str
    rule: str
    snapshot: str
    fixed: bool = True
    mentions: bool = False
    low: int | None = None
    high: int | None = None


def write_manifest(path: Path, entries: Iterable[ManifestEntry]) -> None:
    """Write one JSON object a line, in the order given; either the whole file or nothing."""
    lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in entries)
    with whole(path) as half:
        half.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_manifest(path: Path) -> tuple[ManifestEntry, ...]:
    """Read what `write_manifest` wrote."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(ManifestEntry(**json.loads(line)) for line in lines)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One inclusion rule in the funnel: how many left by it, how many remained.

    `label` says in readers' words who leaves: 'did not complete the questionnaire'.
    """

    key: str
    label: Text
    left: int
    remained: int


@dataclass(frozen=True, slots=True)
class ReportFunnel:
    """From everybody who began to everybody in the tables."""

    started: int
    steps: tuple[FunnelStep, ...]

    @property
    def remained(self) -> int:
        """How many respondents the report is about."""
        return self.steps[-1].remained if self.steps else self.started


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """Text that was printed from cells, whose ids it carries."""

    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    """Where a footnote is called. `note` is its number, from 1."""

    note: int


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed text; `strong` is the stronger kind."""

    parts: tuple[Inline, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """Text that leads somewhere."""

    parts: tuple[Inline, ...]
    target: str


Inline: TypeAlias = TextRun | Number | FootnoteReference | Emphasis | Hyperlink
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title in the text. `number` is '4.1', or empty where headings carry none."""

    level: int
    number: str
    parts: Inlines
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. With `aside` it is set apart, such as a note on reading; a `lead` opens."""

    parts: Inlines
    aside: bool = False
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; every item is a row of paragraphs or lists."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody else's words; with `aside` a box of our own under a bold title."""

    blocks: tuple[Block, ...]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class KeyMessage:
    """One of the messages of a summary: its title, and under it why. `label` may be empty.

    Two of them share the width of a page.
    """

    label: str
    title: Inlines
    parts: Inlines


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number to be seen at once, four beside each other.

    `share` is how much of a bar is filled, None for a number of people or things.
    """

    value: Number
    share: float | None
    parts: Inlines
    base: Inlines


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words from an interview. `by` is who is quoted: '(Youth worker C)'.

    `language` is that of the words where it is another than the report's, else empty.
    """

    words: str
    language: str
    by: str


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """What one cell shows: a count, and under it a share where there is one."""

    count: str
    share: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of a table; totals stand out. `level` is that of results.cell.Row."""

    label: str
    cells: tuple[PrintedCell, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that belong together and stay on one page; `label` is empty where there is one group."""

    label: str
    lines: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption and notes.

    `label` is 'Table 2' or 'Annex C'. `heads` has one entry a column of numbers; `corner` names
    the row labels, the group's first where there are groups. With `beside` shares stand behind
    their counts and not under them.
    """

    anchor: str
    label: str
    title: Inlines
    subtitle: str
    corner: tuple[str, ...]
    heads: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    notes: tuple[str, ...] = ()
    beside: bool = False

    @property
    def grouped(self) -> bool:
        """Whether groups of rows have a column of their own for their name."""
        return any(group.label for group in self.groups)


@dataclass(frozen=True, slots=True)
class FigureNumber:
    """What was released of one bar or dot.

    `low` and `high` are the ends of its range, and equal where `count` is known; all three are
    None where nothing may be told. `base` is None where it is not printed.
    """

    group: str
    answer: str
    count: int | None
    low: int | None
    high: int | None
    base: int | None
    invented: bool
    printed: str


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A chart, drawn when a writer asks for it. `description` says all that it shows.

    Two that are `half` as wide as the page stand beside each other.
    """

    anchor: str
    label: str
    title: Inlines
    subtitle: str
    numbers: tuple[FigureNumber, ...]
    description: str
    data: TableBlock
    draw_wide: Callable[[], str] = field(repr=False, compare=False)
    draw_narrow: Callable[[], str] = field(repr=False, compare=False)
    notes: tuple[str, ...] = ()
    half: bool = False

    @property
    def wide(self) -> str:
        """The chart for paper and large screens, as an SVG file."""
        return self.draw_wide()

    @property
    def narrow(self) -> str:
        """The chart for telephones, as an SVG file."""
        return self.draw_narrow()


Block: TypeAlias = (
    Heading
    | Paragraph
    | Listing
    | Quotation
    | Spoken
    | TableBlock
    | FigureBlock
    | KeyMessage
    | KeyFigure
)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the foot of the page, numbered through the report."""

    number: int
    parts: Inlines


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first page shows beside the title.

    `drawing` is a picture made from the data, empty where a study asks for none; `description`
    says what it shows, and `key` how it is read.
    """

    authors: str
    publisher: str
    date: str
    drawing: str = field(default="", repr=False)
    description: str = ""
    key: str = ""

    @property
    def imprint(self) -> str:
        """Who published it, and when."""
        return f"{self.publisher}, {self.date}"


@dataclass(frozen=True)
class Report:
    """Everything a writer needs. `date` is an ISO date: that of the end of the fieldwork."""

    study: str
    version: str
    snapshot: str
    language: str
    title: str
    subtitle: str
    date: str
    standing: DataOrigin
    warning: str
    about: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Footnote, ...]
    entries: tuple[ManifestEntry, ...] = field(repr=False)
    words: Mapping[str, str] = field(repr=False, default_factory=dict)
    cover: Cover | None = None

    @property
    def version_line(self) -> str:
        """Of which study and version it is, in words."""
        return self.words["version"].format(study=self.study, version=self.version)

    @property
    def snapshot_line(self) -> str:
        """From what it was made, in words."""
        return self.words["snapshot"].format(digest=self.snapshot)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The titles for a table of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def figures(self) -> tuple[FigureBlock, ...]:
        """The charts, for their list in the contents."""
        return tuple(block for block in self.blocks if isinstance(block, FigureBlock))

    @property
    def tables(self) -> tuple[TableBlock, ...]:
        """The tables with a label of their own; others stand under a heading that names them."""
        return tuple(b for b in self.blocks if isinstance(b, TableBlock) and b.label)


def plain(parts: Inlines) -> str:
    """Return the text of inlines without marks, for places that hold no markup."""
    return "".join(_plain(part) for part in parts)


def _plain(part: Inline) -> str:
    match part:
        case TextRun(text) | Number(text):
            return text
        case Emphasis(parts) | Hyperlink(parts):
            return plain(parts)
        case FootnoteReference():
            return ""
