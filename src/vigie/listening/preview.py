"""What a query catches, seen while it is typed: how much, when, where, and its limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import ibis
import pyarrow as pa

from vigie.listening.concordance import KEY, Found
from vigie.listening.query import Query
from vigie.listening.searching import Costing
from vigie.model import Mention, Post
from vigie.store.store import Store
from vigie.words import Words, _, plural

EXAMPLES = 10
OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "et": "ET", "ou": "OU", "sauf": "SAUF"}
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Posts of a week on a network."""

    week_on: date
    """Its Monday."""
    network: str
    posts: int


@dataclass(frozen=True, kw_only=True)
class Example:
    """One post that was caught."""

    network: str
    post: str
    origin: str
    """own or others."""
    author: str
    published_at: datetime
    published_on: date
    text: str | None
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a query catches among the posts of the store."""

    query: str
    """In its canonical form."""
    posts: int
    networks: dict[str, int]
    """The most first."""
    weeks: tuple[Counted, ...]
    """Only those that have any, in order of time and network."""
    examples: tuple[Example, ...]
    """The newest first."""
    read: int
    """Posts that were looked through."""
    limits: tuple[Words, ...]
    """What a person should know before relying on it."""
    costs: tuple[Costing, ...] = field(default=())
    """What asking each network for it takes."""


def preview(store: Store, found: Found, *, text: str, costs: Sequence[Costing] = ()) -> Preview:
    """Return what was caught, with its limits. ``text`` is the query as it was typed."""
    counted = found.counts("published_on", "network")
    networks: Counter[str] = Counter()
    for (_day, network), posts in counted.items():
        networks[network] += posts
    return Preview(
        query=str(found.query),
        posts=found.estimate.posts,
        networks=dict(networks.most_common()),
        weeks=by_week(counted),
        examples=examples(store, found.newest(EXAMPLES)),
        read=found.read,
        limits=(*limits(found.query, text), *_unread(found)),
        costs=tuple(costs),
    )


def by_week(counted: dict[tuple[date, str], int]) -> tuple[Counted, ...]:
    """Add days up to weeks that begin on Monday."""
    weeks: Counter[tuple[date, str]] = Counter()
    for (day, network), posts in counted.items():
        weeks[day - timedelta(days=day.weekday()), network] += posts
    return tuple(
        Counted(week_on=week_on, network=network, posts=posts)
        for (week_on, network), posts in sorted(weeks.items())
    )


def examples(store: Store, keys: pa.Table) -> tuple[Example, ...]:
    """Return the posts of these keys, in their order."""
    wanted = [(row["network"], row["post"]) for row in keys.to_pylist()]
    months = sorted({day.replace(day=1) for day in keys["published_on"].to_pylist()})
    found: dict[tuple[str, str], Example] = {}
    for record in (Mention, Post):  # an own post is read last: it counts
        found.update(_read(store, record, wanted, months) if wanted else {})
    return tuple(found[key] for key in wanted if key in found)


def limits(query: Query, text: str) -> list[Words]:
    """Return what a person may not expect of a query."""
    found = []
    if query.is_negative:
        found.append(
            _(
                "This query only says what is not wanted: it fits nearly every post there is, and "
                "no network can be asked for it. Add a word that must be there."
            )
        )
    for word in dict.fromkeys(_QUOTED.sub(" ", text).split()):
        if word in OPERATORS:
            found.append(
                _(
                    "“{word}” is looked for as a word. To join or exclude, write it in capitals: "
                    "{operator}.",
                    word=word,
                    operator=OPERATORS[word],
                )
            )
    return found


def _unread(found: Found) -> list[Words]:
    if not found.missing:
        return []
    return [
        plural(
            "{count} month is not counted yet: its words are still being read.",
            "{count} months are not counted yet: their words are still being read.",
            count=len(found.missing),
        )
    ]


def _read(
    store: Store,
    record: type[Post] | type[Mention],
    wanted: Sequence[tuple[str, str]],
    months: Sequence[date],
) -> dict[tuple[str, str], Example]:
    rows = store.table(record.table, months=months)
    # Names of posts seldom mean another post on another network: those are left out below.
    rows = rows.filter(rows.post.isin([post for _network, post in wanted]))
    is_own = record is Post
    found = rows.select(
        *KEY, "published_at", "published_on", "text", "url",
        author=rows.account if is_own else rows.author,
        origin=ibis.literal("own" if is_own else "others"),
    )  # fmt: skip
    return {
        (row["network"], row["post"]): Example(**row)
        for row in found.to_pyarrow().to_pylist()
        if (row["network"], row["post"]) in wanted
    }
