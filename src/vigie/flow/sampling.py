"""Samples what a query brings when it is more than can be kept or asked for, and says how much."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from vigie.collect.budget import Budget
from vigie.collect.connector import Ask, Connector, Subject
from vigie.listening.sampled import is_drawn
from vigie.listening.searching import query_of
from vigie.model import Cursor, Mention
from vigie.store.store import Store

LOOK_BACK = timedelta(days=8)
"""Days whose finds are known: as far as a new query is searched for back, and one."""
MOST_ONE_IN = 4_096

Kept = tuple[str, str, date]
"""A query, a network, a day."""


@dataclass(kw_only=True)
class Day:
    """What is kept of a day of a query on a network."""

    one_in: int = 1
    """Grows while the day lasts, and never shrinks: who was left out is left out again."""
    finds: int = 0
    """That were kept."""
    posts: int = 0
    """What these stand for."""
    room: int = 0
    """Finds that are kept before fewer are."""


@dataclass(kw_only=True)
class Sampling:
    """Decides of each find whether it is kept, and for how many it stands."""

    most: int
    """Finds of a query that are kept of a day and a network; 0: all."""
    days: dict[Kept, Day] = field(default_factory=dict)
    known: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """Query, network, post → how many a find stands for that is kept already."""

    @classmethod
    def read(
        cls, store: Store, queries: Collection[str], *, most: int, since: datetime
    ) -> Sampling:
        """Read what is kept of some queries."""
        sampling = cls(most=most)
        first = since.date()
        months = [month for month in store.months("mentions") if month >= first.replace(day=1)]
        if not queries or not months:
            return sampling
        rows = store.table("mentions", months=months)
        mine = rows.filter(rows.subject.isin(sorted(queries)), rows.published_on >= first)
        chosen = mine.select("subject", "network", "post", "published_on", "stands_for")
        for row in chosen.to_pyarrow().to_pylist():
            key = (row["subject"], row["network"], row["post"])
            sampling._note(key, row["published_on"], row["stands_for"] or 1)
        for day in sampling.days.values():
            day.room = sampling._room_beyond(day.finds)
        return sampling

    def kept(self, query: str, find: Mention) -> int | None:
        """Return how many finds of a query a find stands for; none: it is left out."""
        key = (query, find.network, find.post)
        if key in self.known:
            return self.known[key]
        by_time = find.stands_for or 1
        day = self._day(query, find.network, find.published_on)
        # What is read of some minutes only is few already.
        one_in = day.one_in if by_time == 1 else 1
        if not is_drawn(find.network, find.post, one_in=one_in):
            return None
        self._note(key, find.published_on, by_time * one_in)
        if self.most and day.finds >= day.room and day.one_in < MOST_ONE_IN:
            day.one_in *= 2
            day.room = self._room_beyond(day.finds)
        return by_time * one_in

    def _note(self, key: tuple[str, str, str], day_on: date, stands_for: int) -> None:
        query, network, _post = key
        self.known[key] = stands_for
        day = self._day(query, network, day_on)
        day.one_in = max(day.one_in, stands_for)
        day.finds += 1
        day.posts += stands_for

    def _room_beyond(self, finds: int) -> int:
        """Return at how many finds fewer are kept: at the most, then at each half as many again."""
        half = max(self.most // 2, 1)
        return max(self.most, self.most + half * ((finds - self.most) // half + 1))

    def _day(self, query: str, network: str, day_on: date) -> Day:
        key = (query, network, day_on)
        if key not in self.days:
            before = self.days.get((query, network, day_on - timedelta(days=1)))
            likely = before.posts if before and self.most else 0
            self.days[key] = Day(one_in=ceiled(likely / max(self.most, 1)), room=self.most)
        return self.days[key]

    def a_day(self, query: str, network: str) -> float:
        """Return how many posts a query brings a day on a network: the more of two late days."""
        found = {on: day.posts for (one, where, on), day in self.days.items()
                 if (one, where) == (query, network)}  # fmt: skip
        return max((found[on] for on in sorted(found)[-2:]), default=0)


def ceiled(times: float) -> int:
    """Return the least power of two that is not below a number."""
    one_in = 1
    while one_in < times and one_in < MOST_ONE_IN:
        one_in *= 2
    return one_in


def paced(
    subjects: Sequence[Subject],
    connector: Connector,
    *,
    budget: Budget,
    cursors: Mapping[tuple[str, str], Cursor],
    a_day: Callable[[str], float],
    stream: str,
    now: datetime,
) -> dict[str, int]:
    """Return of how many minutes one can be read, by search, of those that bring too many.

    What a network allows in a period is spread over it: otherwise the first days would use it up
    and nothing be heard on the others. Those that bring most are read least.
    """
    since = {
        one.subject: cursor.complete_to
        for one in subjects
        if (cursor := cursors.get((one.subject, stream))) and cursor.complete_to
    }
    if not since:
        return {}  # nothing is known yet of what they bring
    waited = {name: now - moment for name, moment in since.items()}
    expected = {
        name: a_day(query_of(name)) * (time / timedelta(days=1)) for name, time in waited.items()
    }
    ask = Ask(stream=stream, subject=subjects[0])
    allowed = _allowed(budget, connector, max(waited.values()), calls=connector.cost(ask))
    if allowed is None or sum(expected.values()) <= allowed:
        return {}
    # A question brings a page in any case: nothing is saved by reading less than that.
    least = connector.posts_per_page if budget.allowance.posts is None else 1
    share = max(_fair(expected.values(), allowed), least)
    found = {name: ceiled(posts / share) for name, posts in expected.items()}
    return {name: one_in for name, one_in in found.items() if one_in > 1}


def _allowed(
    budget: Budget, connector: Connector, waited: timedelta, *, calls: int
) -> float | None:
    """Return how many posts may be read now so that as many may be until the period ends."""
    allowance, limits = budget.allowance, list[float]()
    if allowance.posts is not None:
        limits.append(allowance.posts)
    if allowance.calls is not None:
        limits.append(allowance.calls / max(calls, 1) * connector.posts_per_page)
    if allowance.euros is not None and budget.price_per_post:
        limits.append(allowance.euros / budget.price_per_post)
    return min(limits) * min(waited / allowance.per, 1.0) if limits else None


def _fair(expected: Iterable[float], allowed: float) -> float:
    """Return the share of each so that those who need less leave the rest to the others."""
    waiting, left = sorted(expected), allowed
    while waiting:
        share = left / len(waiting)
        if waiting[0] > share:
            return max(share, 1.0)
        left -= waiting.pop(0)
    return max(left, 1.0)
