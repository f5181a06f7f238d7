"""Finds the posts that say the same: copies, reposts by hand, the same words with another link.

Copies to the letter are found by a digest of their words. Near copies by the likeness of their
parts of five letters: each with each while an archive is small, by buckets of a sketch (MinHash)
and a comparison letter by letter beyond.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vigie.annotate.comparing import Compared
from vigie.annotate.sketching import Sketched

LEAST_LETTERS = 25
"""Shorter texts ("merci beaucoup") are the same only when they are to the letter."""
MOST_COMPARED = 100_000
"""Texts above which an archive is searched by buckets."""
FEWEST_WORDS = 2


class Likeness(Protocol):
    """Texts seen so far, and which of them a new one is like."""

    def nearest(self, texts: Sequence[str]) -> list[tuple[int, float] | None]:
        """Add texts; return for each the earliest one that says the same, and how alike."""
        ...


def plain(signs: Sequence[str]) -> str:
    """Return the words of a text as they are compared: no marks, no pictures."""
    return " ".join(sign for sign in signs if sign[0].isalnum())


@dataclass(kw_only=True)
class Archive:
    """The texts a new one may be a copy of; it grows with every batch."""

    expected: int = 0
    """How many texts will come: it decides how they are compared."""
    groups: list[str] = field(default_factory=list)
    """Of each text that may have near copies, the first of its group."""
    exact: dict[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.likeness: Likeness = Compared() if self.expected <= MOST_COMPARED else Sketched()

    def __len__(self) -> int:
        return len(self.exact)

    def first_of(
        self, names: Sequence[str], texts: Sequence[str]
    ) -> list[tuple[str, float] | None]:
        """Add texts, the earliest first; return of each the first of its group and the likeness.

        None: nothing before it says the same.
        """
        found: list[tuple[str, float] | None] = [None] * len(texts)
        new: list[int] = []
        same: list[int] = []
        for place, (name, text) in enumerate(zip(names, texts, strict=True)):
            if text.count(" ") + 1 < FEWEST_WORDS:
                continue
            first = self.exact.setdefault(_digest(text), name)
            if first != name:
                same.append(place)
            elif len(text) >= LEAST_LETTERS:
                new.append(place)
        self._near(names, texts, new, found)
        for place in same:  # what it copies to the letter may be a near copy itself
            found[place] = self.exact[_digest(texts[place])], 1.0
        return found

    def _near(
        self,
        names: Sequence[str],
        texts: Sequence[str],
        new: Sequence[int],
        found: list[tuple[str, float] | None],
    ) -> None:
        alike = self.likeness.nearest([texts[place] for place in new])
        for place, near in zip(new, alike, strict=True):
            if near is None:
                self.groups.append(names[place])
                continue
            first = self.groups[near[0]]
            self.groups.append(first)
            self.exact[_digest(texts[place])] = first
            found[place] = first, round(near[1], 3)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=10).digest()
