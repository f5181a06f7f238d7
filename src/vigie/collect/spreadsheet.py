"""Reads workbooks (XLSX, XLS, ODS) sheet by sheet as text, after making sure they are safe."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    load_workbook,
)

from vigie.collect.cells import EXACT
from vigie.collect.kinds import OLE
from vigie.collect.sample import PROBLEM, ROW, ROWS_SHOWN, Sample, width_problem
from vigie.collect.separated import RECORDS, shape_of
from vigie.collect.source import refuse_explosion
from vigie.errors import FileError, UnsafeFileError
from vigie.words import _

MOST_CELLS = 20_000_000
"""Cells of a sheet, the empty ones of its rectangle included: they all take memory."""
MOST_BYTES = 1 << 30
"""Bytes of an unpacked workbook."""
BATCH = 10_000
"""Rows of a batch."""
_CELL = re.compile(
    rb'<(?:\w+:)?(?:c|dimension)\b[^>]*?\br(?:ef)?="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"'
)
_STEP = 1 << 20

Cell = str | float | int | bool | date | datetime | time | timedelta | None


def look_at_workbook(path: Path, sheet: str | None = None) -> Sample:
    """Look at a sheet of a workbook; by default the first that holds more than a title."""
    with _said_if_damaged(path):
        return _look(path, _opened(path), sheet)


def _look(path: Path, workbook: CalamineWorkbook, wanted: str | None) -> Sample:
    filled: list[str] = []
    found: CalamineSheet | None = None
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height:
            filled.append(name)
        if name == wanted or (wanted is None and found is None and sheet.height > 1):
            found = sheet
    if found is None and wanted is None and filled:
        found = workbook.get_sheet_by_name(filled[0])
    if found is None:
        raise _no_sheet(path, wanted, filled)
    chosen = str(found.name)
    records = _narrowed(list(islice(_records(found), RECORDS)))
    shape = shape_of(records)
    rows = [_fitted(cells, len(shape.columns)) for cells in records[shape.facts :]]
    if not any(any(cells) for cells in rows):
        raise FileError(
            _(
                "{file} has a header and no row under it (sheet {sheet}).",
                file=path.name,
                sheet=chosen,
            )
        )
    return Sample(
        path=path,
        kind="xlsx",
        columns=shape.columns,
        rows=tuple(dict(zip(shape.columns, cells, strict=True)) for cells in rows[:ROWS_SHOWN]),
        skipped=shape.header,
        preamble=tuple(" ".join(filter(None, cells)) for cells in records[: shape.header]),
        remarks=shape.remarks,
        first=shape.facts + 1,
        part=chosen,
        parts=tuple(filled),
    )


def workbook_batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of the sheet that was looked at."""
    with _said_if_damaged(sample.path):
        yield from _batches(sample)


def _batches(sample: Sample) -> Iterator[pa.Table]:
    sheet = _opened(sample.path).get_sheet_by_name(sample.part or "")
    width = len(sample.columns)
    records = islice(enumerate(_records(sheet), start=1), sample.first - 1, None)
    while part := list(islice(records, BATCH)):
        rows = [_fitted(cells, width) for _number, cells in part]
        arrays = [pa.array([row[place] for row in rows], pa.string()) for place in range(width)]
        numbers = pa.array([number for number, _cells in part], pa.int64())
        problems = pa.array([_problem(cells, width) for _number, cells in part], pa.string())
        yield pa.table([*arrays, numbers, problems], names=[*sample.columns, ROW, PROBLEM])


def _no_sheet(path: Path, wanted: str | None, filled: Sequence[str]) -> FileError:
    if wanted is None:
        return FileError(_("{file} has no sheet with anything in it.", file=path.name))
    return FileError(
        _(
            "{file} has no sheet {sheet}. Its sheets are: {sheets}.",
            file=path.name,
            sheet=wanted,
            sheets=", ".join(filled),
        )
    )


def _opened(path: Path) -> CalamineWorkbook:
    _refuse_unsafe(path)
    return load_workbook(str(path))


@contextmanager
def _said_if_damaged(path: Path) -> Iterator[None]:
    try:
        yield
    except PasswordError as error:
        raise _locked(path) from error
    except (CalamineError, OSError, ValueError, KeyError) as error:
        with path.open("rb") as file:
            is_old = file.read(len(OLE)) == OLE
        if is_old and b"E\0n\0c\0r\0y\0p\0t" in path.read_bytes()[: 1 << 20]:
            raise _locked(path) from error
        raise FileError(
            _(
                "{file} is not a workbook that can be opened: it is damaged, or of another kind. "
                "Open it and save it as XLSX or CSV.",
                file=path.name,
            )
        ) from error


def _locked(path: Path) -> FileError:
    return FileError(
        _(
            "{file} is locked with a password. Open it, remove the password and save it again.",
            file=path.name,
        )
    )


def _refuse_unsafe(path: Path) -> None:
    """Refuse a workbook that would fill the memory: by what it says, then by what it is."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_size(path, sum(entry.file_size for entry in entries))
            total = 0
            for entry in entries:
                total += _measure(path, entry, total)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError) as error:
        raise FileError(
            _("{file} is cut short or damaged. Download it again.", file=path.name)
        ) from error


def _refuse_size(path: Path, size: int) -> None:
    refuse_explosion(path, size, path.stat().st_size)
    if size > MOST_BYTES:
        raise UnsafeFileError(
            _(
                "{file} unpacks to more than {limit} MB and was not opened. "
                "Save the sheet as CSV and import that.",
                file=path.name,
                limit=MOST_BYTES >> 20,
            )
        )


def _measure(path: Path, entry: zipfile.ZipInfo, before: int) -> int:
    """Unpack an entry without keeping it; return its true size, which may not be what it says."""
    if entry.flag_bits & 1:
        raise _locked(path)
    is_sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
    unpack = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    unpacked, right, low, kept = 0, 0, 0, b""
    for packed in _packed(path, entry):
        left = packed
        while left:
            piece = unpack.decompress(left, _STEP) if unpack else left
            left = unpack.unconsumed_tail if unpack else b""
            unpacked += len(piece)
            _refuse_size(path, before + unpacked)
            if is_sheet:
                right, low = _corner(kept + piece, right, low)
                kept = piece[-100:]
                _refuse_rectangle(path, right, low)
    return unpacked


def _packed(path: Path, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the packed bytes of an entry, as they stand in the file."""
    with path.open("rb") as file:
        file.seek(entry.header_offset + 26)
        lengths = file.read(4)
        skipped = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        file.seek(skipped, 1)
        left = entry.compress_size
        while left > 0 and (piece := file.read(min(left, 1 << 16))):
            left -= len(piece)
            yield piece


def _corner(text: bytes, right: int, low: int) -> tuple[int, int]:
    """Return the corner of the rectangle of cells, as far as it is known."""
    columns: set[bytes] = set()
    for column, row in _CELL.findall(text):
        columns.add(column)
        low = max(low, int(row))
    return max([right, *map(_column_number, columns)]), low


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_rectangle(path: Path, right: int, low: int) -> None:
    if right * low > MOST_CELLS:
        raise UnsafeFileError(
            _(
                "A sheet of {file} claims {rows} rows and {columns} columns, more than can be "
                "opened. Delete what lies far from the table, or save the table as CSV.",
                file=path.name,
                rows=low,
                columns=right,
            )
        )


def _records(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Yield every row of a sheet as text, the empty ones above the table included."""
    start = sheet.start
    above, before = start if start else (0, 0)
    width = int(sheet.width)
    for _row in range(above):
        yield [""] * (before + width)
    for cells in sheet.iter_rows():
        yield [""] * before + [as_text(cell) for cell in cells]


def as_text(cell: Cell) -> str:
    """Return a cell as a person would type it: dates as ISO, whole numbers without decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # Past 2⁵³ a spreadsheet has lost digits: the exponent shows it, and the row is refused.
        return str(int(cell)) if cell.is_integer() and abs(cell) <= EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def _narrowed(records: list[list[str]]) -> list[list[str]]:
    """Return the first records without the empty columns at the right of the table."""
    width = max(
        (place + 1 for cells in records for place, cell in enumerate(cells) if cell), default=0
    )
    return [cells[:width] for cells in records]


def _problem(cells: Sequence[str], width: int) -> str | None:
    filled = next((place for place in range(len(cells), width, -1) if cells[place - 1]), width)
    return width_problem(filled, width) if filled > width else None


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
