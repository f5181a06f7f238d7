"""PDF: pages that say what the document says, whatever its texts hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.formats import rendered
from tests.present.sample import COLUMNS, ROWS, sample
from vigie.present.document import Grid, Paragraph
from vigie.present.formats.pdf import page_count


@pytest.mark.parametrize("language", ["en", "fr"])
def test_file_is_a_pdf(language: str) -> None:
    assert rendered(sample(), "pdf", language).startswith(b"%PDF-")


def test_same_document_gives_the_same_bytes() -> None:
    assert rendered(sample(), "pdf") == rendered(sample(), "pdf")


def test_sample_fits_a_page() -> None:
    assert page_count(sample(), "en") == 1


def test_long_table_runs_over_pages() -> None:
    grid = Grid(name="long", caption="Long", columns=COLUMNS, rows=ROWS * 40)
    assert page_count(sample(blocks=[grid]), "en") > 1


def test_table_beyond_what_paper_holds_is_cut() -> None:
    grid = Grid(name="long", caption="Long", columns=COLUMNS, rows=ROWS * 40, paper_rows=6)
    assert page_count(sample(blocks=[grid]), "en") == 1


def test_empty_document_is_a_page() -> None:
    assert page_count(sample(blocks=[]), "fr") == 1


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_can_break_the_page(text: str) -> None:
    document = sample(title=text, lead=text, blocks=[Paragraph(text=text)])
    assert rendered(document, "pdf").startswith(b"%PDF-")
