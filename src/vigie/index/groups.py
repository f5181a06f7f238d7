"""Peer groups: institutions it is fair to compare, each in one group only."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vigie.model import Enrolment, Institution
from vigie.words import Words, _

LEAST = 8
"""A smaller group is shown without ranks: a place among five says nothing."""
MOST = 30
"""A larger group is cut by size, so that a small university is not read against a giant."""
SIZED = 2 / 3
"""Size bands are made only where at least this share of the group has a known size."""
SIZES = ("small", "medium", "large")
UNSIZED = "unsized"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Institutions compared with one another, and how the group was made."""

    key: str
    """``university.fr`` or ``university.fr.small``."""
    kind: str
    country: str
    institutions: tuple[str, ...]
    """Sorted."""
    size: str | None = None
    """small, medium, large; unsized where students are unknown; None: not cut by size."""
    cuts: tuple[int, int] | None = None
    """Students: small goes up to the first, medium up to the second."""

    @property
    def is_ranked(self) -> bool:
        """Say whether there are enough institutions for a rank to mean something."""
        return len(self.institutions) >= LEAST

    @property
    def caveats(self) -> tuple[Words, ...]:
        """Return what a reader must know of how the group was made."""
        found = []
        if self.size in SIZES and self.cuts:
            found.append(
                _(
                    "The group was cut by students: small up to {first}, medium up to {second}, "
                    "large above.",
                    first=self.cuts[0],
                    second=self.cuts[1],
                )
            )
        if self.size == UNSIZED:
            found.append(_("These institutions have no known number of students."))
        if not self.is_ranked:
            found.append(
                _(
                    "This group has {count} institutions; below {least} no rank is given.",
                    count=len(self.institutions),
                    least=LEAST,
                )
            )
        return tuple(found)


def peer_groups(
    institutions: Iterable[Institution],
    students: Mapping[str, int],
    *,
    month_on: date,
    kinds: Collection[str] | None = None,
    countries: Collection[str] | None = None,
) -> list[Group]:
    """Put each institution that existed in that month in one group: kind × country, then size."""
    sorted_in: dict[tuple[str, str], list[str]] = {}
    for one in institutions:
        kind, country = one.kind or UNKNOWN, (one.country or UNKNOWN).lower()
        chosen = (kinds is None or kind in kinds) and (
            countries is None or country in {name.lower() for name in countries}
        )
        if chosen and existed(one, month_on):
            sorted_in.setdefault((kind, country), []).append(one.institution)
    return [
        group
        for (kind, country), found in sorted(sorted_in.items())
        for group in _by_size(kind, country, sorted(found), students)
    ]


def existed(institution: Institution, month_on: date) -> bool:
    """Say whether the institution was there in that month: opened, not closed, not merged away."""
    if institution.closed_on is not None:
        return institution.closed_on > month_on and _opened(institution, month_on)
    return institution.merged_into is None and _opened(institution, month_on)


def _opened(institution: Institution, month_on: date) -> bool:
    opened = institution.opened_on
    return opened is None or (opened.year, opened.month) <= (month_on.year, month_on.month)


def students_in(enrolments: Iterable[Enrolment], month_on: date) -> dict[str, int]:
    """Return each institution's students in the academic year of a month.

    An academic year begins in September. Where that year is not known the latest earlier one
    counts, then the earliest later one: size changes slowly, and a band is only coarse.
    """
    wanted = month_on.year if month_on.month >= 9 else month_on.year - 1
    nearest: dict[str, tuple[tuple[bool, int], int]] = {}
    for one in enrolments:
        distance = (one.year > wanted, abs(one.year - wanted))
        if one.institution not in nearest or distance < nearest[one.institution][0]:
            nearest[one.institution] = (distance, one.students)
    return {institution: count for institution, (_distance, count) in sorted(nearest.items())}


def _by_size(
    kind: str, country: str, institutions: Sequence[str], students: Mapping[str, int]
) -> list[Group]:
    key = f"{kind}.{country}"
    known = sorted(students[one] for one in institutions if one in students)
    if len(institutions) <= MOST or len(known) < SIZED * len(institutions):
        return [Group(key=key, kind=kind, country=country, institutions=tuple(institutions))]
    cuts = _cuts(known)
    found: dict[str, list[str]] = {}
    for one in institutions:
        found.setdefault(_size(students.get(one), cuts), []).append(one)
    return [
        Group(
            key=f"{key}.{size}",
            kind=kind,
            country=country,
            institutions=tuple(found[size]),
            size=size,
            cuts=cuts,
        )
        for size in (*SIZES, UNSIZED)
        if size in found
    ]


def _size(count: int | None, cuts: tuple[int, int]) -> str:
    if count is None:
        return UNSIZED
    return SIZES[(count > cuts[0]) + (count > cuts[1])]


def _cuts(known: Sequence[int]) -> tuple[int, int]:
    """Cut at the terciles, rounded to two digits when no band falls under the least by it.

    Rounded cut points can be printed and remembered, and move less from year to year.
    """
    third = len(known) // 3
    exact = (known[third - 1], known[len(known) - third - 1])
    rounded = (_two_digits(exact[0]), _two_digits(exact[1]))
    first = sum(count <= rounded[0] for count in known)
    second = sum(rounded[0] < count <= rounded[1] for count in known)
    return rounded if min(first, second, len(known) - first - second) >= LEAST else exact


def _two_digits(count: int) -> int:
    digits = max(0, math.floor(math.log10(max(count, 1))) - 1)
    return round(count, -digits)
