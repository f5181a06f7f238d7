"""From the values of accounts to those of institutions.

Values are few beside the posts they come from and are in memory already: Arrow adds them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.measure.sector import EVERYONE
from vigie.model import Value

GRAIN = ["level", "institution", "network", "month_on"]
OWNED = ["account", "institution", "network", "closed_on"]


def institution_values(
    values: pa.Table, accounts: pa.Table, principal: pa.Table, additive: Sequence[str]
) -> pa.Table:
    """Return the values of institutions from those of their accounts.

    Level ``institution``: the principal account of each network, whose figures stand unchanged, and
    under network ``all`` the sum over networks of what may be added up. Level
    ``institution_all``: the same sums with the secondary accounts. The coverage of a sum is the
    share of the accounts there that could be counted; a sum of none is unknown.
    """
    headline = _of_institutions(values, principal.select(["account", "institution"]))
    summable = values.filter(pc.is_in(values["indicator"], pa.array(additive, pa.string())))
    sums = _sums(summable, _sums_of(accounts, principal))
    return pa.concat_tables([_as_rows(_with(headline, level="institution")), _as_rows(sums)])


def _of_institutions(values: pa.Table, owners: pa.Table) -> pa.Table:
    """Return the values of these accounts, with what is told of each account beside them."""
    place = pc.index_in(values["subject"], owners["account"].combine_chunks())
    kept, place = values.filter(pc.is_valid(place)), pc.drop_null(place)
    told = {name: owners[name].take(place) for name in owners.column_names}
    return pa.table({**{name: kept[name] for name in kept.column_names}, **told})


def _sums_of(accounts: pa.Table, principal: pa.Table) -> list[pa.Table]:
    """Return which accounts go into each kind of sum, a level and a network, which may be all."""
    every, headline = accounts.select(OWNED), principal.select(OWNED)
    return [
        _with(every, level="institution_all"),
        _with(every, level="institution_all", network=EVERYONE),
        _with(headline, level="institution", network=EVERYONE),
    ]


def _sums(values: pa.Table, sums_of: list[pa.Table]) -> pa.Table:
    needed = values.select(["indicator", "subject", "month_on", "value", "n", "seen_at"])
    parts = pa.concat_tables([_of_institutions(needed, owners) for owners in sums_of])
    sums = parts.group_by(["indicator", *GRAIN]).aggregate(
        [("value", "sum"), ("value", "count"), ("n", "sum"), ("seen_at", "max")]
    )
    whole = pa.concat_tables(sums_of)
    there = [_there(whole, month) for month in pc.unique(values["month_on"]).to_pylist()]
    counts = pa.concat_tables([_there(whole, date.min).slice(0, 0), *there])
    found = sums.join(counts, keys=GRAIN)
    coverage = pc.divide(found["value_count"].cast(pa.float64()), found["account_count"])
    # An account that published after it was closed is one more than ought to be there.
    coverage = pc.min_element_wise(coverage, 1.0, skip_nulls=False)
    columns = {name: found[name] for name in ("indicator", *GRAIN)}
    renamed = {"value": "value_sum", "n": "n_sum", "seen_at": "seen_at_max"}
    columns |= {name: found[given] for name, given in renamed.items()}
    return pa.table({**columns, "coverage": coverage})


def _there(sums_of: pa.Table, month: date) -> pa.Table:
    """Return how many accounts that were open in a month go into each sum."""
    is_open = pc.fill_null(pc.greater(sums_of["closed_on"], pa.scalar(month)), True)
    here = sums_of.filter(is_open)
    here = here.append_column("month_on", pa.repeat(pa.scalar(month), len(here)))
    return here.group_by(GRAIN).aggregate([("account", "count")])


def _with(table: pa.Table, **constants: str) -> pa.Table:
    columns = {name: table[name] for name in table.column_names}
    for name, constant in constants.items():
        columns[name] = pa.repeat(pa.scalar(constant), len(table))
    return pa.table(columns)


def _as_rows(found: pa.Table) -> pa.Table:
    """Return values of institutions in the columns of the store; a sum has no interval."""
    schema = schema_of(Value)
    columns = {name: found[name] for name in found.column_names} | {"subject": found["institution"]}
    return pa.table(
        [
            columns[field.name].cast(field.type)
            if field.name in columns
            else pa.nulls(len(found), field.type)
            for field in schema
        ],
        schema=schema,
    )
