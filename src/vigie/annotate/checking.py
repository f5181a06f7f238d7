"""How well a machine answers, told by people who answered about the same texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DRAWS = 1_000
SEED = 20_261
LOW, HIGH = 5, 95
"""Percentiles of the draws: a 90 % interval."""
LEAST = 20
"""Texts below which nothing is said of a language or a network."""
LEAST_TELLING = 0.2
"""How much surer a machine must be of an answer where it is right, for its shares to be mended."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One text that a person answered about."""

    network: str
    language: str
    person: frozenset[str]
    machine: frozenset[str]
    weight: float = 1.0
    """How many texts of the whole it stands for."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its interval; unknown where there is too little to tell."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True, kw_only=True)
class AnswerQuality:
    """How well a machine gives one answer."""

    answer: str
    f1: Estimate
    precision: float | None
    """Of the texts it gives this answer, the share where people do too."""
    recall: float | None
    """Of the texts where people give it, the share where it does too."""
    people: int
    """Texts where people give it."""
    machine: int
    share_counted: float | None
    """Share of the machine's answers, as counted."""
    share: Estimate
    """The same, mended by how often the machine errs (adjusted classify-and-count)."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How well a machine answers a question."""

    n: int
    accuracy: Estimate
    """Share of texts where it gives exactly the answers people give."""
    f1: Estimate
    """Mean over the answers people gave at least once."""
    answers: tuple[AnswerQuality, ...]
    by_language: Mapping[str, Estimate]
    """Accuracy."""
    by_network: Mapping[str, Estimate]


def quality(checked: Sequence[Checked], answers: Sequence[str]) -> Quality:
    """Tell how well the machine answered about these texts."""
    person, machine = _flags(checked, answers, "person"), _flags(checked, answers, "machine")
    weights = np.array([one.weight for one in checked], dtype=float)
    exact = (person == machine).all(axis=1) if len(checked) else np.zeros(0, dtype=bool)
    rows = _draws(len(checked))
    return Quality(
        n=len(checked),
        accuracy=_accuracy(exact),
        f1=_estimate(rows, lambda chosen: mean_f1(person[chosen], machine[chosen]), len(checked)),
        answers=tuple(
            _of_answer(answer, person[:, place], machine[:, place], weights, rows)
            for place, answer in enumerate(answers)
        ),
        by_language=_by([one.language for one in checked], exact),
        by_network=_by([one.network for one in checked], exact),
    )


def is_better(
    people: Sequence[frozenset[str]],
    new: Sequence[frozenset[str]],
    old: Sequence[frozenset[str]],
    answers: Sequence[str],
    *,
    sure: float = 0.9,
) -> tuple[bool, float]:
    """Tell whether one machine beats another on the same texts, and in what share of draws."""
    truth, one, other = (sets_of(sets, answers) for sets in (people, new, old))
    rows = _draws(len(people))
    if not len(people):
        return False, 0.0
    wins = [mean_f1(truth[r], one[r]) > mean_f1(truth[r], other[r]) for r in rows]
    share = float(np.mean(wins))
    return share >= sure, share


def mean_f1(person: Flags, machine: Flags) -> float:
    """Return the mean F1 over the answers that people gave at least once."""
    found = [
        _f1(person[:, place], machine[:, place])
        for place in range(person.shape[1])
        if person[:, place].any()
    ]
    return float(np.mean(found)) if found else 0.0


def _f1(person: Flags, machine: Flags) -> float:
    both, either = int((person & machine).sum()), int(person.sum() + machine.sum())
    return 2 * both / either if either else 0.0


def _of_answer(
    answer: str,
    person: Flags,
    machine: Flags,
    weights: Floats,
    rows: Sequence[npt.NDArray[np.int64]],
) -> AnswerQuality:
    both = int((person & machine).sum())
    is_telling = bool(person.any())
    return AnswerQuality(
        answer=answer,
        f1=_estimate(
            rows if is_telling else (),
            lambda chosen: _f1(person[chosen], machine[chosen]),
            int(person.sum()),
        ),
        precision=both / int(machine.sum()) if machine.any() else None,
        recall=both / int(person.sum()) if person.any() else None,
        people=int(person.sum()),
        machine=int(machine.sum()),
        share_counted=_share(machine, weights),
        share=_estimate(
            rows,
            lambda chosen: mended(person[chosen], machine[chosen], weights[chosen]),
            len(person),
        ),
    )


def mended(person: Flags, machine: Flags, weights: Floats) -> float | None:
    """Return the share of texts that people would give an answer, from the machine's count.

    Forman's adjusted count: (counted − false alarms) / (found − false alarms). Unknown where the
    machine gives the answer nearly as often where it is wrong.
    """
    counted = _share(machine, weights)
    found, alarms = (
        _share(machine[person], weights[person]),
        _share(machine[~person], weights[~person]),
    )
    if counted is None or found is None or alarms is None or found - alarms < LEAST_TELLING:
        return None
    return float(np.clip((counted - alarms) / (found - alarms), 0, 1))


def mend(counted: float, *, found: float, alarms: float) -> float | None:
    """Return a share counted elsewhere by the same machine, mended by how often it errs."""
    if found - alarms < LEAST_TELLING:
        return None
    return float(np.clip((counted - alarms) / (found - alarms), 0, 1))


def _share(flags: Flags, weights: Floats) -> float | None:
    total = float(weights.sum())
    return float(weights[flags].sum()) / total if total else None


def _accuracy(exact: Flags) -> Estimate:
    n = len(exact)
    if n < LEAST:
        return Estimate(value=None, n=n)
    low, high = _wilson(float(exact.mean()), n)
    return Estimate(value=float(exact.mean()), low=low, high=high, n=n)


def _wilson(share: float, n: int, z: float = 1.645) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(max(middle - half, 0)), float(min(middle + half, 1))


def _by(names: Sequence[str], exact: Flags) -> dict[str, Estimate]:
    return {
        name: _accuracy(exact[np.array([one == name for one in names])])
        for name in sorted(set(names))
    }


def _draws(count: int) -> Sequence[npt.NDArray[np.int64]]:
    if not count:
        return ()
    chance = np.random.default_rng(SEED)
    return list(chance.integers(0, count, (DRAWS, count)))


def _estimate(
    rows: Sequence[npt.NDArray[np.int64]],
    figure: Callable[[npt.NDArray[np.int64]], float | None],
    n: int,
) -> Estimate:
    """Return a figure of all texts, and where it falls when they are drawn anew."""
    if not len(rows) or len(rows[0]) < LEAST:
        return Estimate(value=None, n=n)
    value = figure(np.arange(len(rows[0])))
    drawn = [found for chosen in rows if (found := figure(chosen)) is not None]
    if value is None or len(drawn) < len(rows) / 2:
        return Estimate(value=None, n=n)
    low, high = np.percentile(drawn, [LOW, HIGH])
    return Estimate(value=value, low=float(low), high=float(high), n=n)


def _flags(checked: Sequence[Checked], answers: Sequence[str], who: str) -> Flags:
    return sets_of([getattr(one, who) for one in checked], answers)


def sets_of(sets: Sequence[frozenset[str]], answers: Sequence[str]) -> Flags:
    """Return answers given as one row for each text and one column for each answer."""
    rows = [[answer in given for answer in answers] for given in sets]
    return np.array(rows, dtype=bool).reshape(-1, len(answers))
