"""Answers that came back show as refused and are owed again; those that are late say so."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.inbox.channel import Returned
from vigie.inbox.entrusting import MAIL_KEY, is_asked_by_mail, mail
from vigie.inbox.links import may_answer
from vigie.inbox.models import AnswerLink, Box, Conversation, Mailing, Message, Note
from vigie.inbox.owing import Terms, recount
from vigie.words import LANGUAGES, Words, say


def take_returned(box: Box, returned: Sequence[Returned], terms: Terms) -> int:
    """Note what came back; return how many of these are about something of ours."""
    return sum(_take(box, one, terms) for one in returned)


def _take(box: Box, one: Returned, terms: Terms) -> bool:
    if one.key.startswith(MAIL_KEY):
        return one.is_given_up and _not_asked(one)
    # What answers a form goes out by a mailbox, and comes back there.
    forms = Box.objects.filter(channel="form", options__mailbox=box.name).values_list(
        "pk", flat=True
    )
    rows = Message.objects.filter(box__in=[box.pk, *forms], direction="out", key=one.key)
    message = rows.select_related("person").first()
    if message is None:
        return False
    if not one.is_given_up:
        rows.filter(state="sent").update(failure=_said(one.reason))
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


def _not_asked(one: Returned) -> bool:
    """Note that a question did not reach who is to answer it."""
    links = AnswerLink.objects.filter(mail_key=one.key, mailing__isnull=False)
    return bool(
        Mailing.objects.filter(pk__in=links.values("mailing")).update(failure=_said(one.reason))
    )


def _said(words: Words) -> dict[str, str]:
    return {language: say(words, language) for language in LANGUAGES}
