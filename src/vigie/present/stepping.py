"""Charts of what has happened by when: a curve that climbs in steps, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.present.colours import ACCENT, GRID, MUTED
from vigie.present.document import Chart, Grid, Said

Spec = dict[str, object]
HEIGHT = 260


@dataclass(frozen=True, kw_only=True)
class Climb:
    """The share reached at a moment, 0 to 1, and the ends of its interval."""

    at: float
    share: float
    low: float
    high: float


def step_chart(
    *,
    title: Said,
    sentence: Said,
    climbs: Sequence[Climb],
    table: Grid,
    axis: Said,
    ticks: Sequence[float],
    marked: float | None = None,
) -> Chart:
    """Draw a share from 0 to 100 % as a line of steps inside its interval.

    ``ticks`` are the moments written below, the last of them the end of the picture; ``marked`` is
    a moment that a line stands at.
    """
    last = ticks[-1]
    values = [{"at": one.at, "share": one.share, "low": one.low, "high": one.high}
              for one in _until(climbs, last)]  # fmt: skip
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": {"values": list(ticks), "format": "d", "grid": False},
        "title": axis,
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%", "tickCount": 5},
        "title": None,
    }
    band: Spec = {
        "mark": {"type": "area", "interpolate": "step-after", "color": GRID},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }
    line: Spec = {
        "mark": {"type": "line", "interpolate": "step-after", "color": ACCENT},
        "encoding": {"x": x, "y": {**y, "field": "share"}},
    }
    description: Spec = {
        "data": {"values": values},
        "height": HEIGHT,
        "layer": [band, *_line_at(marked), line],
    }
    return Chart(title=title, sentence=sentence, description=description, table=table)


def _until(climbs: Sequence[Climb], last: float) -> list[Climb]:
    """Return the steps of the picture: it begins at nothing, and is level to its right edge."""
    start = Climb(at=0.0, share=0.0, low=0.0, high=0.0)
    shown = [start, *(one for one in climbs if one.at <= last)]
    end = shown[-1]
    return [*shown, Climb(at=last, share=end.share, low=end.low, high=end.high)]


def _line_at(marked: float | None) -> list[Spec]:
    if marked is None:
        return []
    return [
        {
            "data": {"values": [{"at": marked}]},
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": MUTED},
            "encoding": {"x": {"field": "at", "type": "quantitative"}},
        }
    ]
