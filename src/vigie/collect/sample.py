"""What the beginning of a file tells, and the names of the columns every batch may carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie.collect.source import Source
from vigie.words import Words, _

ROW = "_row"
"""The column of a batch that says where in the file a row stands."""
PROBLEM = "_problem"
"""The column of a batch that says why a row could not be cut into cells; usually null."""
JSON = "_json"
"""The column of a batch that holds the object itself, for files of objects."""

ROWS_SHOWN = 20
"""Rows of a sample."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The beginning of a file, enough to recognise it."""

    path: Path
    kind: str
    """csv, xlsx, json, ndjson or parquet: by content, never by name."""
    columns: tuple[str, ...]
    """The header as written, trimmed; for JSON the keys of the first objects,
    dotted when nested."""
    rows: tuple[Mapping[str, str | None], ...]
    """At most twenty rows as text."""
    encoding: str | None = None
    separator: str | None = None
    skipped: int = 0
    """Lines before the header (``sep=,``, comments, a title)."""
    remarks: tuple[Words, ...] = ()
    """What was repaired or noticed on the way in: mojibake, a byte-order mark, two header lines."""
    preamble: tuple[str, ...] = ()
    """The skipped lines themselves: some exports name their metric there."""
    first: int = 2
    """Number of the first row of facts, counted as a spreadsheet counts."""
    start: int = 0
    """Where the first row of facts begins, in bytes of the text as UTF-8."""
    is_gzip: bool = False
    """The file is packed with gzip."""
    part: str | None = None
    """The sheet of a workbook, or the file of an archive, that was looked at."""
    parts: tuple[str, ...] = ()
    """All sheets of the workbook that hold something, or all tables of the archive."""

    @property
    def source(self) -> Source:
        """Where the bytes come from."""
        return Source(
            path=self.path,
            is_gzip=self.is_gzip,
            entry=None if self.kind == "xlsx" else self.part,
        )


def width_problem(found: int, expected: int) -> str:
    """Return what ``_problem`` says of a row with too few or too many cells."""
    return f"width {found} {expected}"


UNCLOSED = "unclosed"
"""What ``_problem`` says of a row where a quotation mark is opened and never closed."""
NOT_JSON = "not_json"
"""What ``_problem`` says of a line that is not one JSON object."""


def problem_words(problem: str) -> Words:
    """Return what ``_problem`` says as a sentence."""
    if problem == UNCLOSED:
        return _("A quotation mark is opened in this row and never closed. Close it or remove it.")
    if problem == NOT_JSON:
        return _("This line is not one whole JSON object: it was cut, or altered.")
    _name, found, expected = problem.split()
    if int(found) < int(expected):
        return _(
            "This row has {found} cells where the header has {expected}: it was cut short.",
            found=int(found),
            expected=int(expected),
        )
    return _(
        "This row has {found} cells where the header has {expected}: "
        "a separator stands in a cell without quotation marks.",
        found=int(found),
        expected=int(expected),
    )
