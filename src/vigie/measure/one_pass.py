"""One pass over some months: every indicator's answer, and what follows for institutions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.measure.audience import CARRIED
from vigie.measure.carrying import Prepared
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.months import month_of, shifted, with_lookback
from vigie.measure.plan import Asked
from vigie.measure.posts import RECENT_SNAPSHOTS
from vigie.measure.rollup import OWNED, institution_values
from vigie.measure.sector import ASKED, principal_accounts
from vigie.measure.shared import Held
from vigie.model import Value

DATED = {
    "posts": "published_on",
    "mentions": "published_on",
    "labels": "published_on",
    "identities": "month_on",
}
"""What is read of its own month only, and the day that says which that is."""
ALL_ACCOUNTS, HEADLINES = "all accounts", "principal accounts"
"""What is asked beside the indicators: who owns which account."""


def measured(
    tables: Tables,
    months: Sequence[date],
    chosen: Mapping[str, type[Indicator]],
    prepared: Prepared | None,
) -> list[pa.Table]:
    """Return the values of these indicators in these months, in no order.

    Without a preparation the questions are asked one by one: any tables will do.
    """
    near = _near(tables, months, sorted({b for one in chosen.values() for b in one.lookback}))
    asked = _asked(chosen)
    rows = {ASKED: pa.table({"month_on": pa.array(months, pa.date32())})}
    answered = (
        _one_by_one(near, rows, asked) if prepared is None else prepared.answers(near, rows, asked)
    )
    by_level: dict[str, list[pa.Table]] = {"account": [], "institution": [], "sector": []}
    for name, member in chosen.items():
        by_level[member.level].append(_as_rows(answered[name], months, name, member.level))
    accounts = pa.concat_tables([schema_of(Value).empty_table(), *by_level["account"]])
    additive = [name for name, member in chosen.items() if member.is_additive]
    owners, principal = (answered[name] for name in (ALL_ACCOUNTS, HEADLINES))
    institutions = institution_values(accounts, owners, principal, additive)
    return [accounts, institutions, *by_level["institution"], *by_level["sector"]]


def _asked(chosen: Mapping[str, type[Indicator]]) -> Asked:
    asked: dict[str, Callable[[Tables], ir.Table]] = {
        name: member().compute for name, member in chosen.items()
    }
    asked[ALL_ACCOUNTS] = lambda tables: tables["accounts"].select(OWNED)
    asked[HEADLINES] = lambda tables: principal_accounts(tables["accounts"])
    return asked


def _one_by_one(near: Tables, rows: Mapping[str, pa.Table], asked: Asked) -> dict[str, pa.Table]:
    answered = near["posts"].get_backend().to_pyarrow
    held = Held({**near, **{name: ibis.memtable(one) for name, one in rows.items()}}, answered)
    return {name: answered(build(held)) for name, build in asked.items()}


def _near(tables: Tables, months: Sequence[date], back: Sequence[int]) -> dict[str, ir.Table]:
    """Return what these months need of each table, and which months they are."""
    snapshots = tables["snapshots"]
    return {
        **tables,
        **{name: within(tables[name], day, months) for name, day in DATED.items()},
        "snapshots": within(snapshots, "observed_on", with_lookback(months, back)),
        RECENT_SNAPSHOTS: within(snapshots, "observed_on", with_lookback(months, CARRIED)),
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


def within(table: ir.Table, day: str, months: Sequence[date]) -> ir.Table:
    """Keep the days of these months, in a form that lets an engine pass over whole files."""
    first, end = min(months), shifted(max(months), 1)
    kept = table.filter(table[day] >= first, table[day] < end)
    if shifted(first, len(set(months))) == end:
        return kept
    return kept.filter(month_of(kept[day]).isin(sorted(set(months))))
