"""Fields that a network no longer gives: an event in the register marks the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vigie import model
from vigie.collect.connecting import connectors
from vigie.register.models import Event
from vigie.words import _

BEGINS = "lost"
AUDIENCE = "followers"
"""Without it growth cannot be computed across the day; other fields only explain a gap."""
LONGEST = 64
"""Letters of an event's name."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A field that disappeared, where, and on which day it was noticed."""

    stream: str
    field: str
    day: date


def event_of(connector: str, stream: str, field: str, *, day: date) -> model.Event:
    """Return the event that says so."""
    cls = connectors()[connector]
    words = _("{network} no longer gives {field}.", network=cls.label, field=field)
    return model.Event(
        event=f"{BEGINS}.{connector}.{stream}.{field}.{day:%Y%m%d}"[:LONGEST],
        day=day,
        kind="metric_renamed",
        breaks_series=field == AUDIENCE,
        network=cls.network,
        words=str(words),
    )


def lost_of(connector: str, *, events: Iterable[Event]) -> tuple[Lost, ...]:
    """Return the fields that disappeared from a connector's answers, the latest first."""
    found = []
    for event in events:
        parts = event.event.split(".")
        if len(parts) == 5 and parts[:2] == [BEGINS, connector]:
            found.append(Lost(stream=parts[2], field=parts[3], day=event.day))
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def lost_events() -> list[Event]:
    """Return every event that marks a lost field."""
    return list(Event.objects.filter(event__startswith=f"{BEGINS}."))
