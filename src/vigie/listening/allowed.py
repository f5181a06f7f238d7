"""Which names may be looked for: those of the register, of places in it, and of public figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from vigie.listening import tables
from vigie.listening.names import Allowed
from vigie.register.models import Account, Institution, LogEntry


def allowed(*, on: date) -> Allowed:
    """Return what may be looked for on a day; read again when a change is in the log."""
    last = LogEntry.objects.order_by("-number").values_list("digest", flat=True).first()
    return _allowed(last or "", on)


@lru_cache(maxsize=2)
def _allowed(_last: str, on: date) -> Allowed:
    figures = tables.figures(on=on)
    accounts = list(Account.objects.values_list("account", "handle", "identifier", "name"))
    handles = [name for _account, handle, identifier, _name in accounts
               for name in (handle, identifier)]  # fmt: skip
    return Allowed.of(
        [*_places(), *(name for *_rest, name in accounts), *(one.name for one in figures)],
        handles=[*handles, *(handle for one in figures for handle in one.handles)],
        accounts=[account for account, *_rest in accounts],
    )


def _places() -> Iterator[str | None]:
    rows = Institution.objects.values_list("name", "short_name", "city", "region", "aliases")
    for name, short_name, city, region, aliases in rows:
        yield from (name, short_name, city, region, *aliases)
