"""What pages and alerts read: the texts of the months asked about, the queries, our accounts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.errors import QueryError
from vigie.listening.narrowing import narrowed
from vigie.listening.query import Query
from vigie.listening.searched import SEARCH
from vigie.listening.tables import queries
from vigie.listening.texts import READS, texts
from vigie.listening.watching import months_since
from vigie.model import Cursor
from vigie.register.models import Account, Institution
from vigie.settings import Settings
from vigie.store.store import Store


def tables_since(store: Store, since: datetime, now: datetime) -> dict[str, ir.Table]:
    """Return the tables texts are made of, as far as they may hold posts published since."""
    return store.tables(READS, months=months_since(since, now))


def texts_since(store: Store, since: datetime, now: datetime) -> ir.Table:
    """Return the texts of the months in which posts published since may lie."""
    return store.view(texts, tables_since(store, since, now))


def read_queries() -> Mapping[str, Query]:
    """Return the queries that are listened to, read as they are, by name.

    One kept by an earlier version of the language is left out: its page says what is wrong.
    """
    found = {}
    for kept in queries():
        with suppress(QueryError):
            found[kept.name] = narrowed(kept)
    return found


def our_accounts(settings: Settings) -> list[str] | None:
    """Return the accounts of the institution whose site this is; none: it is not said which."""
    slug = settings.institution
    if not Institution.objects.filter(slug=slug).exists():
        return None
    return list(Account.objects.filter(institution__slug=slug).values_list("account", flat=True))


def names_of_institutions() -> Mapping[str, str]:
    """Return the names of institutions by slug."""
    return dict(Institution.objects.values_list("slug", "name"))


def search_cursors(store: Store) -> list[Cursor]:
    """Return how far each search was read."""
    table = store.table("cursors")
    return records_of(Cursor, table.filter(table.stream == SEARCH).to_pyarrow())
