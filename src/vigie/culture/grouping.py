"""Which questions of a wall are the same one, asked in other words.

A wrong group hides somebody's question; a missed one only shows it twice, and a person merges it.
So two wordings are grouped only when nothing but politeness, order, spelling and one word more
tells them apart: never when they differ in a number, a day, a negation, or in what they ask for
(when, where, how many). Groups are stable: a wording that stands in one never leaves by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from vigie.culture.question_words import ASKS, LIGHT, MARKS, SAME, SILENT

LEAST = 0.85
"""Share of words two wordings must have in common (twice the common ones over all)."""
MISSPELT = 5
"""Letters from which a word may be misspelt by one."""
WORDS_A_MISSPELLING = 3
"""One word in so many may be misspelt."""
_REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"https?://\S+|www\.\S+|[#@][\w.@-]+", " "),
        (r"n['’]t\b", " not"),
        # Not to have understood is to ask for it again; there is no other negation in it.
        (r"\b(?:(?:did|do|can) ?not|didnt|dont) (?:really )?(?:understand|get|follow)\b", " "),
        (r"\b(?:n['’]\s?ai |ai |ne )?(?:pas|rien)(?: bien| tout)? (?:compris|suivi)\b", " "),
        (r"\b(?:ne )?comprend(?:s|ons)? (?:pas|rien)(?: bien)?\b", " "),
        (r"\bhow long\b", " duration "),
        (r"\bo[ùÙ](?!\w)", " where "),
        (r"-t-", " "),
        (r"\b(?:qu|jusqu|lorsqu|puisqu|[cdjlmnst])['’]", " "),
    )
)
"""What is said otherwise before words are taken, in this order."""
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ing", "ees", "es", "ed", "er", "ez", "ee", "e", "s", "x")
_STEM = 4


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a wording is compared by."""

    words: frozenset[str]
    """What it is about."""
    marks: frozenset[str]
    """Numbers, days, negations, letters: two that differ here are two questions."""
    asks: frozenset[str]
    """What is asked for: when, where, who, why, how, how many."""

    @property
    def kind(self) -> str:
        """Return what only questions of its kind share: others are never the same."""
        return "|".join(" ".join(sorted(part)) for part in (self.marks, self.asks))

    @property
    def spelt(self) -> str:
        """Return its words as they are kept."""
        return " ".join(sorted(self.words))


@dataclass(frozen=True, kw_only=True)
class Known:
    """A wording that has its question already, of the same kind as the one that is compared."""

    question: int
    words: frozenset[str]


def signature(text: str) -> Signature:
    """Return what a wording is compared by."""
    bare = text
    for pattern, said in _REWRITTEN:
        bare = pattern.sub(said, bare)
    letters = _letters(text)
    tokens = [SAME.get(token, token) for token in _tokens(bare)]
    marks = {MARKS[token] for token in tokens if token in MARKS} | letters
    marks |= {token for token in tokens if any(sign.isdigit() for sign in token)}
    asks = {ASKS[token] for token in tokens if token in ASKS}
    rest = [token for token in tokens if token not in SILENT | MARKS.keys() | ASKS.keys()]
    words = {_stem(token) for token in rest if token not in LIGHT}
    # Somebody who only asks to say it again asks for that.
    words = words or {_stem(token) for token in rest}
    return Signature(words=frozenset(words - marks), marks=frozenset(marks), asks=frozenset(asks))


def question_of(asked: Signature, known: Iterable[Known]) -> int | None:
    """Return the question that this wording asks again; none when it is a new one.

    ``known`` are those of its kind. Of several, the nearest; of equally near ones, the first.
    """
    best, nearest = None, 0.0
    for one in known:
        near = nearness_of_words(asked.words, one.words)
        if near > nearest:
            best, nearest = one.question, near
            if near == 1:
                break
    return best


def nearness(one: Signature, other: Signature) -> float:
    """Return how near two wordings are, up to 1; 0 when they are two questions."""
    return nearness_of_words(one.words, other.words) if one.kind == other.kind else 0.0


def nearness_of_words(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how near two wordings of one kind are by their words, up to 1."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    short, long = sorted((one, other), key=len)
    common = len(short & long)
    common += _misspelt(short - long, long - short, most=len(short) // WORDS_A_MISSPELLING)
    if common < len(short):
        # Each says something the other does not.
        return 0.0
    share = 2 * common / (len(short) + len(long))
    return share if share >= LEAST else 0.0


def _misspelt(left: frozenset[str], right: frozenset[str], *, most: int) -> int:
    """Count words that differ by one letter from a word of the other side."""
    if not left or len(left) > most:
        return 0
    free, found = set(right), 0
    for word in sorted(left):
        near = next((each for each in sorted(free) if _is_misspelt(word, each)), None)
        if near is not None:
            free.remove(near)
            found += 1
    return found


def _is_misspelt(word: str, other: str) -> bool:
    if min(len(word), len(other)) < MISSPELT:
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1


def _tokens(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe").casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _WORD.findall(plain)


def _letters(text: str) -> set[str]:
    """Return single capital letters that name something: group B, hall C."""
    found = re.findall(r"(?<=\s)([B-HJ-Z])(?![\w'’])", text)
    return {letter.casefold() for letter in found}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word.removesuffix(ending)
    return word
