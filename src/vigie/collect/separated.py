"""Understands the beginning of a CSV: separator, lines before the header, header, first rows."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from vigie.collect.cells import repaired
from vigie.collect.sample import JSON, PROBLEM, ROW
from vigie.words import Words, _

SEPARATORS = (",", ";", "\t", "|")
ALONE = "\x1f"
"""Separator of a file with one column: a character no text holds."""
RECORDS = 200
"""Records looked at to understand a file."""
BEFORE_HEADER = 20
"""Most lines a title, comments and blanks may take before the header."""
DESCRIPTION = 25
"""Letters from which a cell under a header is a description, not a fact."""

_NUMBER = re.compile(r"[+-]?[\d\s.,'’\u00a0\u202f]*\d\s*%?")
_DECLARED = re.compile(r'"?sep=(?P<mark>\\t|[,;:|\t^~#])"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One record cut into cells, and where it ends in the text."""

    cells: tuple[str, ...]
    begin: int
    end: int


def cut(text: str, separator: str) -> Iterator[Cut]:
    """Cut a text into records: quotes protect, a quote never closed is a letter like another."""
    mark = re.escape(separator)
    cell = re.compile(rf'"((?:[^"]|"")*+)"([^{mark}\r\n]*)|([^{mark}\r\n]*)')
    place = begin = 0
    cells: list[str] = []
    while place < len(text):
        found = cell.match(text, place)
        assert found is not None  # The last choice matches nothing at all.
        quoted, after, bare = found.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"') + after)
        place = found.end()
        if text.startswith(separator, place):
            place += len(separator)
            if place < len(text):
                continue
            cells.append("")
        elif place < len(text):
            place += 2 if text.startswith("\r\n", place) else 1
        yield Cut(cells=tuple(cells), begin=begin, end=place)
        begin, cells = place, []


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a separated text is laid out."""

    separator: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...]
    first: int
    """Number of the first row of facts, as a spreadsheet counts."""
    end: int
    """Where the first row of facts begins in the text."""
    remarks: tuple[Words, ...]


def understand(text: str, *, is_whole: bool) -> Layout:
    """Find separator, header and first rows in the beginning of a text."""
    declared = _DECLARED.match(text)
    begin = declared.end() if declared else 0
    marks = (declared["mark"].replace("\\t", "\t"),) if declared else SEPARATORS
    separator, records = max(
        ((mark, _records(text[begin:], mark, is_whole=is_whole)) for mark in marks),
        key=lambda candidate: _likelihood(candidate[1]),
    )
    if _likelihood(records) <= 0 and not declared:
        separator, records = ALONE, _records(text[begin:], ALONE, is_whole=is_whole)
    shape = shape_of([record.cells for record in records])
    last = records[shape.facts - 1].end if shape.facts and records else 0
    before = [text[record.begin + begin : record.end + begin] for record in records[: shape.header]]
    preamble = [text[:begin], *before] if declared else before
    return Layout(
        separator=separator,
        columns=shape.columns,
        rows=tuple(record.cells for record in records[shape.facts :]),
        preamble=tuple(line.strip("\r\n") for line in preamble),
        first=shape.facts + 1 + bool(declared),
        end=begin + last,
        remarks=shape.remarks,
    )


def _records(text: str, separator: str, *, is_whole: bool) -> list[Cut]:
    found = list(islice(cut(text, separator), RECORDS + 1))
    if len(found) > RECORDS or (not is_whole and len(found) > 1):
        found.pop()  # The last one may be cut short.
    if is_whole:
        return found
    # A cell that goes on after the beginning looks like a quotation mark never closed.
    sound = takewhile(lambda record: not opens_quote(text, record), found[1:])
    return [*found[:1], *sound]


def opens_quote(text: str, record: Cut) -> bool:
    """Return whether a record holds a quotation mark that is opened and not closed."""
    is_odd = text.count('"', record.begin, record.end) % 2 == 1
    return is_odd and any(cell.startswith('"') for cell in record.cells)


def _likelihood(records: Sequence[Cut]) -> float:
    """Return how well a separator explains a text: regular, wide, and headed by names."""
    told = [record.cells for record in records if any(record.cells)]
    widths = Counter(len(cells) for cells in told if len(cells) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    # A separator left over may end the header, or the rows.
    header = next(cells for cells in told if abs(len(cells) - width) <= 1 < len(cells))
    named = sum(_is_name(cell) for cell in header) / width
    share = count / len(told)
    return share * math.log2(width + 1) * named if share >= 0.3 else 0.0


def _is_name(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell) and len(cell) <= 120


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Which of the first records is the header, and where the facts begin."""

    header: int
    facts: int
    columns: tuple[str, ...]
    remarks: tuple[Words, ...]


def shape_of(records: Sequence[Sequence[str]]) -> Shape:
    """Find the header among the first records, and leave out lines of descriptions."""
    widths = Counter(len(cells) for cells in records if any(cells))
    width = max(widths, key=lambda size: (widths[size], size), default=0)
    header = _header_place(records, width)
    remarks: list[Words] = []
    if header + 1 < len(records) and _describes(records[header], records[header + 1]):
        header += 1
        remarks.append(_("A line of descriptions stands above the header; it was left out."))
    facts = header + 1
    if _is_description(records, facts):
        facts += 1
        remarks.append(_("A line of descriptions stands under the header; it was left out."))
    names = list(records[header]) if records else []
    while len(names) > max(width, 1) and not names[-1].strip():
        names.pop()  # A separator ends the header, and not the rows.
    names += [""] * (width - len(names))
    columns, noticed = named_columns(names)
    return Shape(header=header, facts=facts, columns=columns, remarks=(*remarks, *noticed))


def _header_place(records: Sequence[Sequence[str]], width: int) -> int:
    for place, cells in enumerate(records[:BEFORE_HEADER]):
        told = sum(1 for cell in cells if cell.strip())
        is_comment = cells[0].startswith("#") and len(cells) != width
        # Titles such as "Report:,Mentions" name a fact or two, a header most of the columns.
        is_wide = (told > 1 or width <= 1) and told * 3 >= width
        if told and not is_comment and is_wide and len(cells) >= min(width, 2):
            return place
    return next((place for place, cells in enumerate(records) if any(cells)), 0)


def _describes(cells: Sequence[str], under: Sequence[str]) -> bool:
    """Return whether a record is sentences and the one under it names (LinkedIn's sheets)."""
    long = [place for place, cell in enumerate(cells) if len(cell) > 2 * DESCRIPTION]
    return (
        len(long) >= 2
        and len(long) * 2 >= len([cell for cell in cells if cell.strip()])
        and len(under) >= len(cells)
        and all(_is_name(cell) and len(cell) <= 2 * DESCRIPTION for cell in under if cell.strip())
        and len({cell for cell in under if cell.strip()}) > len(long) // 2
    )


def _is_description(records: Sequence[Sequence[str]], place: int) -> bool:
    """Return whether the record under the header describes columns that hold numbers below."""
    below = records[place + 1 : place + 20]
    if place >= len(records) or not below:
        return False
    worded = [column for column, cell in enumerate(records[place]) if len(cell) >= DESCRIPTION]
    telling = [column for column in worded if _is_numeric(below, column)]
    return len(telling) >= 3 and len(telling) * 2 > len(worded)


def _is_numeric(records: Sequence[Sequence[str]], column: int) -> bool:
    cells = [cells[column].strip() for cells in records if column < len(cells)]
    return any(cells) and all(not cell or _NUMBER.fullmatch(cell) for cell in cells)


def named_columns(header: Sequence[str]) -> tuple[tuple[str, ...], list[Words]]:
    """Return a header with every name clean and unique, and what had to be done for that."""
    remarks: list[Words] = []
    names: list[str] = []
    taken = {ROW, PROBLEM, JSON}
    doubles: list[str] = []
    for place, written in enumerate(header, start=1):
        name = _clean_name(written) or f"column {place}"
        unique, count = name, 1
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        if unique != name:
            doubles.append(name)
        taken.add(unique)
        names.append(unique)
    if any(repaired(written) != written for written in header):
        remarks.append(_("Letters of the header were garbled (Ã© for é) and were repaired."))
    if doubles:
        remarks.append(
            _(
                "Several columns are called {names}; they were numbered.",
                names=", ".join(sorted(set(doubles))),
            )
        )
    return tuple(names), remarks


def _clean_name(written: str) -> str:
    text = unicodedata.normalize("NFKC", repaired(written)).replace("\ufeff", "")
    return " ".join(text.split())
