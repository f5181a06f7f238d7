"""Mentions that a query sends to the inbox: what is asked or complained of in them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from vigie.errors import BusyError, DeniedError, QueryError, VigieError
from vigie.inbox.bench import Bench
from vigie.inbox.finding import Post, networks_that_find, take_up, taken_up
from vigie.listening import mention_list, tables
from vigie.listening.gathering import tables_since
from vigie.listening.kept import KeptQuery
from vigie.listening.mention_list import Wanted
from vigie.listening.narrowing import narrowed
from vigie.listening.texts import texts
from vigie.register.rights import ANSWER_INBOX, Author
from vigie.settings import Settings
from vigie.store.store import Store

TAKE_UP = "take_up"
BACK = timedelta(days=1)
"""How far back mentions are taken up: who asked longer ago is not surprised any more."""
MOST = 50
"""Taken up in one go: each is asked for at its network."""

_log = logging.getLogger("vigie.inbox")


def is_wanted() -> bool:
    """Whether any query sends anything to the inbox."""
    return any(query.to_inbox for query in tables.queries())


def take_up_found(
    store: Store, bench: Bench, *, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Take up what queries send to the inbox and is not there yet; return how many."""
    count, tried = 0, 0
    resting: set[str] = set()
    for query in (one for one in tables.queries() if one.to_inbox):
        by = Author(name=f"query {query.name}", rights=frozenset({ANSWER_INBOX}))
        for network, post in _sent(store, query, settings=bench.settings, now=bench.clock()):
            if should_stop() or tried >= MOST:
                return count
            if network in resting:
                continue
            tried += 1
            try:
                take_up(network, post, bench=bench, by=by)
                count += 1
            except (BusyError, DeniedError) as error:
                resting.add(network)
                _log.info("%s takes nothing up for now: %s", network, error)
            except VigieError as error:
                _log.info("A mention of %s is not taken up: %s", network, error)
    return count


def _sent(store: Store, query: KeptQuery, *, settings: Settings, now: datetime) -> Iterator[Post]:
    """Yield the mentions that a query sends to the inbox and that are not there, oldest first."""
    networks = networks_that_find() & frozenset(query.networks or networks_that_find())
    try:
        words = narrowed(query)
    except QueryError:
        return
    since = now - BACK
    first = since.astimezone(settings.zone).date()
    said = texts(tables_since(store, since, now))
    found: dict[Post, datetime] = {}
    for network in networks:
        for intent in query.to_inbox:
            wanted = Wanted(queries=(words,), network=network, intent=intent, first_day=first)
            rows, _next = mention_list.page_of(
                mention_list.chosen(said, wanted), after=None, size=MOST
            )
            found |= {(network, row["post"]): row["published_at"] for row in rows}
    known = taken_up(found)
    yield from sorted(found.keys() - known.keys(), key=lambda post: found[post])
