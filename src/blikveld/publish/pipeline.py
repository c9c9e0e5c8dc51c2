"""From a snapshot to a report: count, suppress, write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from blikveld import inclusion
from blikveld.disclosure import Release
from blikveld.disclosure.ledger import Ledger, ReleaseKind
from blikveld.publish import interview_material, table_files
from blikveld.publish.clearing import clear
from blikveld.publish.table_files import formats_of
from blikveld.report import FunnelStep, Report, ReportFunnel, build, model, tables
from blikveld.report.interviews import Interviews
from blikveld.report.writers import docx, html, pdf, pptx, xlsx
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study

Tell = Callable[[str], None]


class Format(Enum):
    """A kind of file that a report is written as."""

    PDF = "pdf"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"


_WRITERS: Mapping[Format, Callable[[Report, Path], None]] = {
    Format.PDF: pdf.write,
    Format.HTML: html.write,
    Format.DOCX: docx.write,
    Format.PPTX: pptx.write,
}


_NAMES: Mapping[Format, str] = {
    Format.XLSX: "tables",
    Format.PPTX: "slides",
    Format.CSV: "tables",
}


def formats(names: Iterable[str]) -> tuple[Format, ...]:
    """Formats by name, each given alone or several with commas. Raises BlikveldError."""
    known = [kind.value for kind in Format]
    wanted = formats_of(names, known, "A report cannot be written as {}.")
    return tuple(map(Format, wanted))


def write_report(
    study: Study,
    snapshot: Snapshot,
    out: Path,
    languages: Sequence[str],
    tell: Tell = lambda what: None,
    kinds: Sequence[Format] = tuple(Format),
    interviews: Interviews | None = None,
    ledger: Ledger | None = None,
    kind: ReleaseKind = ReleaseKind.FINAL,
) -> list[Path]:
    """Write the report in each format, and beside it the list of every printed number.

    Everything printed was released under the study's policy, together with all that it publishes.
    Quotes are those of `interviews`, or of the interviews that ship with the study when none are
    given. With a `ledger` what was released before stays as it was. `tell` hears what is done.
    Raises ClaimError when a sentence is not true of this snapshot, and CannotPrint; then nothing
    is written: files come to stand in `out` when all are made.
    """
    tell("counting and clearing")
    placed = {key for language in languages for key in tables(study, language)}
    every = clear(study, snapshot, languages, ledger=ledger, kind=kind)
    cleared = every.only([plan.key for plan in study.tables if plan.key in placed])
    said = interview_material.material_of_study(study) if interviews is None else interviews
    funnel, standing = _funnel(study, snapshot, cleared.policy.rounding_base), snapshot.origin
    reports = {
        language: build(study, cleared, funnel, language, standing, said) for language in languages
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=".blikveld-") as apart:
        made = [
            path
            for language in languages
            for path in _write(study, cleared, reports[language], said, Path(apart), tell, kinds)
        ]
        files = [_moved(path, out) for path in made]
    html.write_offer(list(reports.values()), out / "index.html")
    return [*files, out / "index.html"]


def _moved(path: Path, out: Path) -> Path:
    """A file or folder that is whole, put in its place over an earlier one."""
    out.mkdir(exist_ok=True)
    backup_folder = out / path.name
    if backup_folder.is_dir():
        shutil.rmtree(backup_folder)
    return path.replace(backup_folder)


def _write(
    study: Study,
    cleared: Release,
    report: Report,
    said: Interviews,
    out: Path,
    tell: Tell,
    kinds: Sequence[Format],
) -> Iterator[Path]:
    for kind in kinds:
        path = out / f"{_NAMES.get(kind, 'report')}-{report.language}.{kind.value}"
        tell(path.name)
        if kind is Format.XLSX:
            xlsx.write(study, cleared, report.language, path, said, report.standing, report)
        elif kind is Format.CSV:
            table_files.write_csv(study, cleared, report.language, path)
            metadata = path.with_name(f"{path.name}-metadata.json")
            table_files.write_metadata(path, metadata, _about(report))
            yield metadata
        else:
            _WRITERS[kind](report, path)
        yield path
        if kind is Format.HTML:
            yield path.with_suffix("")
    numbers = out / f"numbers-{report.language}.jsonl"
    model.write_manifest(numbers, report.entries)
    yield numbers


def _about(report: Report) -> dict[str, str]:
    """What a catalogue of data says of the numbers of a report."""
    cover = report.cover
    return {
        "title": report.title,
        "language": report.language,
        "creator": cover.authors if cover else "",
        "publisher": cover.publisher if cover else "",
        "issued": cover.date if cover else "",
        "description": report.warning,
        "source": f"snapshot {report.snapshot}",
    }


def _funnel(study: Study, snapshot: Snapshot, base: int | None) -> ReportFunnel:
    """Who left by which rule; rounded where the numbers of the tables are."""
    found = inclusion.funnel(study, snapshot)
    remained = [_rounded(n, base) for n in (found.started, *(s.remained for s in found.stages))]
    steps = (
        FunnelStep(stage.step.key, stage.step.label, before - after, after)
        for stage, before, after in zip(found.stages, remained, remained[1:], strict=False)
    )
    return ReportFunnel(remained[0], tuple(steps))


def _rounded(number: int, base: int | None) -> int:
    return number if base is None else number // base * base
