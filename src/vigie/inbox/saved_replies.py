"""Saved replies: prepared wording in each language, its placeholders checked when it is kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import F, Q, QuerySet

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.models import Conversation, SavedReply
from vigie.register import log
from vigie.register.models import Service
from vigie.register.rights import ANSWER_INBOX, CHANGE_INBOX
from vigie.words import LANGUAGES, Words, _

PLACEHOLDERS: Mapping[str, Words] = {
    "name": _("the name of the person"),
    "subject": _("what the conversation is called"),
    "service": _("the public name of the service that answers"),
    "me": _("your own name"),
}
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
LONE = re.compile(r"[{}]")
MOST_LETTERS = 5_000


def fitting(conversation: Conversation) -> QuerySet[SavedReply]:
    """Return the saved replies for a conversation: its service's own, and everybody's."""
    own = Q(service__isnull=True)
    if conversation.service_id is not None:
        own |= Q(service=conversation.service_id)
    return SavedReply.objects.filter(own).order_by("-used", "title", "id")


def may_put(hand: Hand, service: Service | None) -> bool:
    """Whether this hand may keep saved replies of a service; none: those of every service."""
    if service is not None and service.pk in hand.eyes.services_with(CHANGE_INBOX):
        return True
    is_open = service is None or not service.is_confidential
    return is_open and hand.eyes.author.may(CHANGE_INBOX)


def put(
    *,
    title: str,
    words: Mapping[str, str],
    service: Service | None,
    hand: Hand,
    reply: SavedReply | None = None,
) -> SavedReply:
    """Keep a saved reply, new or changed; one language is enough."""
    for owner in {service, reply.service if reply else service}:
        _require(hand, owner)
    said = {
        name: text.strip() for name, text in words.items() if name in LANGUAGES and text.strip()
    }
    if not title.strip() or not said:
        raise InboxError(_("A saved reply needs a title, and its words in one language at least."))
    for text in said.values():
        check(text)
    with transaction.atomic():
        row = reply or SavedReply()
        row.title, row.words, row.service, row.changed_at = (
            title.strip()[:200], said, service, hand.now,
        )  # fmt: skip
        row.save()
        _write("inbox.saved_reply", row, hand)
    return row


def drop(reply: SavedReply, *, hand: Hand) -> None:
    """Let a saved reply go."""
    _require(hand, reply.service)
    with transaction.atomic():
        _write("inbox.drop_saved_reply", reply, hand)
        reply.delete()


def _write(action: str, reply: SavedReply, hand: Hand) -> None:
    facts = {"title": reply.title, "service": str(reply.service or "")}
    change = log.Change(action=action, subject=f"saved reply {reply.pk}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)


def _require(hand: Hand, service: Service | None) -> None:
    if not may_put(hand, service):
        raise ForbiddenError(
            _("{name} may not keep saved replies here. Ask an administrator for the role it needs.",
              name=hand.eyes.author.name)
        )  # fmt: skip


def check(text: str, placeholders: Collection[str] = tuple(PLACEHOLDERS)) -> None:
    """Refuse wording that nobody could fill in: an unknown placeholder, a lone brace."""
    if len(text) > MOST_LETTERS:
        raise InboxError(_("A saved reply has {limit} characters at most.", limit=MOST_LETTERS))
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in placeholders]
    known = ", ".join(f"{{{name}}}" for name in placeholders)
    if unknown:
        raise InboxError(
            _("There is no placeholder {wrong}. The placeholders are: {known}.",
              wrong=f"{{{unknown[0]}}}", known=known)
        )  # fmt: skip
    if LONE.search(PLACEHOLDER.sub("", text)):
        raise InboxError(_("A brace stands alone. The placeholders are: {known}.", known=known))


def language_for(reply: SavedReply, conversation: Conversation, *, otherwise: str) -> str:
    """Return the language a saved reply is used in: the person's, else the reader's, else any."""
    wanted = (conversation.contact.language, conversation.language, otherwise)
    return next((name for name in wanted if name in reply.words), next(iter(reply.words)))


def filled(reply: SavedReply, conversation: Conversation, *, language: str, me: str) -> str:
    """Return the words of a saved reply for a conversation; a blank that is unknown stays empty."""
    facts = {
        "name": conversation.contact.name,
        "subject": conversation.subject,
        "service": str(conversation.service or ""),
        "me": me,
    }
    return fill(reply.words[language], facts)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return wording with its blanks filled in; one that is unknown stays empty."""
    text = PLACEHOLDER.sub(lambda blank: facts.get(blank[1], ""), text)
    # A blank without an answer leaves no gap before what follows it.
    return re.sub(r" {2,}", " ", re.sub(r"(\w) +([,.])", r"\1\2", text))


def use(
    reply: SavedReply, conversation: Conversation, draft: str, *, hand: Hand, otherwise: str
) -> str:
    """Return a draft with a saved reply at its end, and count that it was used."""
    hand.require(ANSWER_INBOX, conversation)
    language = language_for(reply, conversation, otherwise=otherwise)
    words = filled(reply, conversation, language=language, me=str(hand.person or ""))
    SavedReply.objects.filter(pk=reply.pk).update(used=F("used") + 1)
    return f"{draft.rstrip()}\n\n{words}".lstrip()
