"""Questions that may be the same: proposed to a person, never merged by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from vigie.culture.grouping import signature

LEAST = 75.0
"""How alike the words of two questions must be, of 100, to be worth a look."""
FEWEST = 2
"""Words a question must have in common with another one."""


def alike(texts: Sequence[str]) -> list[int | None]:
    """Return for each text the place of an earlier one that may ask the same."""
    signs = [signature(text) for text in texts]
    plain = [" ".join(sorted(sign.words | sign.asks)) for sign in signs]
    near = process.cdist(plain, plain, scorer=fuzz.token_set_ratio, score_cutoff=LEAST)
    found: list[int | None] = []
    for place, sign in enumerate(signs):
        earlier = [
            other
            for other in np.flatnonzero(near[place, :place])
            if len(sign.words & signs[other].words) >= FEWEST and sign.marks == signs[other].marks
        ]
        best = max(earlier, key=lambda other: (near[place, other], -other), default=None)
        found.append(None if best is None else int(best))
    return found
