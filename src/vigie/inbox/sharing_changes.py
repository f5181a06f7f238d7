"""Shares out what a service is asked among those who answer, as much as each can carry.

Only where somebody said how much that is: elsewhere everybody takes what they can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.clock import is_open
from vigie.inbox.entrusting import owed
from vigie.inbox.keeping import require_keeping
from vigie.inbox.models import Capacity, Conversation, Passage
from vigie.inbox.owing import Terms
from vigie.inbox.releasing import release
from vigie.inbox.sharing import Carrier, Waiting, shared
from vigie.inbox.visible import eyes_of
from vigie.register import log
from vigie.register.models import Person, Service
from vigie.register.people import author
from vigie.register.rights import ANSWER_INBOX, Author
from vigie.words import LANGUAGES, Words, _, say

MOST = 1_000
BY = Author(name="sharing out")


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much someone carries for a service just now."""

    capacity: Capacity
    open: int
    can_answer: bool
    """Nothing goes to someone who may no longer answer for the service."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more goes there."""
        return self.open >= self.capacity.most


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
    if not can_answer(person, service):
        raise InboxError(
            _(
                "{name} may not answer for {service}. Give them a role in it first.",
                name=str(person),
                service=str(service),
            )
        )
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
            release(Conversation.objects.filter(pk__in=keys), _away(row.person), by=BY,
                    now=terms.now)  # fmt: skip


def _note(action: str, service: Service, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"service {service.name}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)


def can_answer(person: Person, service: Service) -> bool:
    """Whether someone answers for a service: it was entrusted to them, or a role lets them."""
    if person.user is not None and not person.user.is_active:
        return False
    if person.pk in (service.correspondent_id, service.deputy_id):
        return True
    eyes = eyes_of(person, author(person.user))
    return eyes.may(ANSWER_INBOX, Conversation(service=service))


def loads(service: Service) -> list[Load]:
    """Return who carries how much of a service, in the order of names."""
    rows = Capacity.objects.filter(service=service).select_related("person__user")
    carried = _open_of(service)
    return sorted(
        (
            Load(capacity=row, open=carried.get(row.person_id, 0),
                 can_answer=can_answer(row.person, service))
            for row in rows
        ),
        key=lambda load: str(load.capacity.person).casefold(),
    )  # fmt: skip


def _open_of(service: Service) -> Mapping[int, int]:
    rows = Conversation.objects.filter(service=service, state="open", person__isnull=False)
    return dict(rows.order_by().values_list("person_id").annotate(n=Count("pk")))


def waiting(service: Service) -> Queue:
    """Return how many conversations wait for somebody with room, and since when."""
    found = waiting_list(service).order_by().aggregate(n=Count("pk"), oldest=Min("asked_at"))
    return Queue(count=found["n"], oldest=found["oldest"])


def waiting_list(service: Service) -> QuerySet[Conversation]:
    """Return what waits for an answer and nobody has by name, in the order in which it goes."""
    rows = Conversation.objects.filter(
        owed(), service=service, state="open", person__isnull=True, merged_into__isnull=True
    )
    return rows.order_by("urgency", F("expires_at").asc(nulls_last=True), "pk")


def share_out(terms: Terms) -> int:
    """Give what waits to those with room, of every service that is open; return how many."""
    rows = Service.objects.filter(is_active=True, capacities__most__gt=0).distinct()
    services = rows.select_related("institution")
    open_now = [row for row in services if is_open(terms.hours_of(row.pk), terms.now)]
    return sum(_share_out(service, terms) for service in open_now)


def _share_out(service: Service, terms: Terms) -> int:
    with transaction.atomic():
        # One worker at a time: two would fill the same room.
        Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        _give_back_later_ones(service, terms)
        carriers = [
            Carrier(person=one.capacity.person_id, most=one.capacity.most, open=one.open)
            for one in loads(service)
            if one.can_answer
        ]
        room = sum(one.room for one in carriers)
        found = list(waiting_list(service).select_for_update(of=("self",))[:room]) if room else []
        known = _known(service, found)
        queue = [Waiting(conversation=row.pk, known_by=known.get(row.contact_id)) for row in found]
        given = shared(queue, carriers)
        _give(given, {row.pk: row for row in found}, terms)
    return len(given)


def _known(service: Service, rows: Sequence[Conversation]) -> Mapping[int, int]:
    """Return who had the last conversation with each of these contacts."""
    before = Conversation.objects.filter(
        service=service, contact__in={row.contact_id for row in rows}, person__isnull=False
    )
    return dict(before.order_by("touched_at").values_list("contact_id", "person_id"))


def _give(given: Sequence[tuple[int, int]], rows: Mapping[int, Conversation], terms: Terms) -> None:
    people = Person.objects.select_related("user").in_bulk({person for _key, person in given})
    passages, changes = [], []
    for key, person in given:
        row, name = rows[key], str(people[person])
        row.person_id, row.touched_at = person, terms.now
        reason = _("{name} had room for it.", name=name)
        said = {language: say(reason, language) for language in LANGUAGES}
        passages.append(Passage(conversation=row, service_id=row.service_id, person_id=person,
                                at=terms.now, by=BY.name, reason=said))  # fmt: skip
        changes.append(log.Change(action="inbox.share", subject=f"conversation {key}",
                                  facts={"person": name}))  # fmt: skip
    changed = [rows[key] for key, _person in given]
    Conversation.objects.bulk_update(changed, ("person", "touched_at"), batch_size=200)
    Passage.objects.bulk_create(passages)
    if changes:
        log.write(changes, by=BY, at=terms.now)
