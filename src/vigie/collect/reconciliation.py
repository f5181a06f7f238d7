"""What became of every row of a file: read, kept, duplicate, refused, and how far we are."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from vigie.collect.importer import Parsed, Refusal
from vigie.words import Words, say


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an import is."""

    rows: int
    seconds: float
    total: int | None = None
    """Estimated from the size of the file; unknown when it cannot be told."""

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left, as far as can be told."""
        if self.total is None or not self.rate:
            return None
        return max(self.total - self.rows, 0) / self.rate


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """What became of every row of a file: *read = kept + duplicate + refused + passed over*."""

    run: str
    file: str
    importer: str
    read: int
    """Rows of the file."""
    records: int
    """What they held: as many, unless a row speaks of several things."""
    kept: int
    duplicate: int
    refused: int
    passed_over: int = 0
    forgotten: int = 0
    """Rows about something that was erased on request and stays erased."""
    partial: int = 0
    """Cells left out of rows that were kept."""
    beside: Mapping[str, int] = field(default_factory=dict)
    """Rows kept in other tables than the main one (snapshots beside posts)."""
    refused_file: Path | None = None
    remarks: tuple[Words, ...] = ()
    seconds: float = 0.0


class Added(Protocol):
    """What the store says became of the rows of one table."""

    @property
    def kept(self) -> int:
        """New things, and new looks at known ones."""

    @property
    def duplicate(self) -> int:
        """Rows that say nothing new."""

    @property
    def forgotten(self) -> int:
        """Rows about something erased on request."""


@dataclass(kw_only=True)
class Tally:
    """Counts the rows of a file while they are read, and tells how far it is."""

    path: Path
    begun: float
    progress: Callable[[Progress], None]
    read: int = 0
    refused: int = 0
    partial: int = 0
    passed_over: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, Words] = field(default_factory=dict)
    total: int | None = None

    def add(self, batch: pa.Table, parsed: Parsed) -> None:
        """Count a batch and what it became."""
        if self.total is None and batch.num_rows:
            each = max(batch.nbytes / batch.num_rows, 1)
            self.total = max(int(self.path.stat().st_size / each), batch.num_rows)
        self.read += parsed.read
        self.refused += sum(not refusal.is_partial for refusal in parsed.refused)
        self.partial += sum(refusal.is_partial for refusal in parsed.refused)
        self.passed_over += parsed.passed_over
        for name, rows in parsed.tables.items():
            self.rows[name] = self.rows.get(name, 0) + rows.num_rows
        self.remark(parsed.remarks)
        self.progress(
            Progress(rows=self.read, seconds=time.monotonic() - self.begun, total=self.total)
        )

    def remark(self, remarks: Iterable[Words]) -> None:
        """Keep what is worth saying once, however many batches said it."""
        self.remarks.update({str(remark): remark for remark in remarks})

    def reconcile(
        self, added: Mapping[str, Added], *, run: str, importer: str, refused: RefusedRows
    ) -> Reconciliation:
        """Close the count with what the store says it added."""
        name = max(added, key=lambda one: self.rows.get(one, 0), default="")
        main = added.get(name)
        return Reconciliation(
            run=run,
            file=self.path.name,
            importer=importer,
            read=self.read,
            records=main.kept + main.duplicate + main.forgotten if main else 0,
            kept=main.kept if main else 0,
            duplicate=main.duplicate if main else 0,
            refused=self.refused,
            passed_over=self.passed_over,
            forgotten=main.forgotten if main else 0,
            partial=self.partial,
            beside={other: one.kept for other, one in added.items() if other != name},
            refused_file=refused.path if refused.count else None,
            remarks=tuple(self.remarks.values()),
            seconds=time.monotonic() - self.begun,
        )


class RefusedRows:
    """Keeps refused rows with their reason in a CSV that can be mended and imported again."""

    def __init__(self, path: Path, *, language: str) -> None:
        self.path = path
        self.language = language
        self.count = 0

    def __enter__(self) -> RefusedRows:
        return self

    def write(self, refusals: Sequence[Refusal]) -> None:
        """Add rows: where, why, then the row as it was."""
        if not refusals:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if not self.count:
                writer.writerow(["vigie_row", "vigie_column", "vigie_reason", *refusals[0].content])
            for refusal in refusals:
                cells = ["" if cell is None else cell for cell in refusal.content.values()]
                reason = say(refusal.reason, self.language)
                writer.writerow([refusal.row, refusal.column or "", reason, *cells])
        self.count += len(refusals)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            self.path.unlink(missing_ok=True)
