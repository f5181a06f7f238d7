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
from vigie.measure.numbering import joined, lasts, numbered, order_of
from vigie.measure.sector import EVERYONE, principal_accounts
from vigie.model import Value

OWNERS = pa.schema(
    {
        "account": pa.string(), "institution": pa.string(), "network": pa.string(),
        "closed_on": pa.date32(), "is_headline": pa.bool_(),
    }
)  # fmt: skip
NEVER = np.iinfo(np.int64).min
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
    ends = lasts(joined(*numbers)[order])
    figure = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=-1))
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
    seen, place = of.filter(pc.is_valid(place)), pc.drop_null(place).to_numpy()
    starts = np.flatnonzero(np.diff(seen["figure"].to_numpy(), prepend=-1))
    told, first = seen.take(pa.array(starts)), values.take(pa.array(place[starts]))
    known = values["value"].is_valid().to_numpy()
    counted = np.add.reduceat(known[place], starts, dtype=np.int64)
    columns = {
        "level": told["level"],
        "subject": told["institution"],
        "network": told["network"],
        "value": pa.array(_added(values["value"].fill_null(0), place, starts), mask=counted == 0),
        "n": _added(values["n"], place, starts),
        "seen_at": _latest(values["seen_at"], place, starts),
    }
    if is_additive:
        nothing, adds = pa.scalar(None, pa.float64()), told["adds"]
        columns |= {name: pc.if_else(adds, nothing, first[name]) for name in ("low", "high")}
        share = _share(counted, _there(of, month)[told["figure"].to_numpy()])
        columns["coverage"] = pc.if_else(adds, share, first["coverage"])
    schema = schema_of(Value)
    return pa.table([columns.get(name, first[name]) for name in schema.names], schema=schema)


def _added(numbers: pa.ChunkedArray, place: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the sum of each figure over its members, which lie together."""
    added: np.ndarray = np.add.reduceat(numbers.to_numpy()[place], starts)
    return added


def _latest(looks: pa.ChunkedArray, place: np.ndarray, starts: np.ndarray) -> pa.Array:
    moments = looks.cast(pa.int64()).fill_null(NEVER).to_numpy()[place]
    latest = np.maximum.reduceat(moments, starts)
    return pa.array(latest, mask=latest == NEVER).cast(looks.type)


def _there(of: pa.Table, month: date) -> np.ndarray:
    """Return how many accounts that were open in a month go into each figure."""
    is_open = pc.fill_null(pc.greater(of["closed_on"], pa.scalar(month)), True)
    here = of["figure"].filter(is_open).to_numpy()
    return np.bincount(here, minlength=int(of["figure"].to_numpy().max(initial=0)) + 1)


def _share(counted: np.ndarray, there: np.ndarray) -> pa.Array:
    """Return the share that was counted, unknown where none ought to be there."""
    # An account that published after it was closed is one more than ought to be there.
    share = np.minimum(counted / np.maximum(there, 1), 1.0)
    return pa.array(share, mask=there == 0)
