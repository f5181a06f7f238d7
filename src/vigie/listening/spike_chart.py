"""The two charts of a spike: what came beside what was expected, and the surprises summed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from vigie.listening.forecast import LEAST_SEEN, Forecast
from vigie.listening.rising import Rising
from vigie.listening.series import Series, Watched
from vigie.model import Spike
from vigie.present.colours import ACCENT, MUTED, PALETTE
from vigie.present.document import Chart, Column, Grid, Interval
from vigie.words import Words, _

BEFORE, AFTER = 60, 10
"""Days shown before and after."""
WIDTH_OF_DAY = "%-d %b"
Spec = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class DayShown:
    """One day of the charts."""

    day: date
    posts: int | None
    """Unknown where hardly anything was collected."""
    expected: float | None
    """Unknown where not enough was seen before."""
    low: float | None
    high: float | None
    mean: float | None
    """Of the surprises, in standard deviations."""
    is_found: bool


def days_shown(spike: Spike, watched: Watched, told: Forecast, slow: Rising) -> list[DayShown]:
    """Return the days around a spike of its series; none where it is no longer watched."""
    series = Series(query=spike.query, facet=spike.facet, value=spike.value)
    if series not in watched.series:
        return []
    row = watched.series.index(series)
    low, high = told.band()
    at = (spike.day - watched.counts.days[0]).days
    places = range(max(at - BEFORE, 0), min(at + AFTER + 1, len(watched.counts.days)))
    return [
        DayShown(
            day=watched.counts.days[place],
            posts=int(watched.counts.posts[row, place])
            if watched.counts.seen[row, place] >= LEAST_SEEN
            else None,
            expected=_known(told.expected[row, place], told.is_judged[row, place]),
            low=_known(low[row, place], told.is_judged[row, place]),
            high=_known(high[row, place], told.is_judged[row, place]),
            mean=_known(slow.mean[row, place], np.isfinite(slow.scores[row, place])),
            is_found=place == at,
        )
        for place in places
    ]


def _known(value: float, is_known: object) -> float | None:
    return round(float(value), 2) if is_known else None


def counts_chart(days: list[DayShown]) -> Chart:
    """Draw the posts of each day over the band in which nine such days in ten lie."""
    band: Spec = {
        "mark": {"type": "area", "interpolate": "step", "color": MUTED, "fillOpacity": 0.22},
        "encoding": {"y": _y("low"), "y2": {"field": "high"}},
    }
    expected: Spec = {
        "mark": {"type": "line", "interpolate": "step", "color": MUTED, "strokeWidth": 1,
                 "strokeDash": [4, 3]},
        "encoding": {"y": _y("expected")},
    }  # fmt: skip
    return Chart(
        title=_("Posts a day, beside what was expected"),
        sentence=_(
            "The line is what came, the dashed one what was expected; nine such days in ten lie in "
            "the grey band. The point is the day in question."
        ),
        description=_drawn(days, [band, expected, _line("posts"), _marked("posts")], height=220),
        table=_table(days),
    )


def means_chart(days: list[DayShown]) -> Chart:
    """Draw the slow chart: what sums up over days."""
    zero: Spec = {
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 3]},
        "encoding": {"y": {"datum": 0}},
    }
    return Chart(
        title=_("The slow chart: surprises summed up"),
        sentence=_(
            "Each day is laid beside the weeks before the last fortnight; what adds up day after "
            "day rises here even when no single day stands out. In ordinary times it stays between "
            "−3 and 3."
        ),
        description=_drawn(days, [zero, _line("mean"), _marked("mean")], height=140),
        table=Grid(
            name="slow-chart",
            caption=_("The slow chart by day"),
            columns=[
                Column(key="day", label=_("Day"), kind="date", is_row_header=True),
                Column(key="mean", label=_("Surprises, in standard deviations"), kind="decimal"),
            ],
            rows=[{"day": one.day, "mean": one.mean} for one in days],
        ),
    )


def _drawn(days: list[DayShown], layers: list[Spec], *, height: int) -> Spec:
    x: Spec = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": WIDTH_OF_DAY, "grid": False, "tickCount": 6, "labelFlush": True},
    }
    rows = [
        {"day": one.day, "posts": one.posts, "expected": one.expected, "low": one.low,
         "high": one.high, "mean": one.mean, "found": one.is_found}
        for one in days
    ]  # fmt: skip
    return {"data": {"values": rows}, "height": height, "encoding": {"x": x}, "layer": layers}


def _y(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 4, "format": ",d"},
    }


def _line(field: str) -> Spec:
    return {
        "mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.8},
        "encoding": {"y": _y(field)},
    }


def _marked(field: str) -> Spec:
    return {
        "transform": [{"filter": f"datum.found && isValid(datum.{field})"}],
        "mark": {"type": "point", "filled": True, "size": 90, "color": PALETTE[1]},
        "encoding": {"y": _y(field)},
    }


def _table(days: list[DayShown]) -> Grid:
    return Grid(
        name="days-around",
        caption=_("Posts a day, and what was expected"),
        columns=[
            Column(key="day", label=_("Day"), kind="date", is_row_header=True),
            Column(key="posts", label=_("Posts"), kind="integer"),
            Column(key="expected", label=_("Expected"), kind="decimal"),
            Column(key="band", label=_("Nine days in ten"), kind="integer", is_range=True),
        ],
        rows=[
            {"day": one.day, "posts": one.posts, "expected": one.expected,
             "band": Interval(value=None, low=one.low, high=one.high)}
            for one in days
        ],
        note=_unseen(days),
    )  # fmt: skip


def _unseen(days: list[DayShown]) -> Words | None:
    missing = sum(one.posts is None for one in days)
    if not missing:
        return None
    return _("On {count} of these days hardly anything was collected; they are not judged.",
             count=missing)  # fmt: skip
