"""Opens the files people have: kind, encoding, separator, header; and streams their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from vigie.collect.archive import is_workbook, tables_in
from vigie.collect.columnar import look_at_parquet, parquet_batches
from vigie.collect.encoding import find_encoding, pieces
from vigie.collect.kinds import GZIP, HEAD, OLE, PARQUET, ZIP, head_of, refuse_strangers
from vigie.collect.objects import kind_of_objects, look_at_objects, object_batches
from vigie.collect.sample import JSON, PROBLEM, ROW, ROWS_SHOWN, Sample, problem_words
from vigie.collect.separated import understand
from vigie.collect.separated_rows import separated_batches
from vigie.collect.source import Source
from vigie.collect.spreadsheet import look_at_workbook, workbook_batches
from vigie.errors import FileError
from vigie.words import _

__all__ = ["JSON", "PROBLEM", "ROW", "Sample", "batches", "look", "problem_words"]

SNIFFED = 1 << 18
"""Letters looked at to find the separator and the header."""

_STREAMS = {
    "csv": separated_batches,
    "xlsx": workbook_batches,
    "json": object_batches,
    "ndjson": object_batches,
    "parquet": parquet_batches,
}


def look(path: Path, *, part: str | None = None) -> Sample:
    """Look at the beginning of a file: what it is by content, never by name.

    ``part`` chooses a sheet of a workbook or a file of an archive; see ``Sample.parts``.
    """
    head = head_of(path)
    if head.startswith(ZIP):
        return look_at_workbook(path, part) if is_workbook(path) else _look_inside(path, part)
    if head.startswith(OLE):
        return look_at_workbook(path, part)
    if head.startswith(PARQUET):
        return look_at_parquet(path)
    source = Source(path=path, is_gzip=head.startswith(GZIP))
    return _look_at_text(source, source.head(HEAD) if source.is_gzip else head)


def batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of a file as batches of text columns plus ``_row``.

    A row that could not be cut into cells comes along with ``_problem`` filled (the column may
    be missing); files of objects carry each object whole in ``_json``.
    """
    return _STREAMS[sample.kind](sample)


def _look_inside(path: Path, part: str | None) -> Sample:
    tables = tables_in(path)
    chosen = part or tables[0]
    if chosen not in tables:
        raise FileError(
            _(
                "{file} holds no table {part}. It holds: {tables}.",
                file=path.name,
                part=chosen,
                tables=", ".join(tables[:20]),
            )
        )
    source = Source(path=path, entry=chosen)
    return _look_at_text(source, source.head(HEAD), parts=tables)


def _look_at_text(source: Source, head: bytes, *, parts: tuple[str, ...] = ()) -> Sample:
    refuse_strangers(head, source.path)
    encoding = find_encoding(source, head)
    text = _beginning(source, encoding.name)
    sample = Sample(
        path=source.path,
        kind="csv",
        columns=(),
        rows=(),
        encoding=encoding.name,
        remarks=encoding.remarks,
        is_gzip=source.is_gzip,
        part=source.entry,
        parts=parts,
    )
    if text.lstrip()[:1] in ("[", "{"):
        kind = kind_of_objects(source, encoding.name, text)
        return look_at_objects(replace(sample, kind=kind))
    return _look_at_separated(sample, text)


def _beginning(source: Source, encoding: str) -> str:
    """Return the first letters and at least one whole line, unless it is one long object."""
    text = ""
    with closing(pieces(source, encoding, may_be_one_line=True)) as parts:
        text = next(parts, "")
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("[", "{"):
        found: list[str] = []
        with closing(pieces(source, encoding)) as parts:  # It refuses a line without end.
            for part in parts:
                found.append(part)
                if "\n" in part or "\r" in part:
                    break
        text = "".join(found)
    return text.removeprefix("\ufeff")


def _look_at_separated(sample: Sample, text: str) -> Sample:
    is_whole = sum(map(len, islice(pieces(sample.source, sample.encoding or ""), 3))) <= len(text)
    sniffed = text if len(text) <= SNIFFED else text[:SNIFFED]
    layout = understand(sniffed, is_whole=is_whole and sniffed is text)
    rows = [cells for cells in layout.rows if len(cells) == len(layout.columns)]
    if not any(any(cells) for cells in layout.rows) and is_whole:
        raise FileError(
            _(
                "{file} has a header and no row under it. Export it again, with a period that "
                "holds something.",
                file=sample.path.name,
            )
        )
    return replace(
        sample,
        columns=layout.columns,
        rows=tuple(dict(zip(layout.columns, cells, strict=True)) for cells in rows[:ROWS_SHOWN]),
        separator=layout.separator,
        skipped=len(layout.preamble),
        preamble=layout.preamble,
        remarks=(*sample.remarks, *layout.remarks),
        first=layout.first,
        start=len(sniffed[: layout.end].encode("utf-8", errors="replace")),
    )
