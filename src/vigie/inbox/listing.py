"""Lists of conversations: filters, an order, pages and a total, always through one's own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime

from vigie.inbox.models import Conversation
from vigie.inbox.searching import found as said_in
from vigie.inbox.sought import Sought
from vigie.inbox.visible import Eyes, visible

ORDERS = ("expiring", "newest")
NOBODYS = "nobody"
"""The service of what nobody owns yet."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of a list; empty: any."""

    state: str = "open"
    service: str = ""
    kind: str = ""
    is_mine: bool = False
    is_late: bool = False
    order: str = "expiring"
    words: Sought = field(default_factory=Sought)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page ended: the next one goes on after it, whatever came meanwhile."""

    band: int = 0
    at: datetime | None
    key: int

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Read a place as an address carries it; none when it is none."""
        parts = text.split("|")
        if len(parts) != 3 or not (parts[0].isdecimal() and parts[2].isdecimal()):
            return None
        at = parse_datetime(parts[1]) if parts[1] else None
        if parts[1] and (at is None or at.tzinfo is None):
            return None
        return cls(band=int(parts[0][:3]), at=at, key=int(parts[2][:18]))

    def __str__(self) -> str:
        return f"{self.band}|{self.at.isoformat() if self.at else ''}|{self.key}"


def chosen(eyes: Eyes, wanted: Wanted, *, now: datetime) -> QuerySet[Conversation]:
    """Return the conversations asked for, among those these eyes may see."""
    rows = visible(eyes).filter(merged_into__isnull=True)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.service == NOBODYS:
        rows = rows.filter(service__isnull=True)
    elif wanted.service:
        rows = rows.filter(service__slug=wanted.service)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.is_mine:
        rows = rows.none() if eyes.person is None else rows.filter(person=eyes.person)
    if wanted.is_late:
        rows = rows.filter(due_at__lt=now)
    return said_in(rows, wanted.words)


FEW = 500
"""As many rows are named one by one, so that no list is walked to its end to find them."""


def narrowed(rows: QuerySet[Conversation], wanted: Wanted, *, total: int) -> QuerySet[Conversation]:
    """Return the same conversations, named one by one where a search found only a few of many."""
    if not wanted.words.terms or total > FEW:
        return rows
    return Conversation.objects.filter(pk__in=list(rows.order_by().values_list("pk", flat=True)))


def page_of(
    rows: QuerySet[Conversation], wanted: Wanted, *, after: Place | None, size: int
) -> tuple[list[Conversation], Place | None]:
    """Return a page in the order asked for, and where the next one begins; none: that is all."""
    shown = rows.select_related("contact", "service", "box", "person").defer(*NOT_SHOWN)
    bands = _bands(wanted)
    found: list[tuple[int, Conversation]] = []
    for number, band in enumerate(bands):
        if after is not None and number < after.band:
            continue
        place = after if after is not None and number == after.band else None
        ordered = _newest(shown, place) if wanted.order == "newest" else _band(shown, band, place)
        found += [(number, row) for row in ordered[: size + 1 - len(found)]]
        if len(found) > size:
            break
    page = [row for _number, row in found[:size]]
    if len(found) <= size:
        return page, None
    number, last = found[size - 1]
    at = last.touched_at if wanted.order == "newest" else last.expires_at
    return page, Place(band=number, at=at, key=last.pk)


NOT_SHOWN = ("post", "box__options", "box__sealed", "box__hints", "box__position", "box__failure")
"""What no list shows."""
ALL = Q()
DATED, UNDATED = Q(expires_at__isnull=False), Q(expires_at__isnull=True)


def _bands(wanted: Wanted) -> tuple[Q, ...]:
    """Return the parts of a list, one after the other, each in the order of one index.

    Among what waits for us, what is to be read at once stands before all that expires sooner.
    """
    if wanted.order == "newest":
        return (ALL,)
    if wanted.state != "open":
        return DATED, UNDATED
    high, normal = Q(urgency="high"), Q(urgency="normal")
    return high & DATED, high & UNDATED, normal & DATED, normal & UNDATED


def _newest(rows: QuerySet[Conversation], after: Place | None) -> QuerySet[Conversation]:
    if after is not None and after.at is not None:
        older = Q(touched_at__lt=after.at) | Q(touched_at=after.at, pk__lt=after.key)
        rows = rows.filter(older, touched_at__lte=after.at)
    return rows.order_by("-touched_at", "-pk")


def _band(rows: QuerySet[Conversation], band: Q, after: Place | None) -> QuerySet[Conversation]:
    rows = rows.filter(band).order_by("expires_at", "pk")
    if after is None:
        return rows
    if after.at is None:
        return rows.filter(pk__gt=after.key)
    later = Q(expires_at__gt=after.at) | Q(expires_at=after.at, pk__gt=after.key)
    return rows.filter(later, expires_at__gte=after.at)


def counts(eyes: Eyes, *, now: datetime) -> dict[str, int]:
    """Return how many conversations wait for us, and how many of them nobody owns or are late."""
    rows = visible(eyes).filter(merged_into__isnull=True, state="open")
    return rows.aggregate(
        open=Count("pk"),
        nobody=Count("pk", filter=Q(service__isnull=True)),
        late=Count("pk", filter=Q(due_at__lt=now)),
    )


def lookers(conversation: Conversation, *, but: str, since: datetime) -> Sequence[tuple[str, bool]]:
    """Return who else has a conversation before them, and whether they are answering it."""
    rows = conversation.lookers.filter(seen_at__gte=since).exclude(who=but)
    return list(rows.order_by("-is_answering", "name").values_list("name", "is_answering"))
