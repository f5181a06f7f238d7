"""Spikes as they are read: one for each query and day, with the parts in which it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.listening.series import FACETS, WHOLE
from vigie.model import Spike


@dataclass(frozen=True, kw_only=True)
class Told:
    """A query that stood out on a day, and where it did most."""

    head: Spike
    """Of the query as a whole, or of the surest part where the whole did not stand out."""
    parts: tuple[Spike, ...]
    """Of the other parts, by kind of part, the surest first."""


def told(spikes: Sequence[Spike]) -> list[Told]:
    """Return spikes by query and day, in the order in which they come."""
    groups: dict[tuple[str, str, str], list[Spike]] = {}
    for one in spikes:
        groups.setdefault((one.day.isoformat(), one.query, one.kind), []).append(one)
    return [_told(group) for group in groups.values()]


def _told(group: Sequence[Spike]) -> Told:
    order = sorted(group, key=lambda one: (one.facet != WHOLE, one.chance))
    head, parts = order[0], order[1:]
    parts.sort(key=lambda one: (FACETS.index(one.facet), one.chance))
    return Told(head=head, parts=tuple(parts))
