"""What counts as a person's name: first names, titles, and the words that make neither."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from vigie.listening.folding import joined, words_of

LEAST_STEM = 3
"""Letters of a name with a wildcard that must be the beginning of a first name."""
PARTICLES = frozenset(
    (
        "ben", "bin", "da", "de", "del", "della", "den", "der", "des", "di", "dos", "du", "el",
        "ibn", "la", "le", "les", "mac", "mc", "saint", "st", "van", "von",
    )
)  # fmt: skip
"""Small words inside a surname."""


@dataclass(frozen=True)
class Allowed:
    """Names that may be looked for although they read like a person's."""

    names: frozenset[tuple[str, ...]] = frozenset()
    """Of institutions, places and public figures, folded, word by word."""
    handles: frozenset[str] = frozenset()
    """Of accounts of the register and of public figures, in one piece."""
    accounts: frozenset[str] = frozenset()
    """Keys of accounts of the register."""

    @classmethod
    def of(
        cls,
        names: Iterable[str | None],
        *,
        handles: Iterable[str | None] = (),
        accounts: Iterable[str] = (),
    ) -> Allowed:
        """Return them folded, from names as they are written."""
        return cls(
            names=frozenset(words for name in names if name and (words := tuple(words_of(name)))),
            handles=frozenset(joined(handle) for handle in handles if handle),
            accounts=frozenset(accounts),
        )

    def holds(self, first: str, second: str) -> bool:
        """Tell whether one of the two is a place or an institution, or both stand in a name."""
        if (first,) in self.names or (second,) in self.names:
            return True
        return (first, second) in self.neighbours or (second, first) in self.neighbours

    def names_whole(self, words: tuple[str, ...]) -> bool:
        """Tell whether several words stand together in a name of an institution or a place."""
        return words in _stretches(self.names)

    @property
    def neighbours(self) -> frozenset[tuple[str, str]]:
        """Pairs of words that follow each other in a name, small words left out."""
        return _neighbours(self.names)


@cache
def _stretches(names: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(
        name[start:end]
        for name in names
        for start in range(len(name))
        for end in range(start + 2, len(name) + 1)
    )


@cache
def _neighbours(names: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name in names:
        words = [word for word in name if word not in PARTICLES]
        found.update(pairwise(words))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def is_first_name(word: str) -> bool:
    """Tell whether a folded word is a first name, also one that is an ordinary word besides."""
    return _fits(word, _listed("first_names") | _listed("ambiguous_first_names"))


@lru_cache(maxsize=20_000)
def is_ambiguous(word: str) -> bool:
    """Tell whether what is a first name is an ordinary word, a month or a town as well."""
    return not _fits(word, _listed("first_names") - _listed("ambiguous_first_names"))


def is_title(word: str) -> bool:
    """Tell whether a word is what stands before a name: madame, doctor."""
    return word in _listed("titles")


def is_surname_like(word: str) -> bool:
    """Tell whether a word may be a surname: letters, and no ordinary word."""
    bare = word.replace("*", "").replace("?", "")
    return len(bare) > 1 and bare.isalpha() and word not in _listed("ordinary_words")


def _fits(word: str, names: Collection[str]) -> bool:
    if "*" not in word and "?" not in word:
        return word in names
    stem = word.replace("*", " ").replace("?", " ").split()
    long_enough = bool(stem) and len(stem[0]) >= LEAST_STEM and not word.startswith(("*", "?"))
    return long_enough and any(fnmatchcase(name, word) for name in names)


@cache
def _listed(name: str) -> frozenset[str]:
    text = (files("vigie.listening") / "lexicons" / f"{name}.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())
