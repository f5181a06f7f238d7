"""The words and two-word terms of texts, counted once a text, as they are looked at for themes.

Links, handles and stop words are left out; two words make a term when at most two stop words stand
between them, and no full stop or comma: *panne de réseau* is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vigie.listening.folding import letters_of
from vigie.listening.stop_words import STOP_WORDS

Places = NDArray[np.int64]

_ASIDE = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@/])@\w[\w.@-]*|&\w+;")
_TOKEN = re.compile(r"#?[^\W_]\w*|[.,!?;:…|\n()«»\"“”]")
_STARTS_WORD = re.compile(r"#?\w")
BETWEEN = 2
"""Stop words that may stand between the two words of a term."""
SHORTEST, SHORTEST_NUMBER = 2, 3
MOSTLY = 0.75
LOOKED_AT = 40
"""Texts that are looked at to see how a term is most often written."""


@dataclass(frozen=True, kw_only=True)
class Wordings:
    """Which text says which term: one row per text."""

    terms: tuple[str, ...]
    """Folded: without accents, in lower case, a space between two words."""
    says: sparse.csr_array
    """1 where a text says a term."""
    texts: Sequence[str | None] = field(repr=False)

    def place(self, term: str) -> int | None:
        """Return the column of a term."""
        try:
            return self.terms.index(term)
        except ValueError:
            return None

    def saying(self, column: int) -> Places:
        """Return the texts that say a term, in order."""
        found: Places = np.sort(self.says[:, [column]].nonzero()[0])
        return found

    def written(self, column: int) -> str:
        """Return a term as it is most often written, with its accents and what stands between."""
        term = self.terms[column]
        rows = self.saying(column)[:LOOKED_AT]
        seen = Counter(how for row in rows for how in _written(self.texts[row] or "", term))
        return seen.most_common(1)[0][0] if seen else term


def wordings(
    texts: Sequence[str | None],
    *,
    least: int = 1,
    most: float = 1.0,
    aside: Collection[str] = (),
) -> Wordings:
    """Return which text says which term, of terms that enough and not too many texts say.

    ``aside`` are folded words that make no term: the names of institutions, for example.
    """
    places: dict[str, int] = {}
    nothing = frozenset(aside)
    known: dict[str, str] = {}
    columns: list[int] = []
    ends = [0]
    for text in texts:
        said = dict.fromkeys(_terms(text or "", known, nothing))
        columns.extend(places.setdefault(term, len(places)) for term in said)
        ends.append(len(columns))
    shape = (len(texts), len(places))
    ones = np.ones(len(columns), dtype=np.float32)
    says = sparse.csr_array((ones, np.array(columns, dtype=np.int64), np.array(ends)), shape=shape)
    return _chosen(tuple(places), says, texts, least=least, most=most * len(texts))


def _chosen(
    terms: tuple[str, ...],
    says: sparse.csr_array,
    texts: Sequence[str | None],
    *,
    least: int,
    most: float,
) -> Wordings:
    count = np.bincount(says.indices, minlength=len(terms))
    kept = np.flatnonzero((count >= least) & (count <= max(most, least)))
    return Wordings(terms=tuple(terms[one] for one in kept), says=says[:, kept], texts=texts)


def _terms(text: str, known: dict[str, str], nothing: Collection[str]) -> Iterable[str]:
    before, between = "", 0
    for token in _TOKEN.findall(_ASIDE.sub(" ", text)):
        word = known.get(token)
        if word is None:
            word = _word(token)
            word = known[token] = "" if word in nothing else word
        if word == "|":
            before = ""
        elif not word:
            between += 1
        else:
            yield word
            if before and between <= BETWEEN:
                yield f"{before} {word}"
            before, between = word, 0


@lru_cache(maxsize=50_000)
def _word(token: str) -> str:
    """Return a word as it is counted: ``|`` for the end of a sentence, nothing for a stop word."""
    if not _STARTS_WORD.match(token):
        return "|"
    word = letters_of(token.lstrip("#"))
    shortest = SHORTEST_NUMBER if word.isdigit() else SHORTEST
    return "" if len(word) < shortest or word in STOP_WORDS else word


def _written(text: str, term: str) -> Iterable[str]:
    """Yield how a text writes a term."""
    known: dict[str, str] = {}
    plain = _ASIDE.sub(" ", text)
    before: tuple[str, int] | None = None
    between = 0
    for found in _TOKEN.finditer(plain):
        word = known.setdefault(found[0], _word(found[0]))
        if word == "|":
            before = None
        elif not word:
            between += 1
        else:
            if word == term:
                yield found[0].lower()
            if before and between <= BETWEEN and f"{before[0]} {word}" == term:
                yield " ".join(plain[before[1] : found.end()].lower().split())
            before, between = (word, found.start()), 0


def without_echoes(found: Sequence[tuple[str, Collection[int]]]) -> list[int]:
    """Return the places of terms that no other tells, given with their texts, the best first.

    A word is told by a two-word term that most of its texts say, and a two-word term by a better
    one that shares a word and most of its texts with it.
    """
    words = [frozenset(term.split()) for term, _rows in found]
    rows = [frozenset(of) for _term, of in found]
    kept: list[int] = []
    for place, own in enumerate(words):
        rivals = range(len(found)) if len(own) == 1 else kept
        if not any(
            len(words[other]) > 1
            and other != place
            and own & words[other]
            and len(rows[place] & rows[other]) >= MOSTLY * len(rows[place])
            for other in rivals
        ):
            kept.append(place)
    return kept
