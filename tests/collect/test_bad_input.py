"""Files that cannot be read say what they are and what to do; nothing is half read."""

from __future__ import annotations

import gzip
import io
import resource
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.making import rows_of, written
from vigie.collect import encoding, source, spreadsheet
from vigie.collect.reading import batches, look
from vigie.errors import FileError, UnsafeFileError

PACKED = b"PK\x03\x04" + b"\x00" * 60
# Without the hour a gzip carries: a test's name must be the same for every worker.
CUT_GZIP = gzip.compress(b"id,text\n1,x\n" * 9_000, mtime=0)[:-30]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\x00" * 500, "is empty"),
        (b"id,text\n", "header and no row"),
        (b"id,text\n\n\n", "header and no row"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"MZ\x90\x00\x03", "a Windows program"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b"id,text\n1,\x00\x01\x02\x00\xff\x00\x7f\n", "a binary file"),
        (PACKED, "cut short or damaged"),
        (b"PAR1" + b"\x00" * 60, "a Parquet file that is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "not a workbook"),
        (CUT_GZIP, "cut short or damaged"),
        (b'{"a": [1, 2', "not whole JSON"),
        (b"[1, 2, 3]", "no list of objects"),
        (b"[]", "no list of objects"),
        (b"[" * 100_000, "nested so deep"),
    ],
)
def test_a_file_that_is_no_table_says_what_it_is(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = written(tmp_path / "posts.csv", content)
    with pytest.raises(FileError, match=reason):
        rows_of(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder"):
        look(tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        look(tmp_path / "posts.csv")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    with path.open("wb") as file:
        file.write(b"id,text\n1,")
        file.seek(2 << 30)  # A hole of two gigabytes, which takes no room on the disk.
        file.write(b"x\n")
    with pytest.raises(FileError):
        rows_of(path)


@pytest.mark.parametrize("header", [b"", b"id,text\n", b"id,text\n1,x\n"])
def test_a_line_of_letters_without_end_is_unsafe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: bytes
) -> None:
    monkeypatch.setattr(encoding, "LONGEST_LINE", 4 << 20)
    path = written(tmp_path / "posts.csv", header + b"x" * (9 << 20))
    with pytest.raises(UnsafeFileError, match="a line longer than 4 MB"):
        rows_of(path)


def test_a_gzip_that_explodes_is_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_UNPACKED", 8 << 20)
    path = written(tmp_path / "posts.csv.gz", gzip.compress(b"id,text\n" + b"1,x\n" * (4 << 20)))
    with pytest.raises(UnsafeFileError, match="unpacks to more than"):
        rows_of(path)


def test_a_gzip_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "posts", gzip.compress("id,text\n1,été\n".encode()))
    assert rows_of(path) == [{"id": "1", "text": "été"}]


def bomb(path: Path, *, entry: str = "xl/worksheets/sheet1.xml", size: int, lie: bool) -> Path:
    """Write a workbook one part of which unpacks to a great size, and may not say so."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(entry, b" " * size)
    packed = content.getvalue()
    if lie:
        packed = packed.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    return written(path, packed)


@pytest.mark.parametrize("lie", [False, True])
def test_a_workbook_that_explodes_is_unsafe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: bool
) -> None:
    monkeypatch.setattr(source, "MOST_UNPACKED", 8 << 20)
    with pytest.raises(UnsafeFileError, match="unpacks to more than"):
        look(bomb(tmp_path / "posts.xlsx", size=20 << 20, lie=lie))


def test_a_workbook_of_more_bytes_than_are_opened_is_unsafe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_BYTES", 1 << 20)
    with pytest.raises(UnsafeFileError, match="Save the sheet as CSV"):
        look(bomb(tmp_path / "posts.xlsx", size=2 << 20, lie=False))


def test_a_sheet_with_one_cell_at_the_far_corner_is_unsafe(tmp_path: Path) -> None:
    sheet = '<worksheet><sheetData><c r="A1"/><c r="XFD1048576"/></sheetData></worksheet>'
    path = tmp_path / "posts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(UnsafeFileError, match="claims 1,048,576 rows and 16,384 columns"):
        look(path)


@pytest.mark.parametrize("cut", [200, 2_000, 4_000])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "posts.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["id", "text"])
    written(path, path.read_bytes()[:cut])
    with pytest.raises(FileError, match="damaged"):
        look(path)


def test_a_workbook_locked_with_a_password_says_so(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000
    content += "EncryptedPackage".encode("utf-16-le") + b"\x00" * 1000
    with pytest.raises(FileError, match="locked with a password"):
        look(written(tmp_path / "posts.xlsx", content))


def test_a_document_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "posts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(FileError, match="a document or a presentation"):
        look(path)


def test_an_archive_without_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8\xff")
    with pytest.raises(FileError, match="without a CSV or JSON"):
        look(path)


def test_a_damaged_line_in_the_middle_does_not_stop_the_others(tmp_path: Path) -> None:
    path = written(tmp_path / "posts.csv", b"id,text\n1,x\n\xff\xfe\x80,y\n3\n4,z\n")
    assert [row["id"] for row in rows_of(path)][-1] in ("3", "4")
    assert len(rows_of(path)) == 4


BEGINNINGS = [b"", b"id,text\n1,x\n", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"[{", b'{"a":1}\n']


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path: Path, beginning: bytes, rest: bytes
) -> None:
    path = written(tmp_path / "x", beginning + rest)
    with suppress(FileError):
        rows_of(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(place=st.integers(0, 5_000), bytes_=st.binary(min_size=1, max_size=4))
def test_a_workbook_with_any_bytes_altered_is_read_or_refused_in_words(
    tmp_path: Path, place: int, bytes_: bytes
) -> None:
    path = tmp_path / "x"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["id", "text"])
    sound = path.read_bytes()
    place %= len(sound)
    written(path, sound[:place] + bytes_ + sound[place + len(bytes_) :])
    with suppress(FileError):
        rows_of(path)


@pytest.mark.slow
def test_two_gigabytes_on_one_line_are_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    with path.open("wb") as file:
        file.write(b"id,text\n1,x\n2,")
        for _piece in range(2_048):
            file.write(b"x" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnsafeFileError):
        list(batches(look(path)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000
