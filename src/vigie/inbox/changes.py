"""Everything that people change in conversations: checks the right, writes the log, at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.channel import Channel, known_channels
from vigie.inbox.enclosures import Files, checked, fitted
from vigie.inbox.entrusting import is_asked_by_mail, mail
from vigie.inbox.links import may_answer, revoke
from vigie.inbox.models import (
    Attachment,
    Box,
    CalledIn,
    Conversation,
    Handle,
    Message,
    Note,
    Passage,
    Suggestion,
    Topic,
)
from vigie.inbox.owing import Terms, minutes_between, recount, settle
from vigie.inbox.searching import note_words
from vigie.inbox.visible import Eyes, visible
from vigie.register import log
from vigie.register.models import Person, Service
from vigie.register.rights import ANSWER_INBOX, APPROVE_INBOX, READ_INBOX
from vigie.words import LANGUAGES, Words, _, say

SETTLED = ("due_at", "window_until", "expires_at", "touched_at")
"""What follows from a change of any kind."""


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Who makes a change, when, and the hours and targets it is judged by."""

    eyes: Eyes
    terms: Terms
    person: Person | None = None
    through: str = ""
    """``link`` when a link in a mail gives the right over this one conversation."""
    over: int | None = None
    """The conversation that the link is for."""

    @property
    def now(self) -> datetime:
        """The moment of the change."""
        return self.terms.now

    def require(self, right: str, conversation: Conversation) -> None:
        """Refuse what this hand may not do; what it may not see does not exist for it."""
        if self.through == "link" and self.over == conversation.pk and right == ANSWER_INBOX:
            return
        if self.eyes.may(right, conversation):
            return
        called = right in (READ_INBOX, ANSWER_INBOX) and visible(
            self.eyes, Conversation.objects.filter(pk=conversation.pk)
        )
        if right == READ_INBOX and called:
            return
        raise ForbiddenError(
            _(
                "{name} may not do this with this conversation ({right}). Ask an administrator for "
                "the role it needs.",
                name=self.eyes.author.name,
                right=right,
            )
        )

    def note(self, action: str, conversation: Conversation, **facts: object) -> None:
        """Write a change in the log: what was done, never what was said."""
        change = log.Change(action=action, subject=f"conversation {conversation.pk}", facts=facts)
        log.write([change], by=self.eyes.author, at=self.now)


def locked(pk: int) -> Conversation:
    """Return a conversation that nobody else changes until the transaction ends."""
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("box", "service", "contact")
        .get(pk=pk)
    )


@dataclass(frozen=True, kw_only=True)
class Through:
    """Another way that a reply goes out by than the one they wrote by."""

    box: Box
    handle: Handle


def reply(
    conversation: Conversation,
    words: str,
    *,
    hand: Hand,
    key: str = "",
    topic: int | None = None,
    to_approve: bool = False,
    through: Through | None = None,
    files: Files | None = None,
) -> Message:
    """Hand in a reply. It waits for approval where that is asked for, else it goes out at once.

    ``key`` names the form it was written in, so that sending the form twice is sending it once.
    ``to_approve`` has it wait in any case.
    """
    hand.require(ANSWER_INBOX, conversation)
    if not words.strip():
        raise InboxError(_("Write something first: the reply is empty."))
    # Before anything is locked: to write pictures anew takes a moment.
    fit = fitted(files, _channel(conversation, through)) if files else None
    with transaction.atomic():
        row = locked(conversation.pk)
        chosen = key or uuid.uuid4().hex
        known = Message.objects.filter(conversation=row, direction="out", key=chosen).first()
        if known is not None:
            return known
        message = new_reply(row, words.strip(), chosen, through, hand)
        message.state = "proposed" if to_approve or needs_approval(row, hand) else "due"
        message.save()
        if fit:
            _enclose(message, fit)
        if message.state == "due":
            answered(row, hand.now, terms=hand.terms)
        row.touched_at = hand.now
        row.save()
        note_words([row.pk])
        row.drafts.filter(writer=writer(hand)).delete()
        hand.note("inbox.reply", row, message=message.pk, state=message.state, by=hand.through)
        if topic is not None:
            choose_topic(row, topic, hand=hand)
    return message


def new_reply(
    row: Conversation, words: str, key: str, through: Through | None, hand: Hand
) -> Message:
    """Return a reply, not saved yet: to what they wrote last, or by another way to someone."""
    last = row.messages.filter(direction="in").select_related("box").last()
    answers = last if through is None else None
    return Message(
        conversation=row,
        box=through.box if through else last.box if last else row.box,
        direction="out",
        key=key,
        answers_to=answers.key if answers else "",
        handle=through.handle if through else None,
        person=hand.person,
        words=words,
        said_at=hand.now,
        received_at=hand.now,
        next_try_at=hand.now,
        facts=answers.facts if answers else {},
    )


def _channel(conversation: Conversation, through: Through | None) -> type[Channel] | None:
    box = through.box if through else conversation.answers_by
    return known_channels().get(box.channel)


def _enclose(message: Message, files: Files) -> None:
    """Let checked files go with a reply."""
    kept = checked(files, known_channels().get(message.box.channel))
    Attachment.objects.bulk_create(
        [
            Attachment(message=message, name=one.name, media_type=one.media_type, size=one.size,
                       digest=one.digest, file=one.file, alt=one.alt)
            for one in kept
        ]
    )  # fmt: skip


def writer(hand: Hand) -> str:
    """Return the name under which a hand keeps its draft."""
    return f"link:{hand.over}" if hand.through == "link" else f"person:{hand.eyes.author.name}"


def needs_approval(conversation: Conversation, hand: Hand) -> bool:
    asked = conversation.box.needs_approval or (
        conversation.service is not None and conversation.service.needs_approval
    )
    return asked and not hand.eyes.may(APPROVE_INBOX, conversation)


def answered(conversation: Conversation, at: datetime, *, terms: Terms) -> None:
    """Note an answer by a person: the clock stops, the conversation waits for the other side."""
    if conversation.answered_at is None:
        conversation.answered_at = at
        hours = terms.hours_of(conversation.service_id)
        conversation.response_minutes = minutes_between(hours, conversation.opened_at, at)
    conversation.outgoing_at, conversation.delayed_until = at, None
    if conversation.state in ("open", "snoozed"):
        conversation.state, conversation.snoozed_until = "waiting", None
    settle(conversation, terms)


def approve(message: Message, *, hand: Hand, words: str | None = None) -> None:
    """Let a proposed reply go out, as it is or mended."""
    with transaction.atomic():
        row = locked(message.conversation_id)
        hand.require(APPROVE_INBOX, row)
        changed = Message.objects.filter(pk=message.pk, state="proposed").update(
            state="due",
            approved_by=hand.eyes.author.name,
            next_try_at=hand.now,
            **({} if words is None else {"words": words.strip()}),
        )
        if not changed:
            raise InboxError(_("This reply no longer waits for approval."))
        if not message.is_automatic:
            answered(row, hand.now, terms=hand.terms)
        row.touched_at = hand.now
        row.save()
        note_words([row.pk])
        hand.note("inbox.approve", row, message=message.pk, mended=words is not None)


def take_back(message: Message, *, hand: Hand, reason: str = "") -> None:
    """Withdraw a reply that is not sent yet; the reason goes to colleagues as a note."""
    with transaction.atomic():
        row = locked(message.conversation_id)
        hand.require(ANSWER_INBOX, row)
        changed = Message.objects.filter(
            pk=message.pk, direction="out", state__in=("proposed", "due", "failed", "refused")
        ).update(state="withdrawn", is_withdrawn=True)
        if not changed:
            raise InboxError(_("This reply is on its way or sent: it cannot be taken back."))
        note = None
        if reason.strip():
            note = Note.objects.create(
                conversation=row, words=reason.strip(), by=hand.person, at=hand.now
            )
        give_back(row, message.person, hand, note)
        recount(row, hand.terms)
        row.touched_at = hand.now
        row.save()
        note_words([row.pk])
        hand.note("inbox.take_back", row, message=message.pk)


def give_back(row: Conversation, writer: Person | None, hand: Hand, note: Note | None) -> None:
    """Tell someone without a seat that their reply was not sent, with a link to write another."""
    if writer is None or writer == hand.person or not may_answer(writer, row):
        return
    if is_asked_by_mail(row, writer):
        facts = {} if note is None else {"note": note.pk}
        mail(writer, [row], kind="returned", now=hand.now, facts=facts)


def add_note(conversation: Conversation, words: str, *, hand: Hand) -> Note:
    """Leave words for colleagues."""
    hand.require(ANSWER_INBOX, conversation)
    if not words.strip():
        raise InboxError(_("Write something first: the note is empty."))
    with transaction.atomic():
        row = locked(conversation.pk)
        made = Note.objects.create(
            conversation=row, words=words.strip(), by=hand.person, at=hand.now
        )
        _touched(row, hand)
        hand.note("inbox.note", row, note=made.pk)
    return made


def call_in(conversation: Conversation, person: Person, *, hand: Hand) -> None:
    """Let a colleague see this one conversation."""
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        CalledIn.objects.get_or_create(
            conversation=row,
            person=person,
            defaults={"by": hand.eyes.author.name, "at": hand.now},
        )
        hand.note("inbox.call_in", row, person=str(person))


def assign(
    conversation: Conversation,
    *,
    hand: Hand,
    service: Service | None = None,
    person: Person | None = None,
    reason: Words | None = None,
) -> None:
    """Send a conversation to a service, and perhaps a person; the classifier learns from it."""
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        before = str(row.service or "")
        if service is not None and service != row.service:
            row.service, row.topic = service, None
            Suggestion.objects.filter(conversation=row).update(chosen=service)
            row.escalated, row.warned_at, row.delayed_until = 0, None, None
            revoke(row, now=hand.now)
        row.person = person
        said = {} if reason is None else {name: say(reason, name) for name in LANGUAGES}
        Passage.objects.create(
            conversation=row,
            service=row.service,
            person=person,
            at=hand.now,
            by=hand.eyes.author.name,
            reason=said,
        )
        _touched(row, hand)
        facts = {"from": before, "to": str(row.service or ""), "person": str(person or "")}
        hand.note("inbox.assign", row, **facts)


def snooze(conversation: Conversation, until: datetime, *, hand: Hand) -> None:
    """Put a conversation aside until a moment."""
    if until <= hand.now:
        local = until.astimezone(hand.terms.zone)
        raise InboxError(_("Choose a moment to come: {moment} is over.", moment=local))
    _put(conversation, {"state": "snoozed", "snoozed_until": until}, "inbox.snooze", hand=hand)


def close(conversation: Conversation, *, hand: Hand) -> None:
    """Say that the matter is done; a new message opens it again."""
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        row.state, row.closed_at, row.snoozed_until = "closed", hand.now, None
        hours = hand.terms.hours_of(row.service_id)
        row.resolution_minutes = minutes_between(
            hours, row.opened_at, hand.now, pauses=waited(row, until=hand.now)
        )
        _touched(row, hand)
        revoke(row, now=hand.now)
        hand.note("inbox.close", row)


def waited(conversation: Conversation, *, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times in which we waited for the other side: they count for nobody."""
    said = conversation.messages.filter(is_automatic=False).exclude(state="withdrawn")
    pauses, since = [], None
    for direction, at in said.order_by("said_at", "id").values_list("direction", "said_at"):
        if direction == "out" and since is None:
            since = at
        elif direction == "in" and since is not None:
            pauses.append((since, at))
            since = None
    return [*pauses, (since, until)] if since is not None else pauses


def reopen(conversation: Conversation, *, hand: Hand) -> None:
    """Take a conversation up again."""
    changes = {"state": "open", "snoozed_until": None, "closed_at": None}
    _put(conversation, changes, "inbox.reopen", hand=hand)


def choose_topic(conversation: Conversation, topic: int, *, hand: Hand) -> None:
    """Say what a conversation is about, from the list of its service."""
    chosen = Topic.objects.filter(pk=topic, service=conversation.service).first()
    if chosen is None:
        raise InboxError(_("This topic is not one of the service that answers. Choose another."))
    _put(conversation, {"topic": chosen}, "inbox.topic", hand=hand)


def _put(
    conversation: Conversation, changes: Mapping[str, object], action: str, *, hand: Hand
) -> None:
    hand.require(ANSWER_INBOX, conversation)
    with transaction.atomic():
        row = locked(conversation.pk)
        for name, value in changes.items():
            setattr(row, name, value)
        _touched(row, hand)
        hand.note(action, row, **{name: str(value) for name, value in changes.items()})


def _touched(conversation: Conversation, hand: Hand) -> None:
    settle(conversation, hand.terms)
    conversation.touched_at = hand.now
    conversation.save()
