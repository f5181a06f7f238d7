"""Keys that end: what networks give in their place is sealed at once, and asked for in time.

Done by workers, in the name of whoever entered the first key: it is in the log all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from vigie.collect.connecting import connect, connectors
from vigie.collect.connector import Connector
from vigie.collect.renewal import Renewal
from vigie.errors import NetworkError
from vigie.http import Http
from vigie.register import log
from vigie.register.rights import CONNECT_SOURCES, Author, require
from vigie.sealing import open_seal
from vigie.settings import Settings
from vigie.sources.connections import hint, opened
from vigie.sources.models import Connection
from vigie.words import LANGUAGES, Words, say

NETWORK = Author(name="vigie", rights=frozenset({CONNECT_SOURCES}))
"""Who writes what a network gave by itself."""
FIRST_AFTER = timedelta(hours=25)
"""Networks renew no key that is younger than a day."""
EVERY = timedelta(days=30)
AGAIN = timedelta(days=1)
"""After a renewal that failed."""
SOON = timedelta(days=14)
"""Before its end a person is told, where nothing renews it."""
KNOWN_ALREADY = timedelta(days=1)
"""An end that moved by less is not written again."""
UNTRIED: Mapping[str, object] = {
    "renewed_at": None, "renewal_failed_at": None, "renewal_failure": None,
}  # fmt: skip


def end_of_key(name: str, entered: Iterable[str], *, at: datetime) -> datetime | None:
    """Return when a key entered now ends at the latest, by the rules of its network."""
    cls = connectors().get(name)
    lasting = cls.key_lasts if cls else {}
    return min((at + lasting[option] for option in entered if option in lasting), default=None)


def renewed(
    name: str, renewal: Renewal, *, settings: Settings, at: datetime, by: Author = NETWORK
) -> None:
    """Keep what a network gave in the place of a key, sealed; the key before is gone.

    Where the key came from the settings, what took its place is kept as if it had been entered:
    the one of the settings may be used up.
    """
    require(by, CONNECT_SOURCES)
    with transaction.atomic():
        row = Connection.objects.select_for_update().filter(connector=name).first()
        if not renewal.options:
            if row is not None and _has_moved(row.ends_at, renewal.ends_at):
                Connection.objects.filter(pk=row.pk).update(ends_at=renewal.ends_at)
            return
        _seal(name, row, renewal, settings=settings, at=at, by=by)
        facts = {
            "secrets": sorted(renewal.options),
            "ends_at": renewal.ends_at and renewal.ends_at.isoformat(),
        }
        log.write([log.Change(action="connection.renew", subject=name, facts=facts)], by=by, at=at)


def _seal(
    name: str,
    row: Connection | None,
    renewal: Renewal,
    *,
    settings: Settings,
    at: datetime,
    by: Author,
) -> None:
    seal = open_seal(settings)
    before = seal.open(row.sealed, name=name) if row else {}
    new = {
        option: {"ends": hint(value), "on": at.date().isoformat()}
        for option, value in renewal.options.items()
    }
    changed: dict[str, object] = {
        "sealed": seal.close({**before, **renewal.options}),
        "hints": {**(row.hints if row else {}), **new},
        "ends_at": renewal.ends_at or end_of_key(name, renewal.options, at=at),
        **UNTRIED,
        "renewed_at": at,
    }
    first = {"connected_by": by.name, "connected_at": at}
    Connection.objects.update_or_create(
        connector=name, defaults=changed, create_defaults={**changed, **first}
    )


def _has_moved(before: datetime | None, after: datetime | None) -> bool:
    return after is not None and (before is None or abs(after - before) > KNOWN_ALREADY)


def renew_if_due(name: str, *, settings: Settings, http: Http, now: datetime) -> None:
    """Ask a network for another key in time; note why, where it gives none."""
    row = Connection.objects.filter(connector=name).first()
    if row is None or not can_renew(connectors()[name]) or not is_due(row, now=now):
        return
    secrets = opened(row, settings=settings)
    connector = connect(name, settings=settings.connect, secrets=secrets)
    try:
        renewal = connector.renew(http)
    except NetworkError as error:
        _note_failure(row, error.words, now=now)
        return
    if renewal is not None:
        renewed(name, renewal, settings=settings, at=now)


def can_renew(connector: type[Connector]) -> bool:
    """Whether a network can be asked for another key at any time."""
    return connector.renew is not Connector.renew


def is_due(row: Connection, *, now: datetime) -> bool:
    """Whether it is time to ask for another key."""
    if row.renewal_failed_at is not None and now - row.renewal_failed_at < AGAIN:
        return False
    if row.renewed_at is None:
        return now - row.connected_at >= FIRST_AFTER
    return now - row.renewed_at >= EVERY


def ends_soon(row: Connection | None, *, now: datetime) -> bool:
    """Whether a person must enter another key before long."""
    if row is None or row.ends_at is None:
        return False
    return row.ends_at - now < SOON


def _note_failure(row: Connection, words: Words, *, now: datetime) -> None:
    Connection.objects.filter(pk=row.pk).update(
        renewal_failed_at=now,
        renewal_failure={language: say(words, language) for language in LANGUAGES},
    )
