"""Replies on their way out: one, whatever breaks between sending it and writing that it was sent.

A reply is claimed by one worker under a key chosen before the first try. A worker that dies leaves
it *sending*; whoever finds it asks the channel what became of it before sending anything again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q, QuerySet

from vigie.errors import (
    BusyError,
    DeniedError,
    InboxError,
    NetworkError,
    VigieError,
    WindowError,
)
from vigie.http import Http
from vigie.http.mail_refusals import refused
from vigie.inbox.channel import Author, Channel, Enclosed, Outgoing, Sent
from vigie.inbox.models import Box, Conversation, Handle, Message
from vigie.inbox.owing import Terms, recount
from vigie.inbox.satisfaction import worded
from vigie.words import LANGUAGES, Words, _, say

LEASE = timedelta(minutes=5)
"""Without an end after so long, the worker that claimed a reply is taken to be dead."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Before each further try; then a person is told."""

Connect = Callable[[Box], Channel]
"""Box → its channel, with its secrets opened."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """What sending needs: channels, the opener of connections, the time."""

    connect: Connect
    http: Http
    clock: Callable[[], datetime]
    terms: Callable[[], Terms]
    home: Path | None = None
    """Where the files lie that go with replies."""


def send_due(post: Post, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send every reply that is due; return how many the networks confirmed."""
    confirmed = 0
    while not should_stop():
        claimed = _claimed(post.clock())
        if claimed is None:
            break
        message, was_abandoned = claimed
        confirmed += send(message, post, was_abandoned=was_abandoned)
    return confirmed


def _claimed(now: datetime) -> tuple[Message, bool] | None:
    """Take the reply that is due longest, and say whether another worker had begun to send it."""
    while True:
        row = _due(now).order_by("next_try_at", "id").first()
        if row is None:
            return None
        # By its own columns alone: what is asked of its box would be looked up as it was before
        # another worker took it (PostgreSQL looks again only at the row that it waited for).
        free = Message.objects.filter(pk=row.pk, state=row.state, claimed_at=row.claimed_at)
        if free.update(state="sending", claimed_at=now, tries=F("tries") + 1):
            was_abandoned = row.state == "sending"
            row.refresh_from_db()
            return row, was_abandoned


def _due(now: datetime) -> QuerySet[Message]:
    abandoned = Q(state="sending", claimed_at__lt=now - LEASE)
    wanted = Q(state="due", next_try_at__lte=now) | abandoned
    # Replies of a box that is paused wait with it.
    return Message.objects.filter(wanted, direction="out").exclude(box__state="paused")


def send(message: Message, post: Post, *, was_abandoned: bool = False) -> bool:
    """Send one claimed reply and write what became of it; whether the network confirmed it."""
    try:
        outgoing = replace(outgoing_of(message, post.home), was_abandoned=was_abandoned)
        channel = post.connect(message.box)
        sent = _found(message, outgoing, channel, post) or _sent(message, outgoing, channel, post)
    except DeniedError as error:
        _failed(message, error.words, post)
    except BusyError as error:
        _later(message, error.words, post, at=error.until)
    except (NetworkError, OSError) as error:
        said = refused(error) or refused(error.__cause__ or error)
        if said is not None and said.is_final:
            _failed(message, said.words, post)
        else:
            _later(message, said.words if said else words_of(error), post)
    except VigieError as error:
        _failed(message, error.words, post)
    else:
        _confirmed(message, sent)
        return True
    return False


def words_of(error: Exception) -> Words:
    """Return what an error says to a person; of one nobody foresaw, only its kind."""
    if isinstance(error, VigieError):
        return error.words
    return _("The connection failed ({kind}). It is tried again.", kind=type(error).__name__)


def _found(message: Message, outgoing: Outgoing, channel: Channel, post: Post) -> Sent | None:
    """Ask what became of a reply that somebody had begun to send."""
    return channel.find(outgoing, post.http) if message.tries > 1 else None


def _sent(message: Message, outgoing: Outgoing, channel: Channel, post: Post) -> Sent:
    window = channel.window(last_incoming=message.conversation.incoming_at, now=post.clock())
    if not window.is_open:
        raise WindowError(
            window.instead
            or _("The network no longer takes an answer here. Write to this person another way.")
        )
    return channel.send(outgoing, post.http)


def _confirmed(message: Message, sent: Sent) -> None:
    """Write that a reply was sent; what of it came back meanwhile as written by us is the same."""
    with transaction.atomic():
        same = Message.objects.filter(box=message.box_id, key=sent.external, direction="out")
        same.filter(person__isnull=True).exclude(pk=message.pk).delete()
        Message.objects.filter(pk=message.pk).update(
            state="sent",
            external=sent.external,
            url=sent.url,
            sent_at=sent.sent_at,
            claimed_at=None,
            failure=None,
        )
        Box.objects.filter(pk=message.box_id).update(sent_at=sent.sent_at)


def _later(message: Message, words: Words, post: Post, *, at: datetime | None = None) -> None:
    if message.tries > len(PAUSES):
        _failed(message, words, post)
        return
    now = post.clock()
    Message.objects.filter(pk=message.pk, state="sending").update(
        state="due",
        claimed_at=None,
        next_try_at=max(at or now, now + PAUSES[message.tries - 1]),
        failure=_said(words),
    )


def _failed(message: Message, words: Words, post: Post) -> None:
    """Give a reply back to people: the conversation is open again, and says why."""
    with transaction.atomic():
        failed = Message.objects.filter(pk=message.pk, state="sending").update(
            state="failed", claimed_at=None, failure=_said(words)
        )
        if not failed:
            # The network told of it in the meantime: it went out.
            return
        row = Conversation.objects.select_for_update().get(pk=message.conversation_id)
        recount(row, post.terms())
        row.save()


def _said(words: Words) -> dict[str, str]:
    return {language: say(words, language) for language in LANGUAGES}


def outgoing_of(message: Message, home: Path | None = None) -> Outgoing:
    """Return a reply as its channel takes it."""
    conversation = message.conversation
    known = message.handle or answered_handle(conversation)
    to = Author(
        network=known.network if known else "",
        address=known.address if known else "",
        shown=known.shown if known else "",
        name=conversation.contact.name,
    )
    keys = conversation.messages.filter(box=message.box).exclude(pk=message.pk)
    return Outgoing(
        key=message.key,
        thread=conversation.thread,
        kind=conversation.kind,
        is_public=conversation.is_public,
        to=to,
        words=worded(message),
        handed_in_at=message.said_at,
        answers_to=message.answers_to,
        references=tuple(keys.order_by("said_at", "id").values_list("key", flat=True)),
        subject=conversation.subject,
        signature=str(conversation.service or ""),
        enclosed=_enclosed(message, home),
        facts=message.facts,
        incoming_at=conversation.incoming_at,
        is_automatic=message.is_automatic,
    )


def answered_handle(conversation: Conversation) -> Handle | None:
    """Return whom an answer goes to: who wrote last."""
    rows = conversation.messages.filter(direction="in", handle__isnull=False)
    last = rows.select_related("handle").order_by("-said_at", "-id").first()
    return last.handle if last is not None else None


def _enclosed(message: Message, home: Path | None) -> tuple[Enclosed, ...]:
    """Read the files that go with a reply: all of them, or it does not go."""
    found = []
    for row in message.attachments.order_by("id"):
        try:
            content = ((home or Path()) / row.file).read_bytes()
        except OSError as error:
            raise InboxError(
                _("The file “{name}” is no longer there. Write the reply again with it.",
                  name=row.name)
            ) from error  # fmt: skip
        found.append(
            Enclosed(name=row.name, content=content, media_type=row.media_type, alt=row.alt)
        )
    return tuple(found)


def try_again(message: Message, *, now: datetime) -> bool:
    """Let a reply that did not arrive be tried once more; false when it did not fail."""
    rows = Message.objects.filter(pk=message.pk)
    again: dict[str, object] = {"state": "due", "next_try_at": now, "failure": None}
    # One that came back had gone out: whoever asks what became of it would be told so.
    came_back = rows.filter(state="refused").update(tries=0, sent_at=None, external="", **again)
    return bool(came_back or rows.filter(state="failed").update(**again))
