"""The median of each account's posts of a month, of posts that are in memory.

It is what ``answers.median_of`` says in the words of any engine, to the last digit: an engine sorts
the lists of all accounts as one, while each of them by itself is short and quickly sorted.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vigie.measure.numbering import joined, lasts, numbered, order_of
from vigie.measure.uncertainty import low_ranks

WHOSE = ("month_on", "account", "network")


def medians(posts: pa.Table, *, least_n: int) -> pa.Table:
    """Return the median of ``observed`` over each account's posts of a month."""
    month, account, network = (numbered(posts[name]) for name in WHOSE)
    # Should an account be on several networks, the last one counts.
    group = joined(month, account)
    order = order_of(group, network)
    last = lasts(group[order])
    sizes = np.diff(last, prepend=-1)
    known = posts["observed"].is_valid().to_numpy()[order]
    told = order[known]
    n = np.diff(np.cumsum(known)[last], prepend=0)
    ends = np.cumsum(n)
    whose = posts.select(WHOSE).take(pa.array(order[last]))
    return pa.table(
        {name: whose[name] for name in WHOSE}
        | _bounded(posts["observed"].to_numpy()[told], ends - n, n, least_n)
        | {"n": n, "coverage": n / sizes, "seen_at": _latest(posts["observed_at"], told, ends, n)}
    )


def _bounded(
    observed: np.ndarray, starts: np.ndarray, n: np.ndarray, least_n: int
) -> dict[str, pa.Array]:
    """Return the median of each group and its interval, unknown where n is below the least."""
    spoken = np.flatnonzero(n >= least_n)
    of, begin = n[spoken], starts[spoken]
    for start, end in zip(begin.tolist(), (begin + of).tolist(), strict=True):
        observed[start:end].sort()
    rank = low_ranks(of)
    found = {
        "value": (observed[begin + (of - 1) // 2] + observed[begin + of // 2]) / 2,
        "low": observed[begin + rank - 1],
        "high": observed[begin + of - rank],
    }
    return {name: _placed(pa.array(one), spoken, len(n)) for name, one in found.items()}


def _latest(looks: pa.ChunkedArray, told: np.ndarray, ends: np.ndarray, n: np.ndarray) -> pa.Array:
    """Return the latest look at what is known of each group."""
    some = np.flatnonzero(n)
    moments = looks.cast(pa.int64()).to_numpy()[told]
    latest = np.maximum.reduceat(moments, (ends - n)[some]) if len(some) else moments
    return _placed(pa.array(latest), some, len(n)).cast(looks.type)


def _placed(known: pa.Array, places: np.ndarray, of: int) -> pa.Array:
    """Return so many, unknown but at these places."""
    found = np.full(of, len(known))
    found[places] = np.arange(len(known))
    return known.take(pa.array(found, mask=found == len(known)))
