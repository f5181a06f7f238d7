"""Charts: one description, drawn for the page and for paper."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.present.sample import CHART, GRID
from vigie.present.chart import svg, svg_for_paper
from vigie.present.colours import BY_MARK, COLOURS, stylesheet
from vigie.present.document import Chart
from vigie.present.drawing import Mark, bar_chart, bar_panels
from vigie.present.timeline import Break, Series, line_chart, small_multiples

MONTHS = [date(2026, month, 1) for month in range(1, 7)]
GAPPED = Series(
    name="Bluesky",
    points=list(zip(MONTHS, (1.0, 2.0, None, 4.0, 3.0, 5.0), strict=True)),
    breaks=[Break(day=date(2026, 5, 12), words="purge")],
)


def _months(line: Series) -> Chart:
    return line_chart(title="t", sentence="s", series=[line], table=GRID)


def _segments(chart: Chart) -> list[int]:
    """Return how many points each unbroken stretch of the first line has."""
    drawn = svg(chart, "en")
    lines = re.findall(r'<path stroke="currentColor"[^>]*d="(M[^"]*)"|d="(M[^"]*L[^"]*)"', drawn)
    return sorted(path.count("L") + 1 for pair in lines for path in pair if "L" in path)


def test_chart_has_no_inline_style() -> None:
    assert " style=" not in svg(CHART, "en")


def test_chart_scales_with_its_page() -> None:
    root = ElementTree.fromstring(svg(CHART, "en"))
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib


def test_chart_says_its_title_and_sentence_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(svg(CHART, "en"))
    ids = root.attrib["aria-labelledby"].split()
    texts = {child.attrib.get("id"): child.text for child in root}
    assert [texts[one] for one in ids] == [str(CHART.title), str(CHART.sentence)]


def test_colours_are_classes_of_the_style_sheet() -> None:
    drawn = svg(CHART, "en")
    assert set(re.findall(r'class="(\w+)"', drawn)) <= {"chart", *(c.name for c in COLOURS)}


@pytest.mark.parametrize("colour", COLOURS, ids=lambda colour: colour.name)
def test_every_colour_has_its_rule(colour: object) -> None:
    assert f"svg.chart .{getattr(colour, 'name', '')}" in stylesheet()


def test_no_mark_is_left_in_a_drawing() -> None:
    drawn = svg(CHART, "en") + svg_for_paper(CHART, "en")
    assert not [mark for mark in BY_MARK if mark in drawn]


def test_paper_has_real_ink() -> None:
    assert "currentColor" not in svg_for_paper(CHART, "en")


def test_name_of_an_institution_cannot_add_markup() -> None:
    assert "&lt;Southbridge&gt; &amp; co" in svg(CHART, "en")


def test_unknown_rank_is_the_word() -> None:
    assert ">unknown</text>" in svg(CHART, "en")


def test_axis_follows_the_language() -> None:
    marks = [Mark(name="a", value=120_000)]
    chart = bar_chart(title="t", sentence="s", marks=marks, table=GRID)
    assert "120\u202f000" in svg(chart, "fr")


def test_months_follow_the_language() -> None:
    assert "janv. 2026" in svg(_months(GAPPED), "fr")


def test_line_stops_at_an_unknown_month_and_at_a_break() -> None:
    assert _segments(_months(GAPPED)) == [2, 2]


def test_series_without_gap_is_one_line() -> None:
    whole = Series(name="a", points=[(month, 1.0 * i) for i, month in enumerate(MONTHS)])
    assert _segments(_months(whole)) == [6]


def test_bar_begins_at_zero() -> None:
    chart = bar_chart(title="t", sentence="s", marks=[Mark(name="a", value=98)], table=GRID)
    assert re.search(r">0</text>", svg(chart, "en"))


def test_two_institutions_of_one_name_have_a_row_each() -> None:
    marks = [Mark(name="Saint-Joseph", value=1), Mark(name="Saint-Joseph", value=2)]
    chart = bar_chart(title="t", sentence="s", marks=marks, table=GRID)
    assert svg(chart, "en").count("Saint-Joseph") == 2


def test_panels_share_their_scale() -> None:
    marks = [Mark(name="Bluesky", value=50)]
    chart = bar_panels(title="t", sentence="s", panels=[("A", marks), ("B", marks)], table=GRID)
    assert svg(chart, "en").count(">100</text>") == 2


def test_small_multiples_show_the_same_months() -> None:
    late = Series(
        name="Threads", points=[(month, None) for month in MONTHS[:5]] + [(MONTHS[5], 1.0)]
    )
    chart = small_multiples(title="t", sentence="s", series=[GAPPED, late], table=GRID)
    assert svg(chart, "en").count("Jan 2026") == 2


def test_nothing_known_draws_nothing_wrong() -> None:
    empty = Series(name="a", points=[(month, None) for month in MONTHS])
    assert svg(_months(empty), "en").startswith("<svg")


def test_names_at_the_ends_of_lines_do_not_touch() -> None:
    lines = [Series(name=f"line {i}", points=[(m, 1.0 * at) for at, m in enumerate(MONTHS)])
             for i in range(3)]  # fmt: skip
    drawn = svg(line_chart(title="t", sentence="s", series=lines, table=GRID), "en")
    heights = re.findall(r"translate\([\d.]+,([\d.-]+)\)[^>]*>line \d", drawn)
    heights = sorted(float(height) for height in heights)
    assert all(b - a > 10 for a, b in pairwise(heights))
    assert len(heights) == 3
