"""Every indicator of some months, in one pass: tables in, values out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.measure import indicators
from vigie.measure.activity import activity
from vigie.measure.audience import CARRIED, month_ends
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.months import month_of, shifted, with_lookback
from vigie.measure.posts import RECENT_SNAPSHOTS, audience_days, counted_posts
from vigie.measure.rollup import institution_values
from vigie.measure.sector import ASKED, principal_accounts, totals
from vigie.measure.shared import Held
from vigie.model import Value
from vigie.plugins import members

OBSERVATIONS = ("posts", "snapshots")
"""What is kept month by month."""
REGISTER = ("accounts", "institutions", "enrolments", "events")
"""What is kept whole: a change there may change any month."""
READS = (*OBSERVATIONS, *REGISTER)
"""Every table that measuring reads."""
SHARED = (counted_posts, audience_days, month_ends, activity, totals)
"""What several indicators start from."""
POSTS_AT_ONCE = 2_000_000
"""Months are taken together up to this many posts, so that memory stays bounded."""

Fingerprints = Mapping[str, Mapping[date | None, str]]
"""Table → month (None: the table is not cut by month) → digest of what it is made of."""


def known_indicators() -> Mapping[str, type[Indicator]]:
    """Every indicator by name."""
    return members(indicators, Indicator)


def lookback(among: Mapping[str, type[Indicator]] | None = None) -> tuple[int, ...]:
    """Return how far back lie the months whose snapshots values depend on (of any indicator)."""
    known = known_indicators() if among is None else among
    return tuple(sorted({back for member in known.values() for back in member.lookback}))


def months_to_read(months: Iterable[date]) -> dict[str, list[date] | None]:
    """Return which months of each table are needed to measure these months (None: all of it)."""
    wanted = sorted(set(months))
    return {
        "posts": wanted,
        "snapshots": with_lookback(wanted, lookback()),
        **dict.fromkeys(REGISTER),
    }


def stale_months(now: Fingerprints, then: Fingerprints) -> list[date]:
    """Return the months whose values no longer follow from what is stored, oldest first.

    A month is stale when its posts changed, or its snapshots or those of a month it looks back
    on. A change of the register makes every month stale. A month that has lost its files is
    stale too: it has values that nothing supports.
    """
    every = {month for name in OBSERVATIONS for month in _months(now, name) | _months(then, name)}
    if any(now.get(name, {}) != then.get(name, {}) for name in REGISTER):
        return sorted(every)
    stale = _changed(now, then, "posts")
    later = (0, *lookback())
    for month in _changed(now, then, "snapshots"):
        stale |= {shifted(month, count) for count in later} & every
    return sorted(stale)


def _months(prints: Fingerprints, name: str) -> set[date]:
    return {month for month in prints.get(name, {}) if month is not None}


def _changed(now: Fingerprints, then: Fingerprints, name: str) -> set[date]:
    new, old = now.get(name, {}), then.get(name, {})
    return {m for m in _months(now, name) | _months(then, name) if new.get(m) != old.get(m)}


def values(
    tables: Tables,
    *,
    months: Sequence[date],
    names: Collection[str] | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> pa.Table:
    """Measure indicators (all, unless named) in these months, at every level, as ``Value`` rows.

    ``tables`` holds those of ``READS``; ``months_to_read`` says which of their months. The result
    is sorted, and the same for the same tables, however the months are grouped.
    """
    wanted = sorted(set(months))
    chosen = {
        name: member
        for name, member in known_indicators().items()
        if names is None or name in names
    }
    parts: list[pa.Table] = []
    done = 0
    with selects_unmerged():
        for together in _chunks(tables["posts"], wanted):
            parts.extend(_measured(tables, together, chosen))
            done += len(together)
            progress(done, len(wanted))
    return _as_values(parts)


@contextmanager
def selects_unmerged() -> Iterator[None]:
    """Leave it to the engine to merge nested selects: it is quicker at it than Ibis."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def _chunks(posts: ir.Table, months: Sequence[date]) -> Iterator[list[date]]:
    counts = _posts_by_month(posts, months)
    chunk: list[date] = []
    held = 0
    for month in months:
        if chunk and held + counts.get(month, 0) > POSTS_AT_ONCE:
            yield chunk
            chunk, held = [], 0
        chunk.append(month)
        held += counts.get(month, 0)
    if chunk:
        yield chunk


def _posts_by_month(posts: ir.Table, months: Sequence[date]) -> dict[date, int]:
    if len(months) < 2:
        return {}
    within = _within(posts, "published_on", months).mutate(month_on=month_of(ibis._.published_on))
    counted = within.group_by("month_on").agg(posts=within.count()).to_pyarrow()
    return dict(zip(counted["month_on"].to_pylist(), counted["posts"].to_pylist(), strict=True))


def _within(table: ir.Table, day: str, months: Sequence[date]) -> ir.Table:
    """Keep the days of these months, in a form that lets an engine pass over whole files."""
    first, end = min(months), shifted(max(months), 1)
    kept = table.filter(table[day] >= first, table[day] < end)
    if shifted(first, len(set(months))) == end:
        return kept
    return kept.filter(month_of(kept[day]).isin(sorted(set(months))))


def _measured(
    tables: Tables, months: Sequence[date], chosen: Mapping[str, type[Indicator]]
) -> list[pa.Table]:
    answered = tables["posts"].get_backend().to_pyarrow
    near = Held(_near(tables, months, lookback(chosen)), SHARED, answered)
    by_level: dict[str, list[pa.Table]] = {"account": [], "sector": []}
    for name, member in chosen.items():
        answer = answered(member().compute(near))
        by_level[member.level].append(_as_rows(answer, months, name, member.level))
    accounts = pa.concat_tables([schema_of(Value).empty_table(), *by_level["account"]])
    additive = [name for name, member in chosen.items() if member.is_additive]
    register = tables["accounts"]
    owners, principal = answered(register), answered(principal_accounts(register))
    institutions = institution_values(accounts, owners, principal, additive)
    return [accounts, institutions, *by_level["sector"]]


def _near(tables: Tables, months: Sequence[date], back: Sequence[int]) -> dict[str, ir.Table]:
    """Return what these months need of each table, and which months they are."""
    snapshots = tables["snapshots"]
    asked = pa.table({"month_on": pa.array(months, pa.date32())})
    return {
        **tables,
        "posts": _within(tables["posts"], "published_on", months),
        "snapshots": _within(snapshots, "observed_on", with_lookback(months, back)),
        RECENT_SNAPSHOTS: _within(snapshots, "observed_on", with_lookback(months, CARRIED)),
        ASKED: ibis.memtable(asked),
    }


def _as_rows(answer: pa.Table, months: Sequence[date], name: str, level: str) -> pa.Table:
    kept = answer.filter(pc.is_in(answer["month_on"], pa.array(months, pa.date32())))
    columns = {
        **dict(zip(kept.column_names, kept.columns, strict=True)),
        "subject": kept["account"],
        "indicator": pa.repeat(pa.scalar(name), kept.num_rows),
        "level": pa.repeat(pa.scalar(level), kept.num_rows),
    }
    schema = schema_of(Value)
    return pa.table(
        [columns[field].cast(schema.field(field).type) for field in schema.names], schema=schema
    )


def _as_values(parts: Iterable[pa.Table]) -> pa.Table:
    schema = schema_of(Value)
    found = [part.select(schema.names).cast(schema) for part in parts]
    whole = pa.concat_tables([schema.empty_table(), *found])
    return whole.sort_by([(name, "ascending") for name in Value.key])
