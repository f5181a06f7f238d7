"""What a run would take before it is made: questions, posts, euros, and whether they are there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from vigie.collect.connector import Connector, Stream, Subject
from vigie.collect.walking import Position, begin
from vigie.flow.collecting import Means, Wish, rounds
from vigie.flow.round import APART, Round
from vigie.store.store import Store
from vigie.words import Words, _

POSTS_A_DAY = 1.0
"""A round guess, for an account of which nothing is known yet."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a run over one connector would take, as far as can be told."""

    connector: str
    accounts: int
    calls: int
    posts: int
    euros: float
    calls_left: int | None
    """Unknown: no limit."""
    posts_left: int | None
    euros_left: float | None
    resets_at: datetime | None
    words: Words

    @property
    def is_enough(self) -> bool:
        """Whether the budget holds it."""
        left = ((self.calls_left, self.calls), (self.posts_left, self.posts))
        return all(known is None or known >= needed for known, needed in left)


def estimate(store: Store, wish: Wish, means: Means) -> list[Estimate]:
    """Return what each connector would be asked, without asking."""
    return [_estimate(made) for made in rounds(store, wish, means)]


def _estimate(made: Round) -> Estimate:
    calls = posts = 0
    for subject in made.subjects:
        for stream in made.connector.streams:
            if stream.name not in APART:
                expected = _posts(made, subject, stream)
                posts += expected
                calls += _calls(made.connector, stream, expected)
    budget = made.budget
    euros = posts * budget.price_per_post
    return Estimate(
        connector=made.name,
        accounts=len(made.subjects),
        calls=calls,
        posts=posts,
        euros=euros,
        calls_left=budget.calls_left,
        posts_left=budget.posts_left,
        euros_left=budget.euros_left,
        resets_at=budget.resets_at,
        words=_words(made, calls=calls, posts=posts, euros=euros),
    )


def _posts(made: Round, subject: Subject, stream: Stream) -> int:
    """Return the posts expected: days to read times the posts of a day."""
    if not stream.is_dated:
        return 0
    cursor = made.known.cursors.get((subject.subject, stream.name))
    position = (
        Position.read(
            cursor.position, complete_from=cursor.complete_from, complete_to=cursor.complete_to
        )
        if cursor
        else Position()
    )
    walk = begin(position, stream, made.reach, now=made.clock())
    if walk.floor is None:
        return 0
    days = (made.clock() - walk.floor).total_seconds() / 86_400
    recent = len(made.known.recent(subject.subject, since=made.clock() - made.reach.relook))
    of_a_day = recent / max(made.reach.relook.days, 1) if recent else POSTS_A_DAY
    return math.ceil(days * of_a_day)


def _calls(connector: Connector, stream: Stream, posts: int) -> int:
    if stream.grows:
        return max(posts, 1)
    return max(math.ceil(posts / connector.posts_per_page), 1)


def _words(made: Round, *, calls: int, posts: int, euros: float) -> Words:
    facts: dict[str, Words | int] = {
        "network": made.connector.label,
        "calls": calls,
        "posts": posts,
        "accounts": len(made.subjects),
    }
    if euros:
        return _(
            "{network}: about {calls} questions and {posts} posts for {accounts} accounts, that is "
            "about €{euros}.",
            **facts,
            euros=round(euros, 2),
        )
    return _(
        "{network}: about {calls} questions and {posts} posts for {accounts} accounts.",
        **facts,
    )
