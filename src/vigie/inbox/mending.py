"""News of messages that are known: their author changed them, took them down, or they are ours.

Networks tell of these in any order, and more than once: the latest words stay, what was taken
down stays down, and an answer of ours that the network repeats to us is that answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from vigie.inbox.channel import Incoming, Withdrawn
from vigie.inbox.models import Box, Message, Withdrawal
from vigie.inbox.searching import note_words

EDITED_AT = "edited_at"
"""Fact of a message: when its author changed it last."""
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


def mended(box: Box, messages: Sequence[Incoming]) -> News:
    """Change what is known, and say which messages have been dealt with by that."""
    gone = _gone(box, messages)
    echoes = _echoes(box, messages)
    known = _known(box, [one for one in messages if one.edited_at])
    changed: set[int] = set()
    repeated: set[int] = set(echoes)
    for place, one in sorted(enumerate(messages), key=lambda pair: _edited(pair[1])):
        row = known.get(one.key) if one.edited_at else None
        if row is not None:
            (changed if _change(row, one) else repeated).add(place)
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


def _change(row: Message, edit: Incoming) -> bool:
    """Give a message its author's later words; not to one that was taken down."""
    at = edit.edited_at.isoformat() if edit.edited_at else ""
    if row.is_withdrawn or row.direction == "out" or row.facts.get(EDITED_AT, "") >= at:
        return False
    row.words, row.facts = edit.words, {**row.facts, EDITED_AT: at}
    row.save(update_fields=("words", "facts"))
    note_words([row.conversation_id])
    return True


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


def withdraw(box: Box, withdrawn: Sequence[Withdrawn], *, now: datetime) -> None:
    """Erase what its author took down, and remember what has not come yet."""
    keys = [one.key for one in withdrawn]
    if not keys:
        return
    known = Message.objects.filter(box=box, key__in=keys, direction="in")
    missing = set(keys) - set(Message.objects.filter(box=box, key__in=keys).values_list(
        "key", flat=True))  # fmt: skip
    touched = list(known.values_list("conversation_id", flat=True))
    if touched:
        known.update(is_withdrawn=True, words="", state="withdrawn")
        note_words(touched)
    Withdrawal.objects.bulk_create(
        [Withdrawal(box=box, key=key, at=now) for key in sorted(missing)], ignore_conflicts=True
    )


def let_go_of_withdrawals(*, before: datetime) -> None:
    """Forget what was taken down so long ago that it comes no more."""
    Withdrawal.objects.filter(at__lt=before).delete()
