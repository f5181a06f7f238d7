"""What a sample of an importer must give, as JSON beside it: ``posts.csv.expected.json``.

After a change, look at the difference: ``python -m tests.collect.expected FILE…`` writes what the
importer gives now, keeping the context that the file states.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from vigie.collect.importer import Context, Parsed
from vigie.collect.recognising import recognise

SAMPLES = Path(__file__).parents[1] / "samples" / "importers"
SUFFIX = ".expected.json"


def samples() -> list[Path]:
    """Return every sample of every importer."""
    return sorted(
        path
        for path in SAMPLES.glob("*/*")
        if path.is_file() and not path.name.endswith(SUFFIX) and not path.name.startswith(".")
    )


def stated(sample: Path) -> dict[str, Any]:
    """Return what is stored beside a sample."""
    found: dict[str, Any] = json.loads(beside(sample).read_text("utf-8"))
    return found


def beside(sample: Path) -> Path:
    return sample.with_name(sample.name + SUFFIX)


def given(sample: Path) -> dict[str, Any]:
    """Return what the importer gives now, in the form in which it is stored."""
    told = stated(sample)["context"] if beside(sample).exists() else {}
    found = recognise(sample)
    context = context_of(told)
    parsed = [found.importer.parse(batch, context) for batch in found.importer.read(found.sample)]
    return {
        "context": told,
        "read": sum(one.read for one in parsed),
        "passed_over": sum(one.passed_over for one in parsed),
        "tables": _tables(parsed),
        "refused": [refusal for one in parsed for refusal in _refusals(one)],
        "remarks": sorted({str(remark) for one in parsed for remark in one.remarks}),
    }


def context_of(told: Mapping[str, Any]) -> Context:
    """Return the context a sample is read in; by default an export of 15 October 2026 in Paris."""
    day = datetime.fromisoformat(told.get("observed_at", "2026-10-15T08:00:00+00:00"))
    return Context(
        account=told.get("account"),
        observed_at=day.astimezone(UTC),
        zone=ZoneInfo(told.get("zone", "Europe/Paris")),
        year=told.get("year"),
        mapping=told.get("mapping", {}),
        run="",
    )


def _tables(parsed: Iterable[Parsed]) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for one in parsed:
        for name, rows in one.tables.items():
            tables.setdefault(name, []).extend(_plain(row) for row in rows.to_pylist())
    return {name: tables[name] for name in sorted(tables)}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is unknown, and write moments as text."""
    return {
        name: cell.isoformat() if isinstance(cell, date) else cell
        for name, cell in row.items()
        if cell is not None and cell != []
    }


def _refusals(parsed: Parsed) -> Iterator[dict[str, Any]]:
    for refusal in parsed.refused:
        yield {
            "row": refusal.row,
            "column": refusal.column,
            "reason": str(refusal.reason),
            "is_partial": refusal.is_partial,
        }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        text = json.dumps(given(path), ensure_ascii=False, indent=2)
        beside(path).write_text(text + "\n", "utf-8")
