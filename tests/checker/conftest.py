"""Writes the invented documents of this folder in every format the checker reads."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from zipfile import ZipFile

import pytest
import typst
from openpyxl import Workbook

NOTE = re.compile(r"\[\^(\d+)\]")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a table (then with rows)."""

    text: str
    heading: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Made:
    """A document: blocks with `[^1]` in their text, and the footnotes."""

    blocks: tuple[Block, ...]
    notes: dict[str, str]


def made(path: Path) -> Made:
    """Read one of the Markdown documents of this folder."""
    notes: dict[str, str] = {}
    blocks: list[Block] = []
    for part in re.split(r"\n\n|\n(?=\[\^\d+\]:)", path.read_text(encoding="utf-8").strip()):
        if note := re.fullmatch(r"\[\^(\d+)\]: (.*)", part):
            notes[note[1]] = note[2]
        elif part.startswith("|"):
            lines = [line.strip("|").split("|") for line in part.split("\n")]
            rows = tuple(tuple(cell.strip() for cell in line) for line in lines)
            blocks.append(Block("", rows=(rows[0], *rows[2:])))
        else:
            blocks.append(Block(part.lstrip("# "), heading=part.startswith("#")))
    return Made(tuple(blocks), notes)


def _flat(document: Made) -> Iterator[Block]:
    """Blocks with footnotes as a PDF's text has them: a glued number, and the note below."""
    for block in document.blocks:
        yield Block(NOTE.sub(r"\1", block.text), block.heading, block.rows)
        for number in NOTE.findall(block.text):
            yield Block(f"{number} {document.notes[number]}")


def write_text(document: Made, path: Path) -> None:
    """Plain text; a table whose cells hold count and percentage is torn apart."""
    lines: list[str] = []
    for block in _flat(document):
        for row in block.rows[1:]:
            both = [re.fullmatch(r"(\d+) \((.*)\)", cell) for cell in row[1:]]
            if all(both):
                lines += [row[0], "", " ".join(m[1] for m in both if m), ""]
                lines += [" ".join(m[2] for m in both if m), ""]
            else:
                lines += [" ".join(row), ""]
        if not block.rows:
            lines += [block.text, ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_html(document: Made, path: Path) -> None:
    """HTML with links to footnotes at the end."""
    parts = ["<!doctype html><html><head><meta charset='utf-8'><title>x</title></head><body>"]
    link = r'<sup><a href="#fn\1" id="ref\1">\1</a></sup>'
    for block in document.blocks:
        if block.rows:
            cells = ["".join(f"<td>{escape(c)}</td>" for c in row) for row in block.rows]
            caption = re.sub("<.*?>", "", parts.pop())
            rows = "".join(f"<tr>{row}</tr>" for row in cells)
            parts.append(f"<table><caption>{caption}</caption>{rows}</table>")
        else:
            tag = "h2" if block.heading else "p"
            parts.append(f"<{tag}>{NOTE.sub(link, escape(block.text))}</{tag}>")
    notes = [
        f'<li id="fn{n}">{escape(text)} <a href="#ref{n}">↩</a></li>'
        for n, text in document.notes.items()
    ]
    parts.append(f"<section class='footnotes'><ol>{''.join(notes)}</ol></section></body></html>")
    path.write_text("\n".join(parts), encoding="utf-8")


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _word_paragraph(text: str) -> str:
    pieces = NOTE.split(text)
    runs = [
        f'<w:r><w:footnoteReference w:id="{piece}"/></w:r>' if index % 2 else _run(piece)
        for index, piece in enumerate(pieces)
    ]
    return f"<w:p>{''.join(runs)}</w:p>"


def write_docx(document: Made, path: Path) -> None:
    """A Word document with real footnotes and tables, one word per run now and then."""
    body: list[str] = []
    for block in document.blocks:
        if block.rows:
            rows = [
                "".join(f"<w:tc>{_word_paragraph(cell)}</w:tc>" for cell in row)
                for row in block.rows
            ]
            body.append(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
        else:
            body.append(_word_paragraph(block.text))
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p>{_run(text)}</w:p></w:footnote>'
        for n, text in document.notes.items()
    )
    with ZipFile(path, "w") as package:
        space = f'xmlns:w="{W}"'
        package.writestr(
            "word/document.xml",
            f"<w:document {space}><w:body>{''.join(body)}</w:body></w:document>",
        )
        package.writestr("word/footnotes.xml", f"<w:footnotes {space}>{notes}</w:footnotes>")


def _typst_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{escaped}"'


def write_pdf(document: Made, path: Path) -> None:
    """A typeset PDF with footnotes at the foot of the page."""
    parts = ["#set page(width: 15cm, height: 24cm)"]
    for block in document.blocks:
        if block.rows:
            cells = ", ".join(f"[{_typst_text(c)}]" for row in block.rows for c in row)
            parts.append(f"#table(columns: {len(block.rows[0])}, {cells})")
            continue
        pieces = NOTE.split(block.text)
        parts.append(
            "".join(
                f"#footnote[{_typst_text(document.notes[piece])}]"
                if index % 2
                else _typst_text(piece)
                for index, piece in enumerate(pieces)
            )
        )
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(parts), encoding="utf-8")
    typst.compile(source, output=path)


def write_xlsx(document: Made, path: Path) -> None:
    """A workbook: sentences in the first column, percentages as numbers with a format."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for block in _flat(document):
        if not block.rows:
            sheet.append([block.text])
            continue
        for row in block.rows:
            sheet.append([_number(cell) for cell in row])
            for cell, text in zip(sheet[sheet.max_row], row, strict=False):
                if re.fullmatch(r"\d+([.,]\d)?%", text):
                    cell.number_format = "0.0%" if "," in text or "." in text else "0%"
    book.save(path)


def _number(text: str) -> str | int | float:
    if re.fullmatch(r"\d+([.,]\d)?%", text):
        return round(float(text[:-1].replace(",", ".")) / 100, 6)
    return int(text) if text.isdigit() else text


def write_csv(document: Made, path: Path) -> None:
    """Comma separated values: a row per sentence, and the tables."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for block in _flat(document):
            writer.writerows(block.rows or [(block.text,)])


def write_markdown(document: Made, path: Path) -> None:
    """Markdown as it is written by hand."""
    parts: list[str] = []
    for block in document.blocks:
        if block.rows:
            lines = [f"| {' | '.join(row)} |" for row in block.rows]
            lines.insert(1, "|" + "---|" * len(block.rows[0]))
            parts.append("\n".join(lines))
        else:
            parts.append(f"## {block.text}" if block.heading else block.text)
    parts += [f"[^{n}]: {text}" for n, text in document.notes.items()]
    path.write_text("\n\n".join(parts), encoding="utf-8")


WRITERS: dict[str, Callable[[Made, Path], None]] = {
    "md": write_markdown,
    "txt": write_text,
    "html": write_html,
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "csv": write_csv,
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a document of this folder, such as 'wrong.nl', in a format, such as 'pdf'."""

    def write(name: str, format: str) -> Path:  # noqa: A002
        path = tmp_path / f"{name}.{format}"
        WRITERS[format](made(Path(__file__).with_name(f"{name}.md")), path)
        return path

    return write
