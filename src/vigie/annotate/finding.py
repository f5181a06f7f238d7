"""Finds the phrases of every lexicon in a text, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from vigie.annotate.cleaning import STOP
from vigie.annotate.lexicon import ANY, Phrase, phrases, questions

EXCLUSIVE = frozenset({"tone", "service"})
"""Questions where a longer phrase silences the shorter ones inside it, whatever they answer;
elsewhere only those of the same answer."""
OURS = frozenset({"fr", "en"})
NEGATOR = "negator"
DENIABLE = frozenset({"praise", "belonging", "positive", "negative"})
"""Answers that a negation turns."""
NEGATIONS = frozenset(
    ("pas", "jamais", "ni", "aucun", "aucune", "sans", "not", "never", "no", "t", "without")
)
REACH = 24
"""Letters over which a negation or a booster carries."""
MOST_BETWEEN = 6
"""Words that may stand between two parts of a phrase."""


class Hit(NamedTuple):
    """A phrase found: which way it was said, where it begins and ends."""

    phrase: Phrase
    way: int
    start: int
    end: int
    is_denied: bool = False
    """A negation stands shortly before it, in the same sentence."""


class Finder:
    """Every phrase of some lexicons, sought at once."""

    def __init__(self, sought: Sequence[Phrase]) -> None:
        ends: dict[str, list[Phrase]] = {}
        earlier: dict[str, None] = {}
        for phrase in sought:
            for way in phrase.parts[-1]:
                ends.setdefault(way, []).append(phrase)
            earlier |= {way: None for part in phrase.parts[:-1] for way in part}
        ways = [*ends, *(way for way in earlier if way not in ends)]
        self._ways = ways
        self._ends = list(ends.values())
        self._heard: dict[tuple[int, str | None], Sequence[Phrase]] = {}
        places = {way: place for place, way in enumerate(ways) if way in earlier}
        self._earlier = frozenset(places.values())
        self._before = {
            phrase: [frozenset(places[way] for way in part) for part in phrase.parts[:-1]]
            for phrase in sought
            if len(phrase.parts) > 1
        }
        # The compact automaton: thousands of phrases stay in the processor's cache.
        self._automaton = AhoCorasick(ways, implementation=Implementation.ContiguousNFA)

    def find(self, spoken: str, language: str | None = None) -> list[Hit]:
        """Return what is found in a text as ``cleaning.spoken`` writes it, in order of place.

        Phrases that do not count in its language are not heard: a French word would else be lost
        where English writes the same.
        """
        found: list[Hit] = []
        seen: dict[int, list[tuple[int, int]]] = {}
        for way, start, end in self._automaton.find_matches_as_indexes(spoken, overlapping=True):
            for phrase in self._ending(way, language):
                parts = self._before.get(phrase)
                begun = start if parts is None else _begun(phrase, parts, start, seen, spoken)
                if begun is not None:
                    found.append(Hit(phrase, way, begun, end))
            if way in self._earlier:
                seen.setdefault(way, []).append((start, end))
        return _denied(_longest(found), spoken) if len(found) > 1 else found

    def _ending(self, way: int, language: str | None) -> Sequence[Phrase]:
        """Return the phrases that end in a way to write something, in a text of a language."""
        known = self._heard.get((way, language))
        if known is None:
            ends = self._ends[way] if way < len(self._ends) else ()
            known = [one for one in ends if self._speaks(one, way, language)]
            self._heard[way, language] = known
        return known

    def _speaks(self, phrase: Phrase, way: int, language: str | None) -> bool:
        """Whether a phrase counts in a text of this language (none: it is not known).

        One of several words is believed in either language of ours: people mix them.
        """
        if language is None or phrase.language in (ANY, language):
            return True
        return language in OURS and (len(phrase.parts) > 1 or " " in self._ways[way].strip())


def _begun(
    phrase: Phrase,
    parts: Sequence[frozenset[int]],
    start: int,
    seen: Mapping[int, list[tuple[int, int]]],
    spoken: str,
) -> int | None:
    """Return where a phrase begins whose last part begins at ``start``; none: it is not whole."""
    # Nearly always nothing of the part before was said at all: that is told at once.
    if parts[-1].isdisjoint(seen):
        return None
    begun = start
    for ways in reversed(parts):
        near = [
            first
            for way, places in seen.items()
            if way in ways
            for first, last in places
            if last - 1 <= begun and _is_near(phrase, spoken[last:begun].split())
        ]
        if not near:
            return None
        begun = max(near)
    return begun


def _is_near(phrase: Phrase, between: Sequence[str]) -> bool:
    if len(between) > MOST_BETWEEN or STOP in between:
        return False
    return phrase.answer not in DENIABLE or NEGATIONS.isdisjoint(between)


def _longest(found: list[Hit]) -> list[Hit]:
    """Drop what lies inside a longer phrase that answers the same."""
    found.sort(key=_by_place)
    kept: list[Hit] = []
    reached: dict[str, tuple[int, int]] = {}
    said: set[tuple[str, str, int]] = set()
    for hit in found:
        phrase = hit.phrase
        about = _about(phrase)
        start, end = reached.get(about, (-1, -1))
        if hit.end <= end and (hit.start, hit.end) != (start, end):
            continue
        if hit.end > end:
            reached[about] = (hit.start, hit.end)
        again = phrase.question, phrase.answer, hit.start
        if again not in said:
            said.add(again)
            kept.append(hit)
    silent = [hit for hit in kept if not hit.phrase.strength]
    return [hit for hit in kept if not _is_silenced(hit, silent)] if silent else kept


def _about(phrase: Phrase) -> str:
    return phrase.question if phrase.question in EXCLUSIVE else phrase.question + phrase.answer


def _is_silenced(hit: Hit, silent: Sequence[Hit]) -> bool:
    """Whether a phrase of strength 0 of its answer shares a word with it, as with itself."""
    return any(
        one.phrase.answer == hit.phrase.answer
        and one.phrase.question == hit.phrase.question
        and one.start + 1 < hit.end
        and hit.start + 1 < one.end
        for one in silent
    )


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _denied(found: list[Hit], spoken: str) -> list[Hit]:
    """Mark what a negation denies; longer phrases that hold their own negation are not."""
    denied = -1
    for place, hit in enumerate(found):
        if hit.phrase.answer == NEGATOR:
            denied = hit.end
        elif denied > 0 and hit.phrase.answer in DENIABLE and reaches(spoken, denied, hit.start):
            denies_itself = not NEGATIONS.isdisjoint(spoken[hit.start : hit.end].split())
            found[place] = hit if denies_itself else hit._replace(is_denied=True)
    return found


def reaches(spoken: str, end: int, start: int) -> bool:
    """Whether a word that ends here still carries where another starts: near, same sentence."""
    return 0 <= start - end + 1 <= REACH and f" {STOP} " not in spoken[end - 1 : start + 1]


@cache
def finder() -> Finder:
    """Return the finder of all our lexicons; made once."""
    return Finder([phrase for question in questions() for phrase in phrases(question)])
