"""The map of services: who answers, who is missing, who has too much, what nobody owns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from vigie.inbox.carrying import Load, knows_in_all, loads
from vigie.inbox.delayed import Delayed, delayed
from vigie.inbox.keeping import may_count
from vigie.inbox.models import Box, Capacity, Hours
from vigie.inbox.unreached import Unreached, unreached
from vigie.inbox.visible import Eyes, visible
from vigie.register.models import Institution, Person, Service
from vigie.words import Words, _

GAPS: Mapping[str, Words] = {
    "correspondent": _("nobody answers"),
    "deputy": _("no deputy"),
    "mail": _("no mail address"),
    "hours": _("no hours"),
}
"""What a service lacks, from the worst on."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How much is asked just now: open conversations."""

    open: int = 0
    late: int = 0
    oldest: datetime | None = None
    """Since when the one waits that waits longest."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a service stands."""

    service: Service
    asked: Asked | None
    """Unknown: what it is asked is confidential, and not for these eyes."""
    gaps: tuple[str, ...]
    unreached: tuple[Unreached, ...] = ()
    """Who answers for it and was not reached by the last mail."""
    delayed: tuple[Delayed, ...] = ()
    """To whom of them a mail is late."""
    overburdened: tuple[Load, ...] = ()
    """Who carries more for it, or in all, than they said they can; as far as these eyes may know.
    """

    @property
    def is_overloaded(self) -> bool:
        """Whether it has more open conversations than it can carry."""
        capacity = self.service.capacity
        return self.asked is not None and capacity is not None and self.asked.open > capacity

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should do something."""
        is_late = self.asked is not None and self.asked.late > 0
        people = self.gaps or self.unreached or self.overburdened
        return bool(people) or self.is_overloaded or is_late


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How many conversations went from a box to a service; none: to nobody."""

    box: str
    service: int | None
    count: int


def standings(eyes: Eyes, *, now: datetime) -> list[Standing]:
    """Return how every service stands, as far as these eyes may know."""
    found = _asked(eyes, now)
    kept = set(Hours.objects.values_list("service_id", flat=True))
    services = Service.objects.select_related("institution", "correspondent", "deputy")
    active = list(services.filter(is_active=True))
    missed, late = unreached(active), delayed(active, now=now)
    counted = [row for row in active if may_count(eyes, row)]
    too_much = _overburdened(counted, eyes)
    return [
        Standing(
            service=row,
            asked=found.get(row.pk, Asked()) if may_count(eyes, row) else None,
            gaps=gaps_of(row, has_hours=row.pk in kept),
            unreached=tuple(missed.get(row.pk, ())),
            delayed=tuple(late.get(row.pk, ())),
            overburdened=tuple(too_much.get(row.pk, ())),
        )
        for row in sorted(active, key=lambda row: (row.institution.name, str(row).casefold()))
    ]


def _overburdened(services: Sequence[Service], eyes: Eyes) -> Mapping[int, Sequence[Load]]:
    rows = Capacity.objects.filter(service__in=services).select_related("person__user", "service")
    carrying = loads(rows)
    known = knows_in_all(eyes, {one.capacity.person_id for one in carrying})
    found: dict[int, list[Load]] = defaultdict(list)
    for one in carrying:
        if one.is_over or (one.is_over_in_all and one.capacity.person_id in known):
            found[one.capacity.service_id].append(one)
    return found


def unowned(eyes: Eyes, *, now: datetime) -> Asked:
    """Return how many open conversations nobody owns."""
    return _asked(eyes, now).get(None, Asked())


def _asked(eyes: Eyes, now: datetime) -> Mapping[int | None, Asked]:
    rows = visible(eyes).filter(merged_into__isnull=True, state="open")
    counted = rows.values("service_id").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), oldest=Min("asked_at")
    )
    return {
        row["service_id"]: Asked(open=row["n"], late=row["late"], oldest=row["oldest"])
        for row in counted.order_by()
    }


def gaps_of(service: Service, *, has_hours: bool) -> tuple[str, ...]:
    """Return what a service lacks to answer in time."""
    people: Sequence[Person | None] = (service.correspondent, service.deputy)
    lacking = {
        "correspondent": service.correspondent is None,
        "deputy": service.deputy is None,
        "mail": any(person is not None and not person.mail for person in people),
        "hours": not has_hours,
    }
    return tuple(name for name in GAPS if lacking[name])


def flows(eyes: Eyes, *, now: datetime, institution: Institution, last: timedelta) -> list[Flow]:
    """Return from which box to which service conversations of late went."""
    boxes = dict(Box.objects.filter(institution=institution).values_list("pk", "label"))
    # Counted here, not by the database: grouping would make it read every conversation there is.
    rows = visible(eyes).filter(merged_into__isnull=True, opened_at__gte=now - last)
    pairs = rows.order_by().values_list("box_id", "service_id")
    counted = Counter(pair for pair in pairs if pair[0] in boxes)
    return [
        Flow(box=boxes[box], service=service, count=count)
        for (box, service), count in counted.items()
    ]
