"""Who is sent the digest of the morning: one mail a day for each person, however much waits."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from vigie.inbox.entrusting import owed
from vigie.inbox.escalating import communication
from vigie.inbox.models import AnswerLink, Conversation, Mailing
from vigie.register.models import Person

FROM, UNTIL = time(7, 30), time(12)
"""Local time: it is there when the day begins; after noon it is no morning any more."""
WEEKEND = 5
"""Saturday: at the end of a week nobody is sent a digest that they could not act on."""


def digest_due(*, now: datetime, zone: ZoneInfo) -> int:
    """Write down the digests of a morning, once for each person; return how many are new."""
    local = now.astimezone(zone)
    if local.weekday() >= WEEKEND or not FROM <= local.time() < UNTIL:
        return 0
    people = {person.pk: person for person in (*communication(), *_by_link())}
    names = {f"digest:{pk}:{local.date().isoformat()}": person for pk, person in people.items()}
    known = set(Mailing.objects.filter(name__in=names).values_list("name", flat=True))
    new = [
        Mailing(name=name, kind="digest", to=person, made_at=now)
        for name, person in names.items()
        if name not in known
    ]
    Mailing.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _by_link() -> list[Person]:
    """Return those without a seat for whom a question waits."""
    waiting = Conversation.objects.filter(owed(), state__in=("open", "snoozed"))
    links = AnswerLink.objects.filter(conversation__in=waiting, revoked_at__isnull=True)
    rows = Person.objects.filter(pk__in=links.values("person"))
    seatless = rows.filter(Q(user__isnull=True) | Q(user__is_active=False))
    return [person for person in seatless.select_related("user") if person.address]
