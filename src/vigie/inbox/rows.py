"""Conversations as columns: what every figure is counted from, a year of them in a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.columns import table_of
from vigie.model import Conversation

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
"""In UTC, to the microsecond; not a time: unknown."""
Days = npt.NDArray[np.datetime64]
Places = slice | npt.NDArray[Any]
UNKNOWN = -1
"""A whole number that is not known."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A column of few different names: which of them each row has."""

    codes: Ints
    names: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, places: Places) -> Named:
        return Named(codes=self.codes[places], names=self.names)

    def among(self, names: Collection[str | None]) -> Flags:
        """Say of each row whether it has one of these names."""
        return np.array([name in names for name in self.names], dtype=np.bool_)[self.codes]

    def found(self) -> list[str | None]:
        """Return the names that some row has, in the order in which they came."""
        codes, first = np.unique(self.codes, return_index=True)
        return [self.names[code] for code in codes[np.argsort(first)]]

    def filled(self, name: str) -> Named:
        """Return the column with a name in place of the unknown."""
        known = tuple(dict.fromkeys(one or name for one in self.names))
        codes = np.array([known.index(one or name) for one in self.names], dtype=np.int64)
        return Named(codes=codes[self.codes], names=known)

    def at(self, place: int) -> str | None:
        """Return the name of one row."""
        name: str | None = self.names[self.codes[place]]
        return name


def named(values: Sequence[str | None]) -> Named:
    """Return texts as a column of names."""
    return _named(pa.array(values, type=pa.string()))


def _named(column: pa.Array) -> Named:
    encoded = column.dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Named(codes=codes, names=tuple(encoded.dictionary.to_pylist()) or (None,))


@dataclass(frozen=True, kw_only=True)
class Office:
    """What is known of the service a row names."""

    name: str
    is_confidential: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a list says of one conversation behind a figure."""

    is_answered: bool
    is_closed: bool
    waited_minutes: int
    target_minutes: int | None
    topic: str | None
    score: int | None
    left_out: str | None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Conversations, each column in the same order; ``model.Conversation`` says what they mean."""

    key: npt.NDArray[Any]
    """The number of a conversation, or its pseudonym."""
    opened_at: Moments
    opened_on: Days
    observed_at: Moments
    answered_at: Moments
    is_closed: Flags
    closed_on: Days
    service: Named
    channel: Named
    topic: Named
    left_out: Named
    incoming: Ints
    outgoing: Ints
    reopened: Ints
    waited: Ints
    target: Ints
    lasted: Ints
    is_asked: Flags
    score: Ints
    offices: Mapping[str, Office] = field(default_factory=dict)
    """By the short name of a service."""

    def __len__(self) -> int:
        return len(self.key)

    def at(self, places: Places) -> Rows:
        """Return the rows at these places; of a slice, nothing is copied."""
        cut = {one: getattr(self, one)[places] for one in COLUMNS}
        return Rows(**cut, offices=self.offices)

    @property
    def asks(self) -> Flags:
        """Say of each whether it asks for an answer."""
        return self.left_out.among({None})

    @property
    def is_answered(self) -> Flags:
        """Say of each whether a person answered."""
        return ~np.isnat(self.answered_at)

    @property
    def is_confidential(self) -> Flags:
        """Say of each whether its service is confidential."""
        return self.service.among(
            {name for name, office in self.offices.items() if office.is_confidential}
        )

    def grouped(self, by: Named) -> Iterator[tuple[str | None, Rows]]:
        """Yield the rows of each name, in their order."""
        order = in_order(by.codes)
        whole, codes = self.at(order), by.codes[order]
        edges = np.flatnonzero(np.diff(codes)) + 1
        for start, end in zip([0, *edges], [*edges, len(codes)], strict=True):
            if start < end:
                yield by.names[codes[start]], whole.at(slice(start, end))

    def row(self, place: int) -> Row:
        """Return what a list says of one."""
        target, score = int(self.target[place]), int(self.score[place])
        return Row(
            is_answered=bool(self.is_answered[place]),
            is_closed=bool(self.is_closed[place]),
            waited_minutes=int(self.waited[place]),
            target_minutes=None if target == UNKNOWN else target,
            topic=self.topic.at(place),
            score=None if score == UNKNOWN else score,
            left_out=self.left_out.at(place),
        )


def in_order(numbers: Ints) -> Ints:
    """Return the order of numbers, equal ones as they stand; quick where they are near together."""
    least = numbers.min(initial=0)
    span = int(numbers.max(initial=0)) - int(least)
    near = (numbers - least).astype(np.uint16) if span < 1 << 16 else numbers
    return np.argsort(near, kind="stable")


COLUMNS = tuple(one.name for one in fields(Rows) if one.name != "offices")


def rows_of(records: Iterable[Conversation]) -> Rows:
    """Return records as columns."""
    return rows_in(table_of(Conversation, records))


def rows_in(table: pa.Table) -> Rows:
    """Return conversations of the store as columns."""
    whole = table.combine_chunks()

    def column(name: str) -> pa.Array:
        found = whole.column(name)
        return found.chunk(0) if found.num_chunks else pa.array([], type=found.type)

    plain = {name: read(column(of)) for name, (of, read) in _STORED.items()}
    closed_at, closed_on = _moments(column("closed_at")), plain["closed_on"]
    days = closed_at.astype("datetime64[D]")
    plain["closed_on"] = np.where(np.isnat(closed_on), days, closed_on)
    return Rows(**plain, offices=_offices(whole))


def _offices(table: pa.Table) -> dict[str, Office]:
    told = table.select(["service", "office", "is_confidential"]).group_by(
        ["service", "office", "is_confidential"], use_threads=False
    )
    found: dict[str, Office] = {}
    for row in told.aggregate([]).to_pylist():
        if row["service"] is not None:
            office = Office(name=row["office"] or row["service"],
                            is_confidential=row["is_confidential"])  # fmt: skip
            found.setdefault(row["service"], office)
    return found


def _texts(column: pa.Array) -> npt.NDArray[Any]:
    return np.array(column.to_pylist(), dtype=object)


def _ints(column: pa.Array) -> Ints:
    found: Ints = column.fill_null(UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _moments(column: pa.Array) -> Moments:
    found: Moments = column.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    return found


def _days(column: pa.Array) -> Days:
    found: Days = column.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return found


def _flags(column: pa.Array) -> Flags:
    found: Flags = column.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _are_known(column: pa.Array) -> Flags:
    found: Flags = column.is_valid().to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


_STORED: Mapping[str, tuple[str, Callable[[pa.Array], Any]]] = {
    "key": ("conversation", _texts),
    "opened_at": ("opened_at", _moments),
    "opened_on": ("opened_on", _days),
    "observed_at": ("observed_at", _moments),
    "answered_at": ("answered_at", _moments),
    "is_closed": ("closed_at", _are_known),
    "closed_on": ("closed_on", _days),
    "service": ("service", _named),
    "channel": ("channel", _named),
    "topic": ("topic", _named),
    "left_out": ("left_out", _named),
    "incoming": ("incoming", _ints),
    "outgoing": ("outgoing", _ints),
    "reopened": ("reopened", _ints),
    "waited": ("waited_minutes", _ints),
    "target": ("target_minutes", _ints),
    "lasted": ("lasted_minutes", _ints),
    "is_asked": ("is_asked", _flags),
    "score": ("score", _ints),
}
"""Of which column of the store each is read, and how."""


def day_of(moment: np.datetime64) -> date:
    """Return a day of a column."""
    found: date = moment.astype("datetime64[D]").item()
    return found


def moment_of(moment: np.datetime64) -> datetime:
    """Return a moment of a column."""
    found: datetime = moment.astype("datetime64[us]").item()
    return found.replace(tzinfo=UTC)
