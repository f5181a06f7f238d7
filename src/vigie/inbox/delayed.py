"""Questions whose mail is late: said where people look, until it arrived or came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from vigie.inbox.models import AnswerLink, Conversation, Mailing
from vigie.register.models import Person, Service


@dataclass(frozen=True, kw_only=True)
class Delayed:
    """Someone who answers for a service, to whom a mail is late."""

    person: Person
    reason: Mapping[str, str]
    """By language."""
    since: datetime


def standing(*, now: datetime) -> QuerySet[Mailing]:
    """Return the mails of which it is said that they are late, and not yet what became of them."""
    rows = Mailing.objects.filter(delay__isnull=False, failure__isnull=True, delayed_until__gt=now)
    return rows.select_related("to").order_by("pk")


def delayed(services: Collection[Service], *, now: datetime) -> dict[int, list[Delayed]]:
    """Return, by service, who answers for it or stands in and to whom a mail is late."""
    return _by_service(services, standing(now=now))


def _by_service(
    services: Collection[Service], mails: Iterable[Mailing]
) -> dict[int, list[Delayed]]:
    late = {row.to_id: row for row in mails}
    found: dict[int, list[Delayed]] = {}
    for row in services:
        keys = [key for key in (row.correspondent_id, row.deputy_id) if key in late]
        if keys:
            found[row.pk] = [_of(late[key]) for key in keys if key is not None]
    return found


def delayed_of_all(*, now: datetime) -> list[tuple[Service, Delayed]]:
    """Return every service that answers, with each of its people to whom a mail is late."""
    late = list(standing(now=now))
    services = Service.objects.filter(is_active=True).in_bulk() if late else {}
    found = _by_service(services.values(), late)
    return [(services[key], one) for key, people in found.items() for one in people]


def delayed_about(conversation: Conversation, *, now: datetime) -> list[Mailing]:
    """Return the mails about a conversation that are late."""
    return list(standing(now=now).filter(links__conversation=conversation).distinct())


def arrived(link: AnswerLink) -> None:
    """Note that someone holds a mail in hand: it and those before it are late no more."""
    late = Mailing.objects.filter(to=link.person_id, delay__isnull=False)
    late.filter(made_at__lte=link.made_at).update(delay=None, delayed_until=None)


def _of(mailing: Mailing) -> Delayed:
    return Delayed(person=mailing.to, reason=mailing.delay or {}, since=mailing.made_at)
