"""One pass over some months: every indicator's answer, and what follows for institutions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.measure.answers import MedianOfPosts
from vigie.measure.carrying import Prepared
from vigie.measure.indicator import ASKED, Indicator, Tables
from vigie.measure.medians import WHOSE, medians
from vigie.measure.months import month_of, shifted, with_lookback
from vigie.measure.numbering import numbered, order_of
from vigie.measure.plan import Asked, Asking
from vigie.measure.rollup import institution_values, members, owned
from vigie.measure.shared import Held
from vigie.model import Value

DATED = {
    "posts": "published_on",
    "mentions": "published_on",
    "labels": "published_on",
    "identities": "month_on",
}
"""What is read of its own month only, and the day that says which that is."""
OWNERS = "owners"
"""What is asked beside the indicators: who owns which account."""


def measured(
    tables: Tables,
    months: Sequence[date],
    chosen: Mapping[str, type[Indicator]],
    prepared: Prepared | None,
) -> pa.Table:
    """Return the values of these indicators in these months, by month and then by key.

    Without a preparation the questions are asked one by one, and any tables will do; with one, the
    tables hold these months and no other.
    """
    rows = {ASKED: pa.table({"month_on": pa.array(months, pa.date32())})}
    if not months:
        return schema_of(Value).empty_table()
    if prepared is None:
        back = sorted({count for one in chosen.values() for count in one.lookback})
        found = _one_by_one(_near(tables, months, back), rows, _asked(chosen, months))
    else:
        asked = {**_asked(chosen, months), **_posts(chosen, months)}
        found = prepared.answers(tables, rows, asked)
    return _month_by_month([found[name] for name in sorted(chosen)], months)


def _asked(chosen: Mapping[str, type[Indicator]], months: Sequence[date]) -> dict[str, Asking]:
    """Return what is asked: who owns which account, and every indicator's answer."""
    owners = Asking(
        build=lambda tables: owned(tables["accounts"]),
        finish=lambda answer, _found: members(answer),
    )
    return {OWNERS: owners} | {
        name: _asking(name, member, months, member().compute) for name, member in chosen.items()
    }


def _posts(chosen: Mapping[str, type[Indicator]], months: Sequence[date]) -> dict[str, Asking]:
    """Return the same for medians, of which only what each post says is asked."""
    return {
        name: _asking(
            name, member, months, member().observations,
            partial(medians, least_n=member.least_n),
        )
        for name, member in chosen.items()
        if issubclass(member, MedianOfPosts)
    }  # fmt: skip


def _asking(
    name: str,
    member: type[Indicator],
    months: Sequence[date],
    build: Callable[[Tables], ir.Table],
    settled: Callable[[pa.Table], pa.Table] = lambda answer: answer,
) -> Asking:
    def finish(answer: pa.Table, found: Mapping[str, pa.Table]) -> pa.Table:
        rows = _as_rows(settled(answer), months, name, member.level)
        return _with_institutions(rows, found[OWNERS], months, member)

    return Asking(build=build, finish=finish, after=(OWNERS,), defined_in=member.__module__)


def _with_institutions(
    rows: pa.Table, owners: pa.Table, months: Sequence[date], member: type[Indicator]
) -> pa.Table:
    """Return an indicator's values with those of institutions, by month and then by key."""
    if member.level != "account":
        return rows
    parts = [rows.slice(0, 0)]
    for month, own in _by_month(rows, months):
        of_institutions = institution_values(own, owners, month, is_additive=member.is_additive)
        parts += [own, of_institutions]
    return pa.concat_tables(parts)


def _month_by_month(parts: Sequence[pa.Table], months: Sequence[date]) -> pa.Table:
    """Return tables, each by month and then by key, as one."""
    by_month: dict[date, list[pa.Table]] = {month: [] for month in months}
    for part in parts:
        for month, rows in _by_month(part, months):
            by_month[month].append(rows)
    empty = schema_of(Value).empty_table()
    return pa.concat_tables([empty, *(part for month in months for part in by_month[month])])


def _by_month(rows: pa.Table, months: Sequence[date]) -> Iterator[tuple[date, pa.Table]]:
    """Cut rows that are sorted by month."""
    days = rows["month_on"].to_numpy()
    for month in months:
        start, end = (
            np.searchsorted(days, np.datetime64(month), side="left"),
            np.searchsorted(days, np.datetime64(month), side="right"),
        )
        yield month, rows.slice(start, end - start)


def _one_by_one(near: Tables, rows: Mapping[str, pa.Table], asked: Asked) -> dict[str, pa.Table]:
    answered = near["posts"].get_backend().to_pyarrow
    held = Held({**near, **{name: ibis.memtable(one) for name, one in rows.items()}}, answered)
    found: dict[str, pa.Table] = {}
    for name, one in asked.items():
        found[name] = one.finish(answered(one.build(held)), found)
    return found


def _near(tables: Tables, months: Sequence[date], back: Sequence[int]) -> dict[str, ir.Table]:
    """Return what these months need of each table, and which months they are."""
    return {
        **tables,
        **{name: within(tables[name], day, months) for name, day in DATED.items()},
        "snapshots": within(tables["snapshots"], "observed_on", with_lookback(months, back)),
    }


def _as_rows(answer: pa.Table, months: Sequence[date], name: str, level: str) -> pa.Table:
    """Return an answer in the columns of values, by month and then by key."""
    among = pc.is_in(answer["month_on"].cast(pa.date32()), pa.array(months, pa.date32()))
    kept = answer if pc.all(among).as_py() else answer.filter(among)
    order = order_of(*(numbered(kept[name]) for name in WHOSE))
    if np.any(order[1:] < order[:-1]):
        kept = kept.take(pa.array(order))
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


def within(table: ir.Table, day: str, months: Sequence[date]) -> ir.Table:
    """Keep the days of these months, in a form that lets an engine pass over whole files."""
    first, end = min(months), shifted(max(months), 1)
    kept = table.filter(table[day] >= first, table[day] < end)
    if shifted(first, len(set(months))) == end:
        return kept
    return kept.filter(month_of(kept[day]).isin(sorted(set(months))))
