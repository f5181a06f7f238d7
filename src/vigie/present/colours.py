"""The colours of charts: names inside a description, classes on a page, ink on paper."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Colour:
    """One role a colour plays. ``mark`` stands for it until the chart is drawn."""

    name: str
    mark: str
    light: str
    dark: str


def _colour(name: str, place: int, light: str, dark: str) -> Colour:
    return Colour(name=name, mark=f"#fe{place:02x}01", light=light, dark=dark)


# Every pair is at least 3:1 against its page (4.5:1 for the two that text is written in); the
# palette keeps its order of lightness for readers who do not tell red from green.
COLOURS = (
    _colour("ink", 1, "#1c1f24", "#eceef1"),
    _colour("muted", 2, "#5a626d", "#a9b1bc"),
    _colour("grid", 3, "#d9dde3", "#3a414b"),
    _colour("accent", 4, "#0b5cad", "#7ab8ff"),
    _colour("paper", 5, "#ffffff", "#14171b"),
    _colour("c1", 6, "#0b5cad", "#7ab8ff"),
    _colour("c2", 7, "#c8501e", "#ff9f6b"),
    _colour("c3", 8, "#1b7f63", "#5fd0ae"),
    _colour("c4", 9, "#8247a0", "#d3a6ea"),
    _colour("c5", 10, "#856800", "#dcc04f"),
    _colour("c6", 11, "#4d5560", "#c4cad2"),
    _colour("c7", 12, "#b63a7e", "#f695c6"),
)
_BY_NAME = {colour.name: colour for colour in COLOURS}
BY_MARK = {colour.mark: colour for colour in COLOURS}

INK = _BY_NAME["ink"].mark
MUTED = _BY_NAME["muted"].mark
GRID = _BY_NAME["grid"].mark
ACCENT = _BY_NAME["accent"].mark
PAPER = _BY_NAME["paper"].mark
PALETTE = tuple(_BY_NAME[f"c{place}"].mark for place in range(1, 8))
"""Seven colours in the order they are given to series."""


def stylesheet() -> str:
    """Return the rules that colour charts on a light and on a dark page."""
    light = "".join(f"--{_variable(c)}:{c.light};" for c in COLOURS)
    dark = "".join(f"--{_variable(c)}:{c.dark};" for c in COLOURS)
    rules = "".join(f"svg.chart .{c.name}{{color:var(--{_variable(c)})}}\n" for c in COLOURS)
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"svg.chart{{width:100%;height:auto;font-family:inherit}}\n{rules}"
    )


def _variable(colour: Colour) -> str:
    return f"chart-{colour.name}"
