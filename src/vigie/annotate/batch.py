"""Texts that are looked at together: each step of reading is done once, for every classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from vigie.annotate.cleaning import Cleaned, clean, signs, spoken
from vigie.annotate.duplicates import Archive
from vigie.annotate.finding import Hit, finder
from vigie.annotate.languages import EXPECTED, Told, tell_languages
from vigie.annotate.lexicon import spelling
from vigie.annotate.marks import Marks, marks_of
from vigie.annotate.naming import Names
from vigie.annotate.valence import Valences, valences_of
from vigie.annotate.vectors import vectorise
from vigie.model import Account, Institution

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a team knows before it reads: its languages, its institutions, what it has read."""

    languages: tuple[str, ...] = EXPECTED
    institutions: Sequence[Institution] = ()
    accounts: Sequence[Account] = ()
    read: Archive | None = None
    """The texts a new one may be a copy of; none: only those of its own batch."""

    @cached_property
    def names(self) -> Names:
        """Every way to name an institution."""
        return Names(self.institutions, self.accounts)

    def archive(self) -> Archive:
        """Return the texts read before, or an empty archive."""
        return Archive() if self.read is None else self.read


NOTHING_KNOWN = Known()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some texts, and what was made of them so far."""

    texts: Sequence[str]
    names: Sequence[str] = ()
    """``network:post`` of each, where they are posts."""
    own: Sequence[bool] = ()
    """Whether an institution wrote it; empty: nobody knows, and the text alone must tell."""
    hints: Sequence[str | None] = ()
    """The language the network gives; empty: none."""
    known: Known = NOTHING_KNOWN

    def __len__(self) -> int:
        return len(self.texts)

    def is_own(self, place: int) -> bool:
        """Whether an institution wrote the text at this place."""
        return bool(self.own) and self.own[place]

    def network(self, place: int) -> str:
        """Return the network of the text at this place, or nothing where it is no post."""
        return self.names[place].partition(":")[0] if self.names else ""

    @cached_property
    def cleaned(self) -> list[Cleaned]:
        """Each text without addresses and handles."""
        return [clean(text or "") for text in self.texts]

    @cached_property
    def signs(self) -> list[list[str]]:
        """Each text cut into words, marks and pictures, short spellings written out."""
        meant = spelling()
        found = []
        for cleaned in self.cleaned:
            read = signs(cleaned.text)
            if any(sign in meant for sign in read):
                read = " ".join(meant.get(sign, sign) for sign in read).split()
            found.append(read)
        return found

    @cached_property
    def told(self) -> Told:
        """The language of each, and how sure."""
        return tell_languages(
            [cleaned.text for cleaned in self.cleaned], self.hints, expected=self.known.languages
        )

    @cached_property
    def spoken(self) -> list[str]:
        """Each text as phrases are sought in it."""
        return [spoken(found) for found in self.signs]

    @cached_property
    def hits(self) -> list[list[Hit]]:
        """The phrases of our lexicons that count in each text."""
        find = finder().find
        return [
            find(line, language)
            for line, language in zip(self.spoken, self.told.surely, strict=True)
        ]

    @cached_property
    def valences(self) -> Valences:
        """How much good and how much ill each text says."""
        return valences_of(self.spoken, self.hits)

    @cached_property
    def vectors(self) -> csr_matrix:
        """Each text as the words, pairs of words and parts of words it holds, in numbers."""
        return vectorise(self.signs)

    @cached_property
    def marks(self) -> Marks:
        """What can be counted in each text without understanding it."""
        return marks_of(self.texts, self.cleaned, self.signs)
