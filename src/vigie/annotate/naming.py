"""Finds the institutions of the register that a text names: by name, alias, hashtag and handle."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from vigie.annotate.cleaning import fold
from vigie.annotate.lexicon import sought, words_of
from vigie.model import Account, Institution

SHORT = 5
"""Letters up to which a name means other things too: "P1", "UT2", "ENS"."""
LEAST_JOINED = 6
"""Letters of a name written in one word, as in a hashtag."""
NEAR = 80
"""Letters around a doubtful name in which help is sought."""
SURE, HELPED = 0.95, 0.75
SURROUNDINGS = "university"
_CITY_NUMBER = re.compile(r"\D+ (?:\d{1,2}|[ivx]{1,4})")


@dataclass(frozen=True, slots=True)
class Name:
    """A way an institution is named."""

    institution: str
    city: str
    is_doubtful: bool


class Names:
    """Every way to name the institutions of a register, sought at once."""

    def __init__(
        self, institutions: Sequence[Institution], accounts: Sequence[Account] = ()
    ) -> None:
        found: dict[str, set[Name]] = defaultdict(set)
        for institution in institutions:
            for line, is_doubtful in _lines(institution):
                city = sought(institution.city or "")
                found[line].add(Name(institution.institution, city, is_doubtful))
        self._names = [tuple(sorted(names, key=_by_slug)) for names in found.values()]
        self._finder = _finder(list(found))
        self._handles = {
            f"{one.network}:{fold(one.handle)}": one.institution for one in accounts if one.handle
        }

    def named(self, spoken: str, handles: Sequence[str], *, network: str) -> Mapping[str, float]:
        """Return the institutions that a text names, each with how sure."""
        found: dict[str, float] = {}
        reached = -1
        hits = self._finder.find_matches_as_indexes(spoken, overlapping=True) if self._names else []
        for place, start, end in sorted(hits, key=_longest_first):
            if end <= reached:
                continue
            reached = end
            for name in _meant(self._names[place], spoken):
                sure = _sure(name, spoken, start, end)
                if sure > found.get(name.institution, 0):
                    found[name.institution] = sure
        for handle in handles:
            institution = self._handles.get(f"{network}:{fold(handle)}")
            if institution:
                found[institution] = 1.0
        return found


def _by_slug(name: Name) -> str:
    return name.institution


def _longest_first(hit: tuple[int, int, int]) -> tuple[int, int]:
    return hit[1], -hit[2]


def _lines(institution: Institution) -> Iterator[tuple[str, bool]]:
    """Yield each way to write each name, and whether it means other things too."""
    names = [institution.name, institution.short_name or "", *institution.aliases]
    city = sought(institution.city or "")
    for name in names:
        line = sought(name)
        if not line.strip():
            continue
        joined = line.replace(" ", "")
        yield line, _is_doubtful(line, city)
        if " " in line.strip() and len(joined) >= LEAST_JOINED:
            yield f" {joined} ", joined == city.replace(" ", "")


def _is_doubtful(line: str, city: str) -> bool:
    name = line.strip()
    is_place = name == city.strip() or bool(_CITY_NUMBER.fullmatch(name))
    return len(name.replace(" ", "")) <= SHORT or (is_place and not _speaks_of_university(line))


def _meant(names: Sequence[Name], spoken: str) -> Sequence[Name]:
    """Return who is meant by a name that several bear: who is in a city the text names, or none."""
    if len(names) == 1:
        return names
    return [name for name in names if name.city.strip() and name.city in spoken]


def _sure(name: Name, spoken: str, start: int, end: int) -> float:
    if not name.is_doubtful:
        return SURE
    around = f"{spoken[max(start - NEAR, 0) : start + 1]}\n{spoken[end - 1 : end + NEAR]}"
    return HELPED if _speaks_of_university(around) else 0.0


def _finder(lines: list[str]) -> AhoCorasick:
    return AhoCorasick(lines or ["\0"], implementation=Implementation.ContiguousNFA)


@cache
def _surroundings() -> AhoCorasick:
    return _finder(words_of(SURROUNDINGS))


def _speaks_of_university(line: str) -> bool:
    return bool(_surroundings().find_matches_as_indexes(line))
