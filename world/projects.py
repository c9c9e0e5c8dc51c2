"""Projects of other programs (.qdpx): counts beside those of their own XML, and the way out again.

python world/projects.py DIR

DIR holds `qdpx/*.qdpx`, `qdpx/*.qdc` and `sources.csv` with the columns file, repository and
commit. The results go to `projects.md` beside this file.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from provenance import list_sources, tell_when

from blikveld.errors import BlikveldError
from blikveld.interviews import exchange, refi
from blikveld.interviews.deidentification import Context
from blikveld.interviews.workspace import Workspace

TABLE = Path(__file__).with_suffix(".md")
_COUNTED = {
    "texts": ".//{*}Sources/{*}TextSource",
    "codes": ".//{*}CodeBook//{*}Code",
    "passages": ".//{*}Sources/{*}TextSource/{*}PlainTextSelection",
    "codings": ".//{*}Sources/{*}TextSource//{*}Coding",
    "notes": "./{*}Notes/{*}Note",
}
_KEPT = ("Set", "Link", "Graph")


def own_counts(raw: bytes) -> dict[str, int]:
    """What the XML of a project holds, counted without our reader."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if name.lower() == "project.qde"]
        root = etree.fromstring(archive.read(names[0]))
    counts = {name: len(root.findall(path)) for name, path in _COUNTED.items()}
    return counts | {name: len(root.findall(f".//{{*}}{name}")) for name in _KEPT}


def our_counts(found: refi.RefiProject) -> dict[str, int]:
    """The same as our reader has them."""
    codings = (
        len(source.codings) + sum(len(s.codings) for s in source.selections)
        for source in found.sources
    )
    return {
        "texts": len(found.sources),
        "codes": sum(1 for _ in found.all_codes()),
        "passages": sum(len(source.selections) for source in found.sources),
        "codings": sum(codings),
        "notes": len(found.notes),
    }


def canonical(raw: bytes) -> bytes:
    """A document in one form, without the white space between its elements."""
    parser = etree.XMLParser(remove_blank_text=True)
    tree = etree.fromstring(raw, parser).getroottree()
    return bytes(etree.tostring(tree, method="c14n2", strip_text=True))


def comes_out_equal(package: refi.RefiArchive, found: refi.RefiProject) -> bool:
    """Whether a project written over its own package is the same document and the same files."""
    out = refi.RefiArchive.read(refi.package(found, package).written())
    ours, theirs = (canonical(etree.tostring(one.root)) for one in (out, package))
    return ours == theirs and out.members == package.members


def at_the_desk(package: refi.RefiArchive, found: refi.RefiProject) -> str:
    """How a project is taken over: drafts, and what their protected texts are coded with."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.at(Path(folder) / "work", Path(folder) / "a.key")
        workspace.take_over(exchange.import_project(found), Context(), package)
        keys = workspace.drafts()
        for key in keys:
            workspace.pseudonymise(key)
        log = (Path(folder) / "work/log.jsonl").read_text(encoding="utf-8")
    return f"{len(keys)} drafts, {log.count(chr(10))} actions"


def row(path: Path) -> str:
    """A row of the table."""
    raw = path.read_bytes()
    try:
        package = refi.RefiArchive.read(raw, path.name)
        found = refi.project(package)
        own, ours = own_counts(raw), our_counts(found)
    except BlikveldError as refused:
        return f"| {path.name} | – | refused: {refused.problem} | – | – | – |"
    differ = [f"{name} {ours[name]} of {own[name]}" for name in ours if ours[name] != own[name]]
    counts = ", ".join(f"{number} {name}" for name, number in own.items() if number)
    same = "equal" if not differ else "; ".join(differ)
    out = "equal" if comes_out_equal(package, found) else "differs"
    origin = (found.origin or "").split(",")[0]
    return f"| {path.name} | {origin} | {counts} | {same} | {out} | {at_the_desk(package, found)} |"


def codebook_row(path: Path) -> str:
    """A row for a codebook alone: its codes, and whether it is the same document after writing."""
    raw = path.read_bytes()
    try:
        found = refi.Codebook.read(raw)
    except BlikveldError as refused:
        return f"| {path.name} | – | refused: {refused.problem} | – | – | – |"
    root = etree.fromstring(raw)
    own = len(root.findall(".//{*}Code"))
    ours = len(etree.fromstring(found.written()).findall(".//{*}Code"))
    # What Taguette writes beyond the standard: an empty list of sets.
    theirs = canonical(raw.replace(b"<Sets/>", b""))
    out = "equal" if canonical(found.written()) == theirs else "differs"
    same = "equal" if own == ours else f"codes {ours} of {own}"
    return f"| {path.name} | {root.get('origin')} | {own} codes | {same} | {out} | – |"


def table(folder: Path) -> Iterator[str]:
    """The results as Markdown."""
    yield "# Projects of other programs"
    yield ""
    yield tell_when()
    yield ""
    yield "| file | program | its own XML | our counts | the way out | taken over |"
    yield "|---|---|---|---|---|---|"
    paths = sorted((folder / "qdpx").glob("*.qdpx"))
    yield from map(row, paths)
    books = sorted((folder / "qdpx").glob("*.qdc"))
    yield from map(codebook_row, books)
    yield ""
    yield from list_sources(folder, [*paths, *books])
    yield ""


if __name__ == "__main__":
    RESULT = "\n".join(table(Path(sys.argv[1])))
    TABLE.write_text(RESULT, encoding="utf-8")
    print(RESULT)
