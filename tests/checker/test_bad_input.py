"""Files that cannot be read: one clear line, exit code 2, in bounded time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
import pytest

from blikveld.checker.check import check
from blikveld.checker.document import Language
from blikveld.checker.extract import files, read
from blikveld.errors import BlikveldError

Written = Callable[[str, str], Path]


def refused(path: Path, code: str) -> None:
    """Reading fails with this code, in time, and with one line."""
    begin = time.process_time()
    with pytest.raises(BlikveldError) as caught:
        read(path)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert time.process_time() - begin < 20


def test_an_empty_file(tmp_path: Path) -> None:
    for suffix in ("pdf", "docx", "txt", "html", "xlsx", "csv", "md"):
        path = tmp_path / f"empty.{suffix}"
        path.touch()
        refused(path, "check-unreadable")


def test_a_missing_file_and_another_kind(tmp_path: Path) -> None:
    refused(tmp_path / "none.pdf", "check-missing")
    refused(tmp_path / "picture.png", "check-format")
    (tmp_path / "folder.pdf").mkdir()
    refused(tmp_path / "folder.pdf", "check-unreadable")


@pytest.mark.parametrize("suffix", ["pdf", "docx", "xlsx"])
def test_a_broken_file(suffix: str, tmp_path: Path, written: Written) -> None:
    whole = written("right.en", suffix).read_bytes()
    for name, content in {"cut": whole[: len(whole) // 3], "noise": b"\x00\xff\x10" * 999}.items():
        path = tmp_path / f"{name}.{suffix}"
        path.write_bytes(content)
        refused(path, "check-unreadable")


def test_an_encrypted_pdf(tmp_path: Path, written: Written) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(written("right.en", "pdf")) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    refused(path, "check-unreadable")


def test_a_pdf_of_pictures(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    refused(path, "check-no-text")


def test_a_hundred_megabytes_of_digits(tmp_path: Path) -> None:
    path = tmp_path / "digits.txt"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"1234567890" * 100_000)
    refused(path, "check-too-large")


def test_digits_below_the_limit_are_read_in_bounded_time(tmp_path: Path) -> None:
    path = tmp_path / "digits.txt"
    path.write_text("7" * 2_000_000, encoding="utf-8")
    begin = time.process_time()
    assert check(read(path), Language.ENGLISH).findings == ()
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(
    "text",
    [
        "1.000" * 20_000,
        "48% (" * 20_000,
        pytest.param("n=821, 48% is " * 10_000, marks=pytest.mark.long),
        pytest.param("van de 12 " * 15_000, marks=pytest.mark.long),
        pytest.param("t(28) = " * 15_000, marks=pytest.mark.long),
        pytest.param("almost one in " * 15_000, marks=pytest.mark.long),
        "| 1 " * 30_000,
        pytest.param("12 Total n=3. " * 10_000, marks=pytest.mark.long),
        pytest.param("\n".join(["ParsedRow 1 2 3"] * 10_000), marks=pytest.mark.long),
        "\n".join(["10% 20% 30%"] * 10_000),
        pytest.param(
            "\n".join(f"{n % 400} Total n=9, 9% is 1." for n in range(8_000)),
            marks=pytest.mark.long,
        ),
    ],
)
def test_monotonous_text_takes_no_ages(text: str, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(text, encoding="utf-8")
    begin = time.process_time()
    check(read(path), Language.DUTCH)
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(("suffix", "part"), [("docx", "word/document.xml"), ("xlsx", "a.xml")])
def test_a_zip_bomb(suffix: str, part: str, tmp_path: Path) -> None:
    path = tmp_path / f"bomb.{suffix}"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.writestr(part, b"0" * (files.PARTS_BYTES + 1))
    refused(path, "check-too-large")


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    size = files.PART_BYTES + 10
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * size)
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (99).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(BlikveldError):
        read(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "entities.docx"
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE w [<!ENTITY a0 "ha">{laughs}]><w>&a11;</w>'
    with ZipFile(path, "w") as package:
        package.writestr("word/document.xml", document)
    with pytest.raises(BlikveldError):
        read(path)


def test_the_command_line_says_it_in_one_line_and_returns_2(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 not really")
    command = [sys.executable, "-c", "from blikveld.cli import main; main()", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "broken.pdf: It is broken." in done.stderr
