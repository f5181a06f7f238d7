"""Keeps what networks told by themselves, with a journal like that of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from vigie.collect.connecting import connect, connectors
from vigie.collect.connector import Connector
from vigie.collect.news import STREAM, News, is_enough, payload_of
from vigie.errors import GarbledError, StoreError
from vigie.flow.aliases import aliases_of
from vigie.flow.collecting import context_of
from vigie.flow.journal import Journal
from vigie.flow.keeping import Keeping
from vigie.settings import Settings
from vigie.store.store import Store


def hear(
    store: Store,
    news: Sequence[News],
    *,
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[bool]:
    """Keep what was told; say of each whether that was all, so that nothing is to be asked now.

    Raises ``StoreError`` where it cannot be kept: whoever has the deliveries keeps them.
    """
    enough = [False] * len(news)
    for network in sorted({one.network for one in news}):
        name = next((n for n, c in connectors().items() if c.hears and c.network == network), None)
        if name is None:
            continue
        places = [place for place, one in enumerate(news) if one.network == network]
        said = _kept(store, name, [news[place] for place in places], settings, clock)
        for place, is_all in zip(places, said, strict=True):
            enough[place] = is_all
    return enough


def _kept(
    store: Store,
    name: str,
    news: Sequence[News],
    settings: Settings,
    clock: Callable[[], datetime],
) -> list[bool]:
    connector = connect(name, settings=settings.connect)
    journal = Journal(store=store, connector=name, clock=clock, step=STREAM)
    context = context_of(store, connector.network, settings=settings, run=journal.run)
    keeping = Keeping(
        store=store,
        context=context,
        journal=journal,
        keeps_raw=settings.raw_days > 0,
        aliases=aliases_of(store),
    )
    journal.begin()
    enough = [_read(connector, one, keeping) for one in news]
    try:
        keeping.commit()
    except StoreError as error:
        keeping.end("failed", (error.words,))
        raise
    keeping.end("done")
    return enough


def _read(connector: Connector, news: News, keeping: Keeping) -> bool:
    payload = payload_of(news, connector=keeping.journal.connector)
    try:
        page = connector.parse(payload, keeping.context)
    except GarbledError as error:
        keeping.add_garbled(payload, error.words)
        return False
    keeping.add(payload, page)
    return is_enough(page)
