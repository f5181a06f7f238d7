"""Draws a chart as SVG: coloured by the page's style sheet, or with real ink for paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal
from xml.etree import ElementTree

import vl_convert

from vigie.present.colours import BY_MARK, GRID, INK, MUTED, PALETTE
from vigie.present.document import Chart
from vigie.words import Words, say

PAPER_FONT = "Libertinus Serif"
"""The typeface of the PDF, which Typst carries with it."""
KEPT = 256
"""Drawn charts kept in memory; each is some tens of kilobytes."""

_TEXT_SIZE = 12
# Measured with a face the drawing library carries, so that the same chart comes out everywhere.
_MEASURED_FONT = "Liberation Sans"
_THEME: dict[str, object] = {
    "background": None,
    "font": _MEASURED_FONT,
    # A reader's letters may be wider than those that were measured.
    "padding": {"top": 4, "bottom": 4, "left": 12, "right": 12},
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFontSize": _TEXT_SIZE,
        "labelPadding": 6,
        "titleColor": MUTED,
        "titleFontSize": _TEXT_SIZE,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    },
    "axisY": {"labelColor": INK, "labelLimit": 240},
    "header": {
        "labelColor": INK,
        "labelFontSize": _TEXT_SIZE,
        "labelFontWeight": "bold",
        "labelPadding": 6,
        "title": None,
    },
    "bar": {"color": PALETTE[0]},
    "line": {"color": PALETTE[0], "strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
    "point": {"color": PALETTE[0], "filled": True, "size": 45, "opacity": 1},
    "rule": {"color": MUTED},
    "text": {"color": INK, "fontSize": _TEXT_SIZE},
    "range": {"category": list(PALETTE)},
    "legend": {"disable": True},
    "title": {
        "color": INK,
        "fontSize": _TEXT_SIZE,
        "fontWeight": "bold",
        "anchor": "start",
        "frame": "group",
    },
}
_LOCALES = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"],
           "percent": "\u202f%", "minus": "\u2212"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["£", ""],
           "minus": "\u2212"},
}  # fmt: skip
_CLOCKS: Mapping[str, Literal["fr-FR", "en-GB"]] = {"fr": "fr-FR", "en": "en-GB"}
_USELESS = {
    "role", "class", "pointer-events", "font-family", "cursor", "style", "version", "opacity",
    "stroke-miterlimit",
}  # fmt: skip
_FINE = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


def svg(chart: Chart, language: str) -> str:
    """Draw a chart for the site: its colours are classes, so it follows light and dark."""
    drawn = _drawn(_asked(chart, language), language)
    return _for_page(drawn, _identity(chart), say(chart.title, language), _said(chart, language))


def svg_for_paper(chart: Chart, language: str) -> str:
    """Draw a chart for the PDF: its colours and typeface are written in."""
    return _for_paper(_drawn(_asked(chart, language), language))


def _said(chart: Chart, language: str) -> str:
    return say(chart.sentence, language)


def _identity(chart: Chart) -> str:
    return "chart-" + re.sub(r"[^a-z0-9]+", "-", chart.table.name.lower()).strip("-")


def _asked(chart: Chart, language: str) -> str:
    """Return the whole Vega-Lite description, said in a language, as one stable text."""
    description = {"config": _THEME, **_spoken(chart.description, language)}
    if not {"facet", "hconcat", "vconcat", "concat"} & description.keys():
        fitted = {"width": chart.width, "autosize": {"type": "fit-x", "contains": "padding"}}
        description = {**fitted, **description}
    return json.dumps(description, sort_keys=True, ensure_ascii=False)


def _spoken(part: Mapping[str, object], language: str) -> dict[str, object]:
    return {key: _spoken_value(value, language) for key, value in part.items()}


def _spoken_value(value: object, language: str) -> object:
    if isinstance(value, Words):
        return say(value, language)
    if isinstance(value, Mapping):
        return _spoken(value, language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_spoken_value(item, language) for item in value]
    return value


@lru_cache(maxsize=KEPT)
def _drawn(description: str, language: str) -> str:
    """Return the bare drawing, its colours still marks."""
    raw = vl_convert.vegalite_to_svg(
        json.loads(description),
        format_locale=_LOCALES[language],
        time_format_locale=_CLOCKS[language],
        allowed_base_urls=[],
    )
    root = ElementTree.fromstring(re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", raw))
    _clean(root)
    return ElementTree.tostring(root, encoding="unicode")


def _clean(element: ElementTree.Element) -> None:
    for name in list(element.attrib):
        if name in _USELESS or name.startswith("aria-") or _says_nothing(element, name):
            del element.attrib[name]
        else:
            element.set(name, _FINE.sub(_rounded, element.attrib[name]))
    kept: list[ElementTree.Element] = []
    for child in list(element):
        kept.extend(_worth(child))
        element.remove(child)
    element.extend(kept)


def _says_nothing(element: ElementTree.Element, name: str) -> bool:
    value = element.attrib[name]
    return (name, value) in {("transform", "translate(0,0)"), ("stroke-width", "0")}


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _worth(child: ElementTree.Element) -> Iterable[ElementTree.Element]:
    """Yield what is left of an element once everything invisible is gone."""
    opacity = child.attrib.get("opacity")
    if child.attrib.get("display") == "none" or child.attrib.get("class") == "background":
        return
    _clean(child)
    if opacity not in (None, "1"):
        child.set("opacity", str(opacity))
    if child.tag == "path" and not child.attrib.get("d"):
        return
    if child.tag == "g" and not len(child):
        return
    if child.tag == "g" and not child.attrib:
        yield from child
        return
    yield child


@lru_cache(maxsize=KEPT)
def _for_page(drawn: str, identity: str, title: str, sentence: str) -> str:
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        _classify(element)
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart",
        "role": "img",
        "aria-labelledby": f"{identity}-title {identity}-sentence",
        "viewBox": root.attrib["viewBox"],
    }
    for place, (tag, text) in enumerate((("title", title), ("desc", sentence))):
        said = ElementTree.Element(tag, {"id": f"{identity}-{('title', 'sentence')[place]}"})
        said.text = text
        root.insert(place, said)
    return ElementTree.tostring(root, encoding="unicode")


def _classify(element: ElementTree.Element) -> None:
    """Turn a mark into a class: the class sets ``color``, fill and stroke follow it."""
    for name in ("stroke", "fill"):
        colour = BY_MARK.get(element.attrib.get(name, ""))
        if colour is not None:
            element.set("class", colour.name)
            element.set(name, "currentColor")


@lru_cache(maxsize=KEPT)
def _for_paper(drawn: str) -> str:
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        for name in ("stroke", "fill"):
            colour = BY_MARK.get(element.attrib.get(name, ""))
            if colour is not None:
                element.set(name, colour.light)
        if element.tag == "text":
            element.set("font-family", PAPER_FONT)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return ElementTree.tostring(root, encoding="unicode")
