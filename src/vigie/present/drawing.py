"""Charts of names: ranks with their whiskers, bars from zero, honest by construction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vigie.present.colours import ACCENT, INK, MUTED, PALETTE
from vigie.present.document import Chart, Grid, Said
from vigie.words import _

ROW = 20
"""Height of one row of a chart of names."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One name of a chart with its figure; ``word`` is shown where there is no figure."""

    name: Said
    value: float | None
    low: float | None = None
    high: float | None = None
    is_mine: bool = False
    word: Said = field(default_factory=lambda: _("unknown"))


Spec = dict[str, object]


def rank_chart(*, title: Said, sentence: Said, marks: Sequence[Mark], table: Grid) -> Chart:
    """Draw ranks as dots with their whiskers, first at the top, first at the left."""
    last = _highest(marks)
    scale: Spec = {"domain": [0.5, last + 0.5], "nice": False, "zero": False}
    axis: Spec = {"format": "d", "orient": "top", "values": _places(last)}
    across: Spec = {"scale": scale, "axis": axis, "title": _("rank")}
    description = _named(marks, [_whiskers(across), _dots(across), _missing()])
    return Chart(title=title, sentence=sentence, description=description, table=table)


def bar_chart(
    *,
    title: Said,
    sentence: Said,
    marks: Sequence[Mark],
    table: Grid,
    axis: Said = "",
    number: str = ",d",
) -> Chart:
    """Draw bars from zero with their figures and whiskers."""
    # Room at the right for the figure written after the longest bar.
    scale: Spec = {"domain": [0, (_highest(marks) or 1) * 1.15], "nice": False}
    ticks: Spec = {"tickCount": 5, "format": number}
    across: Spec = {"scale": scale, "axis": ticks, "title": axis or None}
    description = _named(
        marks, [_bars(across), _whiskers(across), *_labels(number, beyond="end"), _missing()]
    )
    return Chart(title=title, sentence=sentence, description=description, table=table)


def bar_panels(
    *,
    title: Said,
    sentence: Said,
    panels: Sequence[tuple[Said, Sequence[Mark]]],
    table: Grid,
    highest: float = 100,
) -> Chart:
    """Draw one small chart of bars per panel, side by side on the same scale."""
    width = max(90, (600 - 24 * len(panels)) // max(len(panels), 1))
    charts: list[Spec] = []
    names: object = []
    for place, (name, marks) in enumerate(panels):
        scale: Spec = {"domain": [0, highest]}
        across: Spec = {"scale": scale, "axis": {"tickCount": 3, "format": "d"}, "title": None}
        labels = _labels(",.0f")
        chart = _named(marks, [_bars(across), *labels, _missing()], shows_names=place == 0)
        names = chart.pop("params")
        charts.append({**chart, "width": width, "title": name})
    description: Spec = {"hconcat": charts, "spacing": 24, "params": names}
    return Chart(title=title, sentence=sentence, description=description, table=table)


def _named(marks: Sequence[Mark], layers: Sequence[Spec], *, shows_names: bool = True) -> Spec:
    """Return rows of names: the place orders them, so two may bear the same name."""
    values = [
        {
            "place": place,
            "value": mark.value,
            "low": mark.low,
            "high": mark.high,
            "end": mark.value if mark.high is None else mark.high,
            "mine": mark.is_mine,
            "word": mark.word,
        }
        for place, mark in enumerate(marks)
    ]
    axis: Spec = {"grid": False, "labelExpr": "names[datum.value]", "title": None}
    return {
        "data": {"values": values},
        "params": [{"name": "names", "value": [mark.name for mark in marks]}],
        "height": ROW * max(len(marks), 1),
        "encoding": {
            "y": {
                "field": "place",
                "type": "ordinal",
                "axis": axis if shows_names else None,
                "scale": {"domain": list(range(len(marks)))},
            }
        },
        "layer": list(layers),
    }


def _highest(marks: Sequence[Mark]) -> float:
    return max((v for mark in marks for v in (mark.value, mark.high) if v is not None), default=0)


def _places(last: float) -> list[int]:
    """Return the ranks to write on the axis: the first, then round ones."""
    step = next((s for s in (1, 5, 10, 20, 50, 100, 200, 500) if last / s <= 12), 1000)
    return sorted({1, *range(step, int(last) + 1, step)})


def _emphasis() -> Spec:
    return {"condition": {"test": "datum.mine", "value": PALETTE[1]}, "value": ACCENT}


def _whiskers(across: Spec) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "mark": {"type": "rule", "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", **across},
            "x2": {"field": "high"},
            "color": {"condition": {"test": "datum.mine", "value": PALETTE[1]}, "value": MUTED},
        },
    }


def _dots(across: Spec) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.value)"}],
        "mark": {"type": "point", "filled": True},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", **across},
            "color": _emphasis(),
            "size": {"condition": {"test": "datum.mine", "value": 90}, "value": 45},
        },
    }


def _bars(across: Spec) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.value)"}],
        "mark": {"type": "bar", "height": ROW * 0.6},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", **across},
            "color": _emphasis(),
        },
    }


def _labels(number: str, *, beyond: str = "value") -> list[Spec]:
    """Write figures to the right of their bars, or of the whiskers where these are drawn."""
    return [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
            "encoding": {
                "x": {"field": beyond, "type": "quantitative"},
                "text": {"field": "value", "type": "quantitative", "format": number},
                "color": {"value": INK},
            },
        }
    ]


def _missing() -> Spec:
    """Write the word where there is no figure, so that unknown never looks like zero."""
    return {
        "transform": [{"filter": "!isValid(datum.value)"}],
        "mark": {"type": "text", "align": "left", "dx": 4, "fontStyle": "italic", "fontSize": 11},
        "encoding": {
            "x": {"value": 0},
            "text": {"field": "word", "type": "nominal"},
            "color": {"value": MUTED},
        },
    }
