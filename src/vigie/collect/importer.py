"""The contract of an importer: recognise a file by its columns, read it, parse its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from vigie.collect.mapping import Mapped
from vigie.collect.reading import PROBLEM, ROW, Sample, batches, problem_words
from vigie.columns import table_of
from vigie.errors import RowError
from vigie.model import TABLES, Record
from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the file does not say and a person may: whose it is, when it was made, where."""

    account: str | None = None
    """``network:handle`` for exports that do not name their own account."""
    observed_at: datetime
    """When the figures were true: the day of the export (UTC)."""
    zone: ZoneInfo
    """Where times without an offset were written, and whose days count."""
    year: int | None = None
    """For exports whose dates have no year."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """For generic files: our column → theirs, or ``=constant``."""
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A row that is not kept: where, what, why, and the row itself, so that it can be mended."""

    row: int
    """Counted as a spreadsheet counts: the header is row 1."""
    column: str | None
    reason: Words
    content: Mapping[str, str | None]
    is_partial: bool = False
    """Only this cell is left out; the rest of the row was kept."""


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a batch of rows became: every row read is in a table, or refused, or passed over."""

    tables: Mapping[str, pa.Table]
    """Table name → rows in that table's schema (see ``vigie.model``)."""
    read: int
    refused: tuple[Refusal, ...] = ()
    passed_over: int = 0
    """Rows that are not observations (a *Total* line); said, not kept."""
    remarks: tuple[Words, ...] = ()


class Importer(ABC):
    """Reads one file format. The docstring of a member is its page in the documentation."""

    label: ClassVar[Words]
    """What people call the file: *Meta Business Suite, Facebook posts*."""
    needs_account: ClassVar[bool] = False
    """The file does not say whose it is: the account must be given."""
    needs_year: ClassVar[bool] = False

    @abstractmethod
    def recognises(self, sample: Sample) -> int:
        """Return how many of the columns that identify this format are there; 0: not mine.

        The importer with the highest answer reads the file. Matching is by subset: exports
        gain and lose columns from month to month.
        """

    def read(self, sample: Sample) -> Iterator[pa.Table]:
        """Yield batches of text columns plus ``_row``, the row's number in the file.

        The default reads CSV, XLSX, NDJSON, JSON arrays and Parquet as a stream.
        """
        return batches(sample)

    @abstractmethod
    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Turn a batch of text into records. Pure: no network, no clock, no file."""


class RowImporter(Importer):
    """An importer that looks at one row at a time: simple, and fast enough for exports.

    A member writes ``records``; a row that cannot be read raises ``RowError`` and becomes a
    refusal, the others go on.
    """

    @abstractmethod
    def records(
        self, row: Mapping[str, str | None], context: Context
    ) -> Iterable[Record | RowError]:
        """Yield what a row says; raise ``RowError`` to refuse it; yield nothing to pass over.

        A ``RowError`` that is yielded leaves out that cell only; the rest of the row is kept.
        """

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Parse every row by itself."""
        found: dict[str, list[Record]] = {}
        refused: list[Refusal] = []
        passed_over = 0
        for row in batch.to_pylist():
            number = int(row.pop(ROW))
            if problem := row.pop(PROBLEM, None):
                reason = problem_words(problem)
                refused.append(Refusal(row=number, column=None, reason=reason, content=row))
                continue
            if not any(row.values()):
                passed_over += 1  # A blank line.
                continue
            try:
                records = list(self.records(row, context))
            except RowError as error:
                refused.append(_refusal(number, error, row))
                continue
            kept = [record for record in records if not isinstance(record, RowError)]
            slips = [record for record in records if isinstance(record, RowError)]
            # Where nothing was kept beside its slips, the row itself is refused, once.
            shown = slips if kept else slips[:1]
            refused += [_refusal(number, slip, row, is_partial=bool(kept)) for slip in shown]
            passed_over += not records
            for record in kept:
                found.setdefault(record.table, []).append(record)
        tables = {name: table_of(TABLES[name], records) for name, records in found.items()}
        return Parsed(
            tables=tables, read=batch.num_rows, refused=tuple(refused), passed_over=passed_over
        )


def _refusal(
    number: int, error: RowError, row: Mapping[str, str | None], *, is_partial: bool = False
) -> Refusal:
    return Refusal(
        row=number, column=error.column, reason=error.words, content=row, is_partial=is_partial
    )


class MappedImporter(Importer):
    """An importer that a mapping tells what the columns of a file mean."""

    def __init__(self, mapping: Mapped | None = None) -> None:
        self._mapping = mapping
