"""The main table of a document as CSV that a spreadsheet opens rightly and safely."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from datetime import date

from vigie.errors import ReportError
from vigie.present.cells import grids, pick, spread
from vigie.present.document import Cell, Document, Grid
from vigie.present.format import Format
from vigie.words import Words, _, say

BATCH = 200
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Csv(Format):
    """One table, a row per line: UTF-8 with its mark, so that Excel reads accents.

    English has commas and decimal points; French has semicolons and decimal commas, as Excel
    expects there. Dates are ISO 8601 in both and unknown is an empty cell. A text that a
    spreadsheet would run as a formula is preceded by an apostrophe; figures stay figures.
    """

    label = _("CSV: the table, for a spreadsheet")
    media_type = "text/csv; charset=utf-8"
    suffix = ".csv"

    def render(self, document: Document, language: str) -> Iterator[bytes]:
        grid = _main(document)
        columns = spread(grid)
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=";" if language == "fr" else ",")
        buffer.write("\ufeff")
        writer.writerow([_safe(say(column.label, language)) for column in columns])
        for place, row in enumerate(grid.rows, start=1):
            writer.writerow([_text(pick(row, column.key), language) for column in columns])
            if place % BATCH == 0:
                yield _taken(buffer)
        yield _taken(buffer)


def _main(document: Document) -> Grid:
    """Return the table asked for by the choice ``grid``, or the main one."""
    wanted = document.choices.get("grid")
    found = list(grids(document))
    if wanted:
        named = {grid.name: grid for grid in found}
        if wanted not in named:
            raise ReportError(
                _(
                    "This report has no table named {name}. It has: {names}.",
                    name=wanted,
                    names=", ".join(named),
                )
            )
        return named[wanted]
    if document.main is not None:
        return document.main
    if not found:
        raise ReportError(_("This report holds no table: ask for it as PDF or JSON."))
    return found[0]


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


def _text(value: Cell, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(_("yes") if value else _("no"), language)
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            return ""
        return str(value).replace(".", ",") if language == "fr" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, Words)):
        return _safe(say(value, language))
    return ""


def _safe(text: str) -> str:
    """Keep a spreadsheet from running a text that came from the network."""
    return "'" + text if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text
