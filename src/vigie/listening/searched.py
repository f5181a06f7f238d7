"""How much of what networks could tell was read for a query, and what is behind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from vigie.listening.searching import Costing, query_of
from vigie.model import Cursor
from vigie.words import Words, _, plural

SEARCH = "search"
BEHIND = timedelta(days=1)
"""A search that was not read for so long is behind."""


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What one network was asked for a query."""

    network: Words
    words: Words
    is_behind: bool
    """Something was not read: counts are too low."""


def searched(
    name: str,
    costs: Iterable[Costing],
    cursors: Iterable[Cursor],
    *,
    now: datetime,
    zone: tzinfo = UTC,
) -> list[Searched]:
    """Say of each network how far it was read for a query, in the time of a zone."""
    mine: dict[str, list[Cursor]] = {}
    for cursor in cursors:
        if cursor.stream == SEARCH and query_of(cursor.subject) == name:
            mine.setdefault(cursor.connector, []).append(cursor)
    return [_one(cost, mine.get(cost.connector, []), now, zone) for cost in costs]


def _one(cost: Costing, cursors: Sequence[Cursor], now: datetime, zone: tzinfo) -> Searched:
    if cost.refusal is not None:
        return Searched(network=cost.network, words=cost.refusal, is_behind=False)
    read = [one for one in cursors if one.complete_to and one.complete_from]
    total = max(len(cost.searches), 1)
    if not read:
        words = _failed(cursors) or _("It was not asked yet; it is at the next turn of a worker.")
        return Searched(network=cost.network, words=words, is_behind=True)
    first = max(one.complete_from for one in read if one.complete_from)
    last = min(one.complete_to for one in read if one.complete_to)
    if len(read) < total:
        words = plural(
            "{read} of {count} search was read; the rest comes first at the next turn.",
            "{read} of {count} searches were read; the rest comes first at the next turn.",
            count=total,
            read=len(read),
        )
        return Searched(network=cost.network, words=words, is_behind=True)
    is_behind = now - last > BEHIND
    sentence = (
        _("Read from {first} to {last}; what came since was not reached yet.")
        if is_behind
        else _("All it finds from {first} to {last} was read.")
    )
    words = Words(sentence.text, {"first": first.astimezone(zone), "last": last.astimezone(zone)})
    return Searched(network=cost.network, words=words, is_behind=is_behind)


def _failed(cursors: Sequence[Cursor]) -> Words | None:
    failures = [one.failure for one in cursors if one.failure]
    return _("It could not be asked: {reason}", reason=failures[0]) if failures else None


def behind(cursors: Iterable[Cursor], queries: Iterable[str], *, now: datetime) -> Words | None:
    """Say how many searches of these queries are behind; none: all were read lately."""
    wanted = set(queries)
    mine = [one for one in cursors if one.stream == SEARCH and query_of(one.subject) in wanted]
    late = [one for one in mine if one.complete_to is None or now - one.complete_to > BEHIND]
    if not late:
        return None
    return plural(
        "{late} of {count} search put to networks is behind: what it would have found is missing "
        "from these counts.",
        "{late} of {count} searches put to networks are behind: what they would have found is "
        "missing from these counts.",
        count=len(mine),
        late=len(late),
    )
