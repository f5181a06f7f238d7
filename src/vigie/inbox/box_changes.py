"""What people change in boxes: whether they are read, and what becomes of their quarantine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet

from vigie.errors import InboxError
from vigie.inbox.boxes import member_of
from vigie.inbox.changes import Hand
from vigie.inbox.channel import Channel
from vigie.inbox.intake import read_again
from vigie.inbox.keeping import may_count
from vigie.inbox.models import Arrival, Box, Message, Sketch
from vigie.inbox.outages import is_long
from vigie.inbox.visible import Eyes, visible
from vigie.register import log
from vigie.register.rights import CONNECT_INBOX, READ_INBOX, require
from vigie.words import LANGUAGES, Words, _, say


def boxes_seen(eyes: Eyes) -> QuerySet[Box]:
    """Return the boxes these eyes may know of, most of all never those of other services."""
    rows = Box.objects.select_related("institution", "service")
    if eyes.author.may(CONNECT_INBOX):
        return rows
    known = [row.pk for row in rows if _is_seen(eyes, row)]
    return rows.filter(pk__in=known)


def _is_seen(eyes: Eyes, box: Box) -> bool:
    return may_count(eyes, box.service) if box.service else eyes.author.may(READ_INBOX)


def may_open(eyes: Eyes, arrival: Arrival) -> bool:
    """Whether these eyes may read a payload as it came: only where they may see all it became."""
    if not eyes.author.may(CONNECT_INBOX) or not _is_seen(eyes, arrival.box):
        return False
    became = Message.objects.filter(arrival=arrival).values("conversation_id")
    seen = visible(eyes).filter(pk__in=became).count()
    return seen == became.distinct().count()


def is_whole(box: Box) -> bool:
    """Whether everything is there that its channel cannot do without."""
    member = member_of(box)
    return all(
        box.options.get(option.name) or (option.is_secret and option.name in box.hints)
        for option in member.options
        if option.is_needed
    )


def is_behind(box: Box, member: type[Channel], *, now: datetime) -> bool:
    """Whether a box was not read to the end for three turns: it catches up by itself."""
    if not member.is_fetched or box.state == "paused":
        return False
    return box.read_at is None or is_long(now - box.read_at, member)


def pause(box: Box, *, hand: Hand) -> None:
    """Neither read a box nor send through it until it is resumed."""
    _put(box, "inbox.pause", hand, state="paused")


def resume(box: Box, *, hand: Hand) -> None:
    """Read a box again: what came meanwhile is fetched where the network still has it."""
    if not is_whole(box):
        raise InboxError(_("Enter what is needed under Connection first: nothing is kept of it."))
    _put(box, "inbox.resume", hand, state="new", failure=None, misses=0)


def ask_to_read(box: Box, *, hand: Hand) -> None:
    """Note that a person wants a box read now: whoever knows what is due has it read."""
    if box.state == "paused":
        raise InboxError(_("It is paused. Resume it first: then it is read."))
    require(hand.eyes.author, CONNECT_INBOX)
    with transaction.atomic():
        _note("inbox.read_now", box, hand)


def disconnect(box: Box, *, hand: Hand) -> None:
    """Erase the secrets and options of a box; its conversations and its journal stay."""
    _put(box, "inbox.disconnect", hand, state="paused", sealed="", hints={}, options={},
         failure=None, misses=0)  # fmt: skip


def _put(box: Box, action: str, hand: Hand, **changes: object) -> None:
    require(hand.eyes.author, CONNECT_INBOX)
    with transaction.atomic():
        Box.objects.filter(pk=box.pk).update(**changes)
        _note(action, box, hand)


def replay(box: Box, *, hand: Hand, arrival: int | None = None) -> int:
    """Let what is in quarantine be read once more, one payload or all; return how many wait."""
    require(hand.eyes.author, CONNECT_INBOX)
    with transaction.atomic():
        rows = Arrival.objects.select_for_update().filter(box=box, state="refused").exclude(file="")
        if arrival is not None:
            rows = rows.filter(pk=arrival)
        count = sum(read_again(row) for row in rows)
        if not count:
            raise InboxError(
                _("There is nothing to read again: its file was let go, or it is read already.")
            )
        _note("inbox.replay", box, hand, count=count)
    return count


def drop(arrival: Arrival, reason: str, *, home: Path, hand: Hand) -> None:
    """Give up a payload of the quarantine, with the reason; its content is erased."""
    require(hand.eyes.author, CONNECT_INBOX)
    given = " ".join(reason.split())[:300]
    if not given:
        raise InboxError(_("Say why it is dropped: the journal keeps it."))
    words = _("Dropped by {name}: {reason}", name=hand.eyes.author.name, reason=given)
    with transaction.atomic():
        changed = Arrival.objects.filter(pk=arrival.pk, state="refused").update(
            state="ignored",
            ignored=F("ignored") + F("refused"),
            refused=0,
            reason=said(words),
            file="",
            handled_at=hand.now,
        )
        if not changed:
            raise InboxError(_("This is no longer in quarantine."))
        Sketch.objects.filter(arrival=arrival.pk).delete()
        _note("inbox.drop", arrival.box, hand, arrival=arrival.pk, reason=given)
        if arrival.file:
            transaction.on_commit(lambda: (home / arrival.file).unlink(missing_ok=True))


def said(words: Words) -> dict[str, str]:
    """Return a sentence as it is kept: in every language."""
    return {language: say(words, language) for language in LANGUAGES}


def _note(action: str, box: Box, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"box {box.name}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)
