"""Charts over months: a line never crosses an unknown month or a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.present.colours import ACCENT, MUTED, PALETTE
from vigie.present.document import Chart, Grid, Said

MONTH_FORMAT = "%b %Y"
NAME_ROOM = 16
"""Height a name takes at the end of its line."""
WIDE = 740
AXIS_ROOM = 76
"""Width that the figures of an axis take beside a small chart."""
PANEL = 96
"""Height of a small chart."""

Spec = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Break:
    """A day across which a series cannot be compared with itself."""

    day: date
    words: Said = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """A name and its figures month by month; an unknown month is a gap."""

    name: Said
    points: Sequence[tuple[date, float | None]]
    breaks: Sequence[Break] = ()

    def is_broken(self, *, after: date, until: date) -> bool:
        """Say whether a break lies between the ends of two months.

        A figure is that of its month's end: a purge in March parts February from March.
        """
        return any(after < broken.day.replace(day=1) <= until for broken in self.breaks)


def line_chart(
    *,
    title: Said,
    sentence: Said,
    series: Sequence[Series],
    table: Grid,
    number: str = ",d",
    height: int = 240,
) -> Chart:
    """Draw up to seven series over months, each named where its line ends."""
    rows = [row for place, line in enumerate(series) for row in _segments(line, place)]
    ends = _ends(rows, [line.name for line in series], height)
    months = _span(series)
    colour: Spec = {
        "field": "place",
        "type": "ordinal",
        "scale": {"domain": list(range(len(PALETTE))), "range": list(PALETTE)},
    }
    lines = _lines(number, colour, months=months)
    named: Spec = {
        "data": {"values": ends},
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {
            **_month_and_value(number, months, value="label_at"),
            "text": {"field": "name", "type": "nominal"},
            "color": colour,
        },
    }
    description: Spec = {
        "data": {"values": rows},
        "height": height,
        "layer": [*_break_rules(series, has_words=True), *lines, named],
    }
    return Chart(title=title, sentence=sentence, description=description, table=table)


def small_multiples(
    *,
    title: Said,
    sentence: Said,
    series: Sequence[Series],
    table: Grid,
    number: str = ",d",
    columns: int = 3,
) -> Chart:
    """Draw one small chart per series, each on its own scale, which its axis says."""
    columns = 2 if len(series) == 4 else max(1, min(columns, len(series)))
    width = WIDE // columns - AXIS_ROOM
    months = _span(series)
    panels = [_panel(line, number, width, months) for line in series]
    # Plots are aligned by their frames, not by the width of what their axes say.
    description: Spec = {
        "concat": panels,
        "columns": columns,
        "bounds": "flush",
        "align": "none",
        "spacing": {"row": 62, "column": AXIS_ROOM},
    }
    return Chart(title=title, sentence=sentence, description=description, table=table)


def _panel(line: Series, number: str, width: int, months: Sequence[date]) -> Spec:
    return {
        "data": {"values": _segments(line, 0)},
        "width": width,
        "height": PANEL,
        "layer": [
            _heading(line.name),
            *_break_rules([line], has_words=False),
            *_lines(number, {"value": ACCENT}, months=months, ticks=2),
        ],
    }


def _heading(name: Said) -> Spec:
    """Return the name of a small chart; a title of its own would float above its axis."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontWeight": "bold"},
        "encoding": {"x": {"value": 0}, "y": {"value": -12}, "text": {"value": name}},
    }


def _segments(line: Series, place: int) -> list[Spec]:
    """Number the stretches between unknown months and breaks: a line never crosses either."""
    rows: list[Spec] = []
    stretch = 0
    previous: date | None = None
    for month, value in line.points:
        broken = previous is not None and line.is_broken(after=previous, until=month)
        if value is None or broken:
            stretch += 1
        if value is not None:
            rows.append({"month": month, "value": value, "place": place, "stretch": stretch})
        previous = month
    return rows


def _span(series: Sequence[Series]) -> list[date]:
    """Return the months of a picture, from the first in which anything is known."""
    known = [month for line in series for month, value in line.points if value is not None]
    every = sorted({month for line in series for month, _value in line.points})
    return [month for month in every if known and month >= min(known)]


def _ends(rows: Sequence[Spec], names: Sequence[Said], height: int) -> list[Spec]:
    """Name each line at its last known month; names that would touch are moved apart."""
    last = {row["place"]: row for row in rows}
    ends = sorted(last.values(), key=lambda row: (_number(row["value"]), _number(row["place"])))
    values = [_number(row["value"]) for row in rows]
    least = (max(values) - min(values)) * NAME_ROOM / height if values else 0
    found: list[Spec] = []
    at = float("-inf")
    for row in ends:
        at = max(_number(row["value"]), at + least)
        found.append({**row, "label_at": at, "name": names[int(_number(row["place"]))]})
    return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _month_and_value(
    number: str, months: Sequence[date], *, ticks: int = 5, value: str = "value"
) -> Spec:
    # All panels share their months, so that a gap at an end is seen as one.
    span: Spec = {"domain": [_moment(months[0]), _moment(months[-1])]} if len(months) > 1 else {}
    return {
        "x": {
            "field": "month",
            "type": "temporal",
            "title": None,
            "scale": {"type": "utc", **span},
            "axis": {
                "format": MONTH_FORMAT,
                "grid": False,
                "labelFlush": True,
                "values": _spread(months, ticks),
            },
        },
        "y": {
            "field": value,
            "type": "quantitative",
            "title": None,
            "scale": {"zero": False},
            "axis": {"format": number, "tickCount": 3 if ticks < 5 else 5},
        },
    }


def _spread(months: Sequence[date], count: int) -> list[date]:
    """Return some of the months, evenly, the first and the last among them."""
    if len(months) <= count:
        return list(months)
    return [months[round(i * (len(months) - 1) / (count - 1))] for i in range(count)]


def _moment(month: date) -> Spec:
    return {"year": month.year, "month": month.month, "date": month.day, "utc": True}


def _lines(number: str, colour: Spec, *, months: Sequence[date], ticks: int = 5) -> list[Spec]:
    encoding: Spec = {
        **_month_and_value(number, months, ticks=ticks),
        "color": colour,
        "detail": [{"field": "stretch"}, {"field": "place"}],
    }
    return [
        {"mark": {"type": "line"}, "encoding": encoding},
        {"mark": {"type": "point", "size": 14}, "encoding": encoding},
    ]


def _break_rules(series: Sequence[Series], *, has_words: bool) -> list[Spec]:
    found = {broken.day: broken.words for line in series for broken in line.breaks}
    if not found:
        return []
    # Drawn between the two months it parts, each of which stands at its first day.
    rows = [
        {"month": day.replace(day=1) - timedelta(days=15), "words": words if has_words else ""}
        for day, words in sorted(found.items(), key=lambda one: one[0])
    ]
    across: Spec = {"field": "month", "type": "temporal", "scale": {"type": "utc"}}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "strokeDash": [3, 3]},
            "encoding": {"x": across, "color": {"value": MUTED}},
        },
        {
            "data": {"values": rows},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 4,
                "fontSize": 10,
                "baseline": "top",
                "limit": 160,
            },
            "encoding": {
                "x": across,
                "y": {"value": 0},
                "text": {"field": "words", "type": "nominal"},
                "color": {"value": MUTED},
            },
        },
    ]
