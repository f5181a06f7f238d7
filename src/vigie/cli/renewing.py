"""Keeps what networks give in the place of keys, and asks for it in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from vigie.collect.renewal import Renewal
from vigie.http import Http, open_http
from vigie.settings import Settings

Keep = Callable[[str, Renewal], None]


def _now() -> datetime:
    return datetime.now(UTC)


def keeper(settings: Settings, *, clock: Callable[[], datetime] = _now) -> Keep:
    """Return what keeps a key of a connector, sealed, before it is used; the records are open."""

    def keep(name: str, renewal: Renewal) -> None:
        from django.db import connection

        from vigie.sources import renewals

        try:
            renewals.renewed(name, renewal, settings=settings, at=clock())
        finally:
            if threading.current_thread() is not threading.main_thread():
                connection.close()

    return keep


def renew_due(names: Iterable[str], settings: Settings, *, http: Http | None = None) -> None:
    """Ask for other keys where it is time to, before anything else is asked."""
    from vigie.sources import renewals

    opener = http or open_http(settings)
    for name in names:
        renewals.renew_if_due(name, settings=settings, http=opener, now=_now())
