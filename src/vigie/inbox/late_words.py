"""What is told to those with a seat: what is nearly late, and the digest of the morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from vigie.inbox.entrusting import owed
from vigie.inbox.entrusting_words import (
    LOOP_HEADERS,
    due_words,
    host_of,
    listed,
    mailing_mark,
    shortened,
)
from vigie.inbox.links import OPEN, standing
from vigie.inbox.models import AnswerLink, Conversation, Mailing, Message
from vigie.inbox.owing import Terms
from vigie.inbox.visible import eyes_of, visible
from vigie.register.models import Person
from vigie.register.people import author
from vigie.register.telling import Letter
from vigie.settings import Settings
from vigie.words import Words, _, plural, say

MOST_NAMED = 10
"""Conversations that a mail names in each part; of the others it says how many there are."""
RELATED = ("service", "contact", "box")


def late_letter(mailing: Mailing, *, settings: Settings, terms: Terms) -> Letter | None:
    """Write which conversations are nearly late; none where they are not any more."""
    keys = mailing.facts.get("conversations", [])
    rows = seen_by(mailing.to).filter(owed(), pk__in=keys).exclude(state="closed")
    count = rows.count()
    if not count:
        return None
    title = plural("{count} conversation is nearly late", "{count} conversations are nearly late",
                   count=count)  # fmt: skip
    parts: list[Words | str] = [title, *_named(rows, count, mailing.to, settings, terms)]
    return _letter(mailing, title, parts, settings)


def seen_by(person: Person) -> QuerySet[Conversation]:
    """Return the conversations a person may see, those that were merged left out."""
    eyes = eyes_of(person, author(person.user))
    return visible(eyes).filter(merged_into__isnull=True)


def digest_letter(mailing: Mailing, *, settings: Settings, terms: Terms) -> Letter | None:
    """Write the morning of one person: late, due today, unowned, waiting for approval; or none."""
    person = mailing.to
    language = person.language or settings.language
    parts: list[Words | str] = []
    if person.has_seat:
        parts = _of_seat(person, settings, terms)
    own = list(_own(person, terms))
    if own and not (person.has_seat and parts):
        title = plural("{count} question waits for you.", "{count} questions wait for you.",
                       count=len(own))  # fmt: skip
        parts += [title, *(listed(link, language, settings, terms) for link in own[:MOST_NAMED])]
    if not parts:
        return None
    return _letter(mailing, _("Your inbox this morning"), parts, settings)


def _own(person: Person, terms: Terms) -> list[AnswerLink]:
    """Return the newest link to each question that waits for a person."""
    waiting = Conversation.objects.filter(owed(), state__in=("open", "snoozed"))
    links = AnswerLink.objects.filter(
        person=person, conversation__in=waiting, revoked_at__isnull=True
    ).select_related("person", *(f"conversation__{name}" for name in RELATED))
    newest: dict[int, AnswerLink] = {}
    for link in links.order_by("made_at"):
        if standing(link, now=terms.now) == OPEN:
            newest[link.conversation_id] = link
    return sorted(newest.values(), key=lambda one: one.conversation.expires_at or _far(terms))


def _far(terms: Terms) -> datetime:
    return terms.now + timedelta(days=3660)


def _of_seat(person: Person, settings: Settings, terms: Terms) -> list[Words | str]:
    seen, now = seen_by(person), terms.now
    tomorrow = datetime.combine(
        now.astimezone(terms.zone).date() + timedelta(days=1), time(), terms.zone
    )
    waiting = seen.filter(owed(), state="open")
    proposed = Message.objects.filter(conversation=OuterRef("pk"), state="proposed")
    late = waiting.filter(expires_at__lt=now)
    today = waiting.filter(expires_at__gte=now, expires_at__lt=tomorrow)
    unowned, to_approve = waiting.filter(service__isnull=True), seen.filter(Exists(proposed))
    asked = {"late": late, "today": today, "unowned": unowned, "approve": to_approve}
    n = {name: rows.count() for name, rows in asked.items()}
    said = (
        (late, plural("{count} conversation is late:", "{count} conversations are late:",
                      count=n["late"])),
        (today, plural("{count} is due today:", "{count} are due today:", count=n["today"])),
        (unowned, plural("{count} belongs to nobody yet:", "{count} belong to nobody yet:",
                         count=n["unowned"])),
        (to_approve, plural("{count} has a reply that waits for approval:",
                            "{count} have a reply that waits for approval:", count=n["approve"])),
    )  # fmt: skip
    parts: list[Words | str] = []
    for (rows, title), count in zip(said, n.values(), strict=True):
        if count:
            parts += [title, *_named(rows, count, person, settings, terms)]
    return parts


def _named(
    rows: QuerySet[Conversation], count: int, person: Person, settings: Settings, terms: Terms
) -> Sequence[Words | str]:
    language = person.language or settings.language
    ordered = rows.select_related(*RELATED).order_by(F("expires_at").asc(nulls_last=True), "pk")
    said: list[Words | str] = [
        _line(row, language, settings, terms) for row in ordered[:MOST_NAMED]
    ]
    if count > MOST_NAMED:
        more, address = count - MOST_NAMED, f"{settings.site}/inbox/"
        said.append(_("And {count} more: {address}", count=more, address=address))
    return said


def _line(row: Conversation, language: str, settings: Settings, terms: Terms) -> str:
    is_hidden = row.service is not None and row.service.is_confidential
    about = (
        _("A confidential question") if is_hidden else shortened(row.subject or str(row.contact))
    )
    service = str(row.service) if row.service else say(_("nobody yet"), language)
    return "\n".join(
        (
            f"- {say(about, language)} ({service})",
            f"  {say(due_words(row, terms), language)}",
            f"  {settings.site}/inbox/{row.pk}/",
        )
    )


def _letter(
    mailing: Mailing, title: Words, parts: Sequence[Words | str], settings: Settings
) -> Letter:
    language = mailing.to.language or settings.language
    greeting = _("Hello {name},", name=str(mailing.to))
    return Letter(
        subject=say(title, language),
        text="\n\n".join(say(part, language) for part in (greeting, *parts)),
        headers=LOOP_HEADERS,
        mark=f"{mailing_mark(mailing)}@{host_of(settings)}",
    )
