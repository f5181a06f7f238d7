"""Reads the items of a payload one by one: one that cannot be read does not stop the others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vigie.collect.connector import Page, Unread
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.model import Mention, Post, Record, Snapshot
from vigie.words import _

NONE: Mapping[str, str] = {}
METRICS = frozenset(
    {
        "likes", "comments", "shares", "saves", "clicks", "views", "impressions", "reach",
        "followers", "following", "posts",
    }
)  # fmt: skip
"""Columns whose disappearance breaks a series."""


@dataclass(frozen=True)
class Skipped:
    """An item left aside on purpose, and why, in a word or two."""

    why: str


Reader = Callable[[Item], Record | Skipped]


def page_of(
    items: Iterable[object],
    read: Reader,
    *,
    next_page: str | None = None,
    validators: Mapping[str, str] = NONE,
    granted: frozenset[str] | None = None,
) -> Page:
    """Return the page of these items, each read by itself.

    ``read`` returns the record of an item, or why it is skipped, or raises ``RowError``.
    """
    records: list[Record] = []
    unread: list[Unread] = []
    skipped: Counter[str] = Counter()
    for position, item in enumerate(items, 1):
        try:
            found = read(Item(item))
        except RowError as error:
            unread.append(_unread(position, item, error))
            continue
        if isinstance(found, Skipped):
            skipped[found.why] += 1
        else:
            records.append(found)
    return Page(
        records=records,
        unread=tuple(unread),
        skipped=dict(skipped),
        next_page=next_page,
        oldest=oldest_of(records),
        validators=validators,
        fields=fields_of(records),
        granted=granted,
    )


def _unread(position: int, item: object, error: RowError) -> Unread:
    content = json.dumps(item, ensure_ascii=False, default=str)
    return Unread(position=position, field=error.column, reason=error.words, content=content)


def oldest_of(records: Iterable[Record]) -> datetime | None:
    """Return the earliest publication among records."""
    dated = [record.published_at for record in records if isinstance(record, (Post, Mention))]
    return min(dated, default=None)


def fields_of(records: Iterable[Record]) -> frozenset[str]:
    """Return the metrics that at least one record has."""
    found: set[str] = set()
    for record in records:
        if isinstance(record, (Post, Mention, Snapshot)):
            values = vars(record)
            found |= {name for name in METRICS - found if values.get(name) is not None}
    return frozenset(found)


def listed(found: Item, *, where: str) -> list[object]:
    """Return the list at a place of an answer, or refuse the whole answer."""
    if isinstance(found.value, list):
        return found.value
    raise GarbledError(
        _("The answer has no list {where}: the network may have changed.", where=where)
    )
