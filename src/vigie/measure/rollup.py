"""From the values of accounts to those of institutions.

Values are few beside the posts they come from and are in memory already: they are added up there.
"""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.measure.numbering import joined, numbered, order_of
from vigie.measure.sector import EVERYONE, principal_accounts
from vigie.model import Value

OWNERS = pa.schema(
    {
        "account": pa.string(), "institution": pa.string(), "network": pa.string(),
        "closed_on": pa.date32(), "is_headline": pa.bool_(),
    }
)  # fmt: skip
FIGURE = ("level", "institution", "network")
FIRST = np.iinfo(np.int64).min
"""Earlier than any moment."""


def owned(accounts: ir.Table) -> ir.Table:
    """Return who owns which account, and whether it makes the headline of its network."""
    return accounts.select(
        *OWNERS.names[:-1],
        is_headline=accounts.account.isin(principal_accounts(accounts).account),
    )


def members(owners: pa.Table) -> pa.Table:
    """Return which accounts go into which figures of institutions, figure by figure.

    Level ``institution``: the principal account of each network, whose values stand unchanged, and
    under network ``all`` the sum over networks of what may be added up. Level
    ``institution_all``: the same sums with the secondary accounts.
    """
    owners = owners.cast(OWNERS)
    headline = owners.filter(owners["is_headline"])
    parts = [
        _with(headline, level="institution", adds=False),
        _with(headline, level="institution", adds=True, network=EVERYONE),
        _with(owners, level="institution_all", adds=True),
        _with(owners, level="institution_all", adds=True, network=EVERYONE),
    ]
    whole = pa.concat_tables(parts)
    numbers = [numbered(whole[name]) for name in FIGURE]
    order = order_of(*numbers)
    figure = np.cumsum(np.diff(joined(*numbers)[order], prepend=-1) != 0)
    return whole.take(pa.array(order)).append_column("figure", pa.array(figure)).combine_chunks()


def _with(table: pa.Table, **constants: str | bool) -> pa.Table:
    columns = {name: table[name] for name in table.column_names}
    for name, constant in constants.items():
        columns[name] = pa.repeat(pa.scalar(constant), len(table))
    return pa.table(columns)


def institution_values(
    values: pa.Table, of: pa.Table, month: date, *, is_additive: bool
) -> pa.Table:
    """Return one indicator's values of institutions from those of their accounts in a month.

    ``of`` are the members of each figure, in whose order values come. The coverage of a sum is the
    share of the accounts there that could be counted; a sum of none is unknown.
    """
    of = of if is_additive else of.filter(pc.invert(of["adds"]))
    place = pc.index_in(of["account"], values["subject"].combine_chunks())
    seen, beside = of.filter(pc.is_valid(place)), values.take(pc.drop_null(place))
    alone = pc.invert(seen["adds"])
    heads = _of_figures(seen.filter(alone), beside.filter(alone))
    if not is_additive:
        return heads.drop("figure")
    sums = _sums(seen.filter(seen["adds"]), beside.filter(seen["adds"]), _there(of, month))
    found = pa.concat_tables([heads, sums])
    order = order_of(found["figure"].to_numpy())
    return found.take(pa.array(order)).drop("figure")


def _there(of: pa.Table, month: date) -> np.ndarray:
    """Return how many accounts that were open in a month go into each sum."""
    is_open = pc.fill_null(pc.greater(of["closed_on"], pa.scalar(month)), True)
    here = of["figure"].filter(pc.and_(of["adds"], is_open)).to_numpy()
    return np.bincount(here, minlength=int(of["figure"].to_numpy().max(initial=0)) + 1)


def _sums(of: pa.Table, values: pa.Table, there: np.ndarray) -> pa.Table:
    """Return the sum of each figure over the values of its members, which lie together."""
    counted = values.select(["value", "n", "seen_at"]).append_column("figure", of["figure"])
    sums = counted.group_by("figure", use_threads=False).aggregate(
        [("value", "sum"), ("value", "count"), ("n", "sum"), ("seen_at", "max")]
    )
    figure = sums["figure"].to_numpy()
    ought = there[figure]
    # An account that published after it was closed is one more than ought to be there.
    share = np.minimum(sums["value_count"].to_numpy() / np.maximum(ought, 1), 1.0)
    first = pa.array(np.searchsorted(of["figure"].to_numpy(), figure))
    known = values.take(first)
    for name, found in (
        ("value", sums["value_sum"]),
        ("low", pa.nulls(len(sums), pa.float64())),
        ("high", pa.nulls(len(sums), pa.float64())),
        ("n", sums["n_sum"]),
        ("coverage", pa.array(share, mask=ought == 0)),
        ("seen_at", sums["seen_at_max"]),
    ):
        known = known.set_column(known.column_names.index(name), name, found)
    return _of_figures(of.take(first), known)


def _of_figures(of: pa.Table, values: pa.Table) -> pa.Table:
    """Return values as those of the figures beside them."""
    schema = schema_of(Value)
    told = {"level": of["level"], "subject": of["institution"], "network": of["network"]}
    columns = [told.get(name, values[name]) for name in schema.names]
    found = pa.table(
        [one.cast(kind) for one, kind in zip(columns, schema.types, strict=True)], schema=schema
    )
    return found.append_column("figure", of["figure"])
