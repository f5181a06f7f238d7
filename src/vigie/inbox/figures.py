"""What the inbox teaches, in figures: how long people wait, who gets no answer, how it ends.

First response and resolution are counted in service hours, from the first message. Silence is not
left out: a conversation nobody answered yet is followed until the last look and censored there
(Kaplan and Meier, JASA 53, 1958). Closing one without an answer does not end its silence.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from vigie.measure.uncertainty import mean_of, wilson_of
from vigie.measure.waiting import Curve, Estimate, curve, spoken_from
from vigie.model import Conversation

LEAST = 10
"""Fewer conversations say nothing of how long one waits: the least n of every such figure."""
WEEK = timedelta(days=7)
SATISFIED = 4
"""From this answer on, of five, someone is satisfied."""
PUBLIC = frozenset({"comment", "mention", "review", "found"})
TELLING = frozenset({"praise", "belonging", "information"})
"""Intents of a public message that asks for nothing."""
SPAM = frozenset({"spam", "junk", "pourriel", "indésirable", "indesirable"})
"""Names of a topic by which a service puts aside what is no question."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """What people said when they were asked how satisfied they are."""

    asked: int
    answer_rate: Estimate
    satisfied: Estimate
    """Share of the answers that are 4 or 5 of 5."""
    score: Estimate


@dataclass(frozen=True, kw_only=True)
class Taught:
    """The figures of a group of conversations that were opened in a period."""

    came: int
    """Conversations that ask for an answer."""
    left_out: int
    incoming: int
    """Messages."""
    outgoing: int
    closed: int
    unanswered: int
    """Nobody answered them so far."""
    owed: int
    """Of those answered or not, how many had a target."""
    response_median: Estimate
    """Minutes of service hours."""
    response_p90: Estimate
    resolution_median: Estimate
    resolution_p90: Estimate
    silent_at_target: Estimate
    """Share (0 to 1) that still waits when the target is reached."""
    silent_at_week: Estimate
    """Share that still waits seven days after it was asked."""
    reopened: Estimate
    opinions: Opinions
    seen_at: datetime | None


def left_out(
    *,
    kind: str,
    intents: Iterable[str],
    topic: str,
    is_written: bool,
    is_unwanted: bool = False,
) -> str | None:
    """Return why a conversation asks for no answer, whatever became of it; none: it asks for one.

    Only what is known when it comes in counts, never whether somebody answered.
    """
    if not is_written:
        return "automatic"
    if is_unwanted or topic.strip().casefold() in SPAM:
        return "spam"
    said = frozenset(intents)
    if kind in PUBLIC and said and said <= TELLING:
        return "nothing_asked"
    return None


def taught(rows: Iterable[Conversation]) -> Taught:
    """Return the figures of these conversations."""
    every = list(rows)
    asking = [row for row in every if row.left_out is None]
    response = first_response(asking)
    resolution = curve([(float(_lasted(row)), row.closed_at is not None) for row in asking])
    by_target = against_target(asking)
    return Taught(
        came=len(asking),
        left_out=len(every) - len(asking),
        incoming=sum(row.incoming for row in asking),
        outgoing=sum(row.outgoing for row in asking),
        closed=sum(row.closed_at is not None for row in asking),
        unanswered=sum(row.answered_at is None for row in asking),
        owed=len(by_target),
        response_median=spoken_from(LEAST, response.reaches(0.5)),
        response_p90=spoken_from(LEAST, response.reaches(0.9)),
        resolution_median=spoken_from(LEAST, resolution.reaches(0.5)),
        resolution_p90=spoken_from(LEAST, resolution.reaches(0.9)),
        silent_at_target=_silent(by_target, 1.0),
        silent_at_week=_silent(in_days(asking), 7.0),
        reopened=_share(sum(row.reopened > 0 for row in asking), len(asking)),
        opinions=_opinions(asking),
        seen_at=max((row.observed_at for row in every), default=None),
    )


def first_response(asking: Iterable[Conversation]) -> Curve:
    """Return how long the first answer took, in minutes of service hours."""
    return curve([(float(row.waited_minutes), row.answered_at is not None) for row in asking])


def against_target(asking: Iterable[Conversation]) -> Curve:
    """Return how long the first answer took, as a share of what was allowed: 1 is the target."""
    return curve(
        [
            (row.waited_minutes / row.target_minutes, row.answered_at is not None)
            for row in asking
            if row.target_minutes
        ]
    )


def in_days(asking: Iterable[Conversation]) -> Curve:
    """Return how long the first answer took in days as they pass, closed hours and all."""
    return curve(
        [
            (
                ((row.answered_at or row.observed_at) - row.opened_at) / timedelta(days=1),
                row.answered_at is not None,
            )
            for row in asking
        ]
    )


def by(rows: Iterable[Conversation], key: Callable[[Conversation], K]) -> dict[K, Taught]:
    """Return the figures of each group, the largest first."""
    groups: dict[K, list[Conversation]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    found = {name: taught(group) for name, group in groups.items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1].came, str(one[0]))))


def week_of(day: date) -> date:
    """Return the Monday of a day."""
    return day - timedelta(days=day.weekday())


def by_week(rows: Iterable[Conversation], *, since: date, until: date) -> dict[date, Taught]:
    """Return the figures of each week in order, those in which nothing came too."""
    found = by(rows, lambda row: week_of(row.opened_on))
    first, weeks = week_of(since), (week_of(until) - week_of(since)).days // 7 + 1
    mondays = [first + place * WEEK for place in range(weeks)]
    return {monday: found.get(monday) or taught(()) for monday in mondays}


def closings(rows: Iterable[Conversation], *, since: date, until: date) -> dict[date, int]:
    """Return how many were closed in each week, in whatever week they came."""
    first, weeks = week_of(since), (week_of(until) - week_of(since)).days // 7 + 1
    found = dict.fromkeys((first + place * WEEK for place in range(weeks)), 0)
    for row in rows:
        if row.closed_at is not None and row.left_out is None:
            week = week_of(row.closed_on or row.closed_at.date())
            if week in found:
                found[week] += 1
    return found


def _lasted(row: Conversation) -> int:
    return row.lasted_minutes if row.lasted_minutes is not None else row.waited_minutes


def _silent(waits: Curve, limit: float) -> Estimate:
    """Return the share that is not answered within so long: what is left of the curve."""
    return spoken_from(LEAST, waits.within(limit)).rest


def _share(count: int, n: int) -> Estimate:
    if n < LEAST:
        return Estimate(n=n)
    low, high = wilson_of(count / n, n)
    return Estimate(value=count / n, low=low, high=high, n=n)


def _opinions(asking: Sequence[Conversation]) -> Opinions:
    asked = [row for row in asking if row.is_asked]
    scores = [row.score for row in asked if row.score is not None]
    return Opinions(
        asked=len(asked),
        answer_rate=_share(len(scores), len(asked)),
        satisfied=_share(sum(score >= SATISFIED for score in scores), len(scores)),
        score=_mean(scores),
    )


def _mean(scores: Sequence[int]) -> Estimate:
    if len(scores) < LEAST:
        return Estimate(n=len(scores))
    mean, low, high = mean_of(scores)
    return Estimate(value=mean, low=max(low, 1.0), high=min(high, 5.0), n=len(scores))
