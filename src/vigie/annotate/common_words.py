"""Common words of each language: in a short text they tell it better than its letters do.

``lexicons/common.<language>.txt``: words between spaces, ``#`` begins a comment. A word that two
languages share stands in both lists and speaks for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from vigie.annotate.lexicon import FOLDER, lines_of

COMMON = "common"
MOST_READ = 300
"""Letters read of a text: what follows changes nothing."""
_WORD = re.compile(r"[^\W\d_]+")

Counts = npt.NDArray[np.float32]


def counted(texts: Sequence[str], languages: tuple[str, ...]) -> Counts | None:
    """Return how many common words of each language each text holds.

    None where one of the languages has no list: it would lose to those that have one.
    """
    lists = _lists(languages)
    if lists is None:
        return None
    places, spoken = lists
    rows, found = [0], []
    for text in texts:
        for word in _WORD.findall(text[:MOST_READ].lower()):
            place = places.get(word)
            if place is not None:
                found.append(place)
        rows.append(len(found))
    ones = np.ones(len(found), dtype=np.float32)
    shape = (len(texts), len(places))
    there = csr_matrix((ones, np.asarray(found, dtype=np.int32), rows), shape=shape)
    counts: Counts = there @ spoken
    return counts


@cache
def _lists(languages: tuple[str, ...]) -> tuple[dict[str, int], Counts] | None:
    """Return the place of each word, and a row for it that says which languages have it."""
    paths = [FOLDER / f"{COMMON}.{code}.txt" for code in languages]
    if not all(path.exists() for path in paths):
        return None
    words = [{word for line in lines_of(path) for word in line.split()} for path in paths]
    places = {word: place for place, word in enumerate(sorted(set().union(*words)))}
    spoken = np.zeros((len(places), len(languages)), dtype=np.float32)
    for column, known in enumerate(words):
        spoken[[places[word] for word in known], column] = 1
    return places, spoken
