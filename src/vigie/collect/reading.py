"""Opens the files people have: kind, encoding, separator, header; and streams their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from vigie.words import Words

ROW = "_row"
"""The column of a batch that says where in the file a row stands."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The beginning of a file, enough to recognise it."""

    path: Path
    kind: str
    """csv, xlsx, json, ndjson, parquet or zip: by content, never by name."""
    columns: tuple[str, ...]
    """The header as written, trimmed; for JSON the keys of the first object, dotted when nested."""
    rows: tuple[Mapping[str, str | None], ...]
    """At most twenty rows as text."""
    encoding: str | None = None
    separator: str | None = None
    skipped: int = 0
    """Lines before the header (``sep=,``, comments, a title)."""
    remarks: tuple[Words, ...] = ()
    """What was repaired or noticed on the way in: mojibake, a byte-order mark, two header lines."""
    preamble: tuple[str, ...] = ()
    """The skipped lines themselves: some exports name their metric there."""


def batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield the rows of a file as batches of text columns plus ``_row``."""
    raise NotImplementedError
