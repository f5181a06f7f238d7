"""What a service's page shows of who carries how much."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from vigie.inbox import sharing_changes
from vigie.inbox.carrying import Load, can_answer, knows_in_all, loads_of
from vigie.inbox.changes import Hand
from vigie.inbox.clock import is_open
from vigie.inbox.keeping import may_keep
from vigie.register.models import Person, Service
from vigie.web.service_acts import Outcome
from vigie.words import Words


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A line of who carries how much."""

    load: Load
    knows_in_all: bool
    """Whether whoever looks may know how much they carry over all services."""
    is_own: bool
    mistake: Words | None = None
    mistake_in_all: Words | None = None


def sharing(
    request: HttpRequest, service: Service, hand: Hand, outcome: Outcome
) -> dict[str, object]:
    """Show who carries how much."""
    carried = loads_of(service)
    told = knows_in_all(hand.eyes, {load.capacity.person_id for load in carried})
    known = {load.capacity.person_id for load in carried}
    people = Person.objects.exclude(pk__in=known).select_related("user")
    if not may_keep(hand.eyes, service):
        people = people.none()
    return {
        "loads": [
            Carried(
                load=load,
                knows_in_all=load.capacity.person_id in told,
                is_own=load.capacity.person == hand.person,
                mistake=outcome.mistakes.get(f"most-{load.capacity.person_id}"),
                mistake_in_all=outcome.mistakes.get(f"in-all-{load.capacity.person_id}"),
            )
            for load in carried
        ],
        "queue": sharing_changes.waiting(service),
        "others": [one for one in people if can_answer(one, service)],
        "is_open_now": is_open(hand.terms.hours_of(service.pk), hand.now),
        "most_carried": sharing_changes.MOST,
        "form": request.POST.dict(),
    }
