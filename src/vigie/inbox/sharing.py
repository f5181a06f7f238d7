"""Who gets what waits for services: whoever has most room, and whom they know, if they have any.

Pure. What finds no room stays on the waiting list, in its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Someone who answers for a service, and how much they carry of it."""

    person: int
    most: int
    """Open conversations at once; none: away just now."""
    open: int = 0
    service: int = 0

    @property
    def room(self) -> int:
        """How many more they take."""
        return max(self.most - self.open, 0)


@dataclass(frozen=True, kw_only=True)
class InAll:
    """How much someone carries over all services, of whom it was said how much they can."""

    person: int
    most: int
    open: int = 0


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A conversation that nobody has by name."""

    conversation: int
    known_by: int | None = None
    """Who answered this contact last; unknown: nobody yet."""
    service: int = 0


class _Desk:
    """Who still has room, while it is given away."""

    def __init__(self, carriers: Iterable[Carrier], in_all: Iterable[InAll]) -> None:
        self._own = {(one.service, one.person): [one.open, one.most] for one in carriers}
        self._all = {one.person: [one.open, one.most] for one in in_all}

    def _counts(self, service: int, person: int) -> list[list[int]]:
        own, over_all = self._own[service, person], self._all.get(person)
        return [own] if over_all is None else [own, over_all]

    def free(self, service: int) -> dict[int, float]:
        """Return whoever has room for what this service is asked, and how full they are."""
        found = {}
        for place, person in self._own:
            counts = self._counts(place, person)
            if place == service and all(held < most for held, most in counts):
                found[person] = max(held / most for held, most in counts)
        return found

    def take(self, service: int, person: int) -> None:
        for counts in self._counts(service, person):
            counts[0] += 1


def shared(
    waiting: Sequence[Waiting], carriers: Iterable[Carrier], in_all: Iterable[InAll] = ()
) -> list[tuple[int, int]]:
    """Return who gets which conversation, the first of the list first: (conversation, person)."""
    desk = _Desk(carriers, in_all)
    given: list[tuple[int, int]] = []
    for one in waiting:
        free = desk.free(one.service)
        if not free:
            continue
        person = one.known_by
        if person is None or person not in free:
            person = min(free, key=lambda key: (free[key], key))
        given.append((one.conversation, person))
        desk.take(one.service, person)
    return given
