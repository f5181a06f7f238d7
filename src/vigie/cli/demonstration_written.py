"""Keeps the invented conversations: what was written, when it was answered, what was thought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from vigie.demo.desk import Wrote

if TYPE_CHECKING:
    from vigie.inbox.models import Box, Conversation, Message, Satisfaction, Topic
    from vigie.inbox.owing import Terms
    from vigie.register.models import Service


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What conversations of the demonstration are hung on."""

    boxes: Mapping[str, Box]
    services: Mapping[str, Service]
    topics: Mapping[tuple[str, str], Topic]
    terms: Terms

    @property
    def now(self) -> datetime:
        """The moment up to which everything is invented."""
        return self.terms.now


def keep_written(desk: Desk, written: Sequence[Wrote]) -> None:
    """Keep what people wrote and what was answered, all at once."""
    from vigie.inbox.models import Contact, Conversation, Handle, Message, Passage, Satisfaction

    contacts = Contact.objects.bulk_create(
        Contact(name=one.name, language=one.language, created_at=one.at, seen_at=one.at)
        for one in written
    )
    handles = Handle.objects.bulk_create(
        Handle(contact=contact, network="mail" if one.channel in ("mail", "form") else "facebook",
               address=f"personne-{one.number}@invente.example")
        for contact, one in zip(contacts, written, strict=True)
    )  # fmt: skip
    rows = Conversation.objects.bulk_create(
        _row(desk, one, handle) for one, handle in zip(written, handles, strict=True)
    )
    kept = list(zip(rows, written, handles, strict=True))
    Message.objects.bulk_create(
        message for row, one, handle in kept for message in _messages(row, one, handle.pk)
    )
    Passage.objects.bulk_create(
        Passage(conversation=row, service=row.service, at=row.opened_at, by="rule",
                reason={"fr": "Une règle l’a envoyée ici.", "en": "A rule sent it here."})
        for row in rows
        if row.service is not None
    )  # fmt: skip
    Satisfaction.objects.bulk_create(
        satisfaction for row, one, _handle in kept for satisfaction in _satisfaction(row, one)
    )
    _suggest(desk, [(row, one) for row, one, _handle in kept if row.service is None])


def _row(desk: Desk, one: Wrote, handle: object) -> Conversation:
    from vigie.inbox.models import Conversation
    from vigie.inbox.owing import settle

    service = desk.services.get(one.office)
    topic = desk.topics[one.office, one.topic["en"]] if one.has_topic else None
    row = Conversation(
        box=desk.boxes[one.channel], thread=f"demo-{one.number}", kind=one.kind,
        is_public=one.kind == "comment", contact_id=handle.contact_id,  # type: ignore[attr-defined]
        subject=one.subject, language=one.language, intents=list(one.intents), service=service,
        topic=topic, opened_at=one.at, asked_at=one.at, incoming_at=one.at, touched_at=one.at,
        urgency="high" if one.channel == "direct" and one.number % 9 == 0 else "normal",
        reopened=int(one.is_reopened),
    )  # fmt: skip
    _answer(row, one, desk)
    if row.state == "open" and one.number % 23 == 0:
        row.state, row.snoozed_until = "snoozed", desk.now + timedelta(days=2)
    settle(row, desk.terms)
    return row


def _answer(row: Conversation, one: Wrote, desk: Desk) -> None:
    """Let a conversation be answered and closed when the hours of its service come to it."""
    from vigie.inbox.clock import due
    from vigie.inbox.owing import minutes_between

    hours = desk.terms.hours_of(row.service_id)
    answered = due(hours, one.at, one.wait) if one.wait is not None else None
    if answered is not None and answered < desk.now:
        row.answered_at = row.outgoing_at = row.touched_at = answered
        row.response_minutes = minutes_between(hours, one.at, answered)
        row.state = "waiting"
        again = answered + timedelta(days=1)
        if one.thanks and again < desk.now:
            row.incoming_at = row.asked_at = row.touched_at = again
            row.state = "open"
            second = due(hours, again, timedelta(hours=3))
            if second is not None and second < desk.now:
                row.outgoing_at, row.state, row.touched_at = second, "waiting", second
    ends = due(hours, row.touched_at, timedelta(hours=7))
    if (one.is_closed and row.state != "open") or (one.is_closed and row.answered_at is None):
        row.closed_at = min(ends or desk.now, desk.now)
        row.state, row.touched_at = "closed", row.closed_at
        end = row.outgoing_at or row.closed_at
        row.resolution_minutes = minutes_between(hours, one.at, end)


def _messages(row: Conversation, one: Wrote, handle: int) -> Iterator[Message]:
    yield _said(row, "in", one.at, one.words, "received", handle=handle)
    signed = f"{one.answer}\n\n{row.service}" if row.service else one.answer
    if row.answered_at is not None:
        yield _said(row, "out", row.answered_at, signed, "sent")
        if row.incoming_at > row.answered_at:
            yield _said(row, "in", row.incoming_at, one.thanks, "received", handle=handle)
        if row.outgoing_at is not None and row.outgoing_at > row.answered_at:
            same = {"fr": "Oui, c’est pareil en janvier.", "en": "Yes, it is the same in January."}
            yield _said(row, "out", row.outgoing_at, same[one.language], "sent")
    elif one.is_proposed and row.state == "open":
        yield _said(row, "out", row.opened_at + timedelta(hours=2), signed, "proposed")


def _said(
    row: Conversation, direction: str, at: datetime, words: str, state: str, *, handle: int = 0
) -> Message:
    from vigie.inbox.models import Message

    return Message(
        conversation=row, box=row.box, direction=direction, words=words, state=state,
        key=f"{row.thread}-{direction}-{at.timestamp():.0f}", handle_id=handle or None, said_at=at,
        received_at=at, sent_at=at if state == "sent" else None,
    )  # fmt: skip


def _satisfaction(row: Conversation, one: Wrote) -> Iterator[Satisfaction]:
    from vigie.inbox.models import Satisfaction

    if not (one.is_asked and row.closed_at):
        return
    answered = row.closed_at + timedelta(hours=20) if one.score else None
    yield Satisfaction(
        conversation=row, digest=f"demo-{one.number}", asked_at=row.closed_at, score=one.score,
        words=one.opinion if one.score else "", answered_at=answered,
    )  # fmt: skip


def _suggest(desk: Desk, nobodys: Sequence[tuple[Conversation, Wrote]]) -> None:
    from vigie.inbox.models import Suggestion

    draw, keys = Random(7), [service.pk for service in desk.services.values()]
    Suggestion.objects.bulk_create(
        Suggestion(conversation=row, services=[[draw.choice(keys), 0.61], [keys[0], 0.2]],
                   annotator="rules", at=row.opened_at)
        for row, _one in nobodys
    )  # fmt: skip
