"""Conversations about one matter: linked side by side, or made one; either is undone exactly.

Whoever joins two must be allowed to answer both. What is confidential stays within its service, and
only conversations with one contact become one: an answer must not go to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from vigie.errors import InboxError
from vigie.inbox.changes import Hand, locked
from vigie.inbox.models import Conversation, ConversationLink, ConversationMerge, Message, Note
from vigie.inbox.owing import is_owed, minutes_between, settle
from vigie.inbox.searching import note_words
from vigie.inbox.visible import Eyes, visible
from vigie.register.rights import ANSWER_INBOX
from vigie.words import Words, _

MOMENTS = (
    "snoozed_until", "opened_at", "asked_at", "incoming_at", "answered_at", "outgoing_at",
    "closed_at", "touched_at", "due_at", "window_until", "expires_at", "warned_at",
    "delayed_until",
)  # fmt: skip
OTHERS = (
    "state", "urgency", "reopened", "escalated", "response_minutes", "resolution_minutes",
    "merged_into_id", "via_id",
)  # fmt: skip
"""What joining changes in a conversation."""


def linked(conversation: Conversation, eyes: Eyes) -> list[tuple[ConversationLink, Conversation]]:
    """Return the links of a conversation whose other end these eyes may see."""
    rows = ConversationLink.objects.filter(Q(first=conversation) | Q(second=conversation))
    ends = {
        row.pk: row.second_id if row.first_id == conversation.pk else row.first_id for row in rows
    }
    seen = visible(eyes).select_related("contact").in_bulk(list(ends.values()))
    return [(row, seen[ends[row.pk]]) for row in rows if ends[row.pk] in seen]


def link(one: Conversation, other: Conversation, *, hand: Hand) -> ConversationLink:
    """Put two conversations side by side."""
    _require_both(one, other, hand)
    first, second = sorted((one, other), key=lambda row: row.pk)
    with transaction.atomic():
        made, is_new = ConversationLink.objects.get_or_create(
            first=first, second=second, defaults={"by": hand.eyes.author.name, "at": hand.now}
        )
        if is_new:
            hand.note("inbox.link", one, other=other.pk)
    return made


def unlink(made: ConversationLink, *, hand: Hand) -> None:
    """Take a link away."""
    _require_both(made.first, made.second, hand)
    with transaction.atomic():
        made.delete()
        hand.note("inbox.unlink", made.first, other=made.second_id)


def _require_both(one: Conversation, other: Conversation, hand: Hand) -> None:
    for row in (one, other):
        hand.require(ANSWER_INBOX, row)
    if one.pk == other.pk:
        raise InboxError(_("Choose two different conversations."))


def merge(survivor: Conversation, absorbed: Conversation, *, hand: Hand) -> ConversationMerge:
    """Make two conversations one; a person chose which one goes on. ``undo`` gives both back."""
    _require_both(survivor, absorbed, hand)
    with transaction.atomic():
        first, second = _both_locked(survivor.pk, absorbed.pk)
        _require_fit(first, second)
        moved = Message.objects.filter(conversation=second)
        notes = Note.objects.filter(conversation=second)
        earlier = Conversation.objects.filter(merged_into=second)
        made = ConversationMerge.objects.create(
            survivor=first,
            absorbed=second,
            before={
                "survivor": _state(first),
                "absorbed": _state(second),
                "messages": _keys(moved),
                "notes": _keys(notes),
                "absorbed_before": _keys(earlier),
            },
            by=hand.eyes.author.name,
            at=hand.now,
        )
        moved.update(conversation=first)
        notes.update(conversation=first)
        earlier.update(merged_into=first)
        _take_over(first, second, hand)
        note_words([first.pk, second.pk])
        hand.note("inbox.merge", first, absorbed=second.pk)
    return made


def _both_locked(one: int, other: int) -> tuple[Conversation, Conversation]:
    rows = {pk: locked(pk) for pk in sorted((one, other))}
    return rows[one], rows[other]


def _require_fit(first: Conversation, second: Conversation) -> None:
    refusal = why_not_merged(first, second)
    if refusal is not None:
        raise InboxError(refusal)


def why_not_merged(first: Conversation, second: Conversation) -> Words | None:
    """Say why two conversations cannot become one; none: they can."""
    if first.merged_into_id or second.merged_into_id:
        return _("One of these conversations is part of another one already.")
    if first.contact_id != second.contact_id:
        return _("These are conversations with two people. Link them, or merge the contacts first.")
    kept_apart = any(row.service and row.service.is_confidential for row in (first, second))
    if kept_apart and first.service_id != second.service_id:
        return _("A confidential service keeps what it is asked. Link them instead.")
    return None


def _take_over(first: Conversation, second: Conversation, hand: Hand) -> None:
    """Give the conversation that goes on what the other one had, and put that one away."""
    owed = [row for row in (first, second) if is_owed(row)]
    asked = min((row.asked_at for row in owed), default=max(first.asked_at, second.asked_at))
    if second.state == "open" or (owed and first.state in ("waiting", "closed")):
        first.state, first.snoozed_until, first.closed_at = "open", None, None
    if second.incoming_at > first.incoming_at:
        box = second.answers_by
        first.via = None if box.pk == first.box_id else box
    first.opened_at = min(first.opened_at, second.opened_at)
    first.asked_at, first.incoming_at = asked, max(first.incoming_at, second.incoming_at)
    first.answered_at = _first(first.answered_at, second.answered_at)
    first.outgoing_at = _last(first.outgoing_at, second.outgoing_at)
    if first.answered_at is not None:
        hours = hand.terms.hours_of(first.service_id)
        first.response_minutes = minutes_between(hours, first.opened_at, first.answered_at)
    if "high" in (first.urgency, second.urgency):
        first.urgency = "high"
    first.touched_at = hand.now
    settle(first, hand.terms)
    first.save()
    second.merged_into, second.touched_at = first, hand.now
    second.state, second.closed_at, second.snoozed_until = "closed", hand.now, None
    second.due_at = second.window_until = second.expires_at = None
    second.save()


def _first(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _last(*moments: datetime | None) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)


def _keys(rows: QuerySet[Any]) -> list[int]:
    return sorted(rows.values_list("pk", flat=True))


def _state(row: Conversation) -> dict[str, object]:
    moments = {name: getattr(row, name) for name in MOMENTS}
    return {
        **{name: at.isoformat() if at else None for name, at in moments.items()},
        **{name: getattr(row, name) for name in OTHERS},
    }


def undo(merged: ConversationMerge, *, hand: Hand) -> None:
    """Give back both conversations exactly as they were.

    What was said since goes to the one it answers. Merges are undone the last one first.
    """
    with transaction.atomic():
        row = ConversationMerge.objects.select_for_update().get(pk=merged.pk)
        first, second = _both_locked(row.survivor_id, row.absorbed_id)
        _require_both(first, second, hand)
        _require_last(row)
        before = row.before
        Message.objects.filter(pk__in=before["messages"]).update(conversation=second)
        Note.objects.filter(pk__in=before["notes"]).update(conversation=second)
        Conversation.objects.filter(pk__in=before["absorbed_before"]).update(merged_into=second)
        since = _parted(row, first, second)
        for conversation, side in ((first, "survivor"), (second, "absorbed")):
            _restore(conversation, before[side])
            _continue(conversation, [one for one, at in since if at == conversation.pk], hand)
            conversation.save()
        ConversationMerge.objects.filter(pk=row.pk).update(undone_at=hand.now)
        note_words([first.pk, second.pk])
        hand.note("inbox.undo_merge", first, absorbed=second.pk)


def _require_last(row: ConversationMerge) -> None:
    if row.undone_at is not None:
        raise InboxError(_("This merge was undone already."))
    pair = (row.survivor_id, row.absorbed_id)
    touching = Q(survivor__in=pair) | Q(absorbed__in=pair)
    later = ConversationMerge.objects.filter(touching, undone_at__isnull=True, pk__gt=row.pk)
    if later.exists():
        raise InboxError(_("Undo the later merges of these conversations first."))


def _parted(
    row: ConversationMerge, first: Conversation, second: Conversation
) -> list[tuple[Message, int]]:
    """Return what was said since the merge, each with the conversation it belongs to."""
    theirs = set(second.messages.values_list("key", flat=True))
    since = first.messages.filter(received_at__gte=row.at).order_by("said_at", "id")
    parted = []
    for one in since:
        if one.answers_to in theirs:
            theirs.add(one.key)
            parted.append((one, second.pk))
            Message.objects.filter(pk=one.pk).update(conversation=second)
        else:
            parted.append((one, first.pk))
    return parted


def _restore(row: Conversation, before: Mapping[str, Any]) -> None:
    for name in MOMENTS:
        setattr(row, name, parse_datetime(before[name]) if before.get(name) else None)
    for name in OTHERS:
        setattr(row, name, before.get(name))


def _continue(row: Conversation, said: Iterable[Message], hand: Hand) -> None:
    """Let what was said since the merge change a conversation as it does any other."""
    news = [one for one in said if not one.is_automatic and one.state != "withdrawn"]
    for one in news:
        if one.direction == "out":
            row.answered_at = row.answered_at or one.said_at
            row.outgoing_at = _last(row.outgoing_at, one.said_at)
            row.state, row.snoozed_until, row.closed_at = "waiting", None, None
            continue
        if not is_owed(row) or row.state == "closed":
            row.asked_at = one.said_at
        row.incoming_at = max(row.incoming_at, one.said_at)
        row.state, row.snoozed_until, row.closed_at = "open", None, None
    if news:
        row.touched_at = hand.now
        settle(row, hand.terms)
