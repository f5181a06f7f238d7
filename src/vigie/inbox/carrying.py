"""How much people carry: the open conversations they have by name, in each service and in all.

One count for sharing out, for the page of a service, for the map, and for who takes one by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from vigie.inbox.keeping import may_count
from vigie.inbox.models import Capacity, CapacityInAll, Conversation
from vigie.inbox.visible import Eyes, eyes_of
from vigie.register.models import Person, Role, Service
from vigie.register.people import author
from vigie.register.rights import ANSWER_INBOX, READ_INBOX
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much someone carries just now, for a service and in all."""

    capacity: Capacity
    open: int
    most_in_all: int | None = None
    """Over all services at once; unknown: no more than each of them says."""
    open_in_all: int = 0
    can_answer: bool = True
    """Nothing goes to someone who may no longer answer for the service."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more goes there."""
        return self.open >= self.capacity.most or self.is_full_in_all

    @property
    def is_full_in_all(self) -> bool:
        """Whether they carry as much as they can over all services."""
        return self.most_in_all is not None and self.open_in_all >= self.most_in_all

    @property
    def is_over(self) -> bool:
        """Whether they carry more for the service than they can."""
        return self.open > self.capacity.most

    @property
    def is_over_in_all(self) -> bool:
        """Whether they carry more over all services than they can."""
        return self.most_in_all is not None and self.open_in_all > self.most_in_all


def carried(people: Collection[int]) -> Mapping[int, Mapping[int | None, int]]:
    """Return how many open conversations each has by name, by service; none: nobody's."""
    rows = Conversation.objects.filter(
        person__in=people, state="open", merged_into__isnull=True
    ).order_by()
    found: dict[int, dict[int | None, int]] = defaultdict(dict)
    for person, service, count in rows.values_list("person_id", "service_id").annotate(Count("pk")):
        if person is not None:
            found[person][service] = count
    return found


def in_all(people: Collection[int]) -> Mapping[int, int]:
    """Return how much these carry at once over all services, of those who said it."""
    rows = CapacityInAll.objects.filter(person__in=people)
    return dict(rows.values_list("person_id", "most"))


def loads(capacities: Iterable[Capacity]) -> list[Load]:
    """Return who carries how much of what they can, in the order of names."""
    rows = list(capacities)
    people = {row.person_id for row in rows}
    open_of, most_of = carried(people), in_all(people)
    found = [
        Load(
            capacity=row,
            open=open_of.get(row.person_id, {}).get(row.service_id, 0),
            most_in_all=most_of.get(row.person_id),
            open_in_all=sum(open_of.get(row.person_id, {}).values()),
        )
        for row in rows
    ]
    return sorted(found, key=lambda load: str(load.capacity.person).casefold())


def loads_of(service: Service) -> list[Load]:
    """Return who carries how much of a service, and whether they may still answer for it."""
    rows = Capacity.objects.filter(service=service).select_related("person__user", "service")
    return answering(loads(rows))


def answering(carrying: Iterable[Load]) -> list[Load]:
    """Return the same, with whether each may still answer."""
    return [
        replace(one, can_answer=can_answer(one.capacity.person, one.capacity.service))
        for one in carrying
    ]


def can_answer(person: Person, service: Service) -> bool:
    """Whether someone answers for a service: it was entrusted to them, or a role lets them."""
    if person.user is not None and not person.user.is_active:
        return False
    if person.pk in (service.correspondent_id, service.deputy_id):
        return True
    eyes = eyes_of(person, author(person.user))
    return eyes.may(ANSWER_INBOX, Conversation(service=service))


def knows_in_all(eyes: Eyes, people: Collection[int]) -> frozenset[int]:
    """Return of whom these eyes may know how much they carry in all.

    Not of those who answer for a service whose count is not for these eyes: it could be worked out.
    """
    hidden = [row for row in Service.objects.all() if not may_count(eyes, row)]
    apart: set[int | None] = {
        key for row in hidden for key in (row.correspondent_id, row.deputy_id)
    }
    apart |= set(Capacity.objects.filter(service__in=hidden).values_list("person_id", flat=True))
    apart |= set(Role.objects.filter(service__in=hidden).values_list("person_id", flat=True))
    unseen = Q(service__in=hidden) if eyes.author.may(READ_INBOX) else ~Q(
        service__in=eyes.services_with(READ_INBOX)
    )  # fmt: skip
    theirs = Conversation.objects.filter(unseen, person__in=people, state="open").order_by()
    apart |= set(theirs.values_list("person_id", flat=True))
    return frozenset({one for one in people if one not in apart or one == eyes.person})


def taken_words(person: Person, service: Service | None) -> Words:
    """Say that someone took a conversation by hand, and where that is more than they carry."""
    theirs = carried([person.pk]).get(person.pk, {})
    most, total = in_all([person.pk]).get(person.pk), sum(theirs.values())
    if most is not None and total > most:
        return _(
            "It is yours. You carry {open} conversations now, more than the {most} you can in all.",
            open=total,
            most=most,
        )
    row = Capacity.objects.filter(person=person, service=service).first() if service else None
    if row is None or theirs.get(row.service_id, 0) <= row.most:
        return _("It is yours.")
    if not row.most:
        return _(
            "It is yours, though you are away from {service}: nothing else goes to you there.",
            service=str(service),
        )
    return _(
        "It is yours. You carry {open} conversations of {service} now, more than the {most} you "
        "can.",
        open=theirs[row.service_id],
        most=row.most,
        service=str(service),
    )
