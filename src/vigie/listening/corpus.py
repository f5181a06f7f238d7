"""The posts of institutions that are compared: what they say, when, and who says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from vigie.listening.folding import words_of
from vigie.listening.masking import Mask, Spoken, own_words, signatures

Places = NDArray[np.int64]
"""Where posts stand in a corpus."""

LETTERS = (2, 5)
"""Runs of letters inside words: endings and stems tell as much as words, in any language."""
COLUMNS = 2**18
MOST = 1_500
"""Posts of one institution that are looked at: more teach nothing that a draw of 250 could tell."""


@dataclass(frozen=True, kw_only=True)
class OwnPost:
    """A post of an institution, as far as identity reads it."""

    institution: str
    network: str
    post: str
    published_at: datetime
    text: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Posts of one language and of one kind of institution, each told apart from its copies."""

    posts: tuple[OwnPost, ...]
    """In the order in which they were published."""
    spoken: tuple[Spoken, ...]
    names: frozenset[str]
    """What was masked."""

    def __len__(self) -> int:
        return len(self.posts)

    @cached_property
    def institutions(self) -> tuple[str, ...]:
        """Whose posts there are, in alphabetical order."""
        return tuple(sorted({post.institution for post in self.posts}))

    @cached_property
    def owner(self) -> Places:
        """The number of each post's institution."""
        number = {name: place for place, name in enumerate(self.institutions)}
        return np.array([number[post.institution] for post in self.posts], dtype=np.int64)

    @cached_property
    def moments(self) -> NDArray[np.float64]:
        """When each post was published, in seconds."""
        return np.array([post.published_at.timestamp() for post in self.posts])

    def of(self, institution: str) -> Places:
        """Return where the posts of an institution stand."""
        if institution not in self.institutions:
            return np.array([], dtype=np.int64)
        return np.flatnonzero(self.owner == self.institutions.index(institution))

    @cached_property
    def as_posted(self) -> csr_matrix:
        """The letters of every post as posted, weighed."""
        return _letters(one.text for one in self.spoken)

    @cached_property
    def masked(self) -> csr_matrix:
        """The letters of every post without names, weighed."""
        return _letters(one.masked for one in self.spoken)


def corpus_of(posts: Iterable[OwnPost], names: Mapping[str, frozenset[str]]) -> Corpus:
    """Prepare posts; ``names`` are the words that name each institution (``masking.names_of``).

    What an institution posted twice in the same words counts once. Of one that posts very much,
    posts spread evenly over time are kept.
    """
    ordered = sorted(posts, key=lambda one: (one.published_at, one.network, one.post))
    mask = Mask(
        names=own_words(names),
        signatures=signatures((post.institution, post.text) for post in ordered),
    )
    said: dict[tuple[str, str], tuple[OwnPost, Spoken]] = {}
    for post in ordered:
        spoken = mask.spoken(post.text)
        if words_of(spoken.masked):
            said.setdefault((post.institution, _bare(spoken.text)), (post, spoken))
    kept = _evenly(list(said.values()))
    return Corpus(
        posts=tuple(post for post, _spoken in kept),
        spoken=tuple(spoken for _post, spoken in kept),
        names=mask.names,
    )


def _evenly(found: Sequence[tuple[OwnPost, Spoken]]) -> list[tuple[OwnPost, Spoken]]:
    by_institution: dict[str, list[int]] = {}
    for place, (post, _spoken) in enumerate(found):
        by_institution.setdefault(post.institution, []).append(place)
    kept: set[int] = set()
    for places in by_institution.values():
        chosen = np.linspace(0, len(places) - 1, min(len(places), MOST)).round().astype(int)
        kept |= {places[one] for one in chosen}
    return [found[place] for place in sorted(kept)]


def _bare(text: str) -> str:
    return " ".join(words_of(text))


def _letters(texts: Iterable[str]) -> csr_matrix:
    # Heavy to load, and only for this.
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    counted = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=LETTERS,
        n_features=COLUMNS,
        norm=None,
        alternate_sign=False,
        lowercase=False,
        dtype=np.float32,
    ).transform([_bare(text) for text in texts])
    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counted))


def balanced(places: Places, owner: Places, *, most: int, rng: np.random.Generator) -> Places:
    """Draw posts so that every institution gives as many as the others, as far as it has them."""
    mixed = rng.permutation(places)
    order = np.argsort(owner[mixed], kind="stable")
    mixed = mixed[order]
    owners = owner[mixed]
    first = np.searchsorted(owners, owners, side="left")
    turn = np.arange(len(mixed)) - first
    # Who comes first in the last, unfinished round is left to chance.
    lots = rng.permutation(int(owner.max(initial=0)) + 1)
    chosen: Places = mixed[np.lexsort((lots[owners], turn))[:most]]
    return chosen
