"""What the buttons of a conversation do; each says what was done, or refuses in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from vigie.errors import InboxError
from vigie.inbox import changes, joining, saved_replies, unwanted
from vigie.inbox.carrying import taken_words
from vigie.inbox.changes import Hand, Through
from vigie.inbox.channel import known_channels
from vigie.inbox.models import (
    Conversation,
    ConversationLink,
    ConversationMerge,
    Draft,
    Looking,
    Message,
)
from vigie.inbox.other_ways import way_named
from vigie.inbox.sending import try_again
from vigie.inbox.visible import visible
from vigie.register.models import Person, Service
from vigie.register.rights import ANSWER_INBOX
from vigie.web.enclosing import files_of
from vigie.web.sentences import reader_language
from vigie.words import Words, _

PRESENT = timedelta(minutes=2)
"""After so long without a sign, someone has gone on to something else."""
SNOOZES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
LOOK = f"""INSERT INTO {Looking._meta.db_table}
    (conversation_id, who, name, is_answering, seen_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (conversation_id, who) DO UPDATE SET
    name = excluded.name, is_answering = excluded.is_answering, seen_at = excluded.seen_at"""
MORNING = time(8)
"""When something put aside until a day comes back."""


def _longest(found: Conversation, through: Through | None) -> int | None:
    """Return how many characters an answer may have; unknown: there is no limit."""
    box = through.box if through else found.answers_by
    member = known_channels().get(box.channel)
    return member.longest if member else None


def _reply(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    words = request.POST.get("words", "")
    if request.POST.get("insert"):
        return _insert(request, found, hand)
    if request.POST.get("keep"):
        return keep_draft(found, words, hand)
    name = request.POST.get("by", "")
    through = way_named(name, found, hand=hand).through if name else None
    most = _longest(found, through)
    if most is not None and len(words.strip()) > most:
        raise InboxError(
            _("The reply has {count} characters; this network takes {most} at most. Shorten it.",
              count=len(words.strip()), most=most)
        )  # fmt: skip
    message = changes.reply(
        found,
        words,
        hand=hand,
        key=request.POST.get("key", "")[:64],
        through=through,
        files=files_of(request),
    )
    if message.state == "proposed":
        return _("Your reply waits for someone to approve it.")
    if request.POST.get("close"):
        changes.close(found, hand=hand)
        return _("Your reply is on its way, and the conversation is closed.")
    return _("Your reply is on its way.")


def keep_draft(found: Conversation, words: str, hand: Hand) -> Words:
    hand.require(ANSWER_INBOX, found)
    Draft.objects.update_or_create(
        conversation=found, writer=changes.writer(hand), defaults={"words": words, "at": hand.now}
    )
    look(found, hand, is_answering=bool(words.strip()))
    return _("Your draft is kept.")


def look(found: Conversation, hand: Hand, *, is_answering: bool) -> None:
    """Let colleagues see who has a conversation before them, and who is answering it."""
    at = connection.ops.adapt_datetimefield_value(hand.now)
    # By itself, without the transaction around it that a model's rows are written in.
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK, [found.pk, changes.writer(hand), hand.eyes.author.name, is_answering, at]
        )


def _insert(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    """Put a saved reply at the end of the draft."""
    chosen = saved_replies.fitting(found).filter(pk=_number(request, "saved")).first()
    if chosen is None:
        raise InboxError(_("Choose a saved reply."))
    words = saved_replies.use(
        chosen, found, request.POST.get("words", ""), hand=hand, otherwise=reader_language()
    )
    keep_draft(found, words, hand)
    return _("“{title}” stands in your draft. Read it before you send it.", title=chosen.title)


def _note(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.add_note(found, request.POST.get("note", ""), hand=hand)
    return _("The note is there for your colleagues.")


def _assign(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    service = Service.objects.filter(pk=_number(request, "service")).first()
    if service is None:
        raise InboxError(_("Choose a service."))
    changes.assign(found, hand=hand, service=service)
    return _("It went to {service}.", service=str(service))


def _take(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    if hand.person is None:
        raise InboxError(_("Only a person of the register can take a conversation."))
    was_theirs = found.person_id == hand.person.pk
    changes.assign(found, hand=hand, service=found.service, person=hand.person)
    if was_theirs or found.state != "open":
        return _("It is yours.")
    return taken_words(hand.person, found.service)


def _snooze(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    moment = until(request, hand.now)
    changes.snooze(found, moment, hand=hand)
    local = moment.astimezone(settings.CONFIGURED.zone)
    return _("It is put aside until {moment}.", moment=local)


def until(request: HttpRequest, now: datetime) -> datetime:
    """Return until when something is to be put aside: a day that was chosen, or for a while."""
    given = request.POST.get("day", "")
    if not given:
        return now + SNOOZES.get(request.POST.get("until", ""), SNOOZES["day"])
    try:
        day = parse_date(given)
    except ValueError:
        day = None
    if day is None:
        raise InboxError(_("“{given}” is not a day. Write it as 2026-12-31.", given=given[:20]))
    return datetime.combine(day, MORNING, tzinfo=settings.CONFIGURED.zone).astimezone(UTC)


def _close(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.close(found, hand=hand)
    return _("The conversation is closed. A new message opens it again.")


def _reopen(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.reopen(found, hand=hand)
    return _("The conversation is open again.")


def _unwanted(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    unwanted.mark(found, hand=hand)
    return _("It is put aside as unwanted. Its sender can still write to us.")


def _wanted(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    unwanted.take_back(found, hand=hand)
    return _("It is wanted: it stands in the list again.")


def _refuse(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    unwanted.refuse_sender(found, hand=hand)
    return _("All that this sender begins is put aside from now on. You find it under “unwanted”.")


def _hear(_request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    unwanted.hear_sender(found, hand=hand)
    return _("What this sender writes comes in again like anybody’s.")


def _topic(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.choose_topic(found, _number(request, "topic"), hand=hand)
    return _("The topic is noted.")


def _call_in(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    person = Person.objects.filter(pk=_number(request, "person")).first()
    if person is None:
        raise InboxError(_("Choose a colleague."))
    changes.call_in(found, person, hand=hand)
    return _("{name} may see this conversation now.", name=str(person))


def _approve(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.approve(_message(request, found), hand=hand)
    return _("The reply is on its way.")


def _take_back(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    changes.take_back(_message(request, found), hand=hand)
    return _("The reply is taken back. Nothing was sent.")


def _again(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    hand.require(ANSWER_INBOX, found)
    if not try_again(_message(request, found), now=datetime.now(UTC)):
        raise InboxError(_("This reply did not fail: it is not sent a second time."))
    return _("It is tried once more.")


def _other(request: HttpRequest, hand: Hand) -> Conversation:
    rows = visible(hand.eyes).select_related("box", "service", "contact")
    other = rows.filter(pk=_number(request, "other")).first()
    if other is None:
        raise InboxError(_("There is no conversation of this number, or you may not see it."))
    return other


def _link(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    joining.link(found, _other(request, hand), hand=hand)
    return _("The two conversations are linked.")


def _unlink(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    known = {row.pk: row for row, _end in joining.linked(found, hand.eyes)}
    row = known.get(_number(request, "link"))
    if not isinstance(row, ConversationLink):
        raise InboxError(_("This link is gone already."))
    joining.unlink(row, hand=hand)
    return _("The link is taken away.")


def _merge(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    other = _other(request, hand)
    joining.merge(found, other, hand=hand)
    return _("What was said in conversation {number} stands here now.", number=other.pk)


def _undo_merge(request: HttpRequest, found: Conversation, hand: Hand) -> Words:
    row = ConversationMerge.objects.filter(survivor=found, pk=_number(request, "merge")).first()
    if row is None:
        raise InboxError(_("There is no such merge here."))
    joining.undo(row, hand=hand)
    return _("Both conversations are as they were.")


def _message(request: HttpRequest, found: Conversation) -> Message:
    message = found.messages.filter(pk=_number(request, "message"), direction="out").first()
    if message is None:
        raise InboxError(_("There is no such reply in this conversation."))
    return message


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


Act = Callable[[HttpRequest, Conversation, Hand], Words]
ACTS: Mapping[str, Act] = {
    "reply": _reply,
    "note": _note,
    "assign": _assign,
    "take": _take,
    "snooze": _snooze,
    "close": _close,
    "reopen": _reopen,
    "unwanted": _unwanted,
    "wanted": _wanted,
    "refuse_sender": _refuse,
    "hear_sender": _hear,
    "topic": _topic,
    "call_in": _call_in,
    "approve": _approve,
    "take_back": _take_back,
    "again": _again,
    "link": _link,
    "unlink": _unlink,
    "merge": _merge,
    "undo_merge": _undo_merge,
}
"""What a button asks for."""
