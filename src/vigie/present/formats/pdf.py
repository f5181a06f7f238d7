"""A document set in type: A4, real typography, charts as vectors, by Typst."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import typst

from vigie.present import chart, writing
from vigie.present.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Grid,
    Interval,
    Link,
    Note,
    Paragraph,
    Section,
)
from vigie.present.format import Format
from vigie.words import _, say

TEMPLATE = Path(__file__).parents[1] / "templates" / "document.typ"
MOST_ROWS = 400
"""A longer table is cut on paper, which says so: the files hold every row."""
_LEFT = frozenset({"text"})
Plain = dict[str, object]


class Pdf(Format):
    """Pages to print and to hand over, tagged so that they can be read aloud.

    What is said travels as data, never as markup: no text can change the page it stands on.
    """

    label = _("PDF: pages to print")
    media_type = "application/pdf"
    suffix = ".pdf"

    def render(self, document: Document, language: str) -> Iterator[bytes]:
        yield typst.compile(
            _template(),
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(_said(document, language), ensure_ascii=False)},
            timestamp=int(document.made_at.timestamp()),
        )


def pictures(document: Document, language: str, *, ppi: float = 110) -> list[bytes]:
    """Return the pages as PNG, to look at them."""
    found: object = typst.compile(
        _template(),
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
        sys_inputs={"document": json.dumps(_said(document, language), ensure_ascii=False)},
    )
    return found if isinstance(found, list) else [bytes(found)]  # type: ignore[call-overload]


def page_count(document: Document, language: str) -> int:
    """Return how many pages a document takes."""
    found = typst.query(
        _template(),
        "<pages>",
        field="value",
        one=True,
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_said(document, language), ensure_ascii=False)},
    )
    return int(found)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _said(document: Document, language: str) -> Plain:
    """Return everything the template sets, already in the reader's language."""
    method = _("Method: {method}.", method=document.method) if document.method else ""
    return {
        "language": language,
        "title": say(document.title, language),
        "lead": say(document.lead, language),
        "invented": say(
            _("Invented: these institutions do not exist. No figure here is a real one."), language
        )
        if document.is_invented
        else "",
        "method": say(method, language),
        "sources_head": say(_("Sources:"), language),
        "sources": [writing.source_text(source, language) for source in document.sources],
        "made": say(_("Made on {moment}.", moment=writing.Moment(document.made_at)), language),
        "page_words": say(_("Page {page} of {pages}"), language),
        "blocks": [_block(block, language) for block in document.blocks],
    }


def _block(block: Block, language: str) -> Plain:
    if isinstance(block, Section):
        blocks = [_block(inner, language) for inner in block.blocks]
        return {"type": "section", "title": say(block.title, language), "blocks": blocks}
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "text": say(block.text, language)}
    if isinstance(block, Note):
        return {"type": "note", "kind": block.kind, "text": say(block.text, language)}
    if isinstance(block, Figures):
        items = [_figure(item, language) for item in block.items]
        return {"type": "figures", "items": items}
    if isinstance(block, Chart):
        return _chart(block, language)
    return _grid(block, language)


def _chart(block: Chart, language: str) -> Plain:
    return {
        "type": "chart",
        "title": say(block.title, language),
        "sentence": say(block.sentence, language),
        "svg": chart.svg_for_paper(block, language),
        # A chart drawn narrower than the page keeps the size of its letters.
        "width": min(100, round(block.width / 7.2)),
    }


def _figure(item: Figure, language: str) -> Plain:
    column = writing.figure_column(item)
    return {
        "label": say(item.label, language),
        "value": writing.cell(item.value, column, language),
        "unknown": item.value is None,
        "unit": say(item.unit, language) if item.unit and item.value is not None else "",
        "small": writing.figure_lines(item, language),
    }


def _grid(grid: Grid, language: str) -> Plain:
    rows = [
        [_cell(row, column, language) for column in grid.columns]
        for row in islice(grid.rows, grid.paper_rows or MOST_ROWS)
    ]
    total = max(grid.total or 0, len(grid.rows))
    notes = [say(grid.note, language)] if grid.note else []
    if total > len(rows):
        cut = _(
            "The first {shown} of {total} rows. The XLSX and CSV files hold them all.",
            shown=len(rows),
            total=total,
        )
        notes.append(say(cut, language))
    return {
        "type": "grid",
        "caption": say(grid.caption, language),
        "columns": [_column(column, grid.rows, language) for column in grid.columns],
        "rows": rows,
        "notes": notes,
    }


def _column(column: Column, rows: Sequence[Mapping[str, Cell]], language: str) -> Plain:
    label = say(column.label, language)
    unit = f" ({say(column.unit, language)})" if column.unit else ""
    return {
        "label": label + unit,
        "left": column.kind in _LEFT or _is_worded(column, rows),
        "wide": column.is_row_header or column.is_wide,
    }


def _is_worded(column: Column, rows: Sequence[Mapping[str, Cell]]) -> bool:
    """Say whether a column is read as words: a rank with *between … and …* aligns left."""
    return len(rows) > 0 and isinstance(rows[0].get(column.key), Interval)


def _cell(row: Mapping[str, Cell], column: Column, language: str) -> Plain:
    value = row.get(column.key)
    if isinstance(value, Interval) and value.value is not None:
        figure = writing.cell(value.value, column, language)
        ends = writing.interval_ends(value, column, language)
        return {"text": figure, "small": ends, "unknown": False, "href": ""}
    shown = value.exported if isinstance(value, Link) else value
    text = writing.cell(shown, column, language)
    unknown = value is None or (isinstance(value, Interval) and value.low is None)
    href = value.href if isinstance(value, Link) and value.href.startswith("http") else ""
    return {"text": text, "small": "", "unknown": unknown, "href": href}
