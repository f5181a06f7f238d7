"""The parts of five letters of texts, as numbers, all texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

PART = 5
"""Letters of a part, the spaces between words included."""
WIDTH = 1 << 18
_BETWEEN = "\n"

Parts = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]


def shingled(texts: Sequence[str]) -> tuple[Parts, Rows]:
    """Return the parts of all texts, one text after the other, and where each text begins.

    A part is a number below ``WIDTH``; two different parts fall on the same one seldom.
    """
    # Each text stands between lines; a part that touches a line's end is not one.
    joined = _BETWEEN.join(["", *(f" {text} " for text in texts), ""])
    letters = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    numbers = np.zeros(max(len(letters) - PART + 1, 0), dtype=np.uint64)
    whole = np.ones(len(numbers), dtype=bool)
    for place in range(PART):
        letter = letters[place : place + len(numbers)]
        numbers = numbers * np.uint64(0x100000001B3) ^ letter
        whole &= letter != ord(_BETWEEN)
    numbers ^= numbers >> np.uint64(29)
    ends = np.flatnonzero(letters == ord(_BETWEEN))
    counted = np.concatenate([[0], np.cumsum(whole)])
    rows = counted[np.minimum(ends, len(whole))]
    return (numbers[whole] % np.uint64(WIDTH)).astype(np.int32), rows
