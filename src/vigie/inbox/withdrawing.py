"""What its author took down: gone from view and search; that it was said stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from vigie.inbox.channel import Withdrawn
from vigie.inbox.links import revoke
from vigie.inbox.models import (
    Arrival,
    Attachment,
    Box,
    Conversation,
    FormerWords,
    Message,
    Passage,
    Sketch,
    Withdrawal,
)
from vigie.inbox.owing import Terms, recount, settle
from vigie.inbox.searching import note_words
from vigie.words import LANGUAGES, Words, _, say

NOT_SENT = _(
    "What this answers was taken down by its author before the answer went out, so it was not "
    "sent. If it still helps, try once more; otherwise take it back."
)
OVER = _("Its author took down what they asked: no answer is owed.")


def withdraw(box: Box, withdrawn: Sequence[Withdrawn], *, home: Path, terms: Terms) -> None:
    """Erase what its author took down, and remember what has not come yet."""
    keys = {one.key for one in withdrawn}
    if not keys:
        return
    named = Message.objects.filter(box=box, key__in=keys)
    missing = keys - set(named.values_list("key", flat=True))
    Withdrawal.objects.bulk_create(
        [Withdrawal(box=box, key=key, at=terms.now) for key in sorted(missing)],
        ignore_conflicts=True,
    )
    known = list(named.filter(direction="in").exclude(state="withdrawn"))
    if known:
        _erase(known, home=home, now=terms.now)
        _stop(box, [one.key for one in known])
        for pk in sorted({one.conversation_id for one in known}):
            _settle(pk, keys, terms)


def _erase(known: Collection[Message], *, home: Path, now: datetime) -> None:
    """Take the words, what they were before, the files, and the payload if it said no more."""
    messages = [one.pk for one in known]
    enclosed = Attachment.objects.filter(message__in=messages).exclude(file="")
    files = set(enclosed.values_list("file", flat=True))
    Attachment.objects.filter(message__in=messages).delete()
    FormerWords.objects.filter(message__in=messages).delete()
    Message.objects.filter(pk__in=messages).update(
        is_withdrawn=True, words="", state="withdrawn", changed_at=now
    )
    files -= set(Attachment.objects.filter(file__in=files).values_list("file", flat=True))
    files |= _payloads_of_nothing_else({one.arrival_id for one in known if one.arrival_id})
    for file in files:
        transaction.on_commit(partial((home / file).unlink, missing_ok=True))
    note_words({one.conversation_id for one in known})


def _payloads_of_nothing_else(arrivals: Collection[int]) -> set[str]:
    """Let go of payloads of which nothing is shown any more, and return their files."""
    needed = Message.objects.filter(arrival__in=arrivals, is_withdrawn=False).values("arrival_id")
    rows = Arrival.objects.filter(pk__in=arrivals, state="done").exclude(pk__in=needed)
    files = set(rows.exclude(file="").values_list("file", flat=True))
    Sketch.objects.filter(arrival__in=rows).delete()
    rows.update(file="")
    return files


def _stop(box: Box, keys: Collection[str]) -> None:
    """Stop answers that surely did not go out yet."""
    said = {language: say(NOT_SENT, language) for language in LANGUAGES}
    Message.objects.filter(
        box=box, direction="out", answers_to__in=keys, state="due", tries=0
    ).update(state="failed", failure=said)


def _settle(conversation: int, keys: Collection[str], terms: Terms) -> None:
    """Close what nobody waits for any more; where a reply stands there, a person decides."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("box")
    row = rows.get(pk=conversation)
    if isinstance(row.post, dict) and row.post.get("post") in keys:
        # A post that was found is the question itself.
        row.post = {**row.post, "words": ""}
    row.touched_at = terms.now
    replies = row.messages.filter(direction="out", state__in=("proposed", "due", "failed"))
    if replies.exists():
        recount(row, terms)
    elif row.state in ("open", "snoozed") and not _is_asked(row):
        _close(row, OVER, terms)
    row.save()


def _is_asked(row: Conversation) -> bool:
    """Whether something of what they said since our last answer still stands."""
    said = row.messages.filter(direction="in", is_automatic=False, is_withdrawn=False)
    since = row.outgoing_at
    return said.exists() if since is None else said.filter(said_at__gt=since).exists()


def _close(row: Conversation, why: Words, terms: Terms) -> None:
    row.state, row.closed_at, row.snoozed_until = "closed", terms.now, None
    settle(row, terms)
    revoke(row, now=terms.now)
    reason = {language: say(why, language) for language in LANGUAGES}
    Passage.objects.create(
        conversation=row, service=row.service, person=row.person, at=terms.now, by="", reason=reason
    )


def let_go_of_withdrawals(*, before: datetime) -> None:
    """Forget what was taken down so long ago that it comes no more."""
    Withdrawal.objects.filter(at__lt=before).delete()
