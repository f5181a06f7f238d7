"""Builds a report from tables made by hand, and finds what it says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import ibis.expr.types as ir

from tests.reports.hand_made import NOW, tables
from vigie import reports
from vigie.model import Record
from vigie.plugins import members
from vigie.present.cells import grids
from vigie.present.document import Block, Chart, Document, Figures, Grid, Note, Paragraph, Section
from vigie.present.report import Report
from vigie.words import say

REPORTS = members(reports, Report)


@cache
def _default() -> dict[str, ir.Table]:
    return tables()


def built(name: str, given: dict[str, list[Record]] | None = None, **choices: str) -> Document:
    """Return a report over an edition made by hand; ``with_`` stands for ``with``."""
    report = REPORTS[name]()
    every = _default() if given is None else tables(given)
    named = {key.rstrip("_"): value for key, value in choices.items()}
    needed = {table: every[table] for table in report.needs}
    return report.build(needed, choices=named, now=NOW)


def blocks(document: Document) -> Iterator[Block]:
    """Yield every block, sections and what stands in them."""
    waiting = list(document.blocks)
    while waiting:
        block = waiting.pop(0)
        yield block
        if isinstance(block, Section):
            waiting[:0] = block.blocks


def said(document: Document, language: str = "en") -> str:
    """Return the sentences of a document, without its tables."""
    found = [document.title, document.lead]
    for block in blocks(document):
        if isinstance(block, (Paragraph, Note)):
            found.append(block.text)
        elif isinstance(block, Chart):
            found += [block.title, block.sentence]
        elif isinstance(block, Figures):
            found += [part for item in block.items for part in (item.label, item.note or "")]
    return "\n".join(say(text, language) for text in found)


def grid(document: Document, name: str) -> Grid:
    """Return a table of a document by its name."""
    return next(one for one in grids(document) if one.name == name)


def row(document: Document, name: str, key: str, text: str) -> dict[str, Any]:
    """Return the row of a table whose cell says this text."""
    for one in grid(document, name).rows:
        value = one.get(key)
        shown = getattr(value, "text", value)
        if str(shown) == text:
            return dict(one)
    raise LookupError(text)


def charts(document: Document) -> list[Chart]:
    """Return the pictures of a document."""
    return [block for block in blocks(document) if isinstance(block, Chart)]
