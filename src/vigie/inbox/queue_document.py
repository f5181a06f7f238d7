"""The queue as files: exactly the conversations that are asked for, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigie.inbox.models import Conversation
from vigie.inbox.words import KIND_WORDS, STATE_WORDS
from vigie.present.document import Cell, Column, Document, Grid, Note
from vigie.words import _, plural

MOST_ROWS = 50_000


def document(
    rows: Sequence[Conversation], *, total: int, choices: Mapping[str, str], now: datetime
) -> Document:
    """Return a list of conversations as a document; it says when it does not hold all of them."""
    grid = Grid(
        name="conversations",
        caption=plural("{count} conversation", "{count} conversations", count=total),
        columns=[
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
        ],
        rows=[_row(row) for row in rows],
        total=total,
    )
    notes = []
    if total > len(rows):
        cut = _("The first {shown} of {total} are here; ask for fewer to have all.",
                shown=len(rows), total=total)  # fmt: skip
        notes.append(Note(text=cut, kind="partial"))
    return Document(
        name="conversations",
        title=plural("{count} conversation", "{count} conversations", count=total),
        lead=_("Conversations of the inbox that you may see, in the order of the list."),
        blocks=[*notes, grid],
        made_at=now,
        choices=dict(choices),
    )


def _row(row: Conversation) -> Mapping[str, Cell]:
    return {
        "number": row.pk,
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
