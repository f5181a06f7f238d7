"""Finds facts in the nested objects of JSON files, of which any part may be missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from vigie.collect.cells import clean_text, plain_text, whole_number
from vigie.collect.sample import JSON
from vigie.errors import RowError
from vigie.words import _

Step = str | int


@dataclass(frozen=True)
class Item:
    """A value of a JSON file and a way into it; what is not there is unknown."""

    value: object

    def at(self, *path: Step) -> Item:
        """Follow names and places; lead nowhere when one is missing."""
        value = self.value
        for step in path:
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and -1 <= step < len(value):
                value = value[step] if value else None
            else:
                return Item(None)
        return Item(value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __iter__(self) -> Iterator[Item]:
        if isinstance(self.value, list):
            yield from map(Item, self.value)

    def __len__(self) -> int:
        return len(self.value) if isinstance(self.value, list) else 0

    def name(self, *path: Step) -> str | None:
        """Return a name, an identifier or an address as written."""
        value = self.at(*path).value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return plain_text(value) if isinstance(value, str) else None

    def needed(self, *path: Step) -> str:
        """Return a name; refuse the row without it."""
        found = self.name(*path)
        if found is None:
            where = ".".join(map(str, path))
            raise RowError(_("{where} is missing.", where=where), column=where)
        return found

    def text(self, *path: Step) -> str | None:
        """Return words, in the letters a reader means."""
        value = self.at(*path).value
        return clean_text(value) if isinstance(value, str) else None

    def count(self, *path: Step) -> int | None:
        """Return a count; one below zero is a way to say that it is hidden."""
        value = self.at(*path).value
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            return None
        number = whole_number(str(value), column=".".join(map(str, path)), may_be_negative=True)
        return None if number is None or number < 0 else number

    def when(self, *path: Step) -> datetime:
        """Return a moment written as ISO 8601 or as seconds or milliseconds since 1970."""
        written = self.needed(*path)
        try:
            if written.isascii() and written.isdigit():
                seconds = int(written) / (1000 if len(written) > 11 else 1)
                return datetime.fromtimestamp(seconds, UTC)
            found = datetime.fromisoformat(written)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise RowError(
                _("{cell} is not a date that can be read.", cell=written),
                column=".".join(map(str, path)),
            ) from error


def item_of(row: Mapping[str, str | None]) -> Item:
    """Return the object of a row, with all that it holds; nothing where it was cut short."""
    try:
        return Item(json.loads(row.get(JSON) or "null"))
    except (ValueError, RecursionError):
        return Item(None)
