"""What was entered for a source: whether it is enough to ask, and the options themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vigie.collect.connector import Option
from vigie.sealing import open_seal
from vigie.settings import Settings
from vigie.sources.models import Connection

SHOWN_LETTERS = 4
"""Letters of a stored secret that are ever shown again."""
SHORT = 12
"""A secret shorter than this would be given away by its last letters."""


def hint(secret: str) -> str:
    """Return what may be shown of a secret: its last letters, or nothing of a short one."""
    return secret[-SHOWN_LETTERS:] if len(secret) >= SHORT else ""


def entered(name: str, *, settings: Settings) -> Mapping[str, str]:
    """Return every option a person entered for a source, opened; ``SecretError`` without a key."""
    row = Connection.objects.filter(connector=name).first()
    return opened(row, settings=settings) if row else {}


def opened(row: Connection, *, settings: Settings) -> Mapping[str, str]:
    """Return the options of a connection, secrets included."""
    return {**row.options, **open_seal(settings).open(row.sealed, name=row.connector)}


def known_names(row: Connection | None) -> frozenset[str]:
    """Return the names of the options that were entered, without opening anything."""
    return frozenset() if row is None else frozenset(row.options) | frozenset(row.hints)


def lacking(
    name: str, options: Iterable[Option], *, row: Connection | None, settings: Settings
) -> tuple[Option, ...]:
    """Return the options without which a source cannot be asked, and which nobody gave."""
    given = known_names(row)
    return tuple(
        option
        for option in options
        if option.is_needed
        and option.name not in given
        and not settings.connect.get(f"{name}_{option.name}", option.default)
    )
