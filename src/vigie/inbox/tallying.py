"""How many conversations a list has, without counting them: from what the database keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Count, Sum

from vigie.inbox.models import Conversation, Tally
from vigie.inbox.visible import Sight

MOST_ROWS = 1000
"""So many are added up in no time; more are gathered."""
Place = tuple[int, str, str]
"""A service (0: none), a state and a kind."""


def tallied(
    sight: Sight, *, state: str = "", kind: str = "", services: frozenset[int] | None = None
) -> int:
    """Return how many conversations these eyes see without being called into them.

    Empty and unknown: any; service 0: what nobody owns. Merged ones are not counted.
    """
    return counted_in(by_service(state=state, kind=kind), sight, services)


def by_service(*, state: str = "", kind: str = "") -> Mapping[int, int]:
    """Return how many conversations each service was asked; empty: in any state, of any kind."""
    rows = Tally.objects.filter(**({"state": state} if state else {}))
    rows = rows.filter(kind=kind) if kind else rows
    return dict(rows.values_list("service").annotate(Sum("count")))


def counted_in(
    tallies: Mapping[int, int], sight: Sight, services: frozenset[int] | None = None
) -> int:
    """Return how many of these are seen without being called into them."""
    return sum(
        count
        for service, count in tallies.items()
        if sight.sees(service or None) and (services is None or service in services)
    )


def gather() -> None:
    """Add up what was written down one by one, where there is much of it."""
    if Tally.objects.count() <= MOST_ROWS:
        return
    with transaction.atomic():
        # Who gathers at the same time takes others.
        rows = list(Tally.objects.select_for_update(skip_locked=_can_skip()).order_by("pk"))
        sums: Counter[Place] = Counter()
        for row in rows:
            sums[row.service, row.state, row.kind] += row.count
        Tally.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _write(sums)


def _can_skip() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _write(sums: Mapping[Place, int]) -> None:
    Tally.objects.bulk_create(
        Tally(service=service, state=state, kind=kind, count=count)
        for (service, state, kind), count in sums.items()
        if count
    )


def counted() -> Mapping[Place, int]:
    """Return what the tallies say, by counting: what they are checked against."""
    rows = Conversation.objects.filter(merged_into__isnull=True).order_by()
    found = rows.values_list("service_id", "state", "kind").annotate(Count("pk"))
    return {(service or 0, state, kind): count for service, state, kind, count in found}


def kept() -> Mapping[Place, int]:
    """Return what the tallies say."""
    rows = Tally.objects.values_list("service", "state", "kind").annotate(Sum("count"))
    return {(service, state, kind): count for service, state, kind, count in rows if count}
