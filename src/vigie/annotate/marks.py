"""What can be counted in a text without understanding it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.annotate.cleaning import Cleaned

Counts = npt.NDArray[np.float32]
_HASHTAG = re.compile(r"(?<!\w)#\w")
_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{4,}\b")
_SELVES = frozenset(
    ("je", "j", "moi", "mon", "ma", "mes", "me", "m", "i", "my", "ich", "mein", "meine", "io", "yo")
)
_OURSELVES = frozenset(
    ("nous", "notre", "nos", "we", "our", "us", "wir", "unser", "unsere", "uns", "noi", "nostro")
)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Counts, one for each text."""

    words: Counts
    links: Counts
    handles: Counts
    hashtags: Counts
    exclaims: Counts
    questions: Counts
    shouted: Counts
    selves: Counts
    """Words that say *I*."""
    ourselves: Counts
    """Words that say *we*."""
    reposts: Counts


def marks_of(
    texts: Sequence[str], cleaned: Sequence[Cleaned], signs: Sequence[Sequence[str]]
) -> Marks:
    """Count in each text."""
    rows = [
        (
            len(found),
            one.links,
            len(one.handles),
            len(_HASHTAG.findall(text)) if "#" in text else 0,
            found.count("!"),
            found.count("?"),
            len(_SHOUTED.findall(one.text)),
            sum(sign in _SELVES for sign in found),
            sum(sign in _OURSELVES for sign in found),
            one.is_repost,
        )
        for text, one, found in zip(texts, cleaned, signs, strict=True)
    ]
    counts = np.asarray(rows, dtype=np.float32).reshape(-1, 10).T
    names = ("words", "links", "handles", "hashtags", "exclaims", "questions", "shouted",
             "selves", "ourselves", "reposts")  # fmt: skip
    return Marks(**dict(zip(names, counts, strict=True)))
