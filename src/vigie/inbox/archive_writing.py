"""Conversations as a file that comes back in: a line each, after a head and before a seal.

JSON Lines in UTF-8. A line of its own is no place for a newline, so that those of the words are
written as ``\\n`` and come back as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Prefetch

from vigie.inbox.archive_history import (
    PREFETCHED,
    RELATED,
    history,
    links_among,
    person,
    thread_of,
)
from vigie.inbox.models import Attachment, Contact, Conversation, Handle, Message
from vigie.inbox.own_archives import END, FORMAT, ONE, VERSION
from vigie.register import log
from vigie.register.rights import Author

AT_ONCE = 200
TOLD = ("received", "sent")
"""States of messages that were said: what is not sent yet, or was taken down, does not leave."""

SAID = ("conversation", "key", "direction", "said_at", "handle", "words", "answers_to", "url",
        "is_automatic", "external", "person", "facts")  # fmt: skip
"""What leaves of a message."""


def note_export(count: int, *, by: Author, at: datetime) -> None:
    """Write in the log that conversations left, and how many."""
    log.write(
        [log.Change(action="inbox.export", subject="conversations", facts={"count": count})],
        by=by, at=at,
    )  # fmt: skip


def files_of(keys: Sequence[int]) -> dict[str, str]:
    """Return the files that came or went with what was said, below the home folder, by digest."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), AT_ONCE):
        said = {
            "message__conversation__in": keys[start : start + AT_ONCE],
            "message__state__in": TOLD,
            "message__is_withdrawn": False,
        }
        rows = Attachment.objects.filter(**said).exclude(file="").order_by("pk")
        found |= dict(rows.values_list("digest", "file"))
    return found


def lines(keys: Sequence[int], *, now: datetime, beside: Collection[str] = ()) -> Iterator[bytes]:
    """Yield the file line by line; the conversations in the order of their keys.

    Each says of its files whether they are beside it, by their digests.
    """
    told = hashlib.sha256()
    for line in _told(keys, now=now, beside=beside):
        told.update(line)
        yield line
    yield _line({"format": END, "sha256": told.hexdigest()})


def _told(keys: Sequence[int], *, now: datetime, beside: Collection[str]) -> Iterator[bytes]:
    head = {"format": FORMAT, "version": VERSION, "made_at": now.isoformat(),
            "conversations": len(keys)}  # fmt: skip
    yield _line(head)
    every = frozenset(keys)
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        found, links = _read(part), links_among(part, every)
        for key in part:
            if key in found:
                yield _line({**_conversation(found[key], beside), **history(found[key], links)})
            else:
                yield _line({"format": ONE, "number": key, "messages": []})


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _read(keys: Sequence[int]) -> dict[int, Conversation]:
    said = Message.objects.filter(state__in=TOLD, is_withdrawn=False).order_by("said_at", "id")
    said = said.only(*SAID).prefetch_related(
        "handle__contact",
        "person__user",
        Prefetch("attachments", queryset=Attachment.objects.order_by("pk")),
    )
    rows = Conversation.objects.select_related("contact", "service", "topic", "box", *RELATED)
    return rows.prefetch_related(
        "contact__handles", "notes__by", *PREFETCHED, Prefetch("messages", queryset=said)
    ).in_bulk(keys)


def _conversation(row: Conversation, beside: Collection[str]) -> dict[str, object]:
    handles = sorted(row.contact.handles.all(), key=lambda handle: handle.pk)
    return {
        "format": ONE,
        "number": row.pk,
        "thread": thread_of(row),
        "channel": row.box.channel,
        "kind": row.kind,
        "is_public": row.is_public,
        "subject": row.subject,
        "language": row.language,
        "urgency": row.urgency,
        "state": row.state,
        "service": row.service.slug if row.service else "",
        "is_confidential": bool(row.service and row.service.is_confidential),
        "topic": row.topic.name if row.topic else "",
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "post": row.post,
        "contact": _contact(row.contact, handles),
        "messages": [_message(one, row.contact, handles, beside) for one in row.messages.all()],
        "notes": [
            {"words": note.words, "at": note.at.isoformat(), "by": note.by.name if note.by else ""}
            for note in row.notes.all()
        ],
    }


def _contact(contact: Contact, handles: Sequence[Handle]) -> dict[str, object]:
    return {
        "name": contact.name,
        "language": contact.language,
        "tags": contact.tags,
        "consent": contact.consent,
        "handles": [_handle(handle) for handle in handles],
    }


def _handle(handle: Handle) -> dict[str, str]:
    return {"network": handle.network, "address": handle.address, "shown": handle.shown}


def _message(
    one: Message, contact: Contact, handles: Sequence[Handle], beside: Collection[str]
) -> dict[str, object]:
    author, is_ours = None, one.direction == "out"
    if one.handle is not None:
        author = {**_handle(one.handle), "name": one.handle.contact.name}
    elif handles:
        author = {**_handle(handles[0]), "name": contact.name}
    return {
        "key": one.key,
        "direction": one.direction,
        "said_at": one.said_at.isoformat(),
        "author": author,
        "words": one.words,
        "answers_to": one.answers_to,
        "url": one.url,
        "is_automatic": one.is_automatic,
        # What our own messages need was for sending them once.
        **(
            {"external": one.external, "by": person(one.person)}
            if is_ours
            else {"facts": one.facts}
        ),
        "files": [_file(file, beside) for file in one.attachments.all()],
    }


def _file(file: Attachment, beside: Collection[str]) -> dict[str, object]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "digest": file.digest,
        "alt": file.alt,
        "is_here": bool(file.file) and file.digest in beside,
        "refused": file.refused,
    }
