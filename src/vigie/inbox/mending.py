"""News of messages that are known: their author changed them, took them down, or they are ours.

Networks tell of these in any order, and more than once: the latest words stay, what was taken
down stays down, and an answer of ours that the network repeats to us is that answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from vigie.inbox.channel import Incoming
from vigie.inbox.models import Box, Conversation, FormerWords, Message, Withdrawal
from vigie.inbox.searching import note_words

UNDER_WAY = Q(state="sending") | Q(state="due", tries__gt=0)
"""Answers that may have gone out, though nobody said so yet."""


@dataclass(frozen=True, kw_only=True)
class News:
    """What of news is about messages that are known, or never to be."""

    changed: frozenset[int]
    """Places of those that changed a message."""
    repeated: frozenset[int]
    """Places of those that say what is known."""
    withdrawn: frozenset[int]
    """Places of those that were taken down before they came."""
    fresh: Mapping[int, Incoming]
    """Place → what is left: new, as far as this goes."""


def mended(box: Box, messages: Sequence[Incoming], *, now: datetime) -> News:
    """Change what is known, and say which messages have been dealt with by that."""
    gone = _gone(box, messages)
    echoes = _echoes(box, messages)
    known = _known(box, [one for one in messages if one.edited_at])
    changed: set[int] = set()
    repeated: set[int] = set(echoes)
    for place, one in sorted(enumerate(messages), key=lambda pair: _edited(pair[1])):
        row = known.get(one.key) if one.edited_at else None
        if row is not None:
            (changed if _change(row, one, now=now) else repeated).add(place)
    left = {
        place: one for place, one in enumerate(messages) if place not in changed | repeated | gone
    }
    fresh = _latest(left)
    repeated = (repeated - gone) | (left.keys() - fresh.keys())
    return News(
        changed=frozenset(changed), repeated=frozenset(repeated), withdrawn=gone, fresh=fresh
    )


def _latest(messages: Mapping[int, Incoming]) -> dict[int, Incoming]:
    """Return messages with their author's latest words, where they come together with them."""
    first: dict[str, int] = {}
    found = dict(messages)
    for place, one in sorted(messages.items(), key=lambda pair: _edited(pair[1])):
        earlier = first.setdefault(one.key, place)
        if one.edited_at and earlier != place:
            found[earlier] = replace(found[earlier], words=one.words, edited_at=one.edited_at)
            del found[place]
    return found


def _gone(box: Box, messages: Sequence[Incoming]) -> frozenset[int]:
    rows = Withdrawal.objects.filter(box=box, key__in=[one.key for one in messages])
    keys = set(rows.values_list("key", flat=True))
    return frozenset(place for place, one in enumerate(messages) if one.key in keys)


def _known(box: Box, edits: Iterable[Incoming]) -> dict[str, Message]:
    keys = [one.key for one in edits]
    if not keys:
        return {}
    return {row.key: row for row in Message.objects.filter(box=box, key__in=keys)}


def _edited(message: Incoming) -> float:
    return message.edited_at.timestamp() if message.edited_at else 0.0


def _change(row: Message, edit: Incoming, *, now: datetime) -> bool:
    """Give a message its author's later words; not to one that was taken down."""
    at = edit.edited_at
    is_older = at is None or (row.edited_at is not None and row.edited_at >= at)
    if row.is_withdrawn or row.direction == "out" or is_older:
        return False
    is_said_otherwise = row.words != edit.words
    if is_said_otherwise:
        if row.words:
            FormerWords.objects.create(message=row, words=row.words, at=now)
        Conversation.objects.filter(pk=row.conversation_id).update(touched_at=now)
        row.changed_at = now
    # What an answer needs may be of the new edition alone.
    row.words, row.facts, row.edited_at = edit.words, {**row.facts, **edit.facts}, at
    row.save(update_fields=("words", "facts", "edited_at", "changed_at"))
    note_words([row.conversation_id])
    return is_said_otherwise


def _echoes(box: Box, messages: Sequence[Incoming]) -> frozenset[int]:
    """Return the places of answers of ours that the network repeats.

    What it gave a number when it took it is known by that, even where it does not say who wrote.
    """
    keys = {one.key for one in messages} | {one.echo_of for one in messages if one.echo_of}
    ours = Message.objects.filter(box=box, direction="out")
    rows = [*ours.filter(external__in=keys), *ours.filter(key__in=keys)]
    named = {name: row for row in rows for name in (row.external, row.key) if name}
    return frozenset(
        place
        for place, one in enumerate(messages)
        if not one.is_past and _is_echo(box, one, named.get(one.key) or named.get(one.echo_of))
    )


def _is_echo(box: Box, message: Incoming, known: Message | None) -> bool:
    """Whether this repeats an answer of ours; one that is under way is confirmed by that."""
    row = known or (_under_way(box, message) if message.is_ours else None)
    if row is None:
        return False
    Message.objects.filter(UNDER_WAY, pk=row.pk).update(
        state="sent",
        external=message.key,
        sent_at=message.said_at,
        url=message.url,
        claimed_at=None,
        failure=None,
    )
    return True


def _under_way(box: Box, message: Incoming) -> Message | None:
    """Return the answer with these words that may have gone out, where the network gave no mark."""
    rows = Message.objects.filter(UNDER_WAY, box=box, direction="out")
    said = message.words.split()
    alike = [row for row in rows.select_related("conversation") if row.words.split() == said]
    here = [row for row in alike if row.conversation.thread == message.thread]
    # Two people may be answered in the same words at the same time.
    return here[0] if here else alike[0] if len(alike) == 1 else None
