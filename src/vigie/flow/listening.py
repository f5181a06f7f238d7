"""Asks the store's posts a query, and says beforehand what asking the networks would take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from vigie.collect.connecting import connect, connectors, missing, price_per_post
from vigie.collect.connector import Connector
from vigie.errors import SettingError
from vigie.listening.concordance import Concordance, Found
from vigie.listening.query import Query
from vigie.listening.searching import Costing, searches
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import Words, _

FOLDER = "concordance"
MONTH = 30
"""Days from which the posts of a month are counted."""

Secrets = Mapping[str, Mapping[str, str]]

_last: list[Concordance] = []
"""The one that was asked last: it remembers what it read."""


def concordance(store: Store, *, settings: Settings) -> Concordance:
    """Return the concordance of a store: the same one each time, since it remembers."""
    folder = Path(settings.home) / FOLDER
    known = _last[0] if _last else None
    if known is None or known.store is not store or known.folder != folder:
        known = Concordance(store=store, folder=folder)
        _last[:] = [known]
    return known


def read_words(
    store: Store, *, settings: Settings, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Bring the concordance up to date; only months that changed are read."""
    concordance(store, settings=settings).refresh(progress=progress)


def drop_words(store: Store, *, settings: Settings) -> int:
    """Remove at once what the concordance holds of months that changed; return the files."""
    return concordance(store, settings=settings).drop_stale()


def find(
    store: Store,
    query: Query,
    *,
    settings: Settings,
    since: date | None = None,
    until: date | None = None,
    most: int | None = None,
) -> Found:
    """Return what a query catches; ``most`` limits the posts whose words are read for it."""
    found = concordance(store, settings=settings)
    return found.find(query, since=since, until=until, most=most)


def costings(query: Query, found: Found, *, settings: Settings, secrets: Secrets) -> list[Costing]:
    """Return what it takes to ask each network that has a search."""
    latest = max((day for (day,) in found.counts("published_on")), default=None)
    recent: dict[str, int] = {}
    if latest is not None:
        for (day, network), posts in found.counts("published_on", "network").items():
            if day > latest - timedelta(days=MONTH):
                recent[network] = recent.get(network, 0) + posts
    return [
        _costing(name, query, recent, settings=settings, secrets=secrets)
        for name, member in connectors().items()
        if any(stream.name == "search" for stream in member.streams)
    ]


def _costing(
    name: str, query: Query, recent: Mapping[str, int], *, settings: Settings, secrets: Secrets
) -> Costing:
    try:
        connector = connect(name, settings=settings.connect, secrets=secrets.get(name, {}))
    except SettingError as error:
        return Costing(connector=name, network=connectors()[name].label, refusal=error.words)
    if lacks := missing(connector):
        return Costing(connector=name, network=connector.label, refusal=_lacking(lacks))
    asked = searches(query, connector, name=name)
    posts = recent.get(connector.network) if asked.asks else None
    return Costing(
        connector=name,
        network=connector.label,
        searches=asked.words,
        refusal=asked.refusal,
        limits=asked.limits,
        posts_a_month=posts,
        euros_a_month=_euros(connector, posts),
    )


def _lacking(options: Sequence[str]) -> Words:
    return _(
        "It is not connected: {options} must be entered first, on the site under Sources or with: "
        "vigie sources connect.",
        options=", ".join(options),
    )


def _euros(connector: Connector, posts: int | None) -> float | None:
    price = price_per_post(connector)
    if not price:
        return 0.0
    return None if posts is None else posts * price
