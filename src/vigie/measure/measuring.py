"""Every indicator of some months, in one pass: tables in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache

import ibis
import pyarrow as pa

from vigie.measure import indicators
from vigie.measure.carrying import Prepared
from vigie.measure.indicator import REGISTER, Indicator, Tables
from vigie.measure.months import shifted, with_lookback
from vigie.measure.one_pass import measured
from vigie.plugins import members

OBSERVATIONS = ("posts", "snapshots", "mentions", "labels", "identities")
"""What is kept month by month."""
READS = (*OBSERVATIONS, *REGISTER)
"""Every table that measuring reads."""
POSTS_AT_ONCE = 500_000
"""Months are taken together up to this many posts: quicker than one by one while they are small,
and memory stays bounded."""

Fingerprints = Mapping[str, Mapping[date | None, str]]
"""Table → month (None: the table is not cut by month) → digest of what it is made of."""


@cache
def known_indicators() -> Mapping[str, type[Indicator]]:
    """Every indicator by name."""
    return members(indicators, Indicator)


def lookback(among: Mapping[str, type[Indicator]] | None = None) -> tuple[int, ...]:
    """Return how far back lie the months whose snapshots values depend on (of any indicator)."""
    known = known_indicators() if among is None else among
    return tuple(sorted({back for member in known.values() for back in member.lookback}))


def months_to_read(months: Iterable[date]) -> dict[str, list[date] | None]:
    """Return which months of each table are needed to measure these months (None: all of it)."""
    wanted = sorted(set(months))
    return {
        **dict.fromkeys(OBSERVATIONS, wanted),
        "snapshots": with_lookback(wanted, lookback()),
        **dict.fromkeys(REGISTER),
    }


def stale_months(now: Fingerprints, then: Fingerprints) -> list[date]:
    """Return the months whose values no longer follow from what is stored, oldest first.

    A month is stale when what was observed in it changed, or the snapshots of a month it looks
    back on. A change of the register makes every month stale. A month that has lost its files is
    stale too: it has values that nothing supports.
    """
    every = {month for name in OBSERVATIONS for month in _months(now, name) | _months(then, name)}
    if any(now.get(name, {}) != then.get(name, {}) for name in REGISTER):
        return sorted(every)
    stale = {month for name in OBSERVATIONS for month in _changed(now, then, name)}
    later = (0, *lookback())
    for month in _changed(now, then, "snapshots"):
        stale |= {shifted(month, count) for count in later} & every
    return sorted(stale)


def _months(prints: Fingerprints, name: str) -> set[date]:
    return {month for month in prints.get(name, {}) if month is not None}


def _changed(now: Fingerprints, then: Fingerprints, name: str) -> set[date]:
    new, old = now.get(name, {}), then.get(name, {})
    return {m for m in _months(now, name) | _months(then, name) if new.get(m) != old.get(m)}


def values(
    tables: Tables,
    *,
    months: Sequence[date],
    names: Collection[str] | None = None,
    prepared: Prepared | None = None,
) -> pa.Table:
    """Measure indicators (all, unless named) in these months, at every level, as ``Value`` rows.

    ``tables`` holds those of ``READS``; ``months_to_read`` says which of their months. The result
    is sorted by month and then by key, and the same for the same tables, however the months are
    grouped. ``prepared`` answers over the tables of a store, which hold no other months, what any
    other tables are asked one question at a time.
    """
    chosen = {
        name: member
        for name, member in known_indicators().items()
        if names is None or name in names
    }
    with selects_unmerged():
        return measured(tables, sorted(set(months)), chosen, prepared)


def grouped(months: Iterable[date], posts: Mapping[date, int]) -> Iterator[list[date]]:
    """Put months together, by how many posts each has, so that they fit into memory."""
    group: list[date] = []
    held = 0
    for month in sorted(set(months)):
        if group and held + posts.get(month, 0) > POSTS_AT_ONCE:
            yield group
            group, held = [], 0
        group.append(month)
        held += posts.get(month, 0)
    if group:
        yield group


@contextmanager
def selects_unmerged() -> Iterator[None]:
    """Leave it to the engine to merge nested selects: it is quicker at it than Ibis."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
