"""Messages in and out by the day on which they were written, whenever their conversation began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pyarrow as pa

from vigie.columns import schema_of
from vigie.inbox.figures import WEEK, mondays_of
from vigie.inbox.rows import Days, Ints, Named, Places, Rows, named
from vigie.model import MessageDay


@dataclass(frozen=True, kw_only=True)
class Exchanged:
    """How many messages came, and how many went."""

    incoming: int = 0
    outgoing: int = 0


@dataclass(frozen=True, kw_only=True)
class MessageDays:
    """Messages of conversations that ask for an answer, each column in the order of days.

    A row for each day, institution, service, channel and topic that had some; automatic messages
    are left out. ``model.MessageDay`` says what the columns mean.
    """

    day: Days
    institution: Named
    service: Named
    channel: Named
    topic: Named
    incoming: Ints
    outgoing: Ints

    def __len__(self) -> int:
        return len(self.day)

    def at(self, places: Places) -> MessageDays:
        """Return the rows at these places."""
        return MessageDays(**{one.name: getattr(self, one.name)[places] for one in fields(self)})

    def whole(self) -> Exchanged:
        """Return the messages of all these days."""
        return Exchanged(incoming=int(self.incoming.sum()), outgoing=int(self.outgoing.sum()))

    def by_week(self, *, since: date, until: date) -> dict[date, Exchanged]:
        """Return the messages of each week in order, of those in which none was written too."""
        mondays = mondays_of(since, until)
        days = np.array([*mondays, mondays[-1] + WEEK], dtype="datetime64[D]")
        edges = np.searchsorted(self.day, days)
        sums = [np.diff(_summed(column)[edges]).tolist() for column in (self.incoming,
                                                                        self.outgoing)]  # fmt: skip
        return {
            monday: Exchanged(incoming=came, outgoing=went)
            for monday, came, went in zip(mondays, *sums, strict=True)
        }

    def by(self, names: Named) -> Mapping[str, Exchanged]:
        """Return the messages of each group that had some; the unknown is named by nothing."""
        came, went = (
            np.bincount(names.codes, weights=column, minlength=len(names.names)).astype(np.int64)
            for column in (self.incoming, self.outgoing)
        )
        return {
            name or "": Exchanged(incoming=int(came[code]), outgoing=int(went[code]))
            for code, name in enumerate(names.names)
            if came[code] or went[code]
        }

    def table(self) -> pa.Table:
        """Return them as the store keeps them."""
        schema = schema_of(MessageDay)
        columns = {one.name: _column(getattr(self, one.name)) for one in fields(self)}
        return pa.table([columns[one.name].cast(one.type) for one in schema], schema=schema)


@dataclass(frozen=True, kw_only=True)
class Summed:
    """Conversations as columns, and what was written in them day by day."""

    rows: Rows
    messages: MessageDays


def _summed(column: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(column)])


def _column(column: Named | Days | Ints) -> pa.Array:
    if isinstance(column, Named):
        return pa.array(column.names, type=pa.string()).take(pa.array(column.codes))
    return pa.array(column)


def message_days_in(table: pa.Table) -> MessageDays:
    """Return messages of the store as columns."""
    found = table.sort_by("day").to_pydict()
    return MessageDays(
        day=np.array(found["day"], dtype="datetime64[D]"),
        **{name: named(found[name]) for name in ("institution", "service", "channel", "topic")},
        incoming=np.array(found["incoming"], dtype=np.int64),
        outgoing=np.array(found["outgoing"], dtype=np.int64),
    )
