"""The page: escaped, without inline style, readable without looking."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.present.formats import rendered
from tests.present.sample import COLUMNS, GRID, ROWS, sample
from vigie.present.document import Column, Grid, Link, Note, Paragraph
from vigie.present.formats.html import safe_href


def _page(language: str = "en", **changes: Any) -> str:
    return rendered(sample(**changes), "html", language).decode()


def _long(count: int, page: int) -> Grid:
    rows = [{"n": i} for i in range(count)]
    return Grid(name="long", caption="Long", columns=[Column(key="n", label="N", kind="integer")],
                rows=rows, page=page, page_size=100)  # fmt: skip


def test_page_has_no_inline_style_and_no_script() -> None:
    assert not re.search(r"\sstyle=|<script|\son\w+=", _page())


def test_page_has_one_first_heading() -> None:
    assert _page().count("<h1>") == 1


def test_every_id_is_used_once() -> None:
    ids = re.findall(r'\sid="([^"]+)"', _page())
    assert len(ids) == len(set(ids))


def test_name_that_holds_markup_is_shown_as_text() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in _page()


def test_link_that_would_run_is_disarmed() -> None:
    assert "javascript:" not in _page()


def test_path_of_the_site_stays() -> None:
    assert safe_href("/institutions/northfield/") == "/institutions/northfield/"


def test_address_that_cannot_be_read_leads_nowhere() -> None:
    assert safe_href("http://[oops") == "#"


def test_unknown_is_a_cell_with_the_word() -> None:
    assert '<td class="unknown" data-value="">unknown</td>' in _page()


def test_interval_stands_beside_its_figure() -> None:
    assert '1st <span class="interval">between 1st and 4th</span>' in _page()


def test_table_behind_a_chart_is_one_keystroke_away() -> None:
    assert "<details><summary>The table behind this chart</summary>" in _page()


def test_chart_is_said_in_a_sentence() -> None:
    assert "<span>Northfield is first, between 1st and 4th.</span></figcaption>" in _page()


def test_cells_carry_what_they_are_sorted_by() -> None:
    assert 'data-value="1034567"' in _page()


def test_invented_is_said_at_the_top() -> None:
    assert _page().index("these institutions do not exist") < _page().index("<h2>")


def test_nothing_invented_is_not_said_to_be() -> None:
    assert "do not exist" not in _page(is_invented=False)


def test_filter_keeps_what_was_chosen() -> None:
    assert '<option value="university" selected>' in _page()


def test_long_table_shows_one_page() -> None:
    page = _page(blocks=[_long(250, 3)])
    assert re.findall(r'data-value="(\d+)"', page) == [str(i) for i in range(200, 250)]


def test_pages_lead_to_each_other_and_keep_the_choices() -> None:
    page = _page(blocks=[_long(250, 2)])
    assert 'rel="prev" href="?kind=university&amp;page=1"' in page
    assert 'rel="next" href="?kind=university&amp;page=3"' in page


def test_page_beyond_the_last_is_the_last() -> None:
    assert "201 to 250 of 250" in _page(blocks=[_long(250, 99)])


def test_empty_table_says_so() -> None:
    empty = Grid(name="none", caption="None", columns=COLUMNS, rows=[])
    assert "There is nothing to show here." in _page(blocks=[empty])


def test_rest_of_a_table_is_linked() -> None:
    more = Link(text="All 71", href="/index/2026-10/?group=university.fr")
    cut = Grid(name="cut", caption="Cut", columns=COLUMNS, rows=ROWS, more=more)
    assert '<a href="/index/2026-10/?group=university.fr">All 71</a>' in _page(blocks=[cut])


def test_figures_are_written_in_french() -> None:
    assert "1\u202f034\u202f567" in _page("fr")


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    blocks = [Paragraph(text=text), Note(text=text, kind="caveat")]
    page = _page(title=text, lead=text, blocks=blocks, is_invented=False, filters=())
    assert page.count("<") == _page(
        title="", lead="", blocks=[Paragraph(text=""), Note(text="", kind="caveat")],
        is_invented=False, filters=(),
    ).count("<")  # fmt: skip


def test_grid_of_the_sample_is_there_whole() -> None:
    assert _page(blocks=[GRID]).count("<tr>") == 1 + len(ROWS)
