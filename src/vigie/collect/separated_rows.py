"""Streams the rows of a CSV as batches of text: fast, in bounded memory, and losing none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from vigie.collect.encoding import Utf8Stream
from vigie.collect.sample import PROBLEM, ROW, UNCLOSED, Sample, width_problem
from vigie.collect.separated import cut, opens_quote

BLOCK = 2 << 20
"""Bytes cut at once; a longer row is cut by the patient reader."""
PATIENT_ROWS = 5_000
"""Rows of a batch of the patient reader."""
MOST_MISFITS = 32 << 20
"""Letters of misfit rows in a row before we say that the file is not cut as it seems."""
PATIENT_PART = 2 << 20
"""Bytes the patient reader reads at a time."""
MOST_QUOTED = 16 << 20
"""Letters after which a quotation mark that is not closed is taken for one that never is."""

Row = tuple[int, Sequence[str], str | None]
"""A row's number, its cells, and its problem if it has one."""


def separated_batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of a CSV; one that cannot be cut comes with ``_problem`` filled."""
    done = 0
    try:
        for batch, last in _quick_batches(sample):
            yield batch
            done = last
    except pa.ArrowInvalid:
        # A row longer than a block, or a quotation mark never closed: go on patiently after
        # the rows that were already given.
        yield from _patient_batches(sample, after=done)


class _Misfits:
    """Keeps the records whose cells do not match the header, until they take their place."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, str]] = []
        self.size = 0

    def keep(self, row: arrow_csv.InvalidRow) -> str:
        """Note a record and let the reader go on; called for each one in order."""
        self.waiting.append((row.number, row.text))
        self.size += len(row.text)
        return "skip" if self.size < MOST_MISFITS else "error"

    def take(self, before: int | None = None) -> list[tuple[int, str]]:
        """Return those that stand before a record, or all."""
        taken = [one for one in self.waiting if before is None or one[0] < before]
        self.waiting = self.waiting[len(taken) :]
        self.size = sum(len(text) for _number, text in self.waiting)
        return taken


def _stream(sample: Sample) -> Utf8Stream:
    return Utf8Stream(sample.source, sample.encoding or "utf-8", start=sample.start)


def _quick_batches(sample: Sample) -> Iterator[tuple[pa.Table, int]]:
    """Yield batches and how many records they stand for, through Arrow's reader."""
    misfits = _Misfits()
    names = list(sample.columns)
    reader = arrow_csv.open_csv(
        pa.PythonFile(_stream(sample), mode="r"),
        read_options=arrow_csv.ReadOptions(block_size=BLOCK, use_threads=False, column_names=names),
        parse_options=arrow_csv.ParseOptions(
            delimiter=sample.separator or ",",
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=misfits.keep,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    done = 0
    for batch in reader:
        numbers = _numbers(done, batch.num_rows, [number for number, _text in misfits.waiting])
        last = int(numbers[-1]) if len(numbers) else done
        found = misfits.take(last)
        table = _with_rows(pa.Table.from_batches([batch]), numbers + sample.first - 1)
        done = last
        yield _with_misfits(table, found, sample), done
    if rest := misfits.take():
        yield _with_misfits(_empty(sample), rest, sample), rest[-1][0]


def _numbers(
    done: int, count: int, misfits: Sequence[int]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the record numbers of ``count`` good rows, leaving out those of the misfits."""
    if not misfits:
        return np.arange(done + 1, done + 1 + count, dtype=np.int64)
    every = np.arange(done + 1, done + 1 + count + len(misfits), dtype=np.int64)
    return every[~np.isin(every, misfits)][:count]


def _with_rows(table: pa.Table, numbers: object) -> pa.Table:
    return table.append_column(pa.field(ROW, pa.int64()), pa.array(numbers, type=pa.int64()))


def _empty(sample: Sample) -> pa.Table:
    return _table([], sample.columns)


def _with_misfits(table: pa.Table, misfits: list[tuple[int, str]], sample: Sample) -> pa.Table:
    if not misfits:
        return table
    separator = sample.separator or ","
    rows = [
        row
        for number, text in misfits
        for row in _resolved(number + sample.first - 1, text, separator, len(sample.columns))
    ]
    good = table.append_column(pa.field(PROBLEM, pa.string()), pa.nulls(len(table), pa.string()))
    return pa.concat_tables([good, _table(rows, sample.columns)])


def _resolved(number: int, text: str, separator: str, width: int) -> Iterator[Row]:
    """Cut a misfit record again: as it is, or line by line if a stray quote swallowed several."""
    records = [record.cells for record in cut(text, separator)] or [("",)]
    if len(records) == 1 and "\n" in text:
        lines = text.splitlines()
        parts = [cells.cells for line in lines for cells in cut(line, separator)]
        if sum(len(cells) == width for cells in parts) > 0:
            records = parts
            yield _fitted(number, records[0], width, problem=UNCLOSED)
            records = records[1:]
    elif len(records) > 1:
        yield _fitted(number, records[0], width, problem=UNCLOSED)
        records = records[1:]
    for cells in records:
        yield _fitted(number, cells, width)


def _fitted(number: int, cells: Sequence[str], width: int, *, problem: str | None = None) -> Row:
    """Return the cells on the width of the header, with what is wrong if something is."""
    if problem is None and len(cells) > width and not any(cells[width:]):
        return number, cells[:width], None  # Separators left over by a spreadsheet.
    if problem is None and not any(cells):
        return number, [""] * width, None
    if problem is None and len(cells) != width:
        problem = width_problem(len(cells), width)
    kept = [*cells[: width - 1], ",".join(cells[width - 1 :])] if len(cells) > width else cells
    return number, [*kept, *[""] * (width - len(kept))], problem


def _table(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    arrays = [
        pa.array([row[1][place] for row in rows], pa.string()) for place in range(len(columns))
    ]
    arrays.append(pa.array([row[0] for row in rows], pa.int64()))
    arrays.append(pa.array([row[2] for row in rows], pa.string()))
    return pa.table(arrays, names=[*columns, ROW, PROBLEM])


def _patient_batches(sample: Sample, *, after: int) -> Iterator[pa.Table]:
    """Yield the rows after so many records, cut in Python: slower, and never at a loss."""
    width = len(sample.columns)
    rows: list[Row] = []
    for number, (cells, problem) in enumerate(_patient_records(sample), start=1):
        if number <= after:
            continue
        rows.append(_fitted(number + sample.first - 1, cells, width, problem=problem))
        if len(rows) >= PATIENT_ROWS:
            yield _table(rows, sample.columns)
            rows = []
    if rows:
        yield _table(rows, sample.columns)


def _patient_records(sample: Sample) -> Iterator[tuple[Sequence[str], str | None]]:
    separator = sample.separator or ","
    stream = _stream(sample)
    text, is_end, size = "", False, PATIENT_PART
    while text or not is_end:
        part = stream.read(size)
        is_end = not part
        text += _whole_text(part, stream)
        consumed = 0
        for record in cut(text, separator):
            is_open = opens_quote(text, record)
            if not is_end and (
                record.end == len(text) or (is_open and len(text) - record.begin < MOST_QUOTED)
            ):
                break  # It may go on in the next part.
            yield record.cells, UNCLOSED if is_open else None
            consumed = record.end
        # Twice as much each time nothing could be cut: a long cell is not read over and over.
        size = PATIENT_PART if consumed else 2 * size
        text = text[consumed:]


def _whole_text(part: bytes, stream: Utf8Stream) -> str:
    """Return a part as text, with the bytes of a character cut in two at its end."""
    while part and (part[-1] & 0xC0 == 0x80 or part[-1] >= 0xC0):
        more = stream.read(1)
        if not more:
            break
        if more[0] & 0xC0 != 0x80:
            part += more
            if more[0] < 0x80:
                break
            continue
        part += more
    return part.decode("utf-8", errors="replace")
