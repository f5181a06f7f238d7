"""The Index's own method, dated 2026.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from vigie.index.checking import worked_example, written
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.scoring import DIMENSION_LABELS, WEIGHTS, Floats, Scored, figures_of, score
from vigie.index.sums import Scores
from vigie.words import _

NAME = "vigie"
VERSION = "2026.1"
GOLDEN: Mapping[str, tuple[float | None, float, float]] = {
    "northfield": (9_000.0, 7.0, 0.4),
    "southbridge": (4_000.0, 3.5, 0.1),
    "eastmere": (2_000.0, 14.0, 0.1),
    "westholm": (None, 1.0, -0.2),
}
"""Followers, posts per week and overperformance on one network; a fifth has no account."""
GOLDEN_SCORES: Mapping[str, str] = {
    "northfield": "77.778",
    "southbridge": "45.833",
    "eastmere": "51.389",
    "westholm": "12.500",
    "lakeview": "0.000",
}
"""Worked by hand from the definition."""


class Vigie(Method):
    """Four dimensions, each scored inside the peer group and the network.

    *Audience* (followers), *activity* (posts per week, saturating at the group's 75th
    percentile so that flooding earns nothing), *engagement* (what posts earn beyond what the
    network, the kind of post and the audience predict) and *responsiveness* (questions
    answered within 24 hours). A score is the mid-rank percentile, 0 to 100, among those
    present; absent scores 0; unknown is not scored. Networks weigh what the group's public
    weighs on them; the four dimensions weigh 0.25 each in 2026.1. A dimension too little is
    known of leaves the composite, and this is said.
    """

    label = _("Vigie 2026.1")
    author = "Vigie"
    since = "2026"
    needs = frozenset({"followers"})

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """List the composite score, then each dimension in use."""
        scored = score(figures_of(entries), WEIGHTS[VERSION])
        names = scored.figures.institutions
        return [
            Listing(
                name="overall", label=_("Composite score"), scores=_known(names, scored.totals)
            ),
            *(
                Listing(
                    name=dimension,
                    label=DIMENSION_LABELS[dimension],
                    scores=_known(names, _dimension(scored, d)),
                )
                for d, dimension in enumerate(scored.dimensions)
                if scored.dimension_weights[d] > 0
            ),
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Score a small golden group whose scores were worked by hand."""
        scores = self.listings(golden_entries())[0].scores
        for institution, expected in GOLDEN_SCORES.items():
            yield worked_example(
                NAME,
                institution,
                expected=expected,
                computed=written(scores[institution], 3),
                source_url="",
            )


def golden_entries() -> list[Entry]:
    """Return the golden group: four accounts on one network, one unknown, one absence."""
    return [
        Entry(institution="lakeview", network="bluesky", is_present=False),
        *(
            Entry(
                institution=institution,
                network="bluesky",
                metrics={
                    "followers": followers,
                    "posting_frequency": frequency,
                    "overperformance": over,
                },
            )
            for institution, (followers, frequency, over) in GOLDEN.items()
        ),
    ]


def _known(names: Sequence[str], values: Floats) -> Scores:
    return {
        name: None if value != value else float(value)
        for name, value in zip(names, values, strict=True)
    }


def _dimension(scored: Scored, d: int) -> Floats:
    """Average one dimension over the networks, by their weights."""
    weights = scored.network_weights[:, d]
    total = np.zeros(len(scored.totals))
    for n, weight in enumerate(weights):
        if weight > 0:
            total = total + weight * scored.scores[:, n, d]
    return total
