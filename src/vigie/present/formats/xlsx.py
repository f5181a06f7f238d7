"""Every table of a document as a workbook: a sheet each, and one that says what they are."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import xlsxwriter

from vigie.errors import ReportError
from vigie.present.cells import grids, pick, spread
from vigie.present.document import Cell, Column, Document, Grid
from vigie.present.format import Format
from vigie.present.writing import source_text
from vigie.words import Words, _, say

PIECE = 64 * 1024
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576 - 3
"""What the format allows, in characters and in rows under a title, a warning and a head."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_KINDS = {
    "integer": "#,##0",
    "rank": "0",
    "chance": "0%",
    "change": "+#,##0;-#,##0;0",
    "date": "yyyy-mm-dd",
    "month": "mmm yyyy",
    "datetime": "yyyy-mm-dd hh:mm",
}
# Nothing that came from a network may become a formula or a live link.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


class Xlsx(Format):
    """A sheet per table, figures as figures, unknown as a hatched cell with the word."""

    label = _("XLSX: every table, for a spreadsheet")
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"

    def render(self, document: Document, language: str) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
                _write(workbook, document, language)
            file.seek(0)
            yield from iter(partial(file.read, PIECE), b"")


def _write(workbook: Any, document: Document, language: str) -> None:
    made = document.made_at.replace(tzinfo=None)
    workbook.set_properties(
        {"title": say(document.title, language), "author": "Vigie", "created": made}
    )
    looks = _Looks(workbook)
    found = [*([document.main] if document.main is not None else []), *grids(document)]
    _require_room(found)
    about = say(_("About"), language)
    names = _sheet_names([grid.name for grid in found], taken=about)
    _about(workbook, document, language, about, list(zip(names, found, strict=True)))
    for name, grid in zip(names, found, strict=True):
        _sheet(workbook.add_worksheet(name), grid, looks, document, language)


class _Looks:
    """The few cell formats of a workbook, made once each."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[str, Any] = {}
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top",
                                         "bottom": 1})  # fmt: skip
        self.wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.warning = workbook.add_format({"bold": True, "font_color": "#9a3412"})
        # Pattern 14 is a light hatch: what paper shows for unknown.
        self.unknown = workbook.add_format(
            {"italic": True, "font_color": "#5a626d", "pattern": 14, "fg_color": "#d9dde3"}
        )

    def number(self, column: Column) -> Any:
        """Return the format of a column's figures."""
        code = _KINDS.get(column.kind) or _decimal(column)
        if code not in self._made:
            self._made[code] = self._workbook.add_format({"num_format": code})
        return self._made[code]


def _decimal(column: Column) -> str:
    if column.kind not in ("decimal", "percent"):
        return "General"
    digits = "." + "0" * column.decimals if column.decimals else ""
    return f"#,##0{digits}" if column.kind == "decimal" else f"0{digits}%"


def _sheet_names(wanted: Sequence[str], *, taken: str) -> list[str]:
    """Return names a workbook accepts: short, without its signs, each once."""
    names: list[str] = []
    used = {taken.lower()}
    for raw in wanted:
        base = " ".join(raw.translate(_FORBIDDEN).split()).strip("'")[:31] or "table"
        name, number = base, 2
        while name.lower() in used:
            ending = f" {number}"
            name, number = base[: 31 - len(ending)] + ending, number + 1
        used.add(name.lower())
        names.append(name)
    return names


def _about(
    workbook: Any,
    document: Document,
    language: str,
    name: str,
    sheets: Sequence[tuple[str, Grid]],
) -> None:
    sheet = workbook.add_worksheet(name)
    looks = _Looks(workbook)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    lines: list[tuple[str, str]] = [("", say(document.lead, language))]
    if document.is_invented:
        lines.append(("", say(_("These institutions are invented."), language)))
    if document.method:
        lines.append((say(_("Method"), language), document.method))
    lines.append((say(_("Made at"), language), document.made_at.isoformat(timespec="minutes")))
    for source in document.sources:
        lines.append((say(_("Source"), language), source_text(source, language)))
    for sheet_name, grid in sheets:
        lines.append((sheet_name, say(grid.caption, language)))
    sheet.write_string(0, 0, say(document.title, language), looks.title)
    for place, (label, text) in enumerate(lines, start=2):
        sheet.write_string(place, 0, label, looks.head if label else looks.wrap)
        sheet.write_string(place, 1, text[:LONGEST_CELL], looks.wrap)


def _sheet(sheet: Any, grid: Grid, looks: _Looks, document: Document, language: str) -> None:
    columns = spread(grid)
    top = 1
    sheet.write_string(0, 0, say(grid.caption, language), looks.title)
    if document.is_invented:
        sheet.write_string(1, 0, say(_("These institutions are invented."), language),
                           looks.warning)  # fmt: skip
        top = 2
    sheet.freeze_panes(top + 1, 1)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 34 if column.kind == "text" else 14)
        sheet.write_string(top, place, _head(column, language), looks.head)
    last = top
    for last, row in enumerate(grid.rows, start=top + 1):
        for place, column in enumerate(columns):
            _put(sheet, last, place, pick(row, column.key), column, looks, language)
    if columns:
        sheet.autofilter(top, 0, last, len(columns) - 1)


def _require_room(found: Sequence[Grid]) -> None:
    """Refuse what a sheet would cut."""
    longest = max((len(grid.rows) for grid in found), default=0)
    if longest > MOST_ROWS:
        raise ReportError(
            _("A sheet of a workbook holds {most} rows, and there are {count}. Take CSV or JSON, "
              "which hold them all.", most=MOST_ROWS, count=longest)
        )  # fmt: skip


def _head(column: Column, language: str) -> str:
    label = say(column.label, language)
    return f"{label} ({say(column.unit, language)})" if column.unit else label


def _put(
    sheet: Any,
    row: int,
    place: int,
    value: Cell,
    column: Column,
    looks: _Looks,
    language: str,
) -> None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        sheet.write_string(row, place, say(_("unknown"), language), looks.unknown)
    elif isinstance(value, bool):
        sheet.write_string(row, place, say(_("yes") if value else _("no"), language))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value, looks.number(column))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), looks.number(column))
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, looks.number(column))
    elif isinstance(value, (str, Words)):
        sheet.write_string(row, place, say(value, language)[:LONGEST_CELL])
