"""What every page needs of the store: one store per process, and how things stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from vigie import flow
from vigie.settings import Settings
from vigie.store.store import Store

Marks = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""What the files of some tables are made of: the same marks, the same answers."""

FRAME_TABLES = frozenset({"institutions", "values"})
"""What the frame is made of, besides the page itself."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the frame says on every page."""

    is_invented: bool
    seen_at: datetime | None
    """The latest look that went into a figure: how fresh they are."""


def site_store() -> Store:
    """Return the store of this process, which its threads share."""
    return _store(settings.CONFIGURED)


@lru_cache(maxsize=4)
def _store(configured: Settings) -> Store:
    return flow.open_store(configured)


def marks(store: Store, tables: frozenset[str]) -> Marks:
    """Return what the files of these tables are made of."""
    return tuple(
        (name, tuple(sorted((str(month), mark) for month, mark in found.items())))
        for name in sorted(tables)
        for found in (store.fingerprints(name),)
    )


def situation() -> Situation:
    """Say whether anything here is invented, and how fresh the figures are."""
    store = site_store()
    return _situation(store, marks(store, FRAME_TABLES))


@lru_cache(maxsize=8)
def _situation(store: Store, _marks: Marks) -> Situation:
    institutions = store.table("institutions")
    invented = institutions.is_invented.any().to_pyarrow().as_py()
    latest = store.table("values", months=store.months("values")[-1:])
    seen_at = latest.seen_at.max().to_pyarrow().as_py()
    return Situation(is_invented=bool(invented), seen_at=seen_at)
