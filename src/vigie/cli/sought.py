"""What networks are searched for: the queries that are listened to, read."""

from __future__ import annotations

from vigie import flow
from vigie.errors import QueryError
from vigie.listening import tables
from vigie.listening.narrowing import narrowed


def sought() -> list[flow.Sought]:
    """Return the queries to put to networks; one that no longer reads is left out."""
    found = []
    for kept in tables.queries():
        try:
            query = narrowed(kept)
        except QueryError:
            continue
        found.append(flow.Sought(name=kept.name, query=query, networks=frozenset(kept.networks)))
    return found
