"""Any table, with a saved mapping or with our own column names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.columnwise import Column, Mask, days_of
from vigie.collect.importer import Context, MappedImporter, Parsed, Refusal
from vigie.collect.institution_names import Slugs
from vigie.collect.mapped_columns import Filling, fill
from vigie.collect.mapped_register import beside_institutions
from vigie.collect.mapping import Mapped, mapping_of, own_mapping
from vigie.collect.sample import JSON, PROBLEM, ROW, Sample, problem_words
from vigie.columns import schema_of
from vigie.errors import FileError, RowError
from vigie.model import TABLES
from vigie.words import _

_DAYS = {"published_on": "published_at", "observed_on": "observed_at"}
"""Days that are worked out from a moment, where the institution is."""


class Generic(MappedImporter):
    """Any CSV, XLSX, JSON or Parquet table: posts, snapshots, days of accounts, institutions.

    A mapping (a TOML file) says what each column means; it is kept, and later files of the same
    shape are recognised by it. A table whose columns are called as ours (``network``, ``post``,
    ``account``, ``published_at`` …) needs none. Rows whose identifier a spreadsheet rounded, or
    whose date lies in the future, are refused; of a count below zero the cell is left out.
    """

    label = _("Table with a mapping")

    def __init__(self, mapping: Mapped | None = None) -> None:
        super().__init__(mapping)
        self._slugs = Slugs()

    def recognises(self, sample: Sample) -> int:
        """Count the columns that the mapping uses, or those that are called as ours."""
        if self._mapping is not None:
            return len(self._mapping.identifying) if self._mapping.fits(sample) else 0
        own = own_mapping(sample.columns)
        return len(own.columns) if own else 0

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Fill the columns of our table, each at once."""
        mapping = self._mapping_for(batch, context)
        whole, refused = _cut_rows(batch)
        filling = Filling(batch=whole, mapping=mapping, context=context, slugs=self._slugs)
        schema = schema_of(TABLES[mapping.table])
        columns = _filled(schema, filling)
        needed = [field.name for field in schema if not field.nullable]
        lacking = _lacking(columns, needed, whole.num_rows)
        blank = _blank(whole, lacking)
        kept = pa.array(~lacking)
        refused += _refusals(columns, needed, whole, lacking & ~blank)
        loose = [columns[field.name].values.cast(field.type) for field in schema]
        rows = pa.table(loose, names=schema.names).filter(kept)
        tables = {mapping.table: pa.table(rows.columns, schema=schema)}
        if mapping.table == "institutions":
            beside, slips = beside_institutions(whole.filter(kept), rows, mapping)
            tables |= beside
            refused += slips
        return Parsed(
            tables={name: table for name, table in tables.items() if table.num_rows},
            read=batch.num_rows,
            refused=tuple(sorted(refused, key=lambda refusal: refusal.row)),
            passed_over=int(blank.sum()),
        )

    def _mapping_for(self, batch: pa.Table, context: Context) -> Mapped:
        if self._mapping is not None:
            return self._mapping
        if context.mapping:
            told = dict(context.mapping)
            return mapping_of({"table": told.pop("table", "posts"), "columns": told})
        own = own_mapping([name for name in batch.column_names if name not in (ROW, PROBLEM)])
        if own is None:
            raise FileError(
                _("The columns of this file are not ours. Say what they mean with a mapping.")
            )
        return own


def _cut_rows(batch: pa.Table) -> tuple[pa.Table, list[Refusal]]:
    """Return the rows that could be cut into cells, and the refusals of the others."""
    if PROBLEM not in batch.column_names:
        return batch, []
    problems = batch.column(PROBLEM)
    if problems.null_count == len(problems):
        return batch, []
    broken = batch.filter(pc.is_valid(problems)).to_pylist()
    refused = [
        Refusal(
            row=int(row.pop(ROW)),
            column=None,
            reason=problem_words(row.pop(PROBLEM)),
            content=row,
        )
        for row in broken
    ]
    return batch.filter(pc.is_null(problems)), refused


def _filled(schema: pa.Schema, filling: Filling) -> dict[str, Column]:
    columns = {
        name: fill(name, filling) for name in schema.names if name not in (*_DAYS, "source", "run")
    }
    context, name = filling.context, filling.mapping.name
    said = {"source": f"generic:{name}" if name else "generic", "run": context.run or None}
    for column in schema.names:
        if column in _DAYS:
            times = columns[_DAYS[column]].values
            columns[column] = Column(values=days_of(times, context.zone))
        elif column in said:
            value = pa.scalar(said[column], pa.string())
            columns[column] = Column(values=pa.repeat(value, filling.size))
    return columns


def _lacking(columns: Mapping[str, Column], needed: Iterable[str], size: int) -> Mask:
    """Return the rows that cannot be kept: a needed column is missing or cannot be read."""
    lacking = np.zeros(size, dtype=bool)
    for name in needed:
        values = columns[name].values
        if values.null_count:
            lacking |= values.is_null().to_numpy(zero_copy_only=False)
        for place in columns[name].slips:
            lacking[place] = True
    return lacking


def _blank(batch: pa.Table, lacking: Mask) -> Mask:
    """Return which of the rows that cannot be kept say nothing at all."""
    blank = np.zeros(len(lacking), dtype=bool)
    names = [name for name in batch.column_names if name not in (ROW, PROBLEM, JSON)]
    for place, row in _rows(batch.select(names), np.flatnonzero(lacking)):
        blank[place] = not any(row.values())
    return blank


def _rows(batch: pa.Table, places: Iterable[int]) -> Iterator[tuple[int, dict[str, str | None]]]:
    chosen = [int(place) for place in places]
    return zip(chosen, batch.take(chosen).to_pylist() if chosen else [], strict=True)


def _refusals(
    columns: Mapping[str, Column], needed: list[str], batch: pa.Table, refused: Mask
) -> list[Refusal]:
    """Return what is said of refused rows, once each, and of cells left out of kept ones."""
    found = {place: _reason(columns, needed, place) for place in map(int, np.flatnonzero(refused))}
    partial = [
        (place, slip)
        for name, column in columns.items()
        if name not in needed
        for place, slip in column.slips.items()
        if place not in found
    ]
    said = [(place, slip, False) for place, slip in found.items()]
    said += [(place, slip, True) for place, slip in partial]
    rows = dict(_rows(batch, sorted({place for place, _slip, _partial in said})))
    return [_refusal(rows[place], slip, is_partial=part) for place, slip, part in said]


def _reason(columns: Mapping[str, Column], needed: list[str], place: int) -> RowError:
    slips = [columns[name].slips[place] for name in needed if place in columns[name].slips]
    if slips:
        return slips[0]
    missing = [name for name in needed if not columns[name].values[place].is_valid]
    return RowError(
        _("{columns} is missing, and no row is kept without it.", columns=", ".join(missing)),
        column=missing[0],
    )


def _refusal(row: Mapping[str, str | None], slip: RowError, *, is_partial: bool) -> Refusal:
    content = {name: cell for name, cell in row.items() if name not in (ROW, PROBLEM)}
    return Refusal(
        row=int(row[ROW] or 0),
        column=slip.column,
        reason=slip.words,
        content=content,
        is_partial=is_partial,
    )
