"""Draws the texts that people answer about, so that few of them say much."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AT_RANDOM = 3
"""One text of so many is drawn at random from all."""
CERTAIN = 0.75
"""How sure a machine is of what it gives when it is called certain."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that may be drawn, with what the machine answers of it."""

    network: str
    post: str
    language: str
    answer: str
    """The machine's surest, or nothing."""
    certainty: float

    @property
    def stratum(self) -> str:
        """Texts of which the machine says the same, and as surely."""
        return f"{self.answer or '-'} {'sure' if self.certainty >= CERTAIN else 'doubtful'}"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A text that was drawn, and how many of the whole it stands for."""

    candidate: Candidate
    weight: float
    is_random: bool


def draw(candidates: Sequence[Candidate], count: int, *, seed: int) -> list[Drawn]:
    """Draw texts: a third at random, the others the same number from each stratum.

    Within a stratum networks and languages come in proportion. The order is shuffled, so that
    it betrays nothing; the same seed draws the same texts.
    """
    chance = random.Random(seed)
    pool = sorted(candidates, key=_by_name)
    at_random = chance.sample(pool, min(len(pool), count // AT_RANDOM))
    chosen = dict.fromkeys(at_random, True)
    strata = _strata(pool, chance)
    for candidate in _in_turn(strata, chosen, count):
        chosen[candidate] = False
    weights = _weights(strata, chosen)
    drawn = [
        Drawn(candidate=one, weight=weights[one.stratum], is_random=is_random)
        for one, is_random in chosen.items()
    ]
    chance.shuffle(drawn)
    return drawn


def _by_name(one: Candidate) -> tuple[str, str]:
    return one.network, one.post


def _strata(pool: Sequence[Candidate], chance: random.Random) -> Mapping[str, Sequence[Candidate]]:
    """Part the texts; those of a stratum in an order whose every beginning is in proportion."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in pool:
        found[candidate.stratum].append(candidate)
    return {name: _spread(found[name], chance) for name in sorted(found)}


def _spread(some: Sequence[Candidate], chance: random.Random) -> list[Candidate]:
    cells: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in some:
        cells[candidate.network, candidate.language].append(candidate)
    placed: list[tuple[float, float, Candidate]] = []
    for cell in cells.values():
        chance.shuffle(cell)
        start = chance.random()
        placed += [
            ((place + start) / len(cell), chance.random(), one) for place, one in enumerate(cell)
        ]
    return [one for _place, _chance, one in sorted(placed, key=_by_place)]


def _by_place(placed: tuple[float, float, Candidate]) -> tuple[float, float]:
    return placed[0], placed[1]


def _in_turn(
    strata: Mapping[str, Sequence[Candidate]], chosen: Mapping[Candidate, bool], count: int
) -> list[Candidate]:
    """Take from each stratum in turn what was not drawn yet, until there are enough."""
    left = {name: [one for one in some if one not in chosen] for name, some in strata.items()}
    taken: list[Candidate] = []
    while len(taken) < count - len(chosen) and any(left.values()):
        for some in left.values():
            if some and len(taken) < count - len(chosen):
                taken.append(some.pop(0))
    return taken


def _weights(
    strata: Mapping[str, Sequence[Candidate]], chosen: Mapping[Candidate, bool]
) -> dict[str, float]:
    """Return how many texts of its stratum each one drawn stands for."""
    counts: dict[str, int] = defaultdict(int)
    for candidate in chosen:
        counts[candidate.stratum] += 1
    return {name: len(some) / counts[name] for name, some in strata.items() if counts[name]}


def most_useful(candidates: Sequence[Candidate], count: int, *, known: int) -> list[Candidate]:
    """Return the texts whose correction teaches most.

    At first the surest of each answer, which show what the answers are; from then on those of
    which the machine is least sure.
    """
    if known < count:
        groups: dict[str, list[Candidate]] = defaultdict(list)
        for one in sorted(candidates, key=_surest):
            groups[one.answer].append(one)
        in_turn = [group[place] for place in range(count) for group in groups.values()
                   if place < len(group)]  # fmt: skip
        return in_turn[:count]
    return sorted(candidates, key=_least_sure)[:count]


def _surest(one: Candidate) -> tuple[float, str, str]:
    return -one.certainty, one.network, one.post


def _least_sure(one: Candidate) -> tuple[float, str, str]:
    return abs(one.certainty - 0.5), one.network, one.post
