"""The pictures of what the inbox teaches: who still waits day after day, and week after week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from vigie.inbox.figures import Taught
from vigie.inbox.message_days import Exchanged
from vigie.measure.waiting import Curve, Estimate
from vigie.present.colours import ACCENT, INK, MUTED
from vigie.present.document import Cell, Chart, Column, Grid, Interval
from vigie.present.writing import Day, Percent
from vigie.words import Words, _

DAYS = 14
"""Days that the curve of waiting shows."""
MARK = 7.0
"""The day at which silence is counted."""
SHORT_DAY = "%-d %b"
HALF = timedelta(days=4)
"""Room at both ends of a chart of weeks."""
Spec = dict[str, Any]


def waiting_chart(waits: Curve) -> Chart:
    """Draw which share still waits, day after day, silence censored."""
    rows = [_left(waits, day) for day in _moments(waits)]
    x: Spec = {
        "field": "day",
        "type": "quantitative",
        "title": _("days since they wrote"),
        "scale": {"domain": [0, DAYS], "nice": False},
        "axis": {"tickCount": 8, "grid": False, "format": "d"},
    }
    y: Spec = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
    }
    band: Spec = {
        "mark": {"type": "area", "interpolate": "step-after", "color": MUTED, "fillOpacity": 0.22},
        "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}},
    }
    line: Spec = {
        "mark": {"type": "line", "interpolate": "step-after", "color": ACCENT},
        "encoding": {"y": {"field": "share", **y}},
    }
    week: Spec = {
        "data": {"values": [{"day": MARK}]},
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 3]},
        "encoding": {"x": x},
    }
    drawn = {"data": {"values": rows}, "height": 220, "encoding": {"x": x},
             "layer": [band, line, week]}  # fmt: skip
    return Chart(
        title=_("Who still waits, day after day"),
        sentence=_waiting_sentence(waits),
        description=drawn,
        table=_waiting_table(waits),
    )


def _moments(waits: Curve) -> list[float]:
    """Return the moments at which the curve is drawn: each hour of the fortnight at most."""
    last = min(float(DAYS), float(waits.lasted.max(initial=0.0)))
    return [float(day) for day in np.arange(0.0, last + 1e-9, 1 / 24)]


def _left(waits: Curve, day: float) -> Mapping[str, float | None]:
    found = still_waiting(waits, day)
    return {"day": round(day, 4), "share": found.value, "low": found.low, "high": found.high}


def still_waiting(waits: Curve, day: float) -> Estimate:
    """Return the share that still waits after so many days."""
    return waits.within(day).rest


def _waiting_sentence(waits: Curve) -> Words:
    day, week = still_waiting(waits, 1.0), still_waiting(waits, MARK)
    if day.value is None:
        return _("Too little is known yet: nobody was followed for a day.")
    if week.value is None:
        return _("{share} still wait after a day.", share=Percent(day.value))
    return _(
        "{first} still wait after a day, {later} after seven (the dashed line). The true curve "
        "lies in the grey band nine times in ten.",
        first=Percent(day.value),
        later=Percent(week.value),
    )


def _waiting_table(waits: Curve) -> Grid:
    rows: list[dict[str, Cell]] = []
    for day in range(1, DAYS + 1):
        found = still_waiting(waits, float(day))
        share = Interval(value=found.value, low=found.low, high=found.high)
        followed = waits.followed(day) + int(np.searchsorted(waits.ended, day, side="left"))
        rows.append({"day": day, "share": share, "n": followed})
    return Grid(
        name="waiting",
        caption=_("Share that still waits, by day"),
        columns=[
            Column(key="day", label=_("Days"), kind="integer", is_row_header=True),
            Column(key="share", label=_("Still waiting"), kind="percent", decimals=0),
            Column(key="n", label=_("Conversations followed so long"), kind="integer"),
        ],
        rows=rows,
    )


def volume_chart(weeks: Mapping[date, Taught], closed: Mapping[date, int], table: Grid) -> Chart:
    """Draw how many came each week, how many of these nobody answered, and how many were closed."""
    rows: list[Spec] = [
        {"week": week, "came": one.came, "unanswered": one.unanswered, "closed": closed[week]}
        for week, one in weeks.items()
    ]
    return Chart(
        title=_("Conversations that came and that were closed, week by week"),
        sentence=_volume_sentence(weeks),
        description=_bars_and_line(rows, bars={"came": ACCENT, "unanswered": MUTED}, line="closed"),
        table=table,
    )


def messages_chart(weeks: Mapping[date, Exchanged], table: Grid) -> Chart:
    """Draw how many messages came each week, and how many went out."""
    rows: list[Spec] = [
        {"week": week, "incoming": one.incoming, "outgoing": one.outgoing}
        for week, one in weeks.items()
    ]
    fullest = max(weeks, key=lambda week: weeks[week].incoming)
    return Chart(
        title=_("Messages in and out, week by week"),
        sentence=_(
            "Most came in the week of {week}: {count}. The bars are the messages that came, the "
            "line those that we sent.",
            week=Day(fullest),
            count=weeks[fullest].incoming,
        ),
        description=_bars_and_line(rows, bars={"incoming": ACCENT}, line="outgoing"),
        table=table,
    )


def _bars_and_line(rows: Sequence[Spec], *, bars: Mapping[str, str], line: str) -> Spec:
    """Draw weeks as bars one before the other, the last in front, and a line over them."""
    y: Spec = {"type": "quantitative", "title": None, "axis": {"format": ",d", "tickCount": 4}}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": colour, "size": _width(len(rows))},
         "encoding": {"y": {"field": name, **y}}}
        for name, colour in bars.items()
    ]  # fmt: skip
    layers.append(
        {"mark": {"type": "line", "color": INK, "point": {"color": INK}},
         "encoding": {"y": {"field": line, **y}}}
    )  # fmt: skip
    weeks = [row["week"] for row in rows]
    return {"data": {"values": rows}, "height": 170, "encoding": {"x": _weeks(weeks)},
            "layer": layers}  # fmt: skip


def _volume_sentence(weeks: Mapping[date, Taught]) -> Words:
    fullest = max(weeks, key=lambda week: weeks[week].came)
    return _(
        "Most came in the week of {week}: {count}. The grey part of a bar is what nobody answered "
        "so far; the line is what was closed in each week, whenever it came.",
        week=Day(fullest),
        count=weeks[fullest].came,
    )


def punctual_chart(weeks: Mapping[date, Taught], table: Grid) -> Chart:
    """Draw the share that was silent at the target each week, with its interval."""
    known = {
        week: share
        for week, one in weeks.items()
        if (share := one.silent_at_target.value) is not None
    }
    rows = [
        {"week": week, "share": share, "low": weeks[week].silent_at_target.low,
         "high": weeks[week].silent_at_target.high}
        for week, share in known.items()
    ]  # fmt: skip
    y: Spec = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
    }
    whiskers: Spec = {
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.5},
        "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}},
    }
    dots: Spec = {"mark": {"type": "point"}, "encoding": {"y": {"field": "share", **y}}}
    drawn = {
        "data": {"values": rows}, "height": 150, "encoding": {"x": _weeks(list(weeks))},
        "layer": [whiskers, dots],
    }  # fmt: skip
    worst = max(known, key=lambda week: known[week])
    return Chart(
        title=_("Not answered when the target was reached, week by week"),
        sentence=_(
            "The worst week was that of {week}: {share}. A week with too few conversations has no "
            "point.",
            week=Day(worst),
            share=Percent(known[worst]),
        ),
        description=drawn,
        table=table,
    )


def _weeks(weeks: Sequence[date]) -> Spec:
    step = max(1, round(len(weeks) / 7))
    return {
        "field": "week",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [_day(min(weeks) - HALF), _day(max(weeks) + HALF)]},
        "axis": {"format": SHORT_DAY, "grid": False, "values": list(weeks)[::step]},
    }


def _day(day: date) -> Spec:
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def _width(count: int) -> float:
    return max(4.0, round(480 / max(count, 1), 1))
