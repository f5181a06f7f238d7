"""How well a machine answers, told by people who answered about the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
"""Texts below which nothing is said."""
LEAST_CHECKED = 50
"""Checked texts below which no machine takes the place of another."""
LEAST_TELLING = 0.2
"""How much more often a machine must give an answer where it is right, for shares to be mended."""
MOST_LOST = 0.5
"""Share of draws in which a figure may be missing and still have an interval."""


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
    """A figure with its 90 % interval; unknown where there is too little to tell."""

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
    """Share of the machine's answers in the whole, as counted."""
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
    person = sets_of([one.person for one in checked], answers)
    machine = sets_of([one.machine for one in checked], answers)
    weights = np.array([one.weight for one in checked], dtype=float)
    exact = (person == machine).all(axis=1)
    draws = _draws(len(checked))
    f1, shares = _f1(draws, person, machine), _mended(draws * weights, person, machine)
    return Quality(
        n=len(checked),
        accuracy=_accuracy(exact),
        f1=_estimate(_mean_f1(draws, person, machine)[:, None], 0, len(checked)),
        answers=tuple(
            AnswerQuality(
                answer=answer,
                f1=_estimate(f1, place, int(person[:, place].sum())),
                precision=_share(person[machine[:, place], place]),
                recall=_share(machine[person[:, place], place]),
                people=int(person[:, place].sum()),
                machine=int(machine[:, place].sum()),
                share_counted=_weighed_share(machine[:, place], weights),
                share=_estimate(shares, place, len(checked)),
            )
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
    if not people:
        return False, 0.0
    truth, one, other = (sets_of(sets, answers) for sets in (people, new, old))
    draws = _draws(len(people))
    wins = float(np.mean(_mean_f1(draws, truth, one) > _mean_f1(draws, truth, other)))
    return wins >= sure, wins


def difference(
    people: Sequence[frozenset[str]],
    new: Sequence[frozenset[str]],
    old: Sequence[frozenset[str]],
    answers: Sequence[str],
) -> Estimate:
    """Return by how much the mean F1 of one machine is above another's, on the same texts.

    The interval is of the difference itself: in each draw both answer about the same texts.
    """
    truth, one, other = (sets_of(sets, answers) for sets in (people, new, old))
    draws = _draws(len(people))
    apart = _mean_f1(draws, truth, one) - _mean_f1(draws, truth, other)
    return _estimate(apart[:, None], 0, len(people))


def mean_f1(person: Flags, machine: Flags) -> float:
    """Return the mean F1 over the answers that people gave at least once."""
    return float(_mean_f1(np.ones((1, len(person))), person, machine)[0])


def mend(counted: float, *, found: float, alarms: float) -> float | None:
    """Return a share that a machine counted, mended by how often it errs.

    Forman's adjusted count: (counted − false alarms) / (found − false alarms), where *found* is
    the share of right texts it finds. Unknown for a machine that hardly tells them apart.
    """
    if found - alarms < LEAST_TELLING:
        return None
    return float(np.clip((counted - alarms) / (found - alarms), 0, 1))


def sets_of(sets: Sequence[frozenset[str]], answers: Sequence[str]) -> Flags:
    """Return answers given as one row for each text and one column for each answer."""
    rows = [[answer in given for answer in answers] for given in sets]
    return np.array(rows, dtype=bool).reshape(-1, len(answers))


def _draws(count: int) -> Floats:
    """Return how often each text is in each draw; the first row is the texts as they are."""
    if not count:
        return np.ones((1, 0))
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(count, np.full(count, 1 / count), DRAWS)
    return np.concatenate([np.ones((1, count)), drawn])


def _f1(draws: Floats, person: Flags, machine: Flags) -> Floats:
    """Return the F1 of each answer in each draw; nobody and nothing gave it: not a number."""
    both, either = draws @ (person & machine), draws @ person + draws @ machine
    return _divided(2 * both, either)


def _mean_f1(draws: Floats, person: Flags, machine: Flags) -> Floats:
    given = draws @ person > 0
    f1 = np.where(given, np.nan_to_num(_f1(draws, person, machine)), 0)
    return np.nan_to_num(_divided(f1.sum(axis=1), given.sum(axis=1)))


def _mended(draws: Floats, person: Flags, machine: Flags) -> Floats:
    """Return the share of each answer in each draw, mended; see ``mend``."""
    counted = _divided(draws @ machine, draws.sum(axis=1, keepdims=True))
    found = _divided(draws @ (person & machine), draws @ person)
    alarms = _divided(draws @ (~person & machine), draws @ ~person)
    apart = np.where(found - alarms >= LEAST_TELLING, found - alarms, np.nan)
    return np.clip((counted - alarms) / apart, 0, 1)


def _divided(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(below > 0, above / below, np.nan)
    return found


def _estimate(figures: Floats, place: int, n: int) -> Estimate:
    """Return a figure and where it falls in the draws."""
    value, drawn = figures[0, place], figures[1:, place]
    known = drawn[~np.isnan(drawn)]
    if n == 0 or np.isnan(value) or len(known) < MOST_LOST * DRAWS:
        return Estimate(value=None, n=n)
    low, high = np.percentile(known, [LOW, HIGH])
    return Estimate(value=float(value), low=float(low), high=float(high), n=n)


def _share(flags: Flags) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _weighed_share(flags: Flags, weights: Floats) -> float | None:
    return float(weights[flags].sum() / weights.sum()) if len(flags) else None


def _by(names: Sequence[str], exact: Flags) -> dict[str, Estimate]:
    return {
        name: _accuracy(exact[np.array([one == name for one in names])])
        for name in sorted(set(names))
    }


def _accuracy(exact: Flags) -> Estimate:
    n = len(exact)
    if n < LEAST:
        return Estimate(value=None, n=n)
    share = float(exact.mean())
    low, high = wilson(share, n)
    return Estimate(value=share, low=low, high=high, n=n)


def wilson(share: float, n: int, z: float = 1.645) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(max(middle - half, 0)), float(min(middle + half, 1))
