"""Who are we? How far an institution is told from its peers, by what, and whether that is wished.

Everything is told of posts of one language and one kind of institution, in two halves of a period,
without any name (see ``masking``, ``identifiability``, ``distinctive``, ``declared``,
``perception``). Nothing is said of an institution with fewer than 250 posts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from vigie.listening.corpus import Corpus, OwnPost, corpus_of
from vigie.listening.declared import Declared, Spoken, declared, undeclared
from vigie.listening.distinctive import (
    Distinctive,
    Halves,
    common_ground,
    distinctive,
    terms_of,
)
from vigie.listening.evidence import Evidence, evidence
from vigie.listening.identifiability import DRAWS, Identifiability, N, identifiability
from vigie.listening.kept import KeptSpeciality
from vigie.listening.masking import Mask
from vigie.listening.perception import Perception, PublicPost, perception
from vigie.listening.wordings import Wordings

FEW_POSTS, FEW_PEERS = "few_posts", "few_peers"
"""Why there is no figure: too few posts of its own, or of its peers."""
LEAST_PEERS = 3
COMMON = 12


@dataclass(frozen=True, kw_only=True)
class Group:
    """Institutions that are compared, their posts, and what their public says."""

    corpus: Corpus
    mentions: Sequence[PublicPost] = ()

    @cached_property
    def terms(self) -> Wordings:
        """Which post uses which term."""
        return terms_of(self.corpus)

    @cached_property
    def spoken(self) -> Spoken:
        """The posts in which declared words are looked for."""
        return Spoken(corpus=self.corpus)

    @cached_property
    def common(self) -> tuple[str, ...]:
        """What everybody speaks of alike."""
        return tuple(common_ground(self.corpus, self.terms, most=COMMON))


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """What can be said of one institution."""

    institution: str
    posts: int
    peers: tuple[str, ...]
    missing: str | None
    """Why there is no figure; then everything else is empty."""
    identifiability: Identifiability | None = None
    specialities: tuple[Distinctive, ...] = ()
    habits: tuple[Distinctive, ...] = ()
    common: tuple[str, ...] = ()
    declared: tuple[Declared, ...] = ()
    undeclared: tuple[str, ...] = ()
    perception: Perception | None = None
    evidence: tuple[Evidence, ...] = ()


def group_of(
    posts: Iterable[OwnPost],
    names: Mapping[str, frozenset[str]],
    mentions: Sequence[PublicPost] = (),
) -> Group:
    """Prepare a group: posts of one language and kind, and the words that name its members."""
    return Group(corpus=corpus_of(posts, names), mentions=mentions)


def portrait(
    group: Group,
    institution: str,
    specialities: Sequence[KeptSpeciality] = (),
    *,
    draws: int = DRAWS,
) -> Portrait:
    """Tell who an institution is, as far as its posts show it."""
    corpus, seed = group.corpus, seed_of(institution)
    own = corpus.of(institution)
    peers = tuple(one for one in corpus.institutions if one != institution)
    if len(own) < N:
        return Portrait(institution=institution, posts=len(own), peers=peers, missing=FEW_POSTS)
    told = identifiability(corpus, institution, seed=seed, draws=draws)
    if len(peers) < LEAST_PEERS or told is None:
        return Portrait(institution=institution, posts=len(own), peers=peers, missing=FEW_PEERS)
    halves = Halves.of(corpus, institution, cut=told.cut, seed=seed)
    found = distinctive(group.terms, halves)
    substance = tuple(one for one in found if not one.is_style)
    return Portrait(
        institution=institution,
        posts=len(own),
        peers=peers,
        missing=None,
        identifiability=told,
        specialities=substance,
        habits=tuple(one for one in found if one.is_style),
        common=group.common,
        declared=tuple(declared(group.spoken, halves, specialities)),
        undeclared=tuple(undeclared(group.terms, group.spoken, halves, substance, specialities)),
        perception=perception(
            substance, group.mentions, institution, mask=Mask(names=corpus.names), seed=seed
        ),
        evidence=tuple(evidence(corpus, group.terms, halves, found)),
    )


def seed_of(institution: str) -> int:
    """Return the seed of an institution's draws: the same posts, the same figures."""
    return int.from_bytes(hashlib.sha256(institution.encode()).digest()[:4], "big")
