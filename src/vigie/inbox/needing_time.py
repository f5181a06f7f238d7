"""What someone says who holds a link and has no time now: until when, or that the deputy answers.

Nobody is reminded before that day. The target stays as it is: figures say how long people waited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from vigie.errors import InboxError
from vigie.inbox import changes
from vigie.inbox.answering import hand_of, longest
from vigie.inbox.changes import Hand
from vigie.inbox.escalating import can_deputise, pass_to_deputy
from vigie.inbox.links import LASTS, OPEN, standing
from vigie.inbox.models import AnswerLink, Conversation, Message, Note, Passage
from vigie.inbox.owing import Terms, is_owed
from vigie.inbox.searching import note_words
from vigie.present.writing import Day
from vigie.register.rights import ANSWER_INBOX
from vigie.words import LANGUAGES, Words, _, say

DAY = "{day}"
"""Stands in the courteous words for the day that is chosen."""


@dataclass(frozen=True, kw_only=True)
class Time:
    """What is asked for: until when, why, and what the person who waits is told."""

    day: date
    why: str = ""
    courtesy: str = ""
    """Empty: they are told nothing."""


def courtesy(conversation: Conversation, *, language: str) -> str:
    """Return what a person may be told while they wait, in their language; it may be changed."""
    theirs = conversation.contact.language or conversation.language
    return say(
        _("Thank you for your message. {service} is looking into it and will answer you by {day}.",
          service=str(conversation.service or ""), day=DAY),
        theirs if theirs in LANGUAGES else language,
    )  # fmt: skip


def latest(conversation: Conversation, terms: Terms) -> date:
    """Return the last day that may be chosen: before the network stops taking an answer."""
    zone = terms.hours_of(conversation.service_id).zone
    last = terms.now.astimezone(zone).date() + LASTS
    if conversation.window_until is None:
        return last
    closes = conversation.window_until.astimezone(zone).date()
    return min(last, closes - timedelta(days=1))


def asked_until(conversation: Conversation, terms: Terms) -> date | None:
    """Return the day that was asked for, as those of the service count days; none was."""
    if conversation.delayed_until is None:
        return None
    zone = terms.hours_of(conversation.service_id).zone
    return conversation.delayed_until.astimezone(zone).date() - timedelta(days=1)


def need_time(link: AnswerLink, asked: Time, *, terms: Terms, language: str) -> None:
    """Note that someone needs time until a day, and tell the person who waits where that is wished.

    The target is not changed; until then nobody is told that it nears.
    """
    hand = _hand(link, terms)
    with transaction.atomic():
        row = changes.locked(link.conversation_id)
        _require_possible(row, asked.day, terms)
        zone = terms.hours_of(row.service_id).zone
        ends = datetime.combine(asked.day + timedelta(days=1), time(), tzinfo=zone)
        row.delayed_until, row.touched_at = ends.astimezone(UTC), terms.now
        row.save()
        _note(row, link, asked.why, terms)
        _say(row, link, _("{name} needs time until {day}. Nobody is reminded before; the target "
                          "stays.", name=str(link.person), day=Day(asked.day)), terms)  # fmt: skip
        told = _tell(row, asked, hand, language) if asked.courtesy.strip() else None
        hand.note("inbox.need_time", row, until=asked.day.isoformat(), told=told is not None)


def _hand(link: AnswerLink, terms: Terms) -> Hand:
    if standing(link, now=terms.now) != OPEN:
        raise InboxError(_("This link no longer opens the question."))
    hand = hand_of(link, terms)
    hand.require(ANSWER_INBOX, link.conversation)
    return hand


def _require_possible(row: Conversation, day: date, terms: Terms) -> None:
    zone = terms.hours_of(row.service_id).zone
    if not is_owed(row):
        raise InboxError(_("It is answered already: no time is needed."))
    if day < terms.now.astimezone(zone).date():
        raise InboxError(_("Choose a day to come."))
    last = latest(row, terms)
    if day <= last:
        return
    if row.window_until is not None and last < terms.now.astimezone(zone).date() + LASTS:
        raise InboxError(
            _("The network takes an answer for a short time only, until {day} at most. Answer "
              "before, or pass it on.", day=Day(max(last, terms.now.astimezone(zone).date())))
        )  # fmt: skip
    raise InboxError(_("Choose a day until {day}, or give the question back.", day=Day(last)))


def _tell(row: Conversation, asked: Time, hand: Hand, language: str) -> Message:
    """Hand in the courteous words: no answer, so no clock stops; once for each day."""
    theirs = row.contact.language or row.language
    spoken = Day(asked.day).spoken(theirs if theirs in LANGUAGES else language)
    words = asked.courtesy.strip().replace(DAY, spoken)
    limit = longest(row)
    if limit is not None and len(words) > limit:
        raise InboxError(
            _("What they are told is too long: this channel takes {limit} characters.", limit=limit)
        )
    key = f"time{row.pk}on{asked.day:%Y%m%d}"
    known = Message.objects.filter(conversation=row, direction="out", key=key).first()
    if known is not None:
        return known
    message = changes.new_reply(row, words, key, None, hand)
    message.is_automatic = True
    message.state = "proposed" if changes.needs_approval(row, hand) else "due"
    message.save()
    note_words([row.pk])
    return message


def may_ask_deputy(link: AnswerLink) -> bool:
    """Whether there is a deputy who can be asked, other than the one who holds the link."""
    service = link.conversation.service
    if service is None or service.deputy_id in (None, link.person_id):
        return False
    return can_deputise(link.conversation)


def ask_deputy(link: AnswerLink, why: str, *, terms: Terms) -> None:
    """Let the deputy answer instead: they get a mail at once. The target stays."""
    hand = _hand(link, terms)
    if not may_ask_deputy(link):
        raise InboxError(_("There is no deputy who can be asked by mail. Give it back instead."))
    with transaction.atomic():
        row = changes.locked(link.conversation_id)
        _note(row, link, why, terms)
        reason = _("{name} asks the deputy to answer.", name=str(link.person))
        pass_to_deputy(row, link.person, terms, reason=reason, facts={"is_busy": True})
        hand.note("inbox.ask_deputy", row)


def _note(row: Conversation, link: AnswerLink, why: str, terms: Terms) -> None:
    if why.strip():
        Note.objects.create(conversation=row, words=why.strip(), by=link.person, at=terms.now)


def _say(row: Conversation, link: AnswerLink, words: Words, terms: Terms) -> None:
    said = {language: say(words, language) for language in LANGUAGES}
    Passage.objects.create(conversation=row, service=row.service, person=link.person,
                           at=terms.now, by=str(link.person), reason=said)  # fmt: skip
