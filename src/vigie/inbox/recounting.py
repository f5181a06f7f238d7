"""Due times counted anew when hours change: a few at once, many by the worker, batch after batch.

Where a batch ended is written with its due times: killed anywhere, it goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from vigie.inbox.models import Conversation, Recount
from vigie.inbox.owing import settle, terms
from vigie.inbox.rewriting import rewrite
from vigie.inbox.visible import Sight
from vigie.register.models import Institution, Service

AT_ONCE = 1_000
MOST_AT_ONCE = 3_000
"""So many are counted while a person waits: in a third of a second. More are the worker's."""
DUE = ("due_at", "expires_at")
READ = (
    "state", "service_id", "urgency", "asked_at", "incoming_at", "outgoing_at", "window_until",
    *DUE, "box__channel", "box__address", "box__options", "via__channel", "via__address",
    "via__options",
)  # fmt: skip
"""All that counting anew asks of a conversation."""


@dataclass(frozen=True, kw_only=True)
class Anew:
    """What became of due times by a change of hours."""

    moved: int = 0
    """Due at another time now."""
    later: int = 0
    """To be counted anew by the worker."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far due times are counted anew."""

    done: int
    total: int


def count_anew(
    zone: ZoneInfo,
    now: datetime,
    *,
    service: Service | None = None,
    institution: Institution | None = None,
) -> Anew:
    """Work out anew what is due of every conversation that is not closed, or have it worked out.

    Called inside the transaction of the change. Of few, nobody sees new hours with old due times;
    of many the lists say meanwhile that due times are being counted anew.
    """
    institution = None if service else institution
    Recount.objects.filter(service=service, institution=institution).delete()
    rows = _unfinished(service, institution)
    count = rows.count()
    if count > MOST_AT_ONCE:
        Recount.objects.create(service=service, institution=institution, asked_at=now, total=count)
        return Anew(later=count)
    moved, after = 0, 0
    while batch := _locked(rows, after):
        moved += _settle(batch, zone, now)
        after = batch[-1].pk
    return Anew(moved=moved)


def go_on(zone: ZoneInfo, now: datetime, *, should_stop: Callable[[], bool]) -> int | None:
    """Count anew what hours were changed for; return how many, or none where it was stopped."""
    done = 0
    for recount in Recount.objects.values_list("pk", flat=True):
        while (counted := _batch(recount, zone, now)) is not None:
            done += counted
            if should_stop():
                return None
    return done


def _batch(recount: int, zone: ZoneInfo, now: datetime) -> int | None:
    """Count a batch anew, and where it ended, or nothing of it; none: there is no more."""
    with transaction.atomic():
        row = Recount.objects.select_for_update().filter(pk=recount).first()
        if row is None:
            return None
        batch = _locked(_unfinished(row.service, row.institution), row.after)
        if not batch:
            row.delete()
            return None
        _settle(batch, zone, now)
        row.after, row.done = batch[-1].pk, row.done + len(batch)
        row.save(update_fields=("after", "done"))
        return len(batch)


def _settle(rows: Iterable[Conversation], zone: ZoneInfo, now: datetime) -> int:
    # Read once the rows are locked: who changes hours meanwhile waits, and counts after us.
    known, changed = terms(zone=zone, now=now), []
    for row in rows:
        before = row.due_at, row.expires_at
        settle(row, known)
        if (row.due_at, row.expires_at) != before:
            changed.append(row)
    rewrite(changed, DUE)
    return len(changed)


def _locked(rows: QuerySet[Conversation], after: int) -> list[Conversation]:
    """Return some in their order, locked: an answer that is handed in is not written over."""
    locked = rows.filter(pk__gt=after).select_for_update(of=("self",))
    return list(locked.select_related("box", "via").only(*READ).order_by("pk")[:AT_ONCE])


def _unfinished(service: Service | None, institution: Institution | None) -> QuerySet[Conversation]:
    """Return the conversations in which something is owed, or was said to be due."""
    owed = Q(outgoing_at__isnull=True) | Q(incoming_at__gt=F("outgoing_at"))
    rows = Conversation.objects.filter(merged_into__isnull=True).exclude(state="closed")
    rows = rows.filter(owed | Q(expires_at__isnull=False))
    if service is not None:
        return rows.filter(service=service)
    return rows if institution is None else rows.filter(service__institution=institution)


def progress_of(service: Service) -> Progress | None:
    """Say how far the due times of a service are counted anew; none: they are."""
    every = Q(service=None) & Q(institution=None)
    own = Q(service=service) | Q(institution=service.institution_id) | every
    return _progress(Recount.objects.filter(own))


def progress_seen(sight: Sight) -> Progress | None:
    """Say how far due times are counted anew, of services that are seen; none: they are."""
    rows = Recount.objects.all()
    return _progress(row for row in rows if row.service_id is None or sight.sees(row.service_id))


def _progress(rows: Iterable[Recount]) -> Progress | None:
    found = list(rows)
    if not found:
        return None
    total = sum(row.total for row in found)
    return Progress(done=min(sum(row.done for row in found), total), total=total)
