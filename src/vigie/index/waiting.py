"""How long the public waits for an answer of one institution: all its questions of some months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from vigie.index.reading import months_back
from vigie.measure.months import shifted
from vigie.measure.questions import DAY, INTENT, asked_of, waits
from vigie.measure.survival import median_wait, share_within, steps

Tables = Mapping[str, ir.Table]
MONTHS = 3
"""Months whose questions are taken together: a month of one institution has often too few."""
NEEDS = frozenset({"accounts", "mentions", "labels", "posts", "snapshots"})
_ONE = ["institution"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What share was answered by a moment, and how many still waited just after it."""

    seconds: int
    share: float
    low: float
    high: float
    left: int


@dataclass(frozen=True, kw_only=True)
class Ends:
    """A figure with the ends of its interval; an unknown end is open."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The questions put to an institution, and how long each waited."""

    first: date
    last: date
    """First days of the months."""
    told: int
    """Posts that spoke to its accounts, questions or not."""
    coverage: float | None
    """The share of these that is labelled."""
    questions: int
    """Those that were followed."""
    people: int
    """Who asked."""
    answered: int
    """While they were followed."""
    day: Ends
    """The share answered within a day, 0 to 1."""
    median: Ends
    """In seconds."""
    steps: Sequence[Step]
    seen_at: datetime | None

    def by(self, seconds: int) -> Step | None:
        """Return the last step by a moment."""
        return max((one for one in self.steps if one.seconds <= seconds), default=None, key=_when)


def _when(one: Step) -> int:
    return one.seconds


def waiting(tables: Tables, institution: str, month: date) -> Waiting:
    """Follow the questions of the months up to one."""
    months = months_back(month, MONTHS)
    near = _near(tables, institution, months)
    asked = asked_of(near)
    followed = waits(near).mutate(institution=ibis.literal(institution))
    authors = asked.select("account", "post", "author")
    known = followed.join(authors, ["account", "post"])
    counts = _row(
        known.agg(
            questions=known.count(),
            people=known.author.nunique(),
            answered=known.is_answered.sum(),
            seen_at=known.seen_at.max(),
        )
    )
    told = _row(asked.agg(told=asked.count(), coverage=asked.is_question.notnull().mean()))
    curve = steps(followed, _ONE).order_by("seconds").to_pyarrow().to_pylist()
    return Waiting(
        first=months[0],
        last=months[-1],
        told=told["told"],
        coverage=told["coverage"],
        questions=counts["questions"],
        people=counts["people"],
        answered=counts["answered"] or 0,
        day=_ends(share_within(followed, _ONE, seconds=DAY), "share"),
        median=_ends(median_wait(followed, _ONE), "seconds"),
        steps=[_step(row) for row in curve],
        seen_at=counts["seen_at"],
    )


def _near(tables: Tables, institution: str, months: Sequence[date]) -> dict[str, ir.Table]:
    """Return the rows of one institution and some months: no more is read."""
    first, end = months[0], shifted(months[-1], 1)
    accounts = tables["accounts"].filter(tables["accounts"].institution == institution)

    def within(table: ir.Table, day: str) -> ir.Table:
        return table.filter(table[day] >= first, table[day] < end)

    mentions, labels = within(tables["mentions"], "published_on"), tables["labels"]
    return {
        "accounts": accounts,
        "mentions": mentions.semi_join(accounts, mentions.subject == accounts.account),
        "labels": within(labels.filter(labels.question == INTENT), "published_on"),
        "posts": within(tables["posts"], "published_on").semi_join(accounts, "account"),
        "snapshots": within(tables["snapshots"], "observed_on").semi_join(accounts, "account"),
    }


def _row(asked: ir.Table) -> dict[str, Any]:
    (row,) = asked.to_pyarrow().to_pylist()
    return dict(row)


def _ends(asked: ir.Table, name: str) -> Ends:
    for row in asked.to_pyarrow().to_pylist():
        return Ends(value=row[name], low=row["low"], high=row["high"])
    return Ends()


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        seconds=row["seconds"],
        share=row["share"],
        low=row["low"],
        high=row["high"],
        left=row["left"],
    )
