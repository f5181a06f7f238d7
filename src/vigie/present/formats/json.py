"""A whole document as JSON, stable from one edition to the next."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

from vigie.present.document import (
    Block,
    Cell,
    Chart,
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
from vigie.words import Words, _, say

T = TypeVar("T")

BATCH = 200
Plain = Mapping[str, object]


class Json(Format):
    """Everything a document says, for programs.

    ``blocks`` keeps the reading order; each has a ``type``: section, paragraph, note, figures,
    grid or chart. A grid has ``columns`` (key, label, kind, unit) and ``rows`` by column key.
    Unknown is ``null``; a date is ISO 8601; a share is a fraction (0.12); a link is
    ``{"text", "href"}`` and an interval ``{"value", "low", "high"}``. Rows are written as they
    are read, so a long table never stands whole in memory.
    """

    label = _("JSON: everything, for programs")
    media_type = "application/json"
    suffix = ".json"

    def render(self, document: Document, language: str) -> Iterator[bytes]:
        write = partial(_dumps, language=language)
        head = {
            "name": document.name,
            "language": language,
            "title": document.title,
            "lead": document.lead,
            "made_at": document.made_at,
            "is_invented": document.is_invented,
            "method": document.method,
            "choices": dict(document.choices),
            "sources": list(document.sources),
        }
        yield f'{write(head)[:-1]}, "blocks": ['.encode()
        for comma, block in _commas(document.blocks):
            yield comma
            yield from _block(block, language)
        yield b"]}\n"


def _commas(items: object) -> Iterator[tuple[bytes, Block]]:
    for place, item in enumerate(items):  # type: ignore[arg-type, var-annotated]  # a sequence
        yield (b", " if place else b""), item


def _block(block: Block, language: str) -> Iterator[bytes]:
    if isinstance(block, Section):
        head = {"type": "section", "name": block.name, "title": block.title}
        yield f'{_dumps(head, language)[:-1]}, "blocks": ['.encode()
        for comma, inner in _commas(block.blocks):
            yield comma
            yield from _block(inner, language)
        yield b"]}"
    elif isinstance(block, Grid):
        yield from _grid(block, language)
    elif isinstance(block, Chart):
        chart = {"type": "chart", "title": block.title, "sentence": block.sentence}
        yield f'{_dumps(chart, language)[:-1]}, "table": '.encode()
        yield from _grid(block.table, language)
        yield b"}"
    else:
        yield _dumps(_small(block), language).encode()


def _small(block: Paragraph | Note | Figures) -> Plain:
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "text": block.text}
    if isinstance(block, Note):
        return {"type": "note", "kind": block.kind, "text": block.text}
    return {"type": "figures", "items": [_figure(item) for item in block.items]}


def _figure(item: Figure) -> Plain:
    return {
        "label": item.label,
        "value": item.value,
        "kind": item.kind,
        "unit": item.unit,
        "low": item.low,
        "high": item.high,
        "n": item.n,
        "seen_at": item.seen_at,
        "note": item.note,
    }


def _grid(grid: Grid, language: str) -> Iterator[bytes]:
    head = {
        "type": "grid",
        "name": grid.name,
        "caption": grid.caption,
        "note": grid.note,
        "total": len(grid.rows) if grid.total is None else grid.total,
        "columns": [
            {"key": c.key, "label": c.label, "kind": c.kind, "unit": c.unit} for c in grid.columns
        ],
    }
    yield f'{_dumps(head, language)[:-1]}, "rows": ['.encode()
    keys = [column.key for column in grid.columns]
    pieces: list[str] = []
    for place, row in enumerate(grid.rows):
        text = _dumps({key: row.get(key) for key in keys}, language)
        pieces.append(f",\n{text}" if place else text)
        if len(pieces) == BATCH:
            yield "".join(pieces).encode()
            pieces.clear()
    yield ("".join(pieces) + "]}").encode()


def _dumps(value: object, language: str) -> str:
    return json.dumps(_plain(value, language), ensure_ascii=False, allow_nan=False)


def _plain(value: object | Cell, language: str) -> object:
    if isinstance(value, Words):
        return say(value, language)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Link):
        return {"text": say(value.exported, language), "href": value.href}
    if isinstance(value, Interval):
        ends = {"value": value.value, "low": value.low, "high": value.high}
        return _plain(ends, language)
    if isinstance(value, Mapping):
        return {key: _plain(item, language) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, language) for item in value]
    return value
