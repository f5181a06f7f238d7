"""Finding contacts by name, handle or address, always through one's own eyes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from vigie.inbox.listing import Place
from vigie.inbox.models import Contact, Conversation
from vigie.inbox.routing import folded
from vigie.inbox.visible import Eyes, visible

MOST_WORDS = 8
"""Words of a search that are looked for; more are a text, not a name."""


def sought(*texts: str) -> str:
    """Return what a search looks in: names and handles without case, accents and signs."""
    return folded(" ".join(text for text in texts if text))


def seen_by(eyes: Eyes) -> QuerySet[Contact]:
    """Return the contacts of the conversations that these eyes may see.

    Who sees one conversation of a contact sees the name, handles, tags and consent of that
    contact, and none of the conversations that are not theirs to see.
    """
    theirs = visible(eyes).filter(contact=OuterRef("pk"))
    return Contact.objects.filter(Exists(theirs), merged_into__isnull=True)


def found(eyes: Eyes, words: str) -> QuerySet[Contact]:
    """Return contacts in whose name or handles each of these words begins a word."""
    rows = seen_by(eyes).filter(forgotten_at__isnull=True)
    for word in sought(words).split()[:MOST_WORDS]:
        rows = rows.filter(Q(sought__contains=f" {word}") | Q(name__icontains=word))
    return rows


def page_of(
    rows: QuerySet[Contact], *, after: Place | None, size: int
) -> tuple[list[Contact], Place | None]:
    """Return a page, who wrote last in front, and where the next one begins; none: that is all."""
    if after is not None and after.at is not None:
        rows = rows.filter(Q(seen_at__lt=after.at) | Q(seen_at=after.at, pk__lt=after.key))
    ordered = rows.order_by("-seen_at", "-pk").prefetch_related("handles")
    page = list(ordered[: size + 1])
    if len(page) <= size:
        return page, None
    return page[:size], Place(at=page[size - 1].seen_at, key=page[size - 1].pk)


def counted(rows: list[Contact], eyes: Eyes) -> dict[int, Mapping[str, Any]]:
    """Return how many conversations with each of these eyes may see, and when they wrote last."""
    theirs = visible(eyes).filter(contact__in=rows, merged_into__isnull=True).order_by()
    return {
        row["contact_id"]: dict(row)
        for row in theirs.values("contact_id").annotate(
            n=Count("pk"), last=Max("incoming_at"), first=Min("opened_at")
        )
    }


def history(contact: Contact, eyes: Eyes) -> QuerySet[Conversation]:
    """Return what was said with a contact over every channel, as far as these eyes may see."""
    rows = visible(eyes).filter(contact=contact, merged_into__isnull=True)
    return rows.select_related("box", "service", "person", "contact")


def unseen(contact: Contact, eyes: Eyes) -> int:
    """Return how many conversations with a contact these eyes may not see.

    It is said only to those who may erase the contact, since the erasure takes them too.
    """
    every = Conversation.objects.filter(contact=contact, merged_into__isnull=True)
    return every.count() - history(contact, eyes).count()
