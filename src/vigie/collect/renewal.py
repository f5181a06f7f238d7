"""Keys that last for a while: what a network gives in their place, and when that ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vigie.collect.nested import Item


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """Options that take the place of those that were entered; they are kept before they are used.

    Some networks let a key be used once: whoever loses the one that came back must sign in again.
    """

    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """None: only the end of what was entered became known."""
    ends_at: datetime | None = None


Keep = Callable[[Renewal], None]
"""Keeps what a network gave in the place of a key."""


def nowhere(renewal: Renewal) -> None:
    """Keep it nowhere: for whoever has no place for secrets."""


def end_of(body: Item, name: str, *, now: datetime) -> datetime | None:
    """Return when something ends of which an answer says how many seconds it lasts."""
    seconds = body.at(name).value
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < LONGEST:
        return None
    return now + timedelta(seconds=seconds)


LONGEST = 100 * 366 * 86_400
"""Seconds: what lasts longer does not end."""
