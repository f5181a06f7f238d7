"""The queue as files: exactly the conversations that are asked for, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import overload

from vigie.inbox.listing import shown
from vigie.inbox.models import Conversation
from vigie.inbox.words import KIND_WORDS, STATE_WORDS
from vigie.present.document import Cell, Column, Document, Grid
from vigie.words import _, plural

AT_ONCE = 500
COLUMNS = (
    Column(key="row", label=_("Row"), kind="integer"),
    Column(key="number", label=_("Number"), kind="integer"),
    Column(key="title", label=_("Conversation"), is_row_header=True),
    Column(key="contact", label=_("Contact")),
    Column(key="kind", label=_("Written as")),
    Column(key="box", label=_("Box")),
    Column(key="state", label=_("State")),
    Column(key="urgency", label=_("Urgent")),
    Column(key="service", label=_("Service")),
    Column(key="person", label=_("Person")),
    Column(key="language", label=_("Language")),
    Column(key="opened", label=_("Began"), kind="datetime"),
    Column(key="incoming", label=_("Last message"), kind="datetime"),
    Column(key="due", label=_("Answer due"), kind="datetime"),
    Column(key="window", label=_("The network takes an answer until"), kind="datetime"),
    Column(key="answered", label=_("First answer"), kind="datetime"),
    Column(key="minutes", label=_("Minutes to the first answer"), kind="integer"),
)
"""The first counts the rows: the last row of a whole file has the number that the file says."""


class Rows(Sequence[Mapping[str, Cell]]):
    """Conversations as rows, fetched as they are asked for: never all in memory, never fewer.

    Which they are is settled before the first row is written, so that the number that the page and
    the file say holds, whatever changes meanwhile.
    """

    def __init__(self, keys: Sequence[int]) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Mapping[str, Cell]]:
        for start in range(0, len(self._keys), AT_ONCE):
            yield from self._made(start, self._keys[start : start + AT_ONCE])

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> list[Mapping[str, Cell]]: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Cell] | list[Mapping[str, Cell]]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        start = range(len(self))[place]
        return next(self._made(start, self._keys[start : start + 1]))

    def _made(self, start: int, keys: Sequence[int]) -> Iterator[Mapping[str, Cell]]:
        found = shown(keys)
        for place, key in enumerate(keys, start + 1):
            yield {"row": place, "number": key, **(_row(found[key]) if key in found else {})}


def document(keys: Sequence[int], *, choices: Mapping[str, str], now: datetime) -> Document:
    """Return a list of conversations as a document that says how many it holds: all of them."""
    count = len(keys)
    title = plural("{count} conversation", "{count} conversations", count=count)
    grid = Grid(name="conversations", caption=title, columns=COLUMNS, rows=Rows(keys), total=count)
    return Document(
        name="conversations",
        title=title,
        lead=_("Conversations of the inbox that you may see, in the order of the list."),
        blocks=[grid],
        made_at=now,
        choices={"conversations": str(count), **choices},
    )


def _row(row: Conversation) -> Mapping[str, Cell]:
    return {
        "title": row.subject or str(row.contact),
        "contact": str(row.contact),
        "kind": KIND_WORDS[row.kind],
        "box": str(row.box),
        "state": STATE_WORDS[row.state],
        "urgency": _("yes") if row.urgency == "high" else _("no"),
        "service": str(row.service or ""),
        "person": str(row.person or ""),
        "language": row.language,
        "opened": row.opened_at,
        "incoming": row.incoming_at,
        "due": row.due_at,
        "window": row.window_until,
        "answered": row.answered_at,
        "minutes": row.response_minutes,
    }
