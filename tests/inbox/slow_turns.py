"""Who spoke when in a conversation: its turns, and the times in which we waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a person, the words left out."""

    at: datetime
    is_incoming: bool
    gone_at: datetime | None = None
    """When its author took it down; unknown: it stands."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What they wrote until we answered: the clock runs from its first message."""

    asked_at: datetime
    answered_at: datetime | None


def taken_down(said: Sequence[Said]) -> datetime | None:
    """Return when the last of what they wrote was taken down; none: something still stands.

    Who took a question down waits no longer: how long the answer would have taken is not known.
    """
    gone = [one.gone_at for one in said if one.is_incoming]
    whole = [at for at in gone if at is not None]
    return max(whole) if whole and len(whole) == len(gone) else None


def turns_of(said: Sequence[Said]) -> list[Turn]:
    """Return the turns of a conversation, whose messages are in order."""
    found: list[Turn] = []
    since: datetime | None = None
    for one in said:
        if one.is_incoming and since is None:
            since = one.at
        elif not one.is_incoming and since is not None:
            found.append(Turn(asked_at=since, answered_at=one.at))
            since = None
    return found if since is None else [*found, Turn(asked_at=since, answered_at=None)]


def pauses_of(said: Sequence[Said], *, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times in which we waited for the other side: they count for nobody."""
    pauses, since = [], None
    for one in said:
        if not one.is_incoming and since is None:
            since = one.at
        elif one.is_incoming and since is not None:
            pauses.append((since, one.at))
            since = None
    return pauses if since is None else [*pauses, (since, until)]
