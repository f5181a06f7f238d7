"""What a database that does not do its part means to whoever gave a command, and what to do."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from vigie import settings
from vigie.errors import StoreError
from vigie.store.room import full, says_full
from vigie.words import Words, _

AWAY = (
    "connection failed", "could not connect", "connection refused", "connection timed out",
    "server closed the connection", "the connection is closed", "could not translate host",
)  # fmt: skip
LOCKED, BROKEN = ("database is locked", "database table is locked"), ("not a database", "malformed")
CLOSED = ("readonly database", "unable to open database file")
"""What PostgreSQL's and SQLite's own programs say of it, in small letters."""


def understood(error: Exception) -> StoreError | None:
    """Return an error of a database in words; none: nobody foresaw it."""
    if says_full(error):
        return full(settings.load().home)
    words = _words(str(error).lower())
    return StoreError(words) if words is not None else None


def _words(told: str) -> Words | None:
    if any(one in told for one in AWAY):
        return _(
            "The database does not answer. See whether it runs, and whether database_url says "
            "where it is; then do it again. What was kept before is safe."
        )
    if any(one in told for one in LOCKED):
        return _(
            "Another process has been writing to the database for longer than can be waited for. "
            "Do it again in a moment; where it stays so, stop the process that holds it. Nothing "
            "was changed."
        )
    if any(one in told for one in BROKEN):
        return _(
            "{file} is damaged, or no database. Stop Vigie, put the file aside with those that "
            "begin with its name, and put back the last copy you made of it.",
            file=_file(),
        )
    if any(one in told for one in CLOSED):
        return _(
            "{file} cannot be opened or written to. Let the user that runs Vigie write to it and "
            "to its folder; then do it again. Nothing was changed.",
            file=_file(),
        )
    return None


def _file() -> str:
    known = settings.load()
    if known.database_url:
        return unquote(urlsplit(known.database_url).path.removeprefix("/"))
    return str(known.home / "vigie.sqlite3")
