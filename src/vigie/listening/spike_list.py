"""Spikes as they are read: one for each query and run of days, with the parts it shows in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.listening.series import FACETS, WHOLE
from vigie.model import Spike

APART = timedelta(days=2)
"""Days of one query that lie no further apart are told as one."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A query that stood out, on a day or several, and where it did most."""

    head: Spike
    """Of the query as a whole on its surest day, or of its surest part."""
    parts: tuple[Spike, ...]
    """Of the other parts that day, by kind of part, the surest first."""
    first: date
    last: date


def told(spikes: Sequence[Spike]) -> list[Told]:
    """Return spikes by query and run of days, the newest first."""
    runs: dict[tuple[str, str], list[list[Spike]]] = {}
    for one in sorted(spikes, key=lambda one: one.day):
        known = runs.setdefault((one.query, one.kind), [])
        if known and one.day - known[-1][-1].day <= APART:
            known[-1].append(one)
        else:
            known.append([one])
    found = [_told(run) for of in runs.values() for run in of]
    return sorted(found, key=lambda one: (-one.last.toordinal(), one.head.chance))


def _told(run: Sequence[Spike]) -> Told:
    head = min(run, key=lambda one: (one.facet != WHOLE, one.chance))
    parts = [one for one in run if one.day == head.day and one is not head]
    parts.sort(key=lambda one: (FACETS.index(one.facet), one.chance))
    return Told(head=head, parts=tuple(parts), first=run[0].day, last=run[-1].day)
