"""Finds who is who in two looks at the same institutions."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vigie.model import Institution


@dataclass(frozen=True, kw_only=True)
class Matches:
    """Who is who: by the slugs of the two looks."""

    same: Mapping[str, tuple[str, str]]
    """New slug → old slug, and what they share: uai, former_uai, ror, wikidata, website, name."""
    merged: Mapping[str, str]
    """Old slug → new slug of the institution it went into."""
    possible: tuple[tuple[str, str], ...]
    """Old and new slugs that may be one institution: a person decides."""


@dataclass
class _Work:
    old: dict[str, Institution]
    """Those of the register that nobody is yet."""
    new: dict[str, Institution]
    """Those of the look that are nobody yet."""
    look: Sequence[Institution]
    same: dict[str, tuple[str, str]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    possible: dict[tuple[str, str], None] = field(default_factory=dict)

    def take(self, old: str, new: str, evidence: str) -> None:
        self.same[new] = (old, evidence)
        del self.old[old], self.new[new]


Keys = Callable[[Institution], Iterable[str]]


def match(old: Sequence[Institution], new: Sequence[Institution]) -> Matches:
    """Match institutions by their UAI, former UAI, ROR, Wikidata, site, then name and place."""
    work = _Work(
        old={row.institution: row for row in old},
        new={row.institution: row for row in new},
        look=new,
    )
    _pair(work, "uai", _known("uai"), _known("uai"))
    _pair(work, "former_uai", _known("uai"), lambda row: row.other_uais, may_merge=True)
    _pair(work, "former_uai", lambda row: row.other_uais, _known("uai"))
    for evidence in ("ror", "wikidata"):
        _pair(work, evidence, _known(evidence), _known(evidence))
    # The same slug for the same name: what one file calls two institutions, it calls so again.
    _pair(work, "name", _slug_and_name, _slug_and_name, is_weak=True)
    _pair(work, "website", _site, _site, is_weak=True)
    _pair(work, "name", _name, _name, is_weak=True)
    _absorb(work)
    _suggest_by_place(work)
    possible = tuple(pair for pair in work.possible if pair[0] in work.old)
    return Matches(same=work.same, merged=work.merged, possible=possible)


def _known(name: str) -> Keys:
    def keys(row: Institution) -> tuple[str, ...]:
        value = getattr(row, name)
        return (value,) if value else ()

    return keys


def _site(row: Institution) -> tuple[str, ...]:
    site = plain_site(row.website)
    return (site,) if site else ()


def _name(row: Institution) -> tuple[str, ...]:
    return (plain_name(row.name),)


def _slug_and_name(row: Institution) -> tuple[str, ...]:
    return (f"{row.institution} {plain_name(row.name)}",)


def _pair(
    work: _Work,
    evidence: str,
    old_keys: Keys,
    new_keys: Keys,
    *,
    may_merge: bool = False,
    is_weak: bool = False,
) -> None:
    """Take the pairs that share a key and nobody disputes; remember the disputed ones."""
    # A former code that several name, even one that is known already, tells of a split.
    look = work.look if may_merge else list(work.new.values())
    olds: dict[str, dict[str, None]] = defaultdict(dict)
    news: dict[str, dict[str, None]] = defaultdict(dict)
    for old, new in _sharing(work, look, old_keys, new_keys, is_weak=is_weak):
        news[old][new] = None
        if new in work.new:
            olds[new][old] = None
    for new, candidates in olds.items():
        is_disputed = any(len(news[slug]) > 1 for slug in candidates)
        if is_disputed or (len(candidates) > 1 and not may_merge):
            _dispute(work, list(candidates), new, evidence)
        elif len(candidates) > 1:
            _merge(work, list(candidates), new)
        else:
            _settle(work, next(iter(candidates)), new, evidence, is_weak=is_weak)


def _sharing(
    work: _Work, look: Sequence[Institution], old_keys: Keys, new_keys: Keys, *, is_weak: bool
) -> Iterator[tuple[str, str]]:
    """Yield the slugs of those that share a key, and for a weak one the place."""
    holders = defaultdict(list)
    for row in work.old.values():
        for key in old_keys(row):
            holders[key].append(row)
    for row in look:
        for key in new_keys(row):
            for old in holders.get(key, ()):
                if not is_weak or _may_be_one_place(old, row):
                    yield old.institution, row.institution


def _settle(work: _Work, old: str, new: str, evidence: str, *, is_weak: bool) -> None:
    if is_weak and _contradict(work.old[old], work.new[new]):
        work.possible[old, new] = None
    else:
        work.take(old, new, evidence)


def _merge(work: _Work, olds: list[str], new: str) -> None:
    """Several became one: the one that kept its name goes on, the others end in it."""
    same = [slug for slug in olds if plain_name(work.old[slug].name) == _name(work.new[new])[0]]
    if len(same) == 1:
        work.take(same[0], new, "former_uai")
    for slug in olds:
        if slug in work.old:
            work.merged[slug] = new
            del work.old[slug]


def _dispute(work: _Work, olds: list[str], new: str, evidence: str) -> None:
    """Several could be it: its name tells which one, or a person does."""
    name = _name(work.new[new])[0]
    same = [slug for slug in olds if slug in work.old and plain_name(work.old[slug].name) == name]
    if evidence != "name" and len(same) == 1:
        work.take(same[0], new, evidence)
        return
    for slug in olds:
        if slug in work.old:
            work.possible[slug, new] = None


def _absorb(work: _Work) -> None:
    """Let those that are no longer named end in the one that names their code as its former."""
    claims = defaultdict(list)
    for row in work.look:
        for code in row.other_uais:
            claims[code].append(row.institution)
    for slug, row in list(work.old.items()):
        heirs = claims[row.uai] if row.uai else []
        if len(heirs) == 1 and heirs[0] not in work.new:
            work.merged[slug] = heirs[0]
            del work.old[slug]
        for heir in heirs:
            work.possible[slug, heir] = None


def _suggest_by_place(work: _Work) -> None:
    """Suggest the one institution that appeared where one of its kind is no longer named."""
    gone, come = defaultdict(list), defaultdict(list)
    for row in work.old.values():
        gone[_place(row)].append(row)
    for row in work.new.values():
        come[_place(row)].append(row)
    for place, left in gone.items():
        if place is not None and len(left) == len(come.get(place, ())) == 1:
            work.possible[left[0].institution, come[place][0].institution] = None


def _place(row: Institution) -> tuple[str, str] | None:
    return (row.country or "", plain_name(row.city)) if row.city else None


def _may_be_one_place(one: Institution, other: Institution) -> bool:
    countries = {row.country for row in (one, other) if row.country}
    cities = {plain_name(row.city) for row in (one, other) if row.city}
    return len(countries) < 2 and len(cities) < 2


def _contradict(one: Institution, other: Institution) -> bool:
    """Return whether an identifier says that these are two, whatever site or name they share."""
    for name in ("uai", "ror", "wikidata"):
        first, second = getattr(one, name), getattr(other, name)
        if first and second and first != second:
            return True
    return False


def plain_name(text: str | None) -> str:
    """Return a name as two looks are compared: no case, accents, punctuation."""
    folded = unicodedata.normalize("NFKD", (text or "").casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.sub(r"\W+", " ", letters).strip()


def plain_site(website: str | None) -> str:
    """Return a site without scheme, ``www.`` and last slash: what two looks at it share."""
    site = re.sub(r"^https?://(?:www\.)?", "", (website or "").strip().lower())
    return site.split("#")[0].rstrip("/")
