"""You said, we changed: each change with what came before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vigie.inbox.before_after import Effect, effect
from vigie.inbox.models import Change, Conversation


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A change, and whether fewer people write about it since."""

    change: Change
    effect: Effect | None
    """Unknown: it has no topic, so nothing can be counted."""


def changed(rows: Iterable[Change], *, today: date, zone: ZoneInfo) -> list[Changed]:
    """Return changes with their effect."""
    return [
        Changed(change=row, effect=_effect(row, today=today, zone=zone) if row.topic_id else None)
        for row in rows
    ]


def _effect(row: Change, *, today: date, zone: ZoneInfo) -> Effect:
    asked = Conversation.objects.filter(service_id=row.service_id, merged_into__isnull=True)
    first = asked.order_by("opened_at").values_list("opened_at", flat=True).first()
    about = asked.filter(topic=row.topic).values_list("opened_at", flat=True)
    return effect(
        [at.astimezone(zone).date() for at in about],
        changed_on=row.changed_on,
        first=first.astimezone(zone).date() if first else None,
        today=today,
    )
