"""Hides small groups of people: a count with fewer than five authors behind it is not shown.

Where a total stands beside the counts, one hidden count alone could be found by subtraction; so
others are hidden with it until five authors stand behind what is hidden, and two counts at least.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vigie.words import _

LEAST_AUTHORS = 5
HIDDEN = _("fewer than 5 authors")
"""What stands in the place of a hidden count."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many posts there are of something, and how many people wrote them."""

    name: str
    posts: int | None
    """None: hidden."""
    authors: int | None

    @property
    def is_hidden(self) -> bool:
        """Whether too few people stand behind it."""
        return self.posts is None


def is_small(authors: int) -> bool:
    """Tell whether a count of so many authors is to be hidden; no author at all hides nobody."""
    return 0 < authors < LEAST_AUTHORS


def without_small(counts: Iterable[Counted]) -> list[Counted]:
    """Return the counts in their order, those of small groups hidden."""
    listed = list(counts)
    hidden = {at for at, one in enumerate(listed) if is_small(one.authors or 0)}
    others = sorted(
        (at for at, one in enumerate(listed) if at not in hidden and (one.authors or 0) > 0),
        key=lambda at: listed[at].authors or 0,
    )
    while hidden and others and not _is_enough(listed, hidden):
        hidden.add(others.pop(0))
    return [
        replace(one, posts=None, authors=None) if at in hidden else one
        for at, one in enumerate(listed)
    ]


def _is_enough(listed: list[Counted], hidden: set[int]) -> bool:
    people = sum(listed[at].authors or 0 for at in hidden)
    return len(hidden) > 1 and people >= LEAST_AUTHORS
