"""Lets go of what may no longer be kept: whole answers, other people's words, quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from vigie.collect.connecting import days_of_others, days_of_words
from vigie.collect.rights import Rights
from vigie.flow.closed import keep_months, kept_months
from vigie.flow.measures import measure
from vigie.measure.months import shifted
from vigie.settings import Settings
from vigie.store.store import Store

Which = Callable[[ir.Table], ir.BooleanValue]
"""Which rows of a table are meant."""


@dataclass(frozen=True, kw_only=True)
class LetGo:
    """Rows that were let go, by table; of ``posts``, those whose words were."""

    rows: Mapping[str, int]


def let_go(store: Store, *, settings: Settings, today: date) -> LetGo:
    """Let go of rows whose time is over.

    Whole answers and quarantine: ``raw_days`` of the settings. What other people wrote, with its
    labels, and the words of posts: as long as the rights of each network allow (see
    ``collect.rights``).
    """
    _measure_before(store, settings, today)
    before = today - timedelta(days=settings.raw_days)
    rows = {"raw": _drop_before(store, "raw", "received_on", before)}
    rows["quarantine"] = _drop_quarantine(store, before)
    rows["mentions"] = _drop_mentions(store, today)
    rows["labels"] = _drop_labels(store) if rows["mentions"] else 0
    rows["posts"] = sum(
        _silence(store, name, today - timedelta(days=days))
        for name, days in days_of_words().items()
    )
    return LetGo(rows=rows)


def _measure_before(store: Store, settings: Settings, today: date) -> None:
    """Measure the months that are over and lose mentions: their figures stay as they are then."""
    least = min([Rights.keep_others_days, *days_of_others().values()])
    lost = _months_losing(store, today, today - timedelta(days=least))
    closed = {month for month in lost if shifted(month, 1) <= today}
    if closed - kept_months(settings):
        measure(store, settings=settings)
        keep_months(settings, closed)


def _months_losing(store: Store, today: date, newest: date) -> set[date]:
    """Return the months that hold mentions whose time is over."""
    days = days_of_others()
    found: set[date] = set()
    for month in store.months("mentions"):
        if month >= newest:
            continue
        mentions = store.table("mentions", months=[month])
        for network in set(mentions.network.to_pyarrow().to_pylist()):
            before = today - timedelta(days=days.get(network, Rights.keep_others_days))
            of = mentions.filter(mentions.network == network, mentions.published_on < before)
            if _count(of):
                found.add(month)
    return found


def _drop_mentions(store: Store, today: date) -> int:
    """Let go of what other people wrote: as long as its network allows, or our own limit."""
    days = days_of_others()
    dropped = 0
    for network, count in days.items():
        before = today - timedelta(days=count)
        dropped += _drop_before(store, "mentions", "published_on", before, _on((network,)))
    before = today - timedelta(days=Rights.keep_others_days)
    return dropped + _drop_before(
        store, "mentions", "published_on", before, lambda rows: ~_on(tuple(days))(rows)
    )


def _on(networks: tuple[str, ...]) -> Which:
    return lambda rows: rows.network.isin(networks)


def _everything(_rows: ir.Table) -> ir.BooleanValue:
    return ibis.literal(True)


def _drop_before(
    store: Store,
    name: str,
    column: str,
    before: date,
    which: Which = _everything,
) -> int:
    """Rewrite the months that hold rows of earlier days, without them."""
    dropped = 0
    for month in store.months(name):
        if month >= before:
            continue
        table = store.table(name, months=[month])
        goes = (table[column] < before) & which(table)
        count = _count(table.filter(goes))
        if count:
            store.replace(name, table.filter(~goes).to_pyarrow(), months=[month])
            dropped += count
    return dropped


def _drop_labels(store: Store) -> int:
    """Rewrite the months that hold labels of what is no longer there, without them."""
    dropped = 0
    for month in store.months("labels"):
        labels = store.table("labels", months=[month])
        kept = labels.semi_join(_posts_of(store, month), ["network", "post"])
        count = _count(labels) - _count(kept)
        if count:
            store.replace("labels", kept.to_pyarrow(), months=[month])
            dropped += count
    return dropped


def _posts_of(store: Store, month: date) -> ir.Table:
    tables = store.tables(["posts", "mentions"], months=[month])
    posts, mentions = (table.select("network", "post") for table in tables.values())
    return posts.union(mentions)


def _silence(store: Store, connector: str, before: date) -> int:
    """Let go of the words of posts that a connector saw last before a day; their counts stay."""
    silenced = 0
    for month in store.months("posts"):
        if month >= before:
            continue
        table = store.table("posts", months=[month])
        old = (
            (table.source == connector) & (table.observed_at.date() < before) & table.text.notnull()
        ).fill_null(False)
        count = _count(table.filter(old))
        if count:
            kept = table.mutate(text=old.ifelse(ibis.null("string"), table.text))
            store.replace("posts", kept.to_pyarrow(), months=[month])
            silenced += count
    return silenced


def _drop_quarantine(store: Store, before: date) -> int:
    table = store.table("quarantine")
    old = table.observed_at.date() < before
    count = _count(table.filter(old))
    if count:
        store.replace("quarantine", table.filter(~old).to_pyarrow())
    return count


def _count(table: ir.Table) -> int:
    counted: int = table.count().to_pyarrow().as_py()
    return counted
