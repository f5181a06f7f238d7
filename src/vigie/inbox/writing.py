"""What is noticed about a reply before it goes out: that it is in another language than theirs."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.annotate.batch import Batch
from vigie.annotate.languages import SURELY

LEAST_LETTERS = 20
"""Of a shorter reply nobody can tell the language for sure."""


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A reply in one language to a person who uses another."""

    written: str
    wanted: str


def slip_of(words: str, wanted: str) -> Slip | None:
    """Say that a reply is surely in another language than the person's; none: it seems right."""
    if not wanted or len(words.strip()) < LEAST_LETTERS:
        return None
    told = Batch(texts=[words], own=[True]).told
    written = told.languages[0] if told.certainties[0] >= SURELY else None
    if written is None or written == wanted:
        return None
    return Slip(written=written, wanted=wanted)
