"""A class of ``model`` as Parquet columns, and what happens when its columns change."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.errors import StoreError
from vigie.model import Record
from vigie.words import _

ABOUT_THE_LOOK = frozenset({"observed_at", "run", "source"})
"""Columns that say when and how we looked, not what was seen."""


def record_of(records: Mapping[str, type[Record]], name: str) -> type[Record]:
    """Return the class of a table, or say which names exist."""
    if name in records:
        return records[name]
    near = difflib.get_close_matches(name, records, n=1, cutoff=0)
    raise StoreError(
        _(
            "The store has no table {name}. The nearest is {near}.",
            name=name,
            near=near[0] if near else "",
        )
    )


def columns_of(record: type[Record]) -> pa.Schema:
    """Return the columns as they are read: any may be unknown, since old files lack some."""
    return pa.schema([field.with_nullable(True) for field in schema_of(record)])


def content_of(record: type[Record]) -> tuple[str, ...]:
    """Return the columns that make two looks at the same thing differ."""
    apart = {*ABOUT_THE_LOOK, *record.key}
    return tuple(name for name in schema_of(record).names if name not in apart)


def order_of(record: type[Record]) -> tuple[str, ...]:
    """Return the columns a file is sorted by: an account's rows lie together."""
    first = ("account",) if "account" in schema_of(record).names else ()
    return (*first, *(name for name in record.key if name not in first))


def conform(record: type[Record], rows: pa.Table) -> pa.Table:
    """Return rows with exactly the columns of the record, or refuse them all."""
    schema = schema_of(record)
    twice = [name for name in rows.column_names if rows.column_names.count(name) > 1]
    if twice:
        raise StoreError(
            _(
                "Rows for the table {table} have the column {column} twice.",
                table=record.table,
                column=twice[0],
            )
        )
    unknown = [name for name in rows.column_names if name not in schema.names]
    if unknown:
        raise StoreError(
            _(
                "The table {table} has no column {column}. Its columns are: {columns}.",
                table=record.table,
                column=unknown[0],
                columns=", ".join(schema.names),
            )
        )
    return pa.table([_column(record, rows, field) for field in schema], schema=columns_of(record))


def _column(record: type[Record], rows: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    if field.name not in rows.column_names:
        found = pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
    else:
        try:
            found = rows.column(field.name).cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise _unfit(record.table, field, rows.schema.field(field.name).type) from error
    if not field.nullable and found.null_count:
        raise StoreError(
            _(
                "{count} rows for the table {table} have no {column}, which every row must have.",
                count=found.null_count,
                table=record.table,
                column=field.name,
            )
        )
    return found


def _unfit(table: str, field: pa.Field, found: pa.DataType) -> StoreError:
    return StoreError(
        _(
            "The column {column} of the table {table} must hold {expected}, not {found}.",
            column=field.name,
            table=table,
            expected=str(field.type),
            found=str(found),
        )
    )


def known_columns(record: type[Record], stored: pa.Schema, path: str) -> tuple[str, ...]:
    """Return the record's columns that a stored file has; a wrong type is an error.

    Columns the file has and the record has not were written by a newer version: ignored.
    """
    wanted = columns_of(record)
    names = tuple(name for name in wanted.names if name in stored.names)
    for name in names:
        if not _reads_as(stored.field(name).type, wanted.field(name).type):
            raise StoreError(
                _(
                    "{path} holds {column} as {found}, where {expected} is expected. "
                    "Run: vigie store repair.",
                    path=path,
                    column=name,
                    found=str(stored.field(name).type),
                    expected=str(wanted.field(name).type),
                )
            )
    return names


def _reads_as(found: pa.DataType, wanted: pa.DataType) -> bool:
    if found == wanted:
        return True
    kinds = (
        pa.types.is_integer,
        pa.types.is_floating,
        lambda kind: pa.types.is_timestamp(kind) and kind.tz is not None,
        lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
        lambda kind: pa.types.is_list(kind) and pa.types.is_string(kind.value_type),
    )
    return any(is_kind(found) and is_kind(wanted) for is_kind in kinds)


def months_of(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the first day of each date's month."""
    return pc.floor_temporal(column, unit="month").cast(pa.date32())


def folder_of(month: date | None) -> str:
    """Return the name of a partition's folder."""
    return "all" if month is None else f"{month.year:04d}-{month.month:02d}"
