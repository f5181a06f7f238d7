"""What several published methods do: total a figure, rank a network, scale to a leader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from vigie.index.method import Entry
from vigie.index.ranking import competition_ranks

Scores = dict[str, float | None]


def figure(entry: Entry, *names: str) -> float | None:
    """Return the first of these figures that is known."""
    for name in names:
        value = entry.metrics.get(name)
        if value is not None:
            return value
    return None


def networks_known(entries: Sequence[Entry], *names: str) -> tuple[str, ...]:
    """Return the networks where at least half of those present have one of these figures.

    A network hardly anybody looked at is left out of a total, rather than making every total
    unknown.
    """
    present: dict[str, int] = {}
    known: dict[str, int] = {}
    for entry in entries:
        if entry.is_present:
            present[entry.network] = present.get(entry.network, 0) + 1
            known[entry.network] = known.get(entry.network, 0) + (figure(entry, *names) is not None)
    return tuple(sorted(n for n, count in present.items() if known[n] and 2 * known[n] >= count))


def totals(entries: Sequence[Entry], *names: str) -> Scores:
    """Sum a figure over the networks; absent adds nothing, one unknown makes the sum unknown."""
    networks = networks_known(entries, *names)
    found: Scores = dict.fromkeys(sorted({entry.institution for entry in entries}), 0.0)
    if not networks:
        return dict.fromkeys(found)
    for entry in entries:
        if entry.network not in networks or not entry.is_present:
            continue
        so_far, value = found[entry.institution], figure(entry, *names)
        unknown = so_far is None or value is None
        found[entry.institution] = None if unknown else (so_far or 0.0) + (value or 0.0)
    return found


def on_network(entries: Iterable[Entry], network: str, *names: str) -> Scores:
    """Return one figure on one network; absent institutions are not in the list."""
    return {
        entry.institution: figure(entry, *names)
        for entry in entries
        if entry.network == network and entry.is_present
    }


def places(scores: Mapping[str, float | None], *, higher_leads: bool = True) -> dict[str, int]:
    """Return competition ranks (1, 2, 2, 4) of those whose score is known."""
    known = sorted((name, value) for name, value in scores.items() if value is not None)
    sign = 1.0 if higher_leads else -1.0
    ranks = competition_ranks(np.array([sign * value for _name, value in known]))
    return {name: int(rank) for (name, _value), rank in zip(known, ranks, strict=True)}


def scaled_to_leader(scores: Mapping[str, float | None]) -> Scores:
    """Scale a criterion so that its leader has 100."""
    best = max((value for value in scores.values() if value is not None), default=0.0)
    return {
        name: None if value is None or best <= 0 else 100.0 * value / best
        for name, value in scores.items()
    }
