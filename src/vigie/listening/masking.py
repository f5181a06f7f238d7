"""Takes the names out of posts, so that who speaks can be told only by what is said.

A classifier that reads "HSLU" needs to understand nothing. So the names, acronyms, cities and
handles of every institution compared are taken out of every post, and with them the hashtags that
are a signature: those that hold a name, and those that one institution alone puts under its posts
again and again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vigie.listening.folding import joined, letters_of, words_of
from vigie.model import Account, Institution

LONG = 4
"""From so many letters on, a name is found with an ending (Bern, Berner) and inside a hashtag."""
ENDING = 3
"""Letters that may follow: an inhabitant, an adjective."""
SHARED = 0.2
"""A word in the names of a fifth of the institutions names none of them: *université*."""
SIGNED = 0.01
"""A hashtag under one post in a hundred …"""
ALONE = 0.9
"""… that nearly nobody else uses is a signature."""
LEAST_SIGNED = 5
GAP = " . "
_ASIDE = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@/])[@＠]\w[\w.-]*(?:@[\w.-]+)?|&\w+;", re.IGNORECASE
)
_TAG = re.compile(r"(?<![\w/&])[#＃](\w+)")
_WORD = re.compile(r"[^\W_]+")
_GENERIC = frozenset(
    {
        "universite", "university", "universitat", "universita", "universidad", "ecole",
        "school", "schule", "hochschule", "fachhochschule", "haute", "superieure", "nationale",
        "national", "college", "institut", "institute", "faculte", "faculty", "campus",
        "sciences", "science", "applied", "arts", "of", "the", "de", "du", "des", "la", "le",
        "les", "et", "and", "fur", "und", "der", "die", "das", "ingenieurs", "engineering",
        "business", "management", "polytechnique", "technologie", "technology",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a post says, with and without names; handles and links are in neither."""

    text: str
    masked: str
    """A full stop stands where a name stood, so that two words around it are no neighbours."""


def names_of(institution: Institution, accounts: Iterable[Account]) -> frozenset[str]:
    """Return every word that names an institution: its names, its city, its handles."""
    said = [institution.name, institution.short_name, institution.city, *institution.aliases]
    found = {word for name in said if name for word in words_of(name)}
    for account in accounts:
        if account.handle:
            found |= {joined(account.handle), *words_of(account.handle)}
    return frozenset(word for word in found - _GENERIC if len(word) > 1 and not word.isdigit())


def own_words(names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the words that name one of these institutions, not a kind of institution."""
    counts = Counter(word for words in names.values() for word in words)
    most = max(2, SHARED * len(names))
    return frozenset(word for word, count in counts.items() if count <= most)


def signatures(posts: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the hashtags that are a signature, from (institution, text) of every post."""
    used: defaultdict[str, Counter[str]] = defaultdict(Counter)
    written: Counter[str] = Counter()
    for institution, text in posts:
        written[institution] += 1
        for tag in {joined(tag) for tag in _TAG.findall(text)}:
            used[tag][institution] += 1
    return frozenset(tag for tag, counts in used.items() if _is_signature(counts, written))


def _is_signature(counts: Counter[str], written: Counter[str]) -> bool:
    institution, count = counts.most_common(1)[0]
    is_alone = count >= ALONE * counts.total()
    return is_alone and count >= max(LEAST_SIGNED, SIGNED * written[institution])


@dataclass(frozen=True, kw_only=True)
class Mask:
    """What is taken out."""

    names: frozenset[str]
    signatures: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def spoken(self, text: str) -> Spoken:
        """Return a post with and without names."""
        plain = _ASIDE.sub(" ", text)
        return Spoken(text=plain, masked=_WORD.sub(self._word, _TAG.sub(self._tag, plain)))

    def is_name(self, word: str) -> bool:
        """Say whether a word is one of the names, with an ending or without."""
        known = self._known.get(word)
        if known is None:
            bare = letters_of(word)
            stems = (bare[:end] for end in range(max(LONG, len(bare) - ENDING), len(bare)))
            known = bare in self.names or any(stem in self.names for stem in stems)
            self._known[word] = known
        return known

    def _tag(self, found: re.Match[str]) -> str:
        tag = joined(found[1])
        return GAP if tag in self.signatures or self._holds_name(tag) else found[0]

    def _holds_name(self, tag: str) -> bool:
        return any(len(name) >= LONG and name in tag for name in self.names)

    def _word(self, found: re.Match[str]) -> str:
        return GAP if self.is_name(found[0]) else found[0]
