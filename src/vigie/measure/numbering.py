"""What comes again and again as numbers in its own order: they are quicker to sort and to group."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def numbered(told: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Return for each text or day a number that sorts as it does."""
    coded = _coded(told)
    ranks = pc.rank(coded.dictionary, sort_keys="ascending", tiebreaker="dense").to_numpy()
    numbers: np.ndarray = (ranks.astype(np.int64) - 1)[coded.indices.to_numpy()]
    return numbers


def _coded(told: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    whole = told.combine_chunks() if isinstance(told, pa.ChunkedArray) else told
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def joined(*numbers: np.ndarray) -> np.ndarray:
    """Return one number for several: it sorts as the first does, then as the next."""
    whole = numbers[0]
    for more in numbers[1:]:
        whole = whole * (more.max(initial=0) + 1) + more
    return whole


def order_of(*numbers: np.ndarray) -> np.ndarray:
    """Return the places of rows in the order of the first numbers, then of the next."""
    whole = joined(*numbers)
    # Of up to 16 bits numpy sorts by counting.
    order: np.ndarray = np.argsort(
        whole.astype(np.min_scalar_type(int(whole.max(initial=0)))), kind="stable"
    )
    return order
