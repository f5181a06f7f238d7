"""Cells as files hold them: plain figures, and one column for each thing a cell says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Grid,
    Interval,
    Link,
    Section,
)
from vigie.words import _

LOW, HIGH, ADDRESS = "_low", "_high", "_address"


def spread(grid: Grid) -> list[Column]:
    """Return the columns of a file: an interval takes three, a link two.

    The first row decides, so that a long list is never read twice.
    """
    first = grid.rows[0] if len(grid.rows) else {}
    return [part for column in grid.columns for part in _parts(column, first.get(column.key))]


def _parts(column: Column, sample: Cell) -> Iterator[Column]:
    if isinstance(sample, Interval):
        if not column.is_range:
            yield column
        low = _("{column}, low", column=column.label)
        high = _("{column}, high", column=column.label)
        yield replace(column, key=column.key + LOW, label=low, is_row_header=False)
        yield replace(column, key=column.key + HIGH, label=high, is_row_header=False)
    elif isinstance(sample, Link):
        yield column
        words = _("{column}, address", column=column.label)
        yield replace(
            column, key=column.key + ADDRESS, label=words, kind="text", is_row_header=False
        )
    else:
        yield column


def pick(row: Mapping[str, Cell], key: str) -> Cell:
    """Return what a spread column holds in a row."""
    if key in row:
        value = row[key]
        if isinstance(value, Interval):
            return value.value
        return value.exported if isinstance(value, Link) else value
    for ending in (LOW, HIGH, ADDRESS):
        found = row.get(key.removesuffix(ending)) if key.endswith(ending) else None
        if isinstance(found, Interval):
            return found.low if ending == LOW else found.high
        if isinstance(found, Link):
            return found.href
    return None


def grids(document: Document) -> Iterator[Grid]:
    """Yield every table of a document, those behind charts too, in reading order."""
    for block in document.blocks:
        yield from _grids(block)


def _grids(block: Block) -> Iterator[Grid]:
    if isinstance(block, Grid):
        yield block
    elif isinstance(block, Chart):
        yield block.table
    elif isinstance(block, Section):
        for inner in block.blocks:
            yield from _grids(inner)
