"""Scores on a common scale: mid-rank percentiles inside a group and a network, then weighted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.index.method import Entry
from vigie.present import naming
from vigie.words import Words, _

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "audience": ("followers",),
    "activity": ("posting_frequency",),
    "engagement": ("overperformance", "interactions_per_post"),
    "responsiveness": ("response_share_24h",),
}
"""What measures a dimension: the first indicator known for half of those present."""
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "2026.1": {"audience": 0.25, "activity": 0.25, "engagement": 0.25, "responsiveness": 0.25}
}
"""Dated: a change of weights is a new name, never an edit."""
DIMENSION_LABELS: Mapping[str, Words] = {
    "audience": _("audience"),
    "activity": _("activity"),
    "engagement": _("engagement"),
    "responsiveness": _("responsiveness"),
}
INDICATOR_LABELS: Mapping[str, Words] = {
    "followers": _("followers"),
    "posting_frequency": _("posts per week"),
    "overperformance": _("overperformance"),
    "interactions_per_post": _("interactions per post"),
    "response_share_24h": _("share answered within 24 hours"),
}
KNOWN_SHARE = 0.5
"""Below this share of known figures an indicator does not measure a dimension."""
SATURATION = 0.75
"""Posting beyond this quantile of the group earns nothing more."""
DIGITS = 9
"""Scores are rounded here, so that a tie is a tie on every machine."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is known of one group: who is present where, and the figures (NaN is unknown)."""

    institutions: tuple[str, ...]
    networks: tuple[str, ...]
    present: Booleans
    """Institution × network."""
    metrics: Mapping[str, Floats]
    """Metric → institution × network."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Scores of one group: institution × network × dimension, and what they add up to."""

    figures: Figures
    dimensions: tuple[str, ...]
    indicators: Mapping[tuple[int, int], str]
    """(network, dimension) → the indicator that measures it; missing: not in use there."""
    values: Floats
    """The figure each score was made from; NaN where unknown or absent."""
    scores: Floats
    """0 to 100; 0 where absent; NaN where unknown or not in use."""
    dimension_weights: Floats
    """Of the dimensions in use; the others are 0; sum 1."""
    network_weights: Floats
    """Network × dimension; each dimension in use sums to 1."""
    totals: Floats
    """The composite score; NaN where none of an institution's accounts was looked at."""
    coverage: Floats
    """Share of the weight that is known (absent counts as known)."""
    caveats: tuple[Words, ...]

    @property
    def weights(self) -> Floats:
        """Return the share of the whole score of each network × dimension."""
        return self.network_weights * self.dimension_weights[None, :]


def figures_of(entries: Iterable[Entry]) -> Figures:
    """Lay entries out as tables of institution × network; who is not mentioned is absent."""
    rows = list(entries)
    institutions = tuple(sorted({row.institution for row in rows}))
    networks = tuple(sorted({row.network for row in rows if row.is_present}))
    names = sorted({name for row in rows for name in row.metrics})
    line = {name: i for i, name in enumerate(institutions)}
    column = {name: j for j, name in enumerate(networks)}
    shape = (len(institutions), len(networks))
    present = np.zeros(shape, dtype=bool)
    metrics = {name: np.full(shape, np.nan) for name in names}
    for row in rows:
        if not row.is_present:
            continue
        place = (line[row.institution], column[row.network])
        present[place] = True
        for name, value in row.metrics.items():
            metrics[name][place] = np.nan if value is None else value
    return Figures(institutions=institutions, networks=networks, present=present, metrics=metrics)


def mid_rank_percentiles(values: Floats) -> Floats:
    """Return, along the last axis, the share below plus half the share equal, 0 to 100."""
    size = values.shape[-1]
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    first, last = _runs(ordered)
    found = np.empty_like(values, dtype=np.float64)
    np.put_along_axis(found, order, (first + last + 1) * (50.0 / size), axis=-1)
    return found


def _runs(ordered: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the run of equal values begins and ends, for each place in sorted order."""
    size = ordered.shape[-1]
    places = np.arange(size)
    differs = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*ordered.shape[:-1], 1), dtype=bool)
    begins = np.concatenate([edge, differs], axis=-1)
    ends = np.concatenate([differs, edge], axis=-1)
    first = np.maximum.accumulate(np.where(begins, places, 0), axis=-1)
    last = np.minimum.accumulate(np.where(ends, places, size)[..., ::-1], axis=-1)[..., ::-1]
    return first, last


def score(figures: Figures, weights: Mapping[str, float]) -> Scored:
    """Score a group by the dated method whose dimension weights are given."""
    dimensions = tuple(weights)
    indicators, caveats = _choose(figures, dimensions)
    values, scores = _score_parts(figures, dimensions, indicators)
    by_dimension, more = _share_out(dimensions, weights, indicators)
    by_network = _network_weights(figures, dimensions, indicators)
    totals, coverage = _add_up(scores, by_network * by_dimension[None, :])
    # Absences alone do not make a score of someone who is present where nobody looked.
    unseen = figures.present.any(axis=1) & ~np.isfinite(values).any(axis=(1, 2))
    totals[unseen] = np.nan
    return Scored(
        figures=figures,
        dimensions=dimensions,
        indicators=indicators,
        values=values,
        scores=scores,
        dimension_weights=by_dimension,
        network_weights=by_network,
        totals=totals,
        coverage=coverage,
        caveats=(*more, *caveats),
    )


def capped(values: Floats, dimension: str) -> Floats:
    """Return the figures as they are ranked: activity stops counting at the 75th percentile."""
    if dimension != "activity" or not values.size:
        return values
    return np.minimum(values, np.quantile(values, SATURATION))


def _choose(
    figures: Figures, dimensions: Sequence[str]
) -> tuple[dict[tuple[int, int], str], list[Words]]:
    chosen: dict[tuple[int, int], str] = {}
    caveats: list[Words] = []
    for n, network in enumerate(figures.networks):
        for d, dimension in enumerate(dimensions):
            for order, name in enumerate(DIMENSIONS[dimension]):
                if _is_known_enough(figures, name, n):
                    chosen[n, d] = name
                    if order:
                        caveats.append(stands_in(network, dimension, name))
                    break
        if not any((n, d) in chosen for d in range(len(dimensions))):
            caveats.append(
                _(
                    "{network} is left out: too few of its accounts were looked at.",
                    network=naming.network(network),
                )
            )
    return chosen, caveats


def stands_in(network: str, dimension: str, name: str) -> Words:
    """Say that another indicator measures a dimension on a network than the first choice."""
    return _(
        "On {network}, {dimension} is measured by “{indicator}”: “{better}” is known for too few.",
        network=naming.network(network),
        dimension=DIMENSION_LABELS[dimension],
        indicator=INDICATOR_LABELS[name],
        better=INDICATOR_LABELS[DIMENSIONS[dimension][0]],
    )


def _is_known_enough(figures: Figures, name: str, n: int) -> bool:
    present = figures.present[:, n]
    if name not in figures.metrics or not present.any():
        return False
    known = np.isfinite(figures.metrics[name][:, n]) & present
    return bool(known.any() and known.sum() >= KNOWN_SHARE * present.sum())


def _score_parts(
    figures: Figures, dimensions: Sequence[str], indicators: Mapping[tuple[int, int], str]
) -> tuple[Floats, Floats]:
    shape = (len(figures.institutions), len(figures.networks), len(dimensions))
    values, scores = np.full(shape, np.nan), np.full(shape, np.nan)
    for (n, d), name in indicators.items():
        present = figures.present[:, n]
        column = np.where(present, figures.metrics[name][:, n], np.nan)
        known = np.isfinite(column)
        values[known, n, d] = column[known]
        scores[~present, n, d] = 0.0
        scores[known, n, d] = mid_rank_percentiles(capped(column[known], dimensions[d]))
    return values, scores


def _share_out(
    dimensions: Sequence[str],
    weights: Mapping[str, float],
    indicators: Mapping[tuple[int, int], str],
) -> tuple[Floats, list[Words]]:
    """Share the weight of a dimension nobody is known on out over the others, and say so."""
    used = {d for _n, d in indicators}
    kept = [weights[name] if d in used else 0.0 for d, name in enumerate(dimensions)]
    caveats = [not_counted(name) for d, name in enumerate(dimensions) if d not in used]
    total = sum(kept)
    return np.array([one / total if total else 0.0 for one in kept]), caveats


def not_counted(dimension: str) -> Words:
    """Say that a dimension left the composite of a group."""
    return _(
        "The dimension “{dimension}” is not counted: too little of it is known in this "
        "group. Its weight is shared out over the others.",
        dimension=DIMENSION_LABELS[dimension],
    )


def audience_shares(figures: Figures) -> Floats:
    """Return each network's weight: where the group's public is.

    A network whose audience is unknown weighs as the others do on average; where none is
    known all weigh the same.
    """
    followers = figures.metrics.get("followers", np.full(figures.present.shape, np.nan))
    known = np.isfinite(followers) & figures.present
    sums = [float(followers[known[:, n], n].sum()) for n in range(len(figures.networks))]
    is_known = [bool(known[:, n].any()) for n in range(len(figures.networks))]
    total = sum(s for s, k in zip(sums, is_known, strict=True) if k)
    if not total:
        return np.full(len(sums), 1.0 / max(len(sums), 1))
    mean = total / sum(is_known)
    raw = [s if k else mean for s, k in zip(sums, is_known, strict=True)]
    return np.array([one / sum(raw) for one in raw])


def _network_weights(
    figures: Figures, dimensions: Sequence[str], indicators: Mapping[tuple[int, int], str]
) -> Floats:
    shares = audience_shares(figures)
    found = np.zeros((len(figures.networks), len(dimensions)))
    for d in range(len(dimensions)):
        used = [n for n in range(len(figures.networks)) if (n, d) in indicators]
        total = sum(shares[n] for n in used)
        for n in used:
            found[n, d] = shares[n] / total if total else 1.0 / len(used)
    return found


def _add_up(scores: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Average the known scores; a fixed order of addition gives the same digits everywhere."""
    total = np.zeros(scores.shape[0])
    known = np.zeros(scores.shape[0])
    for n, d in np.ndindex(*weights.shape):
        if weights[n, d] > 0:
            here = np.isfinite(scores[:, n, d])
            total += np.where(here, scores[:, n, d], 0.0) * weights[n, d]
            known += here * weights[n, d]
    composite: Floats = np.full(len(total), np.nan)
    np.divide(total, known, out=composite, where=known > 0)
    coverage: Floats = np.minimum(known, 1.0).round(DIGITS)
    return composite.round(DIGITS), coverage
