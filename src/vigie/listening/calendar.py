"""Which event rules each day of each watched series: the shortest of those that concern it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from vigie.listening.academic_year import FRENCH_ZONES, defaults, family, usual_factor
from vigie.listening.forecast import ORDINARY, EventDays, Places
from vigie.listening.kept import KeptEvent
from vigie.listening.series import Series

NO_CHANGE = 1.0
"""The factor of an event that does not take place here."""


def calendar(
    kept: Iterable[KeptEvent], *, first: date, last: date, zone: str
) -> tuple[KeptEvent, ...]:
    """Return the events of these days: a team's own, and the usual ones it did not replace."""
    own = {event.name: event for event in kept}
    usual = defaults(first, last) if zone in FRENCH_ZONES else ()
    both = {event.name: event for event in usual} | own
    touching = [one for one in both.values() if one.first_day <= last and one.last_day >= first]
    return tuple(sorted(touching, key=lambda event: (event.first_day, event.name)))


def event_days(
    events: Sequence[KeptEvent], series: Sequence[Series], days: Sequence[date]
) -> EventDays:
    """Return which event rules each day of each series.

    An event of one network or institution rules the series of that network or institution only.
    Events of one family (the same date of another year) or kind share what the archive learns.
    """
    if not events or not days:
        return EventDays.none((len(series), len(days)))
    factors: dict[tuple[str, float | None], float] = {}
    ruled = np.full((len(series), len(days)), ORDINARY, dtype=np.int64)
    # The longest first, so that the shortest has the last word.
    for event in sorted(events, key=_length, reverse=True):
        # The same factor given twice is one; what is learned is learned by family.
        key = (family(event) if event.factor is None else "", event.factor)
        factors.setdefault(key, event.factor or usual_factor(event))
        _rule(ruled, event, list(factors).index(key), series, days)
    return EventDays(
        events=ruled,
        factors=np.array(list(factors.values())),
        is_fixed=np.array([factor is not None for _family, factor in factors]),
    )


def ruling(
    events: Iterable[KeptEvent], day: date, *, series: Series | None = None
) -> KeptEvent | None:
    """Return the event that rules a day, of one series or of any."""
    found = [
        event
        for event in events
        if event.first_day <= day <= event.last_day and (series is None or concerns(event, series))
    ]
    return min(found, key=_length, default=None)


def concerns(event: KeptEvent, series: Series) -> bool:
    """Whether an event changes what a series brings."""
    limits = {"network": event.network, "institution": event.institution}
    return all(
        limit is None or (series.facet, series.value) == (facet, limit)
        for facet, limit in limits.items()
    )


def _length(event: KeptEvent) -> tuple[int, str]:
    return (event.last_day - event.first_day).days, event.name


def _rule(
    ruled: Places, event: KeptEvent, place: int, series: Sequence[Series], days: Sequence[date]
) -> None:
    start = max((event.first_day - days[0]).days, 0)
    end = min((event.last_day - days[0]).days + 1, len(days))
    rows = [row for row, one in enumerate(series) if concerns(event, one)]
    if start < end and rows:
        ruled[rows, start:end] = place
