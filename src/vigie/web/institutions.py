"""Finds institutions by any of their names, accents and capitals aside."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from vigie.columns import records_of
from vigie.model import Institution
from vigie.store.store import Store
from vigie.web.site import Marks, marks

NEAR = 75
"""Least likeness, of 100, at which a name is offered for a misspelt one."""
NEAREST = 10


@dataclass(frozen=True, kw_only=True)
class Known:
    """Every institution, and what each is found by."""

    institutions: tuple[Institution, ...]
    plain: tuple[str, ...]


def found(store: Store, sought: str) -> tuple[Institution, ...]:
    """Return the institutions whose names hold every word sought; if none, those that are near."""
    known = _known(store, marks(store, frozenset({"institutions"})))
    words = plain(sought).split()
    if not words:
        return known.institutions
    held = tuple(
        institution
        for institution, names in zip(known.institutions, known.plain, strict=True)
        if all(word in names for word in words)
    )
    return held or _near(known, " ".join(words))


def _near(known: Known, sought: str) -> tuple[Institution, ...]:
    near = process.extract(
        sought, known.plain, scorer=fuzz.partial_token_set_ratio, limit=NEAREST, score_cutoff=NEAR
    )
    return tuple(known.institutions[place] for _names, _likeness, place in near)


@lru_cache(maxsize=2)
def _known(store: Store, _marks: Marks) -> Known:
    rows = records_of(Institution, store.table("institutions").to_pyarrow())
    ordered = tuple(sorted(rows, key=lambda row: (plain(row.name), row.institution)))
    return Known(institutions=ordered, plain=tuple(_names(row) for row in ordered))


def _names(row: Institution) -> str:
    said = (row.name, row.short_name, *row.aliases, row.city, row.institution, row.uai)
    return plain(" ".join(name for name in said if name))


def plain(text: str) -> str:
    """Return a text without accents, capitals or punctuation, as it is compared."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = (sign if sign.isalnum() else " " for sign in bare if not unicodedata.combining(sign))
    return " ".join("".join(letters).split())
