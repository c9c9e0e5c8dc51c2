"""What a full report costs, beside R Markdown when that is installed.

    .venv/bin/python bench/report.py [--repeat 3]

Each line is the command that a researcher runs, as a process of its own, on the reference
respondents: all chapters and annexes of the shipped study. Under it stands what was asked. Seconds
are of the processor, user and system, of the process and what it started; memory is the highest of
the process, in millions of bytes. R Markdown makes a report with as many paragraphs, footnotes,
table rows and bar charts as ours has, and computes its numbers in place from 1,637 rows: it clears
nothing, proves no sentence, tags no PDF and describes no chart. Its PDF takes part when
there is a TeX. Linux only: it asks the kernel.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blikveld.publish import sources
from blikveld.study.load import load

STUDY = "criminele_uitbuiting"
COMMAND = Path(sys.executable).with_name("blikveld")
MOST = {"pdf": (10.0, 600.0), "all": (30.0, 600.0)}
"""Seconds of processor and MB that were asked: a PDF in one language; everything in both."""


@dataclass(frozen=True)
class _Spent:
    """Seconds of processor, and MB of memory where it was highest (a million bytes each)."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class _Size:
    """How much there is in a report."""

    paragraphs: int
    footnotes: int
    tables: int
    rows: int
    pictures: int

    def __str__(self) -> str:
        return (
            f"{self.paragraphs} paragraphs, {self.footnotes} footnotes, {self.tables} tables of "
            f"{self.rows} rows in all, {self.pictures} figures"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    print(_machine())
    with (
        tempfile.TemporaryDirectory() as folder,
        sources.snapshot_or_reference(load(STUDY), None) as snapshot,
    ):
        out = Path(folder)
        ours = _ours(snapshot.folder, out / "one", ("pdf",), ("nl",), repeat)
        _print("blikveld, PDF in one language", ours, MOST["pdf"])
        kinds = ("pdf", "html", "docx", "xlsx")
        everything = _ours(snapshot.folder, out / "all", kinds, ("nl", "en"), repeat)
        _print("blikveld, four formats in two languages", everything, MOST["all"])
        pages = _ours(snapshot.folder, out / "pages", ("html", "docx"), ("nl",), repeat)
        _print("blikveld, HTML and DOCX in one language", pages)
        size = _size(out / "pages" / "report-nl.docx")
        print(f"our report in one language: {size}")
        _peer(size, out, ours, pages, repeat)


def _ours(
    snapshot: Path, out: Path, kinds: Sequence[str], languages: Sequence[str], repeat: int
) -> _Spent:
    wanted = ["--format", ",".join(kinds), "--language", ",".join(languages)]
    command = [str(COMMAND), "report", str(snapshot), "--study", STUDY, "--out", str(out)]
    return _typical([*command, *wanted], out.parent, repeat)


def _typical(command: Sequence[str], folder: Path, repeat: int) -> _Spent:
    runs = [_run(command, folder) for _ in range(repeat)]
    seconds = statistics.median(run.seconds for run in runs)
    return _Spent(seconds, max(run.memory for run in runs))


def _run(command: Sequence[str], folder: Path) -> _Spent:
    """One process to its end. Raises CalledProcessError when it fails."""
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status):
            said.seek(0)
            raise SystemExit(f"{command[0]} failed: {said.read()[-2_000:].decode()}")
    return _Spent(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)


def _size(docx: Path) -> _Size:
    with zipfile.ZipFile(docx) as package:
        body = package.read("word/document.xml").decode()
    in_tables = re.sub(r"<w:tbl>.*?</w:tbl>", "", body, flags=re.DOTALL)
    return _Size(
        paragraphs=len(re.findall(r"<w:p[ >]", in_tables)),
        footnotes=body.count("<w:footnoteReference"),
        tables=body.count("<w:tbl>"),
        rows=len(re.findall(r"<w:tr[ >]", body)),
        pictures=body.count("<w:drawing>"),
    )


def _peer(size: _Size, folder: Path, pdf: _Spent, pages: _Spent, repeat: int) -> None:
    """The same amount of report by R Markdown, or what is lacking for it."""
    if not shutil.which("Rscript"):
        print("R Markdown: R is not installed")
        return
    if not _has_rmarkdown():
        print("R Markdown: R is here, its package rmarkdown (or pandoc) is not")
        return
    source = folder / "peer.Rmd"
    source.write_text(_rmarkdown(size), encoding="utf-8")
    spent = _typical(_render("html_document", "word_document"), folder, repeat)
    _print("R Markdown, HTML and DOCX", spent, like=pages)
    if not shutil.which("pdflatex"):
        print("R Markdown, PDF: no TeX is installed")
        return
    spent = _typical(_render("pdf_document"), folder, repeat)
    _print("R Markdown, PDF (not tagged)", spent, like=pdf)


def _has_rmarkdown() -> bool:
    asked = (
        "stopifnot(requireNamespace('rmarkdown', quietly = TRUE), rmarkdown::pandoc_available())"
    )
    ran = subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False)  # noqa: S603, S607
    return ran.returncode == 0


def _render(*formats: str) -> list[str]:
    wanted = ", ".join(f'"{name}"' for name in formats)
    return ["Rscript", "-e", f'rmarkdown::render("peer.Rmd", c({wanted}), quiet = TRUE)']


def _rmarkdown(size: _Size) -> str:
    """Invented text with a number computed in each paragraph, tables and bar charts."""
    words = "Professionals saw that people were forced into crime, in every kind of work. " * 4
    rows = max(1, round(size.rows / max(1, size.tables)))
    parts = [
        "---\ntitle: Peer\n---\n",
        "```{r setup, include=FALSE}\nknitr::opts_chunk$set(echo = FALSE)\nset.seed(1)",
        "d <- data.frame(job = factor(sample(28, 1637, TRUE)),",
        "                form = factor(sample(9, 1637, TRUE)))",
        f"d$row <- sample({rows}, 1637, TRUE)",
        "```\n",
    ]
    for number in range(max(size.paragraphs, size.tables, size.pictures)):
        if number % 8 == 0:
            parts.append(f"\n## Section {number // 8 + 1}\n")
        job = number % 28 + 1
        share = f"`r round(100 * mean(d$form[d$job == {job}] == {number % 9 + 1}))`%"
        note = f"^[Total n=`r sum(d$job == {job})`.]" if number < size.footnotes else ""
        parts.append(f"{words} It was {share}.{note}\n")
        if number < size.tables:
            parts.append(
                "```{r}\nknitr::kable(table(d$row, d$form), caption = 'Forms by row')\n```\n"
            )
        if number < size.pictures:
            parts.append("```{r, fig.cap='Forms'}\nbarplot(table(d$form), horiz = TRUE)\n```\n")
    return "\n".join(parts)


def _print(
    what: str, spent: _Spent, most: tuple[float, float] | None = None, like: _Spent | None = None
) -> None:
    line = f"{what}: {spent.seconds:.1f} s of processor, {spent.memory:.0f} MB"
    if like is not None:
        line += f"; {spent.seconds / like.seconds:.1f} times ours"
    print(line, flush=True)
    if most is not None:
        _judge("seconds of processor", most[0], spent.seconds, ".1f")
        _judge("MB of memory", most[1], spent.memory, ".0f")


def _judge(what: str, asked: float, measured: float, how: str) -> None:
    met = "met" if measured <= asked else "NOT MET"
    print(f"  {what}: at most {asked:.0f} asked, {measured:{how}} measured: {met}", flush=True)


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    return f"{os.cpu_count()} × {', '.join(sorted(models))}; Python {platform.python_version()}"


if __name__ == "__main__":
    main()
