"""Conversations as a file that comes back in: a line each, after one that says how many there are.

JSON Lines in UTF-8. A line of its own is no place for a newline, so that those of the words are
written as ``\\n`` and come back as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from vigie.inbox.models import Contact, Conversation, Handle, Message
from vigie.inbox.own_archives import FORMAT, ONE, VERSION
from vigie.register import log
from vigie.register.rights import Author

AT_ONCE = 200
TOLD = ("received", "sent")
"""Messages that were said: what is not sent yet, or was taken down, does not leave."""


def note_export(count: int, *, by: Author, at: datetime) -> None:
    """Write in the log that conversations left, and how many."""
    log.write(
        [log.Change(action="inbox.export", subject="conversations", facts={"count": count})],
        by=by, at=at,
    )  # fmt: skip


def lines(keys: Sequence[int], *, now: datetime) -> Iterator[bytes]:
    """Yield the file line by line; the conversations in the order of their keys."""
    head = {"format": FORMAT, "version": VERSION, "made_at": now.isoformat(),
            "conversations": len(keys)}  # fmt: skip
    yield _line(head)
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        related = ("contact", "service", "topic", "box")
        found = Conversation.objects.select_related(*related).in_bulk(part)
        handles = _handles({row.contact_id for row in found.values()})
        for key in part:
            if key in found:
                yield _line(_conversation(found[key], handles.get(found[key].contact_id)))
            else:
                yield _line({"format": ONE, "number": key, "messages": []})


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _handles(contacts: set[int]) -> Mapping[int, Handle]:
    rows = Handle.objects.filter(contact__in=contacts).order_by("-pk")
    return {row.contact_id: row for row in rows}


def _conversation(row: Conversation, first: Handle | None) -> dict[str, object]:
    said = row.messages.filter(state__in=TOLD, is_withdrawn=False)
    rows = said.select_related("handle").prefetch_related("attachments").order_by("said_at", "id")
    return {
        "format": ONE,
        "number": row.pk,
        "thread": f"{row.box.name}/{row.thread}",
        "channel": row.box.channel,
        "kind": row.kind,
        "is_public": row.is_public,
        "subject": row.subject,
        "language": row.language,
        "state": row.state,
        "service": row.service.slug if row.service else "",
        "is_confidential": bool(row.service and row.service.is_confidential),
        "topic": row.topic.name if row.topic else "",
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "post": row.post,
        "contact": {"name": row.contact.name, "tags": row.contact.tags},
        "messages": [_message(one, row.contact, first) for one in rows],
    }


def _message(one: Message, contact: Contact, first: Handle | None) -> dict[str, object]:
    handle = one.handle or first
    author = None
    if handle is not None:
        author = {"network": handle.network, "address": handle.address, "shown": handle.shown,
                  "name": contact.name}  # fmt: skip
    return {
        "key": one.key,
        "direction": one.direction,
        "said_at": one.said_at.isoformat(),
        "author": author,
        "words": one.words,
        "answers_to": one.answers_to,
        "url": one.url,
        "is_automatic": one.is_automatic,
        "files": [file.name for file in one.attachments.all()],
    }
