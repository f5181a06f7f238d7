"""How far people who labelled the same texts agree, beyond chance: Krippendorff's alpha.

Krippendorff, *Content Analysis* (2004), chapter 11, and "Computing Krippendorff's
Alpha-Reliability" (2011): nominal data, any number of people, answers may be missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
A = TypeVar("A", bound=Hashable)
Given = Mapping[K, Mapping[str, A]]
"""Text → person → answer; a person who did not answer is not there."""


def alpha(given: Given[K, A]) -> float | None:
    """Return 1 for full agreement, 0 for that of chance, below for worse; unknown without pairs.

    Texts that fewer than two people answered about say nothing. Where all answers of all texts
    are the same, there is nothing to tell apart: unknown.
    """
    pairs: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for answers in given.values():
        counts = Counter(answers.values())
        people = sum(counts.values())
        if people < 2:
            continue
        for one, count in counts.items():
            for other, others in counts.items():
                pairs[one, other] += count * (others - (one == other)) / (people - 1)
    return _alpha(pairs)


def _alpha(pairs: Mapping[tuple[Hashable, Hashable], float]) -> float | None:
    totals: Counter[Hashable] = Counter()
    for (one, _other), weight in pairs.items():
        totals[one] += weight  # type: ignore[assignment]  # a sum of weights, not a count
    total = sum(totals.values())
    observed = sum(weight for (one, other), weight in pairs.items() if one != other)
    expected = total * total - sum(count * count for count in totals.values())
    if not expected:
        return None
    return 1 - (total - 1) * observed / expected


def alpha_of_answer(given: Mapping[K, Mapping[str, Iterable[str]]], answer: str) -> float | None:
    """Return the agreement on one of several answers that may be given at once."""
    return alpha(
        {
            text: {person: answer in answers for person, answers in people.items()}
            for text, people in given.items()
        }
    )
