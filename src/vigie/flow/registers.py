"""A register file read whole; the register's plain rows kept in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from vigie.collect.importer import Parsed
from vigie.collect.recognising import Recognised
from vigie.columns import table_of
from vigie.errors import FileError
from vigie.flow.files import REGISTER_TABLES, Options, context_of, recognise_file
from vigie.model import TABLES, Record
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _


def read_register_file(
    path: Path, *, settings: Settings, options: Options | None = None
) -> tuple[Recognised, Parsed]:
    """Read a whole register file into tables of institutions, accounts and enrolments."""
    options = options or Options()
    found = recognise_file(path, settings=settings, options=options)
    context = context_of(path, settings=settings, options=options)
    parts = [found.importer.parse(batch, context) for batch in found.importer.read(found.sample)]
    names = sorted({name for part in parts for name in part.tables})
    if "institutions" not in names:
        raise FileError(
            _(
                "{file} is a {format} file: it holds observations, not a register. "
                "Use: vigie import {file}",
                file=path.name,
                format=found.importer.label,
            )
        )
    whole = Parsed(
        tables={name: _joined(parts, name) for name in names},
        read=sum(part.read for part in parts),
        refused=tuple(refusal for part in parts for refusal in part.refused),
        passed_over=sum(part.passed_over for part in parts),
        remarks=found.sample.remarks,
    )
    return found, whole


def _joined(parts: Sequence[Parsed], name: str) -> pa.Table:
    return pa.concat_tables([part.tables[name] for part in parts if name in part.tables])


def keep_tables(store: Store, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables of a product over those the store had of it."""
    for name, table in tables.items():
        store.replace(name, table)


def keep_register(store: Store, rows: Mapping[str, Sequence[Record]]) -> None:
    """Write the register's plain rows over those the store had."""
    for name in REGISTER_TABLES:
        if name in rows:
            store.replace(name, table_of(TABLES[name], rows[name]))
