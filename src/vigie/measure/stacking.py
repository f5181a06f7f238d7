"""Tables laid one on top of the other, whatever each says of what may be unknown."""

from __future__ import annotations

import ibis.expr.types as ir


def stack(first: ir.Table, *others: ir.Table) -> ir.Table:
    """Return the rows of all tables, in the columns of the first; any column may be unknown."""
    kinds = {name: kind.copy(nullable=True) for name, kind in first.schema().items()}
    whole = first.cast(kinds)
    for other in others:
        whole = whole.union(other.select(*kinds).cast(kinds))
    return whole
