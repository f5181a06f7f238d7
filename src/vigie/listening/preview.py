"""What is shown of a query beside its counts: the posts it catches, and its limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import ibis
import pyarrow as pa

from vigie.listening.concordance import KEY
from vigie.listening.query import Query
from vigie.model import Mention, Post
from vigie.store.store import Store
from vigie.words import Words, _

OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "et": "ET", "ou": "OU", "sauf": "SAUF"}
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»")


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
