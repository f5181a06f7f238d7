"""Links by which one person answers one conversation: what opens, until when, and what no longer.

Whether a link opens is looked at when it is opened: it does only while its person still answers
for the service that the conversation is with.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import compare_digest

from vigie.inbox.models import AnswerLink, Conversation, Mailing
from vigie.inbox.tokens import ANSWER, digest_of, is_ours, new_nonce, token_of
from vigie.register.models import Person
from vigie.settings import Settings

LASTS = timedelta(days=14)
"""Longer than most absences, shorter than a mailbox is looked after; a new one takes one click."""
OPEN, EXPIRED, ELSEWHERE, CLOSED = "open", "expired", "elsewhere", "closed"
"""How a link stands: it opens; its time is over; others answer now; the matter is done."""


def new_link(
    conversation: Conversation, person: Person, mailing: Mailing | None, *, now: datetime
) -> AnswerLink:
    """Return a link, not saved yet; without a mail of its own the digest carries it."""
    nonce = new_nonce()
    ends = (now + LASTS).replace(microsecond=0)
    return AnswerLink(
        conversation=conversation,
        person=person,
        mailing=mailing,
        nonce=nonce,
        digest=digest_of(token_of(nonce, ends=ends, purpose=ANSWER)),
        made_at=now,
        expires_at=ends,
    )


def address_of(link: AnswerLink, settings: Settings, *, language: str) -> str:
    """Return the address that a link is opened at, for the mail alone."""
    token = token_of(link.nonce, ends=link.expires_at, purpose=ANSWER)
    return f"{settings.site}/answer/{token}/?language={language}"


def of_token(token: str) -> AnswerLink | None:
    """Return the link of a token; none for one that the site did not make."""
    if not is_ours(token, purpose=ANSWER):
        return None
    digest = digest_of(token)
    link = (
        AnswerLink.objects.filter(digest=digest)
        .select_related("person", "conversation__service", "conversation__box",
                        "conversation__contact")
        .first()
    )  # fmt: skip
    return link if link is not None and compare_digest(link.digest, digest) else None


def standing(link: AnswerLink, *, now: datetime) -> str:
    """Say whether a link opens its conversation, or why not."""
    conversation = link.conversation
    if conversation.state == "closed" or conversation.contact.forgotten_at is not None:
        return CLOSED
    if not may_answer(link.person, conversation):
        return ELSEWHERE
    # A link that was taken back stays so, even when the conversation comes back to its person.
    is_over = link.revoked_at is not None or link.expires_at <= now
    return EXPIRED if is_over else OPEN


def may_answer(person: Person, conversation: Conversation) -> bool:
    """Whether a conversation is entrusted to a person: correspondent, deputy, or by name.

    Not to one who left: what was given to them by name is still theirs in the history.
    """
    service = conversation.service
    if conversation.merged_into_id is not None or service is None or not service.is_active:
        return False
    if person.user is not None and not person.user.is_active:
        return False
    return person.pk in (service.correspondent_id, service.deputy_id, conversation.person_id)


def revoke(conversation: Conversation, *, now: datetime) -> None:
    """Let no link to a conversation open any more: it went elsewhere, or the matter is done."""
    AnswerLink.objects.filter(conversation=conversation, revoked_at__isnull=True).update(
        revoked_at=now
    )
