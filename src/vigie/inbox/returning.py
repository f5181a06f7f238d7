"""Mails that came back: answers are owed again, questions are said not to have arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from vigie.inbox.channel import Returned
from vigie.inbox.entrusting import MAIL_KEY, is_asked_by_mail, mail
from vigie.inbox.links import may_answer
from vigie.inbox.models import AnswerLink, Box, Conversation, Mailing, Message, Note
from vigie.inbox.owing import Terms, recount
from vigie.words import LANGUAGES, Words, say

TRIED_FOR = timedelta(days=5)
"""As long as servers try (RFC 5321) where they do not say how long."""


def take_returned(box: Box, returned: Sequence[Returned], terms: Terms) -> int:
    """Note what came back; return how many of these are about something of ours."""
    return sum(_take(box, one, terms) for one in returned)


def _take(box: Box, one: Returned, terms: Terms) -> bool:
    if one.key.startswith(MAIL_KEY):
        return _asked(one, terms)
    # What answers a form goes out by a mailbox, and comes back there.
    forms = Box.objects.filter(channel="form", options__mailbox=box.name).values_list(
        "pk", flat=True
    )
    rows = Message.objects.filter(box__in=[box.pk, *forms], direction="out", key=one.key)
    message = rows.select_related("person").first()
    if message is None:
        return False
    if one.fate != "given_up":
        late = _said(one.reason) if one.fate == "late" else None
        rows.filter(state="sent").update(failure=late)
        return True
    refused = rows.filter(state__in=("sent", "sending", "due")).update(
        state="refused", failure=_said(one.reason), claimed_at=None
    )
    if refused:
        _reopen(message, one.reason, terms)
    return True


def _reopen(message: Message, reason: Words, terms: Terms) -> None:
    """Give the question back to those who answer, and tell who wrote by mail alone."""
    rows = Conversation.objects.select_for_update(of=("self",))
    row = rows.select_related("box", "service", "contact").get(pk=message.conversation_id)
    if row.state == "closed":
        row.state, row.closed_at = "waiting", None
    recount(row, terms)
    row.touched_at = terms.now
    row.save()
    writer = message.person
    if writer is not None and may_answer(writer, row) and is_asked_by_mail(row, writer):
        said = say(reason, writer.language or LANGUAGES[0])
        note = Note.objects.create(conversation=row, words=said, at=terms.now)
        mail(writer, [row], kind="returned", now=terms.now, facts={"note": note.pk})


def _asked(one: Returned, terms: Terms) -> bool:
    """Note that a question did not reach who is to answer it, is late, or did reach them."""
    links = AnswerLink.objects.filter(mail_key=one.key, mailing__isnull=False)
    rows = Mailing.objects.filter(pk__in=links.values("mailing"))
    if one.fate == "given_up":
        return bool(rows.update(failure=_said(one.reason), delay=None, delayed_until=None))
    if one.fate == "arrived":
        return bool(rows.update(delay=None, delayed_until=None))
    until = one.until or terms.now + TRIED_FOR
    # A report of the delay that comes after all changes nothing.
    rows.filter(failure__isnull=True).update(delay=_said(one.reason), delayed_until=until)
    return rows.exists()


def _said(words: Words) -> dict[str, str]:
    return {language: say(words, language) for language in LANGUAGES}
