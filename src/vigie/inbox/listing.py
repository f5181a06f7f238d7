"""Lists of conversations: filters, an order, pages and a total, always through one's own eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from vigie.inbox.counting import up_to_most
from vigie.inbox.marks import Marked, marked
from vigie.inbox.models import Conversation
from vigie.inbox.searching import among, count_said, holding_words, named
from vigie.inbox.searching import found as said_in
from vigie.inbox.sought import Sought
from vigie.inbox.tallying import by_service, counted_in
from vigie.inbox.visible import Eyes, Sight, narrowed, seen_by, sight_of
from vigie.register.models import Service

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
    is_free: bool = False
    """Nobody has it by name."""
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


class Read(Protocol):
    """Reads how many conversations of a state and a kind each service was asked."""

    def __call__(self, *, state: str, kind: str) -> Mapping[int, int]: ...


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The conversations asked for, among those that some eyes see."""

    wanted: Wanted
    sight: Sight
    unsaid: QuerySet[Conversation]
    """Whatever is said in them: words are not asked for yet."""
    services: frozenset[int] | None
    """Those asked for, 0 for none; unknown: any."""
    read: Read = by_service
    named_at_once: int = 5000
    """As many rows that hold a phrase are named at once: to look for it again takes long."""
    few: int = 500
    """As many rows are named one by one, so that no list is walked to its end to find them."""
    steps: tuple[int, int] = (200, 3000)
    """How many rows of a list, from and to, are looked at for words before the index is asked."""

    @property
    def rows(self) -> QuerySet[Conversation]:
        """Return them in no order."""
        return said_in(self.unsaid, self.wanted.words, among=self.marks)

    @property
    def marks(self) -> Marked:
        """Return the marks they bear; fewer than all where some are seen whatever they bear."""
        if self.sight.called:
            return marked(state=self.wanted.state, kind=self.wanted.kind)
        return self._marks_unless_called

    @property
    def _marks_unless_called(self) -> Marked:
        services = [] if self.services is None else [self.services]
        shown = [self.sight.shown] if self.sight.hidden is None else []
        return marked(
            state=self.wanted.state,
            kind=self.wanted.kind,
            services=[*services, *shown],
            but_services=self.sight.hidden or (),
        )

    @cached_property
    def _holding_phrase(self) -> list[int] | None:
        """Return the keys of all of them, where a phrase is asked for; none: of very many."""
        if all(len(term.words) == 1 for term in self.wanted.words.terms):
            return None
        if not (self.is_counted or self.sight.called):
            # Their marks say all that is asked: nothing is to be looked up beside the index.
            return named(self.wanted.words, among=self._marks_unless_called)
        rows = self.rows.order_by().values_list("pk", flat=True)
        keys = list(rows[: self.named_at_once + 1])
        return keys if len(keys) <= self.named_at_once else None

    @property
    def is_counted(self) -> bool:
        """Whether no total of them is kept, so that rows are counted, up to so many."""
        wanted = self.wanted
        return (
            wanted.is_mine
            or wanted.is_late
            or wanted.is_free
            or bool(wanted.words.text and not wanted.words.terms)
        )

    def total(self) -> int:
        """Return how many there are; where rows are counted, ``MOST_COUNTED`` and one for more."""
        if self._holding_phrase is not None:
            return len(self._holding_phrase)
        if self.is_counted:
            return up_to_most(self.rows)
        wanted = self.wanted
        if wanted.words.terms:
            seen = count_said(wanted.words, among=self._marks_unless_called)
        else:
            seen = self._tallied()
        called = self.rows.filter(pk__in=self.sight.called).count() if self.sight.called else 0
        return seen + called

    def _tallied(self) -> int:
        tallies = self.read(state=self.wanted.state, kind=self.wanted.kind)
        return counted_in(tallies, self.sight, self.services)

    def keys(self) -> list[int]:
        """Return the keys of all of them, in the order of the list, each once."""
        found: dict[int, None] = {}
        for band in _bands(self.wanted):
            ordered = _in_order(self.rows, self.wanted, band, None)
            found |= dict.fromkeys(ordered.values_list("pk", flat=True))
        return list(found)

    def page(
        self, *, after: Place | None, size: int, total: int
    ) -> tuple[list[Conversation], Place | None]:
        """Return a page of so many of them, and where the next one begins."""
        if not total:
            return [], None
        asked = self.wanted.words
        if not asked.terms:
            return page_of(self.unsaid, self.wanted, after=after, size=size)
        keys = self._holding_phrase if total <= self.named_at_once else None
        if keys is None and total <= self.few:
            keys = list(self.rows.order_by().values_list("pk", flat=True))
        if keys is not None:
            return page_of(
                Conversation.objects.filter(pk__in=among(keys)), self.wanted, after=after, size=size
            )
        return page_of(
            self.unsaid,
            self.wanted,
            after=after,
            size=size,
            pick=partial(self._walked, among=max(self._tallied(), total), total=total),
        )

    def _walked(
        self, ordered: QuerySet[Conversation], most: int, *, among: int, total: int
    ) -> list[int]:
        """Look at the words of what comes first; ask the index where few of them hold them.

        What is said in many is soon met on the way: finding all of them only to show the first
        ones takes longer.
        """
        steps = max(among * most * WIDER // total, self.steps[0])
        if steps <= self.steps[1]:
            passed = _first(ordered, steps)
            holding = holding_words(passed, self.wanted.words)
            met = [key for key in passed if key in holding][:most]
            if len(met) == most or len(passed) < steps:
                return met
        return _first(said_in(ordered, self.wanted.words, among=self.marks), most)


WIDER = 3
"""Times as many rows are looked at as would do if words were evenly spread."""


def chosen(eyes: Eyes, wanted: Wanted, *, now: datetime, read: Read = by_service) -> Chosen:
    """Return the conversations asked for, among those these eyes may see."""
    sight, services = narrowed(sight_of(eyes)), _services(wanted)
    rows = seen_by(sight).filter(merged_into__isnull=True)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.service == NOBODYS:
        rows = rows.filter(service__isnull=True)
    elif services is not None:
        rows = rows.filter(service_id__in=services)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.is_mine:
        rows = rows.none() if eyes.person is None else rows.filter(person=eyes.person)
    if wanted.is_free:
        rows = rows.filter(person__isnull=True)
    if wanted.is_late:
        rows = rows.filter(due_at__lt=now)
    return Chosen(wanted=wanted, sight=sight, unsaid=rows, services=services, read=read)


def _services(wanted: Wanted) -> frozenset[int] | None:
    if not wanted.service:
        return None
    if wanted.service == NOBODYS:
        return frozenset({0})
    return frozenset(Service.objects.filter(slug=wanted.service).values_list("pk", flat=True))


def names_of(services: Iterable[Service]) -> dict[str, Service]:
    """Return by which name a list is asked for what each service is asked."""
    return {row.slug: row for row in services if row.slug}


Pick = Callable[[QuerySet[Conversation], int], list[int]]
"""Returns the keys of the first so many of rows that stand in an order."""


def _first(ordered: QuerySet[Conversation], most: int) -> list[int]:
    return list(ordered.values_list("pk", flat=True)[:most])


def page_of(
    rows: QuerySet[Conversation],
    wanted: Wanted,
    *,
    after: Place | None,
    size: int,
    pick: Pick = _first,
) -> tuple[list[Conversation], Place | None]:
    """Return a page in the order asked for, and where the next one begins; none: that is all."""
    found: list[tuple[int, int]] = []
    for number, band in enumerate(_bands(wanted)):
        if after is not None and number < after.band:
            continue
        place = after if after is not None and number == after.band else None
        ordered = _in_order(rows, wanted, band, place)
        found += [(number, key) for key in pick(ordered, size + 1 - len(found))]
        if len(found) > size:
            break
    # Found by one index and then fetched: together, the planner may take another way.
    keyed = shown([key for _number, key in found[:size]])
    page = [keyed[key] for _number, key in found[:size] if key in keyed]
    if len(found) <= size or not page:
        return page, None
    number, last = found[size - 1][0], page[-1]
    at = last.touched_at if wanted.order == "newest" else last.expires_at
    return page, Place(band=number, at=at, key=last.pk)


def shown(keys: Sequence[int]) -> Mapping[int, Conversation]:
    """Return conversations by their keys, with what lists show of them."""
    rows = Conversation.objects.select_related("contact", "service", "box", "person")
    return rows.only(*SHOWN).in_bulk(keys)


SHOWN = (
    "kind", "subject", "language", "intents", "urgency", "state", "reopened", "opened_at",
    "incoming_at", "answered_at", "touched_at", "due_at", "window_until", "expires_at",
    "response_minutes", "contact__name", "box__label", "service__name", "service__public_name",
    "person__name", "person__user", "person__mail",
)  # fmt: skip
"""What a list or its file shows, or goes on by."""
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


def _in_order(
    rows: QuerySet[Conversation], wanted: Wanted, band: Q, after: Place | None
) -> QuerySet[Conversation]:
    return _newest(rows, after) if wanted.order == "newest" else _band(rows, band, after)


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


def counts(eyes: Eyes, *, now: datetime, read: Read = by_service) -> dict[str, int]:
    """Return how many of the conversations that wait for us nobody owns, and how many are late.

    Of the late ones, ``MOST_COUNTED`` and one for more.
    """
    nobodys = chosen(eyes, Wanted(service=NOBODYS), now=now, read=read)
    late = chosen(eyes, Wanted(is_late=True), now=now)
    return {"nobody": nobodys.total(), "late": late.total()}


def lookers(conversation: Conversation, *, but: str, since: datetime) -> Sequence[tuple[str, bool]]:
    """Return who else has a conversation before them, and whether they are answering it."""
    rows = conversation.lookers.filter(seen_at__gte=since).exclude(who=but)
    return list(rows.order_by("-is_answering", "name").values_list("name", "is_answering"))
