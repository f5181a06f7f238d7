"""Says of which days a month's figures speak where a network lets little be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from vigie.present import naming
from vigie.present.document import Note
from vigie.present.writing import Day, Month
from vigie.words import Words, plural


def retained_notes(
    month: date, networks: Iterable[str], *, days: Mapping[str, int], today: date
) -> list[Note]:
    """Warn of networks whose rules let what others write be kept for fewer days than the month.

    ``days`` says for how many, by network. What was let go counts in no figure of its month: those
    of different networks, or of this month and the last, must not be compared.
    """
    found = [_said(month, network, days[network], today) for network in networks if network in days]
    return [Note(text=words, kind="partial") for words in found if words is not None]


def _said(month: date, network: str, days: int, today: date) -> Words | None:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    over = (min(today, last) - month).days + 1
    if days >= over:
        return None
    if today <= last:
        return plural(
            "{network} lets what others write be kept for {count} day only: of {month}, the days "
            "since {day} count, so figures are low beside other months and networks.",
            "{network} lets what others write be kept for {count} days only: of {month}, the days "
            "since {day} count, so figures are low beside other months and networks.",
            count=days,
            network=naming.network(network),
            month=Month(month),
            day=Day(max(month, today - timedelta(days=days))),
        )
    return plural(
        "{network} lets what others write be kept for {count} day only: the figures of {month} "
        "count its last days, so they are low beside other networks.",
        "{network} lets what others write be kept for {count} days only: the figures of {month} "
        "count its last days, so they are low beside other networks.",
        count=days,
        network=naming.network(network),
        month=Month(month),
    )
