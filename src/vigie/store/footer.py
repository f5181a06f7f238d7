"""What a file of the store says of itself, at its end, where it is written last.

A file tells which older files it replaces, so that one rename swaps them; and which files it
was compared with and shares no key with, so that reading them together needs no comparison.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

KEY = b"vigie"


@dataclass(frozen=True, kw_only=True)
class Footer:
    """Rows and columns of a file, its place among looks, and what it replaces."""

    rows: int
    schema: pa.Schema
    order: str
    """Between two equal looks, the file of the greater order wins."""
    replaces: frozenset[str] = field(default_factory=frozenset)
    apart: frozenset[str] = field(default_factory=frozenset)
    """Files that hold none of this file's keys."""
    ended: float = 0.0
    """When writing it ended, in seconds since 1970: what it replaces is kept a while longer."""
    merged: bool = False
    """It holds the same things as the files it replaces."""
    change: str | None = None
    """The change of several partitions at once it belongs to: unseen until that is done."""


def read_footer(file: IO[bytes], *, name: str) -> Footer:
    """Read a file's footer; raises ``pa.ArrowInvalid`` or ``OSError`` when it has none."""
    found = pq.read_metadata(file)
    said = json.loads((found.metadata or {}).get(KEY, b"{}"))
    return Footer(
        rows=found.num_rows,
        schema=found.schema.to_arrow_schema().remove_metadata(),
        order=said.get("order", name),
        replaces=frozenset(said.get("replaces", ())),
        apart=frozenset(said.get("apart", ())),
        ended=said.get("ended", 0.0),
        merged=said.get("merged", False),
        change=said.get("change"),
    )


def footer_words(
    *,
    order: str,
    ended: float,
    replaces: Collection[str] = (),
    apart: Collection[str] = (),
    merged: bool = False,
    change: str | None = None,
) -> dict[str, str]:
    """Return what is written into the footer."""
    said = {
        "order": order,
        "ended": ended,
        "replaces": sorted(replaces),
        "apart": sorted(apart),
        "merged": merged,
        "change": change,
    }
    return {KEY.decode(): json.dumps(said)}
