"""Why a day brought so much: its terms, its first and most seen posts, copies, networks, spark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.listening.driving import Driving, driving

Row = Mapping[str, Any]
"""A row of ``texts``."""
Key = tuple[str, str]
"""Network and post."""

FIRST_POSTS, SEEN_POSTS = 3, 5
ANSWERED_SHARE = 1 / 3
"""From this share of posts that answer one own post on, that post is what started it."""
WEIGHTS = ("likes", "comments", "shares", "views")


@dataclass(frozen=True, kw_only=True)
class Term:
    """A driving term with the posts that say it."""

    driving: Driving
    posts: tuple[Key, ...]


@dataclass(frozen=True, kw_only=True)
class Spark:
    """The institution's own post that started it, and how it shows."""

    post: Key
    answers: int
    """Posts of the day that answer it."""
    came_first: bool
    """It was published before all others of the day."""


@dataclass(frozen=True, kw_only=True)
class Why:
    """What explains a day; every part carries the posts that show it."""

    posts: int
    """Originals: neither duplicates nor reposts."""
    authors: int
    terms: tuple[Term, ...]
    first: tuple[Key, ...]
    most_seen: tuple[Key, ...]
    duplicates: int
    reposts: int
    copies_of: int
    """All posts, of which duplicates and reposts are a part."""
    networks: tuple[tuple[str, int], ...]
    """Posts by network, most first."""
    intents: tuple[tuple[str, int], ...]
    services: tuple[tuple[str, int], ...]
    """Posts by what they want and by the office concerned, most first; a post may count twice."""
    answers: int
    """Posts that answer another."""
    spark: Spark | None


def why(day: Sequence[Row], before: Sequence[Row]) -> Why:
    """Explain the posts of a day (copies among them) by those before it."""
    rows = sorted(day, key=lambda row: (row["published_at"], row["post"]))
    originals = [row for row in rows if not _is_copy(row)]
    ordinary = [row["text"] for row in before if not _is_copy(row)]
    found = driving([row["text"] for row in originals], [_who(row) for row in originals], ordinary)
    networks = Counter(row["network"] for row in originals)
    return Why(
        posts=len(originals),
        authors=len({_who(row) for row in originals}),
        terms=tuple(
            Term(driving=one, posts=tuple(key_of(originals[row]) for row in one.rows))
            for one in found
        ),
        first=tuple(key_of(row) for row in originals[:FIRST_POSTS]),
        most_seen=_most_seen(originals),
        duplicates=sum(1 for row in rows if row["duplicate_of"] is not None),
        reposts=sum(1 for row in rows if row["is_repost"]),
        copies_of=len(rows),
        networks=tuple(networks.most_common()),
        intents=_counted(originals, "intents"),
        services=_counted(originals, "services"),
        answers=sum(1 for row in originals if row["answers_to"] is not None),
        spark=_spark(originals),
    )


def _counted(rows: Sequence[Row], column: str) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(name for row in rows for name in row[column] or ()).most_common())


def key_of(row: Row) -> Key:
    """Return what names a post."""
    return row["network"], row["post"]


def seen(row: Row) -> int:
    """Return how much a post was noticed: what its network tells of reactions and plays."""
    return sum(int(row[name] or 0) for name in WEIGHTS)


def _is_copy(row: Row) -> bool:
    return row["duplicate_of"] is not None or bool(row["is_repost"])


def _who(row: Row) -> Key:
    return row["network"], row["author"]


def _most_seen(rows: Sequence[Row]) -> tuple[Key, ...]:
    noticed = [row for row in rows if seen(row)]
    noticed.sort(key=seen, reverse=True)
    return tuple(key_of(row) for row in noticed[:SEEN_POSTS])


def _spark(rows: Sequence[Row]) -> Spark | None:
    """Return the own post that many answer, or that came before everything else."""
    answered = Counter(
        (row["network"], to)
        for row in rows
        if row["origin"] == "others"
        for to in {row["answers_to"], row["thread"]} - {None}
    )
    own = {key_of(row): row for row in rows if row["origin"] == "own"}
    others = [row for row in rows if row["origin"] == "others"]
    begun = _earliest(others)
    for post, answers in answered.most_common():
        if post in own and answers >= ANSWERED_SHARE * len(others):
            return Spark(
                post=post,
                answers=answers,
                came_first=begun is None or own[post]["published_at"] <= begun,
            )
    return None


def _earliest(rows: Sequence[Row]) -> datetime | None:
    return min((row["published_at"] for row in rows), default=None)
