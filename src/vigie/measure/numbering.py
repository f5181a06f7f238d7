"""What comes again and again as numbers in its own order: they are quicker to sort and to group."""

from __future__ import annotations

from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def numbered(told: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Return for each text or day a number that sorts as it does."""
    whole = told.combine_chunks() if isinstance(told, pa.ChunkedArray) else told
    if pa.types.is_temporal(whole.type):
        days = whole.cast(pa.date32()).cast(pa.int32()).to_numpy()
        since: np.ndarray = days - days.min(initial=days[0] if len(days) else 0)
        return since
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    ranks = pc.rank(coded.dictionary, sort_keys="ascending", tiebreaker="dense").to_numpy()
    narrow = (ranks.astype(np.int64) - 1).astype(np.min_scalar_type(len(ranks)))
    numbers: np.ndarray = narrow[coded.indices.to_numpy()]
    return numbers


def joined(*numbers: np.ndarray) -> np.ndarray:
    """Return one number for several: it sorts as the first does, then as the next."""
    sizes = [int(one.max(initial=0)) + 1 for one in numbers]
    # Up to 16 bits numpy sorts by counting, and less is moved.
    whole = numbers[0].astype(np.min_scalar_type(prod(sizes)))
    for size, more in zip(sizes[1:], numbers[1:], strict=True):
        whole = whole * size + more.astype(whole.dtype)
    return whole


def order_of(*numbers: np.ndarray) -> np.ndarray:
    """Return the places of rows in the order of the first numbers, then of the next."""
    order: np.ndarray = np.argsort(joined(*numbers), kind="stable")
    return order


def lasts(numbers: np.ndarray) -> np.ndarray:
    """Return the last place of each number, where equal numbers lie together."""
    ends: np.ndarray = np.flatnonzero(np.append(numbers[1:] != numbers[:-1], len(numbers) > 0))
    return ends
