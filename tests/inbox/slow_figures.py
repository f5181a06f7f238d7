"""The figures of the inbox one conversation after the other: slow, and plain to read.

What ``vigie.inbox.figures`` says of columns must be this to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from vigie.inbox.figures import (
    LEAST,
    SATISFIED,
    WEEK,
    Opinions,
    Taught,
    _mean,
    _share,
    _silent,
    week_of,
)
from vigie.measure.waiting import Curve, curve, spoken_from
from vigie.model import Conversation

K = TypeVar("K", bound=Hashable)


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


def by_week(rows: Iterable[Conversation], *, since: date, until: date) -> dict[date, Taught]:
    """Return the figures of each week in order, those in which nothing came too."""
    found = by(rows, lambda row: week_of(row.opened_on))
    first, weeks = week_of(since), (week_of(until) - week_of(since)).days // 7 + 1
    mondays = [first + place * WEEK for place in range(weeks)]
    return {monday: found.get(monday) or taught(()) for monday in mondays}


def closings(rows: Iterable[Conversation], *, since: date, until: date) -> dict[date, int]:
    """Return how many were closed in each week of a time, in whatever week they came."""
    first, weeks = week_of(since), (week_of(until) - week_of(since)).days // 7 + 1
    found = dict.fromkeys((first + place * WEEK for place in range(weeks)), 0)
    for row in rows:
        if row.closed_at is not None and row.left_out is None:
            day = row.closed_on or row.closed_at.date()
            if since <= day <= until:
                found[week_of(day)] += 1
    return found


def _lasted(row: Conversation) -> int:
    return row.lasted_minutes if row.lasted_minutes is not None else row.waited_minutes


def _opinions(asking: Sequence[Conversation]) -> Opinions:
    asked = [row for row in asking if row.is_asked]
    scores = [row.score for row in asked if row.score is not None]
    return Opinions(
        asked=len(asked),
        answer_rate=_share(len(scores), len(asked)),
        satisfied=_share(sum(score >= SATISFIED for score in scores), len(scores)),
        score=_mean(scores),
    )


Sort = Callable[[Conversation], bool]
WHICH: dict[str, Sort] = {
    "came": lambda row: True,
    "unanswered": lambda row: row.answered_at is None,
    "late": lambda row: row.target_minutes is not None and row.waited_minutes > row.target_minutes,
    "week": lambda row: (row.answered_at or row.observed_at) - row.opened_at > WEEK,
    "slow": lambda row: row.answered_at is not None,
    "closed": lambda row: row.closed_at is not None,
    "reopened": lambda row: row.reopened > 0,
    "asked": lambda row: row.is_asked,
}


def in_order(rows: Iterable[Conversation], which: str) -> list[Conversation]:
    """Return the conversations behind a figure, what should be looked at in front."""
    if which == "left_out":
        behind = [row for row in rows if row.left_out is not None]
    else:
        behind = [row for row in rows if row.left_out is None and WHICH[which](row)]
    if which == "closed":
        return sorted(behind, key=lambda row: -(row.lasted_minutes or 0))
    return sorted(behind, key=lambda row: -row.waited_minutes)
