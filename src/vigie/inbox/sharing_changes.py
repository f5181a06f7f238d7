"""Shares out what a service is asked among those who answer, as much as each can carry.

Only where somebody said how much that is: elsewhere everybody takes what they can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.carrying import answering, can_answer, knows_in_all, loads
from vigie.inbox.changes import Hand
from vigie.inbox.clock import is_open
from vigie.inbox.entrusting import owed
from vigie.inbox.keeping import require_keeping
from vigie.inbox.models import Capacity, CapacityInAll, Conversation, Passage
from vigie.inbox.owing import Terms
from vigie.inbox.releasing import release
from vigie.inbox.sharing import Carrier, InAll, Waiting, shared
from vigie.register import log
from vigie.register.models import Person, Service
from vigie.register.rights import Author
from vigie.words import LANGUAGES, Words, _, say

MOST = 1_000
BY = Author(name="sharing out")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits for somebody with room."""

    count: int
    oldest: datetime | None


def put_capacity(service: Service, person: Person, most: int, *, hand: Hand) -> int:
    """Say how many open conversations someone carries for a service; none: they are away.

    What waits for the answer of someone who goes away is given back to the waiting list; return
    how many conversations that were.
    """
    require_keeping(hand.eyes, service)
    if not 0 <= most <= MOST:
        raise InboxError(_("Write how many conversations at once, from 0 to {most}.", most=MOST))
    _require_answering(person, service)
    with transaction.atomic():
        Capacity.objects.update_or_create(service=service, person=person, defaults={"most": most})
        _note("inbox.capacity", service, hand, person=str(person), most=most)
        return _give_back(service, person, hand) if not most else 0


def erase_capacity(service: Service, person: Person, *, hand: Hand) -> None:
    """Share nothing out to someone any more; what they have stays theirs."""
    require_keeping(hand.eyes, service)
    with transaction.atomic():
        Capacity.objects.filter(service=service, person=person).delete()
        _note("inbox.capacity_off", service, hand, person=str(person))


def put_in_all(service: Service, person: Person, most: int | None, *, hand: Hand) -> None:
    """Say how many open conversations someone carries over all services at once; unknown: any.

    Whoever keeps a service says it of those who answer for it, and everybody of themselves.
    """
    if hand.person != person:
        require_keeping(hand.eyes, service)
        if person.pk not in knows_in_all(hand.eyes, [person.pk]):
            raise ForbiddenError(
                _("{name} also answers for a service that is confidential: only they, or those "
                  "with a role there, say how much they carry in all.", name=str(person))
            )  # fmt: skip
    if most is not None and not 1 <= most <= MOST:
        raise InboxError(
            _("Write how many conversations in all, from 1 to {most}, or nothing.", most=MOST)
        )
    _require_answering(person, service)
    with transaction.atomic():
        if most is None:
            CapacityInAll.objects.filter(person=person).delete()
        else:
            CapacityInAll.objects.update_or_create(person=person, defaults={"most": most})
        _note("inbox.capacity_in_all", service, hand, person=str(person), most=most)


def _require_answering(person: Person, service: Service) -> None:
    if not can_answer(person, service):
        raise InboxError(
            _(
                "{name} may not answer for {service}. Give them a role in it first.",
                name=str(person),
                service=str(service),
            )
        )


def _give_back(service: Service, person: Person, hand: Hand) -> int:
    theirs = Conversation.objects.filter(owed(), service=service, person=person, state="open")
    return release(theirs, _away(person), by=hand.eyes.author, now=hand.now)


def _away(person: Person) -> Words:
    return _("{name} is away: it waits for somebody with room.", name=str(person))


def _give_back_later_ones(service: Service, terms: Terms) -> None:
    """Give back what people asked again of someone who is away, since it was given to them."""
    for row in Capacity.objects.filter(service=service, most=0).select_related("person__user"):
        theirs = Conversation.objects.filter(
            owed(), service=service, person=row.person, state="open"
        ).annotate(given_at=Max("passages__at"))
        asked_since = theirs.filter(Q(given_at__isnull=True) | Q(given_at__lt=F("asked_at")))
        keys = list(asked_since.order_by().values_list("pk", flat=True))
        if keys:
            # Still theirs: another worker may have given it back, and to somebody else, meanwhile.
            held = Conversation.objects.filter(pk__in=keys, person=row.person)
            release(held, _away(row.person), by=BY, now=terms.now)


def _note(action: str, service: Service, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"service {service.name}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)


def waiting(service: Service) -> Queue:
    """Return how many conversations wait for somebody with room, and since when."""
    found = waiting_list(service).order_by().aggregate(n=Count("pk"), oldest=Min("asked_at"))
    return Queue(count=found["n"], oldest=found["oldest"])


def unowned() -> Q:
    """Return what waits for an answer and nobody has by name."""
    return owed() & Q(state="open", person__isnull=True, merged_into__isnull=True)


def waiting_list(service: Service) -> QuerySet[Conversation]:
    """Return what waits for an answer and nobody has by name, in the order in which it goes."""
    rows = Conversation.objects.filter(unowned(), service=service)
    return rows.order_by("urgency", F("expires_at").asc(nulls_last=True), "pk")


def share_out(terms: Terms) -> int:
    """Give what waits to those with room, of every service that is open; return how many."""
    rows = Service.objects.filter(is_active=True, capacities__most__gt=0).order_by("pk").distinct()
    open_now = [row for row in rows if is_open(terms.hours_of(row.pk), terms.now)]
    for row in open_now:
        # Each by itself: whoever has written the log waits for no conversation any more.
        _give_back_later_ones(row, terms)
    with transaction.atomic():
        # One worker at a time, over all services: two would fill the same room.
        locked = Service.objects.select_for_update(of=("self",), no_key=True)
        named = locked.filter(pk__in=[row.pk for row in open_now], is_active=True)
        given = _shared(list(named.select_related("institution").order_by("pk")))
        _give(given, terms)
    return len(given)


def _shared(services: Sequence[Service]) -> list[tuple[Conversation, int]]:
    """Return who gets what: over all services the most urgent first, as their people are shared."""
    rows = Capacity.objects.filter(service__in=services).select_related("person__user", "service")
    able = [one for one in answering(loads(rows)) if one.can_answer and not one.is_full]
    carriers = [
        Carrier(service=one.capacity.service_id, person=one.capacity.person_id,
                most=one.capacity.most, open=one.open)
        for one in able
    ]  # fmt: skip
    totals = {
        one.capacity.person_id: InAll(
            person=one.capacity.person_id, most=one.most_in_all, open=one.open_in_all
        )
        for one in able
        if one.most_in_all is not None
    }
    keys = [key for service in services for key in _first(service, carriers)]
    found = {row.pk: row for row in _locked(keys, services)}
    known = {service.pk: _known(service, found.values()) for service in services}
    queue = [
        Waiting(conversation=row.pk, service=key, known_by=known[key].get(row.contact_id))
        for row in sorted(found.values(), key=_in_turn)
        if (key := row.service_id) is not None
    ]
    return [(found[key], person) for key, person in shared(queue, carriers, totals.values())]


def _first(service: Service, carriers: Sequence[Carrier]) -> list[int]:
    """Return the keys of as much of a waiting list as there is room for."""
    room = sum(one.room for one in carriers if one.service == service.pk)
    return list(waiting_list(service).values_list("pk", flat=True)[:room]) if room else []


def _locked(keys: Sequence[int], services: Sequence[Service]) -> QuerySet[Conversation]:
    """Return what still waits, nobody else's to give; all lock in one order, or they would meet."""
    rows = Conversation.objects.filter(unowned(), pk__in=keys, service__in=services)
    return rows.select_for_update(of=("self",)).order_by("pk")


def _in_turn(row: Conversation) -> tuple[str, bool, datetime, int]:
    """Return by what waiting lists are in order, as ``waiting_list`` has it."""
    return row.urgency, row.expires_at is None, row.expires_at or row.asked_at, row.pk


def _known(service: Service, rows: Iterable[Conversation]) -> Mapping[int, int]:
    """Return who had the last conversation with each of these contacts."""
    before = Conversation.objects.filter(
        service=service, contact__in={row.contact_id for row in rows}, person__isnull=False
    )
    return dict(before.order_by("touched_at").values_list("contact_id", "person_id"))


def _give(given: Sequence[tuple[Conversation, int]], terms: Terms) -> None:
    people = Person.objects.select_related("user").in_bulk({person for _row, person in given})
    passages, changes = [], []
    for row, person in given:
        name = str(people[person])
        row.person_id, row.touched_at = person, terms.now
        reason = _("{name} had room for it.", name=name)
        said = {language: say(reason, language) for language in LANGUAGES}
        passages.append(Passage(conversation=row, service_id=row.service_id, person_id=person,
                                at=terms.now, by=BY.name, reason=said))  # fmt: skip
        changes.append(log.Change(action="inbox.share", subject=f"conversation {row.pk}",
                                  facts={"person": name}))  # fmt: skip
    changed = [row for row, _person in given]
    Conversation.objects.bulk_update(changed, ("person", "touched_at"), batch_size=200)
    Passage.objects.bulk_create(passages)
    if changes:
        log.write(changes, by=BY, at=terms.now)
