"""Finds the columns of an export by what they mean, whatever the language or the month."""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar

from vigie.collect.cells import clean_text, identifier, plain_text, repaired, whole_number
from vigie.collect.importer import Context, RowImporter
from vigie.collect.moments import calendar_day, moment
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import Record

Row = Mapping[str, str | None]

_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "oui", "vrai", "y"), True),
    **dict.fromkeys(("0", "false", "no", "non", "faux", "n"), False),
}


@dataclass(frozen=True, eq=False)
class Headings:
    """The columns of a format: what each means → the names exports give it, split by ``|``.

    ``required`` must all be there for a file to be of this format; ``also`` may be. Names are
    compared without case, accents, or the kind of apostrophe and space.
    """

    required: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)

    def found(self, sample: Sample) -> int:
        """Return how many columns of this format a file has; 0 where a required one lacks."""
        there = self._places(tuple(sample.columns))
        return len(there) if all(name in there for name in self.required) else 0

    def cells(self, row: Row) -> Cells:
        """Return a row's cells by what they mean."""
        return Cells(row=row, places=self._places(tuple(row)))

    def column(self, columns: tuple[str, ...], meaning: str) -> str | None:
        """Return the name a file gives to a column."""
        return self._places(columns).get(meaning)

    def _places(self, columns: tuple[str, ...]) -> Mapping[str, str]:
        return _places(self, columns)


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The cells of one row by what they mean; an error names the column as the file does."""

    row: Row
    places: Mapping[str, str]
    slips: list[RowError] = field(default_factory=list)
    """Counts that could not be read: those cells are left out, the row is kept."""

    def raw(self, meaning: str) -> str | None:
        """Return a cell untouched; unknown where the file has no such column."""
        column = self.places.get(meaning)
        return None if column is None else self.row[column]

    def count(self, meaning: str) -> int | None:
        """Return a count; blank is unknown, never zero; one that cannot be read is a slip."""
        try:
            return whole_number(self.raw(meaning), column=self.places.get(meaning))
        except RowError as slip:
            self.slips.append(slip)
            return None

    def text(self, meaning: str) -> str | None:
        """Return words, in the letters a reader means."""
        return clean_text(self.raw(meaning))

    def flag(self, meaning: str) -> bool | None:
        """Return a yes or a no, as ``1``, ``true``, ``oui``; unknown for anything else."""
        cell = (self.raw(meaning) or "").strip().casefold()
        return _FLAGS.get(cell)

    def name(self, meaning: str) -> str | None:
        """Return a name or an address as written."""
        return plain_text(self.raw(meaning))

    def identifier(self, meaning: str) -> str:
        """Return an identifier; refuse the row where it is missing or a spreadsheet ruined it."""
        return identifier(self.raw(meaning), column=self.places.get(meaning, meaning))

    def moment(self, meaning: str, context: Context, *, day_first: bool | None = None) -> datetime:
        """Return when something happened, in UTC; without an offset it is in the given zone."""
        return moment(
            self.raw(meaning),
            zone=context.zone,
            observed_at=context.observed_at,
            day_first=day_first,
            year=context.year,
            column=self.places.get(meaning),
        )

    def day(self, meaning: str, context: Context, *, day_first: bool | None = None) -> date:
        """Return a day as written."""
        return calendar_day(
            self.raw(meaning),
            observed_at=context.observed_at,
            day_first=day_first,
            year=context.year,
            column=self.places.get(meaning),
        )


class HeadedImporter(RowImporter):
    """An importer of a table whose columns are found by what they mean."""

    headings: ClassVar[Headings]

    def recognises(self, sample: Sample) -> int:
        """Count the columns of this format; 0 where one that it must have lacks."""
        return self.headings.found(sample)

    def records(self, row: Row, context: Context) -> Iterator[Record | RowError]:
        """Yield what the row says, then the counts that could not be read."""
        cells = self.headings.cells(row)
        yield from self.observations(cells, context)
        yield from cells.slips

    @abstractmethod
    def observations(self, cells: Cells, context: Context) -> Iterable[Record]:
        """Yield what a row says; raise ``RowError`` to refuse it; yield nothing to pass over."""


@lru_cache(maxsize=256)
def _places(headings: Headings, columns: tuple[str, ...]) -> Mapping[str, str]:
    """Map each meaning to its column; of two columns with one name the first counts."""
    known: dict[str, str] = {}
    for column in columns:
        known.setdefault(folded(column), column)
    found = {}
    for meaning, names in {**headings.required, **headings.also}.items():
        written = next((name for name in map(folded, names.split("|")) if name in known), None)
        if written is not None:
            found[meaning] = known[written]
    return found


def folded(name: str) -> str:
    """Return a column's name as it is compared: no case, accents, quotes or odd spaces."""
    text = unicodedata.normalize("NFKD", repaired(name)).casefold().replace("’", "'")
    letters = (letter for letter in text if not unicodedata.combining(letter))
    return " ".join("".join(letters).replace('"', " ").replace("\ufeff", " ").split())
