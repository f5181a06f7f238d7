"""A class of ``model`` as the columns of a table, and back: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import TypeVar, get_args, get_type_hints

import pyarrow as pa

from vigie.model import Record

R = TypeVar("R", bound=Record)

_ARROW: dict[object, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
    tuple[str, ...]: pa.list_(pa.string()),
    tuple[float, ...]: pa.list_(pa.float64()),
}


_SCHEMAS: dict[type[Record], pa.Schema] = {}
"""Reading type hints is slow, and is asked for at every batch."""


def schema_of(record: type[Record]) -> pa.Schema:
    """Return the columns of a record's table, in order; optional fields may be null."""
    if record not in _SCHEMAS:
        hints = get_type_hints(record)
        columns = [_field(field.name, hints[field.name]) for field in fields(record)]
        _SCHEMAS[record] = pa.schema(columns)
    return _SCHEMAS[record]


def _field(name: str, hint: object) -> pa.Field:
    options = get_args(hint)
    if type(None) not in options:
        return pa.field(name, _ARROW[hint], nullable=False)
    (known,) = [option for option in options if option is not type(None)]
    return pa.field(name, _ARROW[known])


def table_of(record: type[Record], rows: Iterable[Record]) -> pa.Table:
    """Return records of one class as a table of their schema, even when there are none."""
    schema = schema_of(record)
    found = list(rows)
    columns = [[getattr(row, name) for row in found] for name in schema.names]
    return pa.table(
        [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


def records_of(record: type[R], table: pa.Table) -> list[R]:
    """Return the rows of a table as records; columns the class does not know are left out."""
    names = [field.name for field in fields(record) if field.name in table.column_names]
    lists = {name for name in names if pa.types.is_list(schema_of(record).field(name).type)}
    return [
        record(**{n: tuple(row[n] or ()) if n in lists else row[n] for n in names})
        for row in table.select(names).to_pylist()
    ]
