"""Public posts that carry a hashtag, as the store holds them now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vigie.collect.connecting import may_show_words
from vigie.culture.hashtag import holds
from vigie.listening.texts import READS, texts
from vigie.store.store import Store

QUESTION = "question"


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """A post by someone else. Who wrote it is not asked."""

    network: str
    post: str
    text: str
    is_question: bool | None
    """What its label says; unknown where it was not labelled."""


def tagged(store: Store, tag: str, *, since: datetime) -> list[Tagged]:
    """Return the posts others wrote with a hashtag since a moment, in the order they appeared.

    Left out are those of networks whose rules do not let their words be shown.
    """
    rows = store.view(texts, store.tables(READS, months=_months(store, since)))
    near = rows.filter(
        rows.origin == "others", rows.published_at >= since, rows.text.re_search("[#＃]")
    ).order_by("published_at", "network", "post")
    found = near.select("network", "post", "text", "intents").to_pyarrow().to_pylist()
    return [
        Tagged(
            network=row["network"],
            post=row["post"],
            text=row["text"],
            is_question=None if row["intents"] is None else QUESTION in row["intents"],
        )
        for row in found
        if holds(row["text"], tag) and may_show_words(row["network"])
    ]


def _months(store: Store, since: datetime) -> list[date]:
    """Return the months that may hold such posts: a day is counted in its own time zone."""
    first = (since - timedelta(days=1)).date().replace(day=1)
    return [month for month in store.months("mentions") if month >= first]
