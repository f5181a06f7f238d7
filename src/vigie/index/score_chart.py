"""The scores behind a place: by network and dimension, as a picture and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vigie.model import StandingPart
from vigie.present import naming
from vigie.present.document import Cell, Chart, Column, Grid, Link
from vigie.present.drawing import Mark, bar_panels
from vigie.present.writing import Number
from vigie.words import Words, _


def score_chart(parts: Sequence[StandingPart]) -> Chart:
    """Draw the scores of one institution: a panel per dimension, a bar per network."""
    networks = sorted({part.network for part in parts})
    dimensions = list(dict.fromkeys(part.dimension for part in parts))
    by_place = {(part.network, part.dimension): part for part in parts}
    panels = [
        (
            naming.dimension(dimension),
            [_mark(network, by_place.get((network, dimension))) for network in networks],
        )
        for dimension in dimensions
    ]
    return bar_panels(
        title=_("Scores inside the peer group, 0 to 100"),
        sentence=_scores_words(parts),
        panels=panels,
        table=_parts_grid(parts),
    )


def _mark(network: str, part: StandingPart | None) -> Mark:
    name = naming.network(network)
    if part is None:
        return Mark(name=name, value=None, word=_("not scored"))
    if not part.is_present:
        return Mark(name=name, value=None, word=_("absent"))
    return Mark(name=name, value=part.score)


def _scores_words(parts: Sequence[StandingPart]) -> Words:
    known = [part for part in parts if part.score is not None and part.is_present]
    if not known:
        return _("No score is known.")
    best = max(known, key=lambda part: part.score or 0)
    worst = min(known, key=lambda part: part.score or 0)
    return _(
        "Strongest: {best} on {best_network} ({best_score}). Weakest: {worst} on {worst_network} "
        "({worst_score}). 50 is the middle of the group.",
        best=naming.dimension(best.dimension),
        best_network=naming.network(best.network),
        best_score=Number(best.score or 0),
        worst=naming.dimension(worst.dimension),
        worst_network=naming.network(worst.network),
        worst_score=Number(worst.score or 0),
    )


def _parts_grid(parts: Sequence[StandingPart]) -> Grid:
    rows: list[Mapping[str, Cell]] = [
        {
            "network": naming.network(part.network),
            "dimension": naming.dimension(part.dimension),
            "indicator": Link(
                text=naming.indicator(part.indicator), href=naming.indicator_path(part.indicator)
            ),
            "value": part.value if part.is_present else _("absent"),
            "score": part.score,
            "weight": part.weight,
        }
        for part in parts
    ]
    return Grid(
        name="scores",
        caption=_("Scores and weights"),
        columns=[
            Column(key="network", label=_("Network"), is_row_header=True),
            Column(key="dimension", label=_("Dimension")),
            Column(key="indicator", label=_("Indicator")),
            Column(key="value", label=_("Value"), kind="decimal", decimals=2),
            Column(key="score", label=_("Score"), kind="decimal"),
            Column(key="weight", label=_("Weight"), kind="percent"),
        ],
        rows=rows,
        note=_("A network where the institution has no account scores 0: absence is a fact."),
    )
