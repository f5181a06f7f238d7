"""Who gets what waits for a service: whoever has most room, and whom they know, if they have any.

Pure. What finds no room stays on the waiting list, in its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Someone who answers for a service, and how much they carry."""

    person: int
    most: int
    """Open conversations at once; none: away just now."""
    open: int = 0

    @property
    def room(self) -> int:
        """How many more they take."""
        return max(self.most - self.open, 0)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A conversation that nobody has by name."""

    conversation: int
    known_by: int | None = None
    """Who answered this contact last; unknown: nobody yet."""


def shared(waiting: Sequence[Waiting], carriers: Iterable[Carrier]) -> list[tuple[int, int]]:
    """Return who gets which conversation, the first of the list first: (conversation, person)."""
    most = {one.person: one.most for one in carriers if one.room}
    carried = {one.person: one.open for one in carriers if one.room}
    given: list[tuple[int, int]] = []
    for one in waiting:
        if not carried:
            break
        person = one.known_by
        if person is None or person not in carried:
            person = min(carried, key=lambda key: (carried[key] / most[key], key))
        given.append((one.conversation, person))
        carried[person] += 1
        if carried[person] >= most[person]:
            del carried[person]
    return given
