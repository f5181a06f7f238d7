"""What measured each dimension of a group, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir
import pyarrow as pa

from vigie.index.scoring import DIMENSIONS, not_counted, stands_in
from vigie.words import Words

Used = Mapping[str, Mapping[tuple[str, str], str]]
"""Group → network and dimension → the indicator that measured it."""


def indicators_used(parts: ir.Table) -> dict[str, dict[tuple[str, str], str]]:
    """Read from the parts of an edition which indicator measured what."""
    names = ("group", "network", "dimension", "indicator")
    rows: pa.Table = parts.select(*names).distinct().to_pyarrow()
    found: dict[str, dict[tuple[str, str], str]] = {}
    for row in sorted(rows.to_pylist(), key=lambda row: tuple(row[name] for name in names)):
        found.setdefault(row["group"], {})[row["network"], row["dimension"]] = row["indicator"]
    return found


def caveats_of(used: Mapping[tuple[str, str], str]) -> tuple[Words, ...]:
    """Say which dimensions are not counted in a group, and where another indicator stands in."""
    counted = {dimension for _network, dimension in used}
    missing = [not_counted(dimension) for dimension in DIMENSIONS if dimension not in counted]
    instead = [
        stands_in(network, dimension, indicator)
        for (network, dimension), indicator in used.items()
        if indicator != DIMENSIONS[dimension][0]
    ]
    return (*missing, *instead)
