"""Where the register is kept: SQLite in the home folder, or the database an address names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from vigie.errors import SettingError
from vigie.words import _

ENGINES = {
    "postgresql": "django.db.backends.postgresql",
    "postgres": "django.db.backends.postgresql",
    "sqlite": "django.db.backends.sqlite3",
}
# A reader never waits for a writer, and a writer asks for its turn before it has read.
# What was said to be written is on the disk when the power fails: a reply is not sent twice.
# What is read often is found in memory: 64 MB in each process, the file as the machine keeps it.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;"
    ),
}


def database(address: str, home: Path) -> dict[str, object]:
    """Return Django's description of a database from its address; none: SQLite in home."""
    if not address:
        return _sqlite(home / "vigie.sqlite3")
    parts = urlsplit(address)
    if parts.scheme not in ENGINES:
        raise SettingError(
            _(
                "database_url begins with {scheme}, which Vigie cannot use. "
                "Begin it with postgresql:// or sqlite:///.",
                scheme=parts.scheme or "nothing",
            )
        )
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/"))))
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Compiling a question takes longer than answering any of ours.
        "OPTIONS": {"options": "-c jit=off", **dict(parse_qsl(parts.query))},
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {"ENGINE": ENGINES["sqlite"], "NAME": path, "OPTIONS": dict(SQLITE_OPTIONS)}
