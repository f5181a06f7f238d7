"""Any table, with a saved mapping or with our own column names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.columnwise import Column, Mask, days_of
from vigie.collect.importer import Context, Importer, Parsed, Refusal
from vigie.collect.mapped_columns import Filling, fill
from vigie.collect.mapped_register import beside_institutions
from vigie.collect.mapping import Mapped, mapping_of, own_mapping
from vigie.collect.sample import JSON, PROBLEM, ROW, Sample, problem_words
from vigie.columns import schema_of
from vigie.errors import FileError, RowError
from vigie.model import TABLES
from vigie.words import _

_DAYS = {"published_on": "published_at", "observed_on": "observed_at"}
"""Days that are worked out from a moment, in the institution's own zone."""


class Generic(Importer):
    """Any CSV, XLSX, JSON or Parquet table: posts, snapshots, days of accounts, institutions.

    A mapping (a TOML file) says what each column means; it is kept, and later files of the same
    shape are recognised by it. A table whose columns are called as ours (``network``, ``post``,
    ``account``, ``published_at`` …) needs none. Counts below zero, dates in the future,
    identifiers that a spreadsheet rounded are refused with their row.
    """

    label = _("Table with a mapping")

    def __init__(self, mapping: Mapped | None = None) -> None:
        self._mapping = mapping

    def recognises(self, sample: Sample) -> int:
        """Count the columns that the mapping uses, or those that are called as ours."""
        if self._mapping is not None:
            return len(self._mapping.identifying) if self._mapping.fits(sample) else 0
        own = own_mapping(sample.columns)
        return len(own.columns) if own else 0

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Fill the columns of our table, each at once."""
        mapping = self._mapping_for(batch, context)
        batch, refused = _cut_rows(batch)
        filling = Filling(batch=batch, mapping=mapping, context=context)
        schema = schema_of(TABLES[mapping.table])
        columns = _filled(schema, filling)
        needed = [field.name for field in schema if not field.nullable]
        kept, passed_over = _kept(columns, needed, batch)
        refused += _refusals(columns, needed, batch, kept | passed_over)
        rows = pa.table([columns[name].values for name in schema.names], names=schema.names)
        rows = rows.cast(_nullable(schema)).filter(pa.array(kept)).cast(schema)
        tables = {mapping.table: rows}
        if mapping.table == "institutions":
            beside, slips = beside_institutions(batch.filter(pa.array(kept)), rows, mapping)
            tables |= beside
            refused += slips
        return Parsed(
            tables=tables,
            read=batch.num_rows + sum(not one.is_partial for one in refused if one.column is None)
            - _refused_within(refused, batch),
            refused=tuple(sorted(refused, key=lambda one: one.row)),
            passed_over=int(passed_over.sum()),
        )
