"""Spikes of the watched queries: found in what was collected, remembered, explained."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import records_of, table_of
from vigie.errors import QueryError
from vigie.flow.counting import EVERYTHING, counts, months_between
from vigie.listening.calendar import calendar, event_days
from vigie.listening.coverage import Share, share_seen
from vigie.listening.forecast import EventDays, Numbers, days_between
from vigie.listening.kept import KeptEvent, KeptQuery
from vigie.listening.narrowing import narrowed
from vigie.listening.query import Query
from vigie.listening.rising import LAG
from vigie.listening.series import MARK, Series, Watched, originals, part, watched
from vigie.listening.spikes import BURST, LEAST_AUTHORS, RISE, judge
from vigie.listening.texts import READS, texts
from vigie.listening.why import Why, why
from vigie.model import Cursor, Spike
from vigie.settings import Settings
from vigie.store.store import Store

HISTORY = timedelta(days=760)
"""Two years and a month: what the calendar changes is learned from last year."""
BEFORE = timedelta(days=56)
"""Weeks of posts that say what is usually spoken of."""
MOST_ROWS = 20_000
"""Posts before that are read at most, the newest."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is watched: queries by name, and what a team says of the days."""

    queries: Mapping[str, Query]
    events: Sequence[KeptEvent] = ()


def watch_of(queries: Iterable[KeptQuery], events: Sequence[KeptEvent]) -> Watch:
    """Return what is watched of what people keep; a query that cannot be read is left out."""
    found: dict[str, Query] = {}
    for kept in queries:
        try:
            found[kept.name] = narrowed(kept)
        except QueryError as error:
            log.warning("the query %s is not watched: %s", kept.name, error)
    return Watch(queries=found, events=events)


@dataclass(frozen=True, kw_only=True)
class History:
    """The counts of all watched series, and the calendar over the same days."""

    watched: Watched
    calendar: EventDays


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Why a spike came about, with the posts that the explanation names."""

    why: Why
    rows: Mapping[tuple[str, str], Mapping[str, Any]]
    """Rows of ``texts`` by network and post."""


def find_spikes(
    store: Store,
    watch: Watch,
    *,
    settings: Settings,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
) -> list[Spike]:
    """Find what is new on some days (yesterday and today), and remember it.

    What is found of a day that goes on is found again with more posts: the newest look counts.
    """
    today = now.astimezone(settings.zone).date()
    last = min(last or today, today)
    first = first or last - timedelta(days=1)
    past = history(store, watch, settings=settings, now=now, judged_from=first, last=last)
    judged = judge(past.watched, past.calendar, judged_from=first)
    found = [
        one if one.kind == BURST else replace(one, authors=_authors(store, watch, one))
        for one in judged.spikes(first, at=now)
    ]
    kept = [one for one in found if one.authors >= LEAST_AUTHORS]
    if kept:
        store.append("spikes", table_of(Spike, kept))
    return kept


def history(
    store: Store,
    watch: Watch,
    *,
    settings: Settings,
    now: datetime,
    judged_from: date,
    last: date,
) -> History:
    """Return what the watched series brought until a day, and how much of it was seen."""
    first = _first_day(store, last)
    days = days_between(first, last)
    rows = counts(store, watch.queries, settings=settings, first=first, last=last)
    share = _share(store, rows, days, settings=settings, now=now)
    mine = rows.filter(pc.not_equal(rows["query"], EVERYTHING))
    laid = watched(mine, list(watch.queries), days=days, judged_from=judged_from, seen=share)
    events = calendar(watch.events, first=first, last=last, zone=settings.timezone)
    return History(watched=laid, calendar=event_days(events, laid.series, days))


def _first_day(store: Store, last: date) -> date:
    earliest = last - HISTORY
    months = months_between(store, earliest, last)
    return max(earliest, months[0]) if months else last


def _share(
    store: Store, rows: pa.Table, days: Sequence[date], *, settings: Settings, now: datetime
) -> Share:
    cursors = records_of(Cursor, store.table("cursors").to_pyarrow())
    brought: dict[str, Numbers] = {}
    everything = rows.filter(pc.equal(rows["query"], EVERYTHING)).to_pylist()
    for row in everything:
        facet, _mark, network = row["part"].partition(MARK)
        if facet == "network":
            posts = brought.setdefault(network, np.zeros(len(days)))
            posts[(row["day"] - days[0]).days] += row["posts"]
    return share_seen(cursors, brought, days=days, now=now, zone=settings.zone)


def _authors(store: Store, watch: Watch, spike: Spike) -> int:
    """Return how many wrote the posts of a fortnight."""
    first = spike.day - timedelta(days=LAG - 1)
    rows = originals(_texts(store, watch, spike, first, spike.day))
    return int(rows.select("network", "author").distinct().count().to_pyarrow().as_py())


def _texts(store: Store, watch: Watch, spike: Spike, first: date, last: date) -> ir.Table:
    """Return the texts of a spike's series between two days."""
    series = Series(query=spike.query, facet=spike.facet, value=spike.value)
    months = months_between(store, first, last)
    rows = store.view(texts, store.tables(READS, months=months))
    rows = rows.filter(rows.published_on.between(first, last), part(rows, series))
    return rows.filter(watch.queries[spike.query].condition(rows))


def known_spikes(
    store: Store, *, query: str | None = None, first: date | None = None, last: date | None = None
) -> list[Spike]:
    """Return the spikes that were found, the newest day first, the surest first on each."""
    rows = store.table("spikes")
    if query is not None:
        rows = rows.filter(rows["query"] == query)
    if first is not None:
        rows = rows.filter(rows.day >= first)
    if last is not None:
        rows = rows.filter(rows.day <= last)
    found = records_of(Spike, rows.to_pyarrow())
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.chance, one.spike))


def spike_named(store: Store, name: str) -> Spike | None:
    """Return a spike by its name."""
    rows = store.table("spikes")
    found = records_of(Spike, rows.filter(rows.spike == name).to_pyarrow())
    return found[0] if found else None


def explain(store: Store, watch: Watch, spike: Spike) -> Explained:
    """Return why a spike came about, from the posts of its days and of the weeks before."""
    first = spike.day - timedelta(days=LAG - 1 if spike.kind == RISE else 0)
    before = first - timedelta(days=1)
    day = _texts(store, watch, spike, first, spike.day).to_pyarrow().to_pylist()
    ordinary = originals(_texts(store, watch, spike, before - BEFORE, before))
    usual = ordinary.order_by(ordinary.published_at.desc(), ordinary.post).limit(MOST_ROWS)
    told = why(day, usual.to_pyarrow().to_pylist())
    return Explained(why=told, rows={(row["network"], row["post"]): row for row in day})
