"""What the store knows of one institution: its place, its months, its best posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from vigie.columns import records_of
from vigie.index.reading import months_back, of_edition
from vigie.measure.months import shifted
from vigie.model import Edition, Event, Institution, OtherRank, Standing, StandingPart

Tables = Mapping[str, ir.Table]
MONTHS = 24
"""How far back a profile looks."""
ACTIVITY = ("posting_frequency", "interactions_per_post", "engagement_rate")
ANSWERS = ("response_share_24h", "response_median")
SHOWN = ("followers", "posts", "interactions", *ACTIVITY, *ANSWERS)
_UNKNOWN: Mapping[str, Any] = {"value": None, "low": None, "high": None, "n": None, "seen_at": None}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an institution stands in an edition, if it is in one."""

    institution: Institution
    edition: Edition | None
    standing: Standing | None = None
    parts: Sequence[StandingPart] = ()
    others: Sequence[OtherRank] = ()
    alike: int = 0
    """Other institutions of the same band."""

    @classmethod
    def of(cls, tables: Tables, institution: Institution, edition: Edition | None) -> Place:
        """Ask the store for one institution in one edition."""
        if edition is None:
            return cls(institution=institution, edition=None)
        slug = institution.institution
        everyone = of_edition(tables["standings"], edition)
        mine = records_of(Standing, everyone.filter(everyone.institution == slug).to_pyarrow())
        if not mine:
            return cls(institution=institution, edition=edition)
        parts = of_edition(tables["standing_parts"], edition)
        others = of_edition(tables["other_ranks"], edition)
        return cls(
            institution=institution,
            edition=edition,
            standing=mine[0],
            parts=records_of(StandingPart, parts.filter(parts.institution == slug).to_pyarrow()),
            others=records_of(OtherRank, others.filter(others.institution == slug).to_pyarrow()),
            alike=_alike(everyone, mine[0]),
        )

    @property
    def is_ranked(self) -> bool:
        """Say whether it has a rank."""
        return self.standing is not None and self.standing.rank is not None


def _alike(everyone: ir.Table, mine: Standing) -> int:
    if mine.band is None:
        return 0
    banded = everyone.filter(everyone.group == mine.group, everyone.band == mine.band)
    return int(banded.count().to_pyarrow().as_py()) - 1


@dataclass(frozen=True, kw_only=True)
class Months:
    """The values of an institution over the months up to one."""

    month: date
    values: Mapping[tuple[str, str, date], Mapping[str, Any]]
    """By indicator, network and month."""

    @property
    def span(self) -> list[date]:
        """Return the months shown, the last one at the end."""
        return months_back(self.month, MONTHS)

    def networks(self, *indicators: str) -> list[str]:
        """Return the networks that have any of these indicators, in order."""
        found = {network for name, network, _month in self.values if name in indicators}
        return sorted(found - {"all"})

    def row(self, indicator: str, network: str, month: date | None = None) -> Mapping[str, Any]:
        """Return a value with its interval, unknown where there is none."""
        return self.values.get((indicator, network, month or self.month), _UNKNOWN)

    def series(self, indicator: str, network: str) -> list[tuple[date, float | None]]:
        """Return an indicator month by month, unknown months included."""
        return [(month, self.row(indicator, network, month)["value"]) for month in self.span]


def months_of(tables: Tables, institutions: Sequence[str], month: date) -> dict[str, Months]:
    """Return the values of institutions over the months up to one, by institution."""
    values = tables["values"]
    wanted = values.filter(
        values.level == "institution",
        values.subject.isin(list(institutions)),
        values.indicator.isin(list(SHOWN)),
        values.month_on >= months_back(month, MONTHS)[0],
        values.month_on <= month,
    ).drop("level", "coverage")
    found: dict[str, dict[tuple[str, str, date], Mapping[str, Any]]] = {}
    for row in wanted.to_pyarrow().to_pylist():
        key = (row["indicator"], row["network"], row["month_on"])
        found.setdefault(row["subject"], {})[key] = row
    return {one: Months(month=month, values=found.get(one, {})) for one in institutions}


def last_month(tables: Tables, edition: Edition | None, institution: str) -> date:
    """Return the month of the edition; without one, the last month that has a value."""
    if edition is not None:
        return edition.month_on
    values = tables["values"]
    mine = values.filter(values.subject == institution, values.level == "institution")
    found: date | None = mine.month_on.max().to_pyarrow().as_py()
    return found or date(1970, 1, 1)


def breaks_since(tables: Tables, institution: str, since: date) -> list[Event]:
    """Return the events that break a series of an institution, oldest first."""
    events = tables["events"]
    wanted = events.filter(
        events.breaks_series,
        events.day >= since,
        events.institution.isnull() | (events.institution == institution),
    )
    return records_of(Event, wanted.order_by("day", "event").to_pyarrow())


def best_posts(tables: Tables, institution: str, *, month: date, most: int) -> list[dict[str, Any]]:
    """Return the own posts of a month with most interactions, where a network reports any."""
    accounts = tables["accounts"]
    mine = accounts.filter(accounts.institution == institution)
    keys = mine.select("account").to_pyarrow()["account"].to_pylist()
    posts = tables["posts"]
    nothing = posts.likes.isnull() & posts.comments.isnull() & posts.shares.isnull()
    sums = posts.likes.fill_null(0) + posts.comments.fill_null(0) + posts.shares.fill_null(0)
    best = (
        posts.filter(
            posts.account.isin(keys),
            posts.published_on >= month,
            posts.published_on < shifted(month, 1),
            ~posts.is_repost.fill_null(False),
            ~nothing,
        )
        .mutate(interactions=sums)
        .order_by(ibis._.interactions.desc(), "network", "post")
        .limit(most)
        .select("network", "published_on", "text", "url", "kind", "interactions")
    )
    found: list[dict[str, Any]] = best.to_pyarrow().to_pylist()
    return found
