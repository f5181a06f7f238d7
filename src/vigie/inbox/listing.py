"""Lists of conversations: filters, an order, pages and a total, always through one's own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from vigie.inbox.models import Conversation
from vigie.inbox.searching import found as said_in
from vigie.inbox.sought import Sought
from vigie.inbox.visible import Eyes, visible

ORDERS = ("expiring", "newest")
NOBODYS = "nobody"
"""The service of what nobody owns yet."""
FAR = datetime.max.replace(tzinfo=UTC)


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

    at: datetime
    key: int

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Read a place as an address carries it; none when it is none."""
        moment, _bar, key = text.partition("|")
        at = parse_datetime(moment) if key.isdecimal() else None
        return cls(at=at, key=int(key)) if at and at.tzinfo else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.key}"


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


def page_of(
    rows: QuerySet[Conversation], wanted: Wanted, *, after: Place | None, size: int
) -> tuple[list[Conversation], Place | None]:
    """Return a page in the order asked for, and where the next one begins; none: that is all."""
    ordered = _ordered(rows, wanted, after).select_related("contact", "service", "box", "person")
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    at = last.touched_at if wanted.order == "newest" else last.expires_at or FAR
    return found[:size], Place(at=at, key=last.pk)


def _ordered(
    rows: QuerySet[Conversation], wanted: Wanted, after: Place | None
) -> QuerySet[Conversation]:
    if wanted.order == "newest":
        if after:
            rows = rows.filter(
                Q(touched_at__lt=after.at) | Q(touched_at=after.at, pk__lt=after.key)
            )
        return rows.order_by("-touched_at", "-pk")
    if after and after.at == FAR:
        rows = rows.filter(expires_at__isnull=True, pk__gt=after.key)
    elif after:
        later = Q(expires_at__gt=after.at) | Q(expires_at=after.at, pk__gt=after.key)
        rows = rows.filter(later | Q(expires_at__isnull=True))
    return rows.order_by(F("expires_at").asc(nulls_last=True), "pk")


def counts(eyes: Eyes, *, now: datetime) -> dict[str, int]:
    """Return how many conversations are in each state, unowned and late among the open ones."""
    rows = visible(eyes).filter(merged_into__isnull=True)
    found = {row["state"]: row["n"] for row in rows.values("state").annotate(n=Count("pk"))}
    opened = rows.filter(state="open")
    return {
        **found,
        NOBODYS: opened.filter(service__isnull=True).count(),
        "late": opened.filter(due_at__lt=now).count(),
    }


def lookers(conversation: Conversation, *, but: str, since: datetime) -> Sequence[tuple[str, bool]]:
    """Return who else has a conversation before them, and whether they are answering it."""
    rows = conversation.lookers.filter(seen_at__gte=since).exclude(who=but)
    return list(rows.order_by("-is_answering", "name").values_list("name", "is_answering"))
