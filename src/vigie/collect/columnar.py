"""Streams the rows of Parquet files as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from vigie.collect.sample import ROW, ROWS_SHOWN, Sample
from vigie.collect.separated import named_columns
from vigie.collect.spreadsheet import as_text
from vigie.errors import FileError
from vigie.words import _

BATCH = 20_000
"""Rows of a batch."""


def look_at_parquet(path: Path) -> Sample:
    """Look at the first rows of a Parquet file."""
    with _opened(path) as file, _said_if_damaged(path):
        if file.metadata.num_rows == 0:
            raise FileError(_("{file} has columns and no row.", file=path.name))
        columns, remarks = named_columns(file.schema_arrow.names)
        batch = next(file.iter_batches(batch_size=ROWS_SHOWN))
    rows = _as_texts(batch, columns).to_pylist()
    return Sample(
        path=path,
        kind="parquet",
        columns=columns,
        rows=tuple(rows),
        first=2,
        remarks=tuple(remarks),
    )


def parquet_batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of a Parquet file; the first is row 2, as in a spreadsheet."""
    number = sample.first
    with _opened(sample.path) as file, _said_if_damaged(sample.path):
        for batch in file.iter_batches(batch_size=BATCH):
            numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
            number += batch.num_rows
            yield _as_texts(batch, sample.columns).append_column(ROW, numbers)


def _opened(path: Path) -> parquet.ParquetFile:
    with _said_if_damaged(path):
        return parquet.ParquetFile(path)


@contextmanager
def _said_if_damaged(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise FileError(
            _(
                "{file} is a Parquet file that is damaged, cut short or encrypted. "
                "Export it again.",
                file=path.name,
            )
        ) from error


def _as_texts(batch: pa.RecordBatch, columns: tuple[str, ...]) -> pa.Table:
    return pa.table([_as_text(column) for column in batch.columns], names=list(columns))


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    return pa.array([_cell(value) for value in column.to_pylist()], pa.string())


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return as_text(value)  # type: ignore[arg-type]  # What Arrow gives beyond these has a str().
