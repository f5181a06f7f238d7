"""The log as a file: every column that checking its chain takes, row after row as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import overload

from django.db.models import QuerySet

from vigie.present.document import Cell, Column, Document, Grid
from vigie.present.writing import Number
from vigie.register.models import LogEntry
from vigie.web.log_words import sentence
from vigie.words import _

AT_ONCE = 2_000
COLUMNS = (
    Column(key="number", label=_("Number"), kind="integer"),
    Column(key="at", label=_("When"), is_row_header=True),
    Column(key="by", label=_("Who")),
    Column(key="words", label=_("What happened"), is_wide=True),
    Column(key="action", label=_("Kind of change")),
    Column(key="subject", label=_("Of what")),
    Column(key="facts", label=_("Facts"), is_wide=True),
    Column(key="previous", label=_("Digest of the entry before")),
    Column(key="digest", label=_("Digest")),
)
Row = Mapping[str, Cell]


class Rows(Sequence[Row]):
    """The rows of the log as they are asked for: a long log never stands whole in memory."""

    def __init__(self, entries: QuerySet[LogEntry]) -> None:
        self._entries = entries.order_by("number")
        self._count = self._entries.count()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        # What is written while the file is made is not in it: its number of rows holds.
        for entry in islice(self._entries.iterator(chunk_size=AT_ONCE), self._count):
            yield _row(entry)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [_row(entry) for entry in self._entries[place]]
        if not 0 <= place < self._count:
            raise IndexError(place)
        return _row(self._entries[place])


def log_document(entries: QuerySet[LogEntry], *, now: datetime) -> Document:
    """Return entries of the log as a document that says how many there are."""
    rows = Rows(entries)
    caption = _("Log: {count} entries", count=Number(len(rows)))
    main = Grid(name="log", caption=caption, columns=COLUMNS, rows=rows, total=len(rows))
    return Document(
        name="log",
        title=_("Who changed what"),
        lead=_(
            "Each digest is the SHA-256 of its entry and of the digest before: what was altered "
            "or taken out shows."
        ),
        blocks=[main],
        made_at=now,
        choices={"entries": str(len(rows))},
        main=main,
    )


def _row(entry: LogEntry) -> Row:
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": entry.by,
        "words": sentence(entry.action, entry.by) or entry.action,
        "action": entry.action,
        "subject": entry.subject,
        "facts": json.dumps(entry.facts, ensure_ascii=False, sort_keys=True),
        "previous": entry.previous,
        "digest": entry.digest,
    }
