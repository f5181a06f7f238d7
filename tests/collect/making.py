"""Makes the files that tests read, and reads them whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from vigie.collect.importer import Context
from vigie.collect.reading import PROBLEM, ROW, Sample, batches, look

Cells = Sequence[str]
CONTEXT = Context(
    observed_at=datetime(2026, 11, 1, 12, tzinfo=UTC), zone=ZoneInfo("Europe/Paris"), run="run"
)


def written(path: Path, content: str | bytes, *, encoding: str = "utf-8") -> Path:
    """Write a file and return where it is."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def separated(rows: Sequence[Cells], *, separator: str = ",", end: str = "\r\n") -> str:
    """Return rows as Python's own csv module writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue()


def rows_of(path: Path, *, part: str | None = None) -> list[dict[str, str | None]]:
    """Return every row of a file as it is read, without its number."""
    return [
        {name: cell for name, cell in row.items() if name not in (ROW, PROBLEM)}
        for row in whole(look(path, part=part))
    ]


def whole(sample: Sample) -> list[dict[str, str | None]]:
    """Return every row of a file with its number and its problem."""
    return [row for batch in batches(sample) for row in batch.to_pylist()]
