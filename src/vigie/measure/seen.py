"""How much of a month was seen: what a network was not asked for lowers the coverage of figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from vigie.measure.indicator import Indicator
from vigie.measure.months import shifted
from vigie.measure.sector import EVERYONE
from vigie.model import Account, Cursor

STREAM = "posts"
KEY = ("level", "subject", "network", "month_on")

Shares = Mapping[tuple[str, date], float]
"""(account, month) → share of the month that was seen, below 1; what is not named was."""


def shares_seen(cursors: Iterable[Cursor], months: Sequence[date]) -> dict[tuple[str, date], float]:
    """Return the share of each month in which everything an account published was seen.

    Only accounts that a network is asked about are named, and only where part of the month is
    missing. Of several connectors the one that saw most counts. A month that is not over is
    judged by what is over of it when somebody last looked.
    """
    asked = [one for one in cursors if one.stream == STREAM]
    last = max((one.complete_to for one in asked if one.complete_to), default=None)
    found: dict[tuple[str, date], float] = {}
    for one in asked:
        for month in months:
            key = (one.subject, month)
            found[key] = max(found.get(key, 0.0), _share(one, month, last))
    return {key: share for key, share in found.items() if share < 1}


def _share(cursor: Cursor, month: date, last: datetime | None) -> float:
    start, end = _moment(month), _moment(shifted(month, 1))
    end = min(end, last) if last is not None and last > start else end
    if cursor.complete_from is None or cursor.complete_to is None:
        return 0.0
    seen = min(cursor.complete_to, end) - max(cursor.complete_from, start)
    return min(max(seen / (end - start), 0.0), 1.0)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def digests(shares: Shares) -> dict[date, str]:
    """Return by month a digest of the shares: it changes when the coverage of figures does."""
    parts: dict[date, list[str]] = {}
    for (account, month), share in sorted(shares.items()):
        parts.setdefault(month, []).append(f"{account}\x1f{share:.4f}")
    return {
        month: hashlib.sha256("\n".join(lines).encode()).hexdigest()
        for month, lines in parts.items()
    }


def with_coverage(
    values: pa.Table,
    shares: Shares,
    accounts: Iterable[Account],
    indicators: Mapping[str, type[Indicator]],
) -> pa.Table:
    """Return values whose coverage is no better than the share of the month that was seen.

    It concerns the indicators that read posts. Of an institution over several accounts, the
    mean of their shares counts. They weigh alike: how much an account published where nobody
    looked is what is not known, and to weigh by what was seen would call an account that was
    never read no loss at all.
    """
    if not shares:
        return values
    factors = _factors(shares, list(accounts))
    reading_posts = [name for name, member in indicators.items() if STREAM in member.needs]
    keys = pa.table(
        {name: values[name] for name in KEY} | {"place": pa.array(range(len(values)), pa.int64())}
    )
    joined = keys.join(factors, keys=list(KEY), join_type="left outer").sort_by("place")
    concerned = pc.is_in(values["indicator"], pa.array(reading_posts, pa.string()))
    factor = pc.if_else(concerned, joined["factor"], pa.scalar(None, pa.float64()))
    lowered = pc.min_element_wise(pc.coalesce(values["coverage"], factor), factor)
    place = values.schema.get_field_index("coverage")
    return values.set_column(place, values.schema.field("coverage"), lowered)


def _factors(shares: Shares, accounts: Sequence[Account]) -> pa.Table:
    """Return the share for everything that a value may be about."""
    months = sorted({month for _account, month in shares})
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in accounts:
        groups.setdefault(("account", one.account, one.network), []).append(one.account)
        for level, counts in (("institution", one.is_principal), ("institution_all", True)):
            if counts:
                for network in (one.network, EVERYONE):
                    groups.setdefault((level, one.institution, network), []).append(one.account)
    rows = [
        (*group, month, _mean([shares.get((name, month), 1.0) for name in members]))
        for group, members in groups.items()
        for month in months
    ]
    partial = [row for row in rows if row[-1] < 1]
    columns = list(zip(*partial, strict=True)) if partial else [()] * 5
    kinds = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.float64())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(arrays, names=[*KEY, "factor"])


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
