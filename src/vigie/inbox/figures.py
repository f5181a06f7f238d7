"""What the inbox teaches, in figures: how long people wait, who gets no answer, how it ends.

First response and resolution are counted in service hours, from the first message. Silence is not
left out: a conversation nobody answered yet is followed until the last look and censored there
(Kaplan and Meier, JASA 53, 1958). Closing one without an answer does not end its silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from vigie.inbox.rows import UNKNOWN, Days, Ints, Named, Rows, in_order, moment_of
from vigie.measure.uncertainty import mean_of, wilson_of
from vigie.measure.waiting import Curve, Estimate, curve_of, spoken_from

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


def taught(every: Rows) -> Taught:
    """Return the figures of these conversations."""
    rows = asking(every)
    response = first_response(rows)
    resolution = curve_of(np.where(rows.lasted == UNKNOWN, rows.waited, rows.lasted),
                          rows.is_closed)  # fmt: skip
    by_target = against_target(rows)
    return Taught(
        came=len(rows),
        left_out=len(every) - len(rows),
        closed=int(rows.is_closed.sum()),
        unanswered=int((~rows.is_answered).sum()),
        owed=len(by_target),
        response_median=spoken_from(LEAST, response.reaches(0.5)),
        response_p90=spoken_from(LEAST, response.reaches(0.9)),
        resolution_median=spoken_from(LEAST, resolution.reaches(0.5)),
        resolution_p90=spoken_from(LEAST, resolution.reaches(0.9)),
        silent_at_target=_silent(by_target, 1.0),
        silent_at_week=_silent(in_days(rows), 7.0),
        reopened=_share(int((rows.reopened > 0).sum()), len(rows)),
        opinions=opinions_of(rows),
        seen_at=moment_of(every.observed_at.max()) if len(every) else None,
    )


def asking(rows: Rows) -> Rows:
    """Return those that ask for an answer."""
    return rows.at(rows.asks)


def first_response(rows: Rows) -> Curve:
    """Return how long the first answer took, in minutes of service hours."""
    return curve_of(rows.waited, rows.is_answered)


def against_target(rows: Rows) -> Curve:
    """Return how long the first answer took, as a share of what was allowed: 1 is the target."""
    owed = rows.target > 0
    return curve_of(rows.waited[owed] / rows.target[owed], rows.is_answered[owed])


def in_days(rows: Rows) -> Curve:
    """Return how long the first answer took in days as they pass, closed hours and all."""
    return curve_of(days_waited(rows), rows.is_answered)


def days_waited(rows: Rows) -> np.ndarray:
    """Return how many days passed until each was answered, or was looked at last."""
    until = np.where(rows.is_answered, rows.answered_at, rows.observed_at)
    passed: np.ndarray = (until - rows.opened_at) / np.timedelta64(1, "D")
    return passed


def by(rows: Rows, names: Named) -> dict[str, Taught]:
    """Return the figures of each group, the largest first; the unknown is named by nothing."""
    found = {name or "": taught(group) for name, group in rows.grouped(names)}
    return dict(sorted(found.items(), key=lambda one: (-one[1].came, one[0])))


def week_of(day: date) -> date:
    """Return the Monday of a day."""
    return day - timedelta(days=day.weekday())


def by_week(rows: Rows, *, since: date, until: date) -> dict[date, Taught]:
    """Return the figures of each week in order, those in which nothing came too."""
    mondays = mondays_of(since, until)
    order = in_order(rows.opened_on.astype(np.int64))
    ordered = rows.at(order)
    edges = np.searchsorted(ordered.opened_on, _days([*mondays, mondays[-1] + WEEK]))
    return {
        monday: taught(ordered.at(slice(edges[place], edges[place + 1])))
        for place, monday in enumerate(mondays)
    }


def mondays_of(since: date, until: date) -> list[date]:
    """Return the first day of each week of a time."""
    first, weeks = week_of(since), (week_of(until) - week_of(since)).days // 7 + 1
    return [first + place * WEEK for place in range(weeks)]


def closings(rows: Rows, *, since: date, until: date) -> dict[date, int]:
    """Return how many were closed in each week of a time, in whatever week they came."""
    mondays = mondays_of(since, until)
    first, last = np.datetime64(since, "D"), np.datetime64(until, "D")
    in_time = (rows.closed_on >= first) & (rows.closed_on <= last)
    days = np.sort(rows.closed_on[rows.is_closed & rows.asks & in_time])
    edges = np.searchsorted(days, _days([*mondays, mondays[-1] + WEEK]))
    counts: Ints = np.diff(edges)
    return dict(zip(mondays, counts.tolist(), strict=True))


def _days(days: Sequence[date]) -> Days:
    return np.array(days, dtype="datetime64[D]")


def _silent(waits: Curve, limit: float) -> Estimate:
    """Return the share that is not answered within so long: what is left of the curve."""
    return spoken_from(LEAST, waits.within(limit)).rest


def _share(count: int, n: int) -> Estimate:
    if n < LEAST:
        return Estimate(n=n)
    low, high = wilson_of(count / n, n)
    return Estimate(value=count / n, low=low, high=high, n=n)


def opinions_of(rows: Rows) -> Opinions:
    """Return what people said when they were asked, of conversations that ask for an answer."""
    asked = int(rows.is_asked.sum())
    scores: list[int] = rows.score[rows.is_asked & (rows.score != UNKNOWN)].tolist()
    return Opinions(
        asked=asked,
        answer_rate=_share(len(scores), asked),
        satisfied=_share(sum(score >= SATISFIED for score in scores), len(scores)),
        score=_mean(scores),
    )


def _mean(scores: Sequence[int]) -> Estimate:
    if len(scores) < LEAST:
        return Estimate(n=len(scores))
    mean, low, high = mean_of(scores)
    return Estimate(value=mean, low=max(low, 1.0), high=min(high, 5.0), n=len(scores))
