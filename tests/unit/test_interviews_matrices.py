"""Frequencies and the framework matrix, and tables as files. All invented."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
from lxml import etree

from blikveld.desk.interviews.downloads import DownloadTable, write_docx, write_xlsx
from blikveld.interviews.coding import AGREED, Action, ActionKind, CodingState, Log
from blikveld.interviews.coding.retrieval import Frequency, framework, frequencies

WHEN = datetime(2021, 10, 2, 9, tzinfo=UTC)
TABLES = (
    DownloadTable("Codes: all?", ("Code", "Times"), (("=1+1", 3), ("Bang & stil\x0b", 0))),
    DownloadTable("Leeg", ("Code",), ()),
)


def coded() -> CodingState:
    log = Log()

    def give(who: str, text: str, start: int, code: str, about: str = "") -> None:
        nonlocal log
        action = Action(
            ActionKind.CODE, text=text, start=start, end=start + 5, code=code, about=about
        )
        log = log.done(who, action, {"g1": 50, "g2": 50}, WHEN)

    for code, parent in (("t", ""), ("a", "t"), ("b", "t")):
        action = Action(ActionKind.SET_CODE, code=code, name=code, parent=parent)
        log = log.done("ann", action, {}, WHEN)
    give("ann", "g1", 0, "a")
    give("bob", "g1", 0, "a")
    give("ann", "g1", 10, "b")
    give("ann", "g2", 3, "a", AGREED)
    return log.state


def test_a_theme_counts_what_stands_under_it_and_agreed_work_is_no_coder() -> None:
    assert frequencies(coded()) == {
        "t": Frequency(interviews=2, passages=4, coders=2),
        "a": Frequency(interviews=2, passages=3, coders=2),
        "b": Frequency(interviews=1, passages=1, coders=1),
    }


def test_a_cell_of_the_framework_holds_each_passage_once() -> None:
    cells = framework(coded())
    assert {key: [p.start for p in cell] for key, cell in cells.items()} == {
        ("g1", "a"): [0],
        ("g1", "b"): [10],
        ("g2", "a"): [3],
    }


def test_a_workbook_holds_words_as_words() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(TABLES)))
    assert book.sheetnames == ["Codes all", "Leeg"]
    cell = book["Codes all"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert book["Codes all"]["B2"].value == 3


def test_a_document_holds_the_tables_and_no_sign_that_xml_refuses() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(TABLES))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    texts = ["".join(cell.itertext()) for cell in document.iter("{*}tc")]
    assert texts == ["Code", "Times", "=1+1", "3", "Bang & stil ", "0"]
    assert len(list(document.iter("{*}tblHeader"))) == 1
