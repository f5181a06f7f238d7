"""How people name an institution, and what else those names mean: a query from the register."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vigie.listening.folding import folded_parts, joined, words_of
from vigie.listening.names import is_ambiguous
from vigie.model import Account, Institution

SHORT = 5
"""Letters up to which a name means other things too: P1, UT2, ENS."""
LEAST_JOINED, MOST_JOINED = 6, 24
"""Letters of a name that is written in one word, as a hashtag in small letters is."""
MOST_NAMES = 24
MOST_HOMONYMS = 12
"""More would make a query nobody reads."""
AROUND = (
    "universit* OR fac OR facs OR campus OR étudiant* OR licence OR master OR masters OR amphi* OR "
    "examen* OR partiel* OR student* OR college OR école"
)
"""Words that speak of studies: a doubtful name counts with one of them near."""
NEAR = 12
NUMBERED_HOMONYMS = ("arrondissement", "arrondissements", "ligue 1", "ligue 2", "mi temps")
"""What “Lyon 2” is, too: a part of the city, a score."""
HOMONYMS = {
    "p1": ("grand prix", "formule 1", "pole position", "paces", "première année de médecine"),
    "p2": ("deuxième année de médecine",),
    "utc": ("gmt", "fuseau", "heure utc"),
    "ut1": ("temps universel",),
    "ens": ("environnement numérique",),
}
"""Folded name → other things it is known to mean."""
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10", "xi": "11", "xii": "12", "xiii": "13",
}  # fmt: skip
_UNIVERSITY = frozenset(
    [
        "universite",
        "university",
        "universites",
        "universitat",
        "ecole",
        "school",
        "institut",
        "institute",
        "college",
        "faculte",
        "faculty",
        "centrale",
        "insa",
        "iep",
        "iae",
        "ens",
        "polytech",
    ]
)
_PARTS = re.compile(r"\s+[-–—|]\s+|[()]")
HANDLES_IN_WORDS = frozenset({"x", "bluesky", "mastodon", "instagram", "threads", "tiktok"})
"""Networks on which people write a handle to speak of an account."""

Name = tuple[str, ...]
"""The folded words of a name."""


@dataclass(frozen=True)
class Names:
    """How an institution is named: surely, and in ways that mean other things, too."""

    sure: tuple[Name, ...]
    doubtful: tuple[Name, ...]

    @property
    def every(self) -> tuple[Name, ...]:
        """All of them."""
        return (*self.sure, *self.doubtful)


def named_query(
    institution: Institution,
    accounts: Sequence[Account] = (),
    others: Sequence[Institution] = (),
) -> str:
    """Return a query that finds mentions of an institution and leaves its homonyms out."""
    own = names_of(institution)
    theirs = {name for one in others if one != institution for name in names_of(one).sure}
    foreign = {name for name in theirs if not any(_is_in(name, mine) for mine in own.every)}
    parts = [*_handles(accounts), *_guarded(own.sure, foreign)]
    if own.doubtful:
        near = f"({_any(map(_written, own.doubtful))}) NEAR/{NEAR} ({AROUND})"
        parts.append(_without(near, _homonyms(own.doubtful, foreign)))
    return _any(dict.fromkeys(parts))


def names_of(institution: Institution) -> Names:
    """Return every way to write every name, the fullest first, each once."""
    city = tuple(words_of(institution.city or ""))
    given = [institution.name, institution.short_name or "", *institution.aliases]
    found: dict[Name, bool] = {}
    for written in given:
        for name, is_part in _ways(written):
            if name and name != city and len(found) < MOST_NAMES:
                found.setdefault(name, is_part or _means_more(name))
    return Names(
        sure=tuple(name for name, is_doubtful in found.items() if not is_doubtful),
        doubtful=tuple(name for name, is_doubtful in found.items() if is_doubtful),
    )


def _means_more(name: Name) -> bool:
    """Tell whether a name means other things, too: an acronym, a city with a number."""
    rest = [word for word in name if not _is_number(word)]
    return len("".join(name)) <= SHORT or (len(rest) < len(name) and len(rest) < 2)


def _ways(written: str) -> Iterator[tuple[Name, bool]]:
    """Yield a name whole, its first parts, and what is left of it without “université”.

    With each, whether it is a mere part; where it has Roman figures, the others too.
    """
    pieces = [tuple(folded_parts(piece)[0]) for piece in _PARTS.split(written)]
    pieces = [piece for piece in pieces if piece]
    names: dict[Name, bool] = {}
    for end in range(len(pieces), 0, -1):
        names.setdefault(tuple(word for piece in pieces[:end] for word in piece), False)
    for piece in pieces:
        names.setdefault(piece, not _UNIVERSITY & set(piece))
        names.setdefault(_without_university(piece), True)
    for name, is_part in names.items():
        # “Jean Moulin” alone is a person, not a university.
        if not is_part or (len(name) > 1 and all(map(is_ambiguous, name))):
            yield name, is_part
            yield from _in_figures(name, is_part)


def _in_figures(name: Name, is_part: bool) -> Iterator[tuple[Name, bool]]:
    figures = tuple(_ROMAN.get(word, word) if place else word for place, word in enumerate(name))
    if figures != name:
        yield figures, is_part
    if len(figures) == 2 and figures[1].isdigit():
        yield ("".join(figures),), True
        if figures[0] == "paris":
            yield (f"p{figures[1]}",), True


def _without_university(piece: Name) -> Name:
    rest = piece[1:] if piece[0] in ("universite", "university") else ()
    return rest[1:] if rest and rest[0] in ("de", "of", "d", "du") else rest


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _ROMAN


def _handles(accounts: Iterable[Account]) -> Iterator[str]:
    seen: set[str] = set()
    for account in accounts:
        handle = account.handle or ""
        if account.network in HANDLES_IN_WORDS and joined(handle) not in seen | {""}:
            seen.add(joined(handle))
            yield f"@{handle}"


def _guarded(sure: Iterable[Name], foreign: set[Name]) -> Iterator[str]:
    """Yield names; one that is part of another institution's name only without that one."""
    for name in sure:
        yield _without(_written(name), _containing(name, foreign))
        whole = "".join(name)
        if (
            len(name) > 1
            and LEAST_JOINED <= len(whole) <= MOST_JOINED
            and not _ROMAN.keys() & {*name}
        ):
            yield whole


def _homonyms(doubtful: Iterable[Name], foreign: set[Name]) -> list[Name]:
    found: list[Name] = []
    for name in doubtful:
        found += _containing(name, foreign)
        found += [tuple(words_of(other)) for other in HOMONYMS.get("".join(name), ())]
        if len(name) == 2 and name[1].isdigit():
            found += [tuple(words_of(other)) for other in NUMBERED_HOMONYMS]
    return list(dict.fromkeys(found))


def _containing(name: Name, others: Iterable[Name]) -> list[Name]:
    return sorted(other for other in others if len(other) > len(name) and _is_in(name, other))


def _is_in(name: Name, other: Name) -> bool:
    size = len(name)
    return any(other[place : place + size] == name for place in range(len(other) - size + 1))


def _without(query: str, homonyms: Sequence[Name]) -> str:
    if not homonyms:
        return query
    return f"({query} NOT ({_any(map(_written, homonyms[:MOST_HOMONYMS]))}))"


def _written(name: Name) -> str:
    return name[0] if len(name) == 1 else f'"{" ".join(name)}"'


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(parts)
