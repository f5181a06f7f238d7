"""Conversations that the network brought before what was known of them: it is told them after.

A box that is connected reads the last days at once, and what is open is mostly of those. Whoever
brings in the rest afterwards finds them as they were all the same, unless people went on here.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.inbox.admission import Office
from vigie.inbox.assigning import BEFORE, passage_of
from vigie.inbox.channel import Incoming
from vigie.inbox.coming_back import known_again, marks_of, notes_again, restored
from vigie.inbox.history_again import history_again
from vigie.inbox.models import Box, Conversation, Forgotten, Message, Note, Passage
from vigie.inbox.open_again import Pasts, entrusted_again, stand_again, told_already
from vigie.inbox.owing import settle
from vigie.inbox.searching import note_words

CHANGED = (
    "service", "person", "topic", "urgency", "state", "snoozed_until", "delayed_until",
    "closed_at", "touched_at", "reopened", "response_minutes", "resolution_minutes", "escalated",
    "warned_at", "due_at", "window_until", "expires_at",
)  # fmt: skip


def catch_up(
    box: Box, messages: Sequence[Incoming], opened: Sequence[Conversation], office: Office
) -> None:
    """Tell conversations that were here before how they stood, and how they came to that."""
    told = [one for one in messages if one.past is not None and one.past.history.standing]
    last = {one.thread: one for one in sorted(told, key=lambda one: one.said_at)}
    for row in opened:
        last.pop(row.thread, None)
    if not last:
        return
    known = _without_erased(last, office)
    rows = list(untouched(box).filter(thread__in=set(known)).select_related("box", "contact"))
    if rows:
        _tell(rows, {id(row): known[row.thread] for row in rows}, office)


def untouched(box: Box) -> QuerySet[Conversation]:
    """Return what the network brought and nobody did anything with since."""
    here = {"conversation": OuterRef("pk")}
    by_machine = Q(by__startswith="rule ") | Q(by__startswith="box ")
    answered = Message.objects.filter(
        direction="out", is_automatic=False, arrival__isnull=True, **here
    )
    return Conversation.objects.filter(
        ~Exists(Note.objects.filter(**here)),
        ~Exists(answered),
        ~Exists(Passage.objects.filter(**here).exclude(by_machine)),
        box=box,
        person__isnull=True,
        merged_into__isnull=True,
        satisfaction__isnull=True,
        contact__forgotten_at__isnull=True,
    )


def _without_erased(last: dict[str, Incoming], office: Office) -> dict[str, Incoming]:
    marks = {thread: marks_of(one, office.mark) for thread, one in last.items()}
    gone = set(Forgotten.objects.filter(mark__in=set().union(*marks.values()))
               .values_list("mark", flat=True))  # fmt: skip
    return {thread: one for thread, one in last.items() if not marks[thread] & gone}


def _tell(rows: Sequence[Conversation], last: dict[int, Incoming], office: Office) -> None:
    pasts: Pasts = [(row, past) for row in rows if (past := last[id(row)].past) is not None]
    known_again(last.values(), office)
    for row, _past in pasts:
        row.service_id = office.slugs.get(last[id(row)].service, row.service_id)
    restored(rows, last, office)
    # Who wrote since waits, however far it was before.
    went_on = {id(row) for row in rows if row.incoming_at > last[id(row)].said_at}
    stand_again(pasts, office)
    for row, past in pasts:
        standing = past.history.standing
        if id(row) in went_on:
            row.state, row.snoozed_until = "open", None
        elif standing and standing.state == "closed" and past.closed_at is not None:
            row.state, row.closed_at = "closed", min(past.closed_at, office.now)
        settle(row, office.terms)
    told_already(pasts, office)
    Conversation.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED
    )
    # What rules said of it here: it went its own way before.
    Passage.objects.filter(conversation__in=rows).delete()
    Passage.objects.bulk_create(passage_of(row, BEFORE, office.now) for row in rows)
    notes_again(rows, last)
    history_again(pasts, office)
    entrusted_again(pasts, now=office.now)
    note_words(row.pk for row in rows)
