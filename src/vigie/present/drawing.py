"""The few kinds of chart reports use: honest by construction, short to ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from vigie.present.colours import ACCENT, INK, MUTED, PALETTE
from vigie.present.document import Chart, Grid, Said
from vigie.words import _

ROW = 20
"""Height of one row of a chart of names."""
MONTH_FORMAT = "%b %Y"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One name of a chart with its figure; ``word`` is shown where there is no figure."""

    name: Said
    value: float | None
    low: float | None = None
    high: float | None = None
    is_mine: bool = False
    word: Said = field(default_factory=lambda: _("unknown"))


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


Spec = dict[str, object]


def rank_chart(*, title: Said, sentence: Said, marks: Sequence[Mark], table: Grid) -> Chart:
    """Draw ranks as dots with their whiskers, first at the top, first at the left."""
    last = _highest(marks)
    scale: Spec = {"domain": [0.5, last + 0.5], "nice": False, "zero": False}
    axis: Spec = {"format": "d", "orient": "top", "values": _places(last)}
    across: Spec = {"scale": scale, "axis": axis, "title": _("rank")}
    description = _named(marks, [_whiskers(across), _dots(across), _missing()])
    return Chart(title=title, sentence=sentence, description=description, table=table)


def dot_chart(
    *, title: Said, sentence: Said, marks: Sequence[Mark], table: Grid, axis: Said = ""
) -> Chart:
    """Draw figures as dots with their whiskers; the axis need not start at zero."""
    across: Spec = {"scale": {"zero": False}, "axis": {"tickCount": 6}, "title": axis or None}
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
    description = _named(marks, [_bars(across), _whiskers(across), *_labels(number), _missing()])
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
    ends = _ends(rows, [line.name for line in series])
    colour: Spec = {
        "field": "place",
        "type": "ordinal",
        "scale": {"domain": list(range(len(PALETTE))), "range": list(PALETTE)},
    }
    lines = _lines(number, colour)
    named: Spec = {
        "data": {"values": ends},
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {
            **_month_and_value(number),
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
    width = (700 - 70 * columns) // columns
    months = [month for line in series for month, _value in line.points]
    ends = sorted({min(months), max(months)}) if months else []
    panels = [_panel(line, number, width, ends) for line in series]
    description: Spec = {"concat": panels, "columns": columns, "spacing": 18}
    return Chart(title=title, sentence=sentence, description=description, table=table)


def _panel(line: Series, number: str, width: int, ends: Sequence[date]) -> Spec:
    return {
        "data": {"values": _segments(line, 0)},
        "width": width,
        "height": 96,
        "title": line.name,
        "layer": [
            *_break_rules([line], has_words=False),
            *_lines(number, {"value": ACCENT}, ends=ends),
        ],
    }


def _named(marks: Sequence[Mark], layers: Sequence[Spec], *, shows_names: bool = True) -> Spec:
    """Return rows of names: the place orders them, so two may bear the same name."""
    values = [
        {
            "place": place,
            "value": mark.value,
            "low": mark.low,
            "high": mark.high,
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


def _labels(number: str) -> list[Spec]:
    return [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
            "encoding": {
                "x": {"field": "value", "type": "quantitative"},
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


def _ends(rows: Sequence[Spec], names: Sequence[Said]) -> list[Spec]:
    """Name each line at its last known month."""
    last = {row["place"]: row for row in rows}
    return [{**row, "name": names[place]} for place, row in last.items() if isinstance(place, int)]


def _month_and_value(number: str, ends: Sequence[date] = ()) -> Spec:
    ticks: Spec = {"values": list(ends)} if ends else {"tickCount": 5}
    # All panels share their months, so that a gap at an end is seen as one.
    span: Spec = {"domain": [_moment(month) for month in ends]} if len(ends) > 1 else {}
    return {
        "x": {
            "field": "month",
            "type": "temporal",
            "title": None,
            "scale": {"type": "utc", **span},
            "axis": {"format": MONTH_FORMAT, "grid": False, "labelFlush": True, **ticks},
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "scale": {"zero": False},
            "axis": {"format": number, "tickCount": 3 if ends else 5},
        },
    }


def _moment(month: date) -> Spec:
    return {"year": month.year, "month": month.month, "date": month.day, "utc": True}


def _lines(number: str, colour: Spec, *, ends: Sequence[date] = ()) -> list[Spec]:
    encoding: Spec = {
        **_month_and_value(number, ends),
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
