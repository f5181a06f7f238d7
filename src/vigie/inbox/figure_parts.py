"""Pieces that every document on the inbox is made of: cells, ways, why a figure is unknown."""

from __future__ import annotations

from vigie.inbox.figure_asked import Asked
from vigie.inbox.figures import LEAST
from vigie.measure.waiting import Estimate
from vigie.present.document import Cell, Interval, Link, Said
from vigie.words import Words, _

HOUR = 60
"""Minutes."""
HOURS_NOTE = _("h: service hours. Unknown: fewer than {least}, or not reached.", least=LEAST)


def cell(found: Estimate, per: float = 1) -> Cell:
    """Return an estimate as a cell, minutes as hours with ``per=60``; an end may be all we know."""
    if found.value is None and found.low is None:
        return None
    value, low, high = (
        None if end is None else end / per for end in (found.value, found.low, found.high)
    )
    return Interval(value=value, low=low, high=high)


def linked(asked: Asked, text: Said, href: str) -> Said | Link:
    """Return a text that leads somewhere, where there is a page to lead to."""
    return Link(text=text, href=href) if asked.leads else text


def in_hours(minutes: float | None) -> float | None:
    """Return minutes as hours; unknown stays unknown."""
    return None if minutes is None else minutes / HOUR


def note_of(found: Estimate, otherwise: Words | None = None) -> Words | None:
    """Say why a figure is unknown; nothing when it is known."""
    if found.value is not None:
        return None
    return _("fewer than {least}: no figure", least=LEAST) if found.n < LEAST else otherwise
