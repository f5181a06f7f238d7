"""Looks at the store for what alerts may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, tzinfo

import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.errors import QueryError
from vigie.listening.alerting import Occasion, Warned
from vigie.listening.gathering import texts_since
from vigie.listening.kept import KeptQuery
from vigie.listening.models import Alert
from vigie.listening.narrowing import narrowed
from vigie.listening.series import WHOLE
from vigie.listening.tables import query_of
from vigie.listening.warning import Look, since_of
from vigie.listening.watching import LOOK_BACK, Seen, many, urgent
from vigie.model import Spike
from vigie.store.store import Store


def look_at(store: Store, *, now: datetime, zone: tzinfo) -> Look:
    """Return what looks at what happened for one alert."""
    texts = texts_since(store, now - LOOK_BACK, now)

    def look(alert: Alert, warned: Sequence[Warned]) -> Iterable[Seen]:
        since = since_of(alert, now=now)
        if alert.kind == "spike":
            return spikes(store, alert.query.name, since=since, zone=zone)
        caught = _caught(texts, query_of(alert.query))
        if alert.kind == "urgent":
            return urgent(caught, since=since)
        assert alert.least is not None
        assert alert.within is not None
        last = max((one.decided_at for one in warned), default=since)
        return many(caught, least=alert.least, within=alert.within, after=max(last, since), now=now)

    return look


def _caught(texts: ir.Table, kept: KeptQuery) -> ir.Table:
    try:
        return texts.filter(narrowed(kept).condition(texts))
    except QueryError:
        # A query kept by an earlier version of the language: its page says what is wrong.
        return texts.filter(False)


def spikes(store: Store, query: str, *, since: datetime, zone: tzinfo) -> list[Seen]:
    """Return the days on which a query as a whole brought more than chance explains."""
    first = since.astimezone(zone).date()
    months = [month for month in store.months("spikes") if month >= first.replace(day=1)]
    table = store.table("spikes", months=months)
    mine = table.filter((table["query"] == query) & (table.facet == WHOLE) & (table.day >= first))
    return [
        Seen(
            occasion=Occasion(
                key=f"spike:{one.spike}", at=datetime.combine(one.day, time(12), tzinfo=zone)
            ),
            facts={
                "spike": one.spike,
                "count": one.posts,
                "expected": one.expected,
                "day": one.day.isoformat(),
                "authors": one.authors,
                **({"one_in": round(one.stands_for, 1)} if one.stands_for else {}),
            },
        )
        for one in records_of(Spike, mine.to_pyarrow())
    ]
