"""Whom the mails that ask for an answer do not reach: said where people look, and sent again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from vigie.inbox.changes import Hand
from vigie.inbox.entrusting import ask_again, is_asked_by_mail, owed
from vigie.inbox.keeping import require_keeping
from vigie.inbox.models import AnswerLink, Mailing
from vigie.register import log
from vigie.register.models import Person, Service

TRIED = Q(sent_at__isnull=False) | Q(failure__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """Someone who answers for a service, whom the last mail did not reach."""

    person: Person
    failure: Mapping[str, str]
    """Why, by language."""
    since: datetime


def unreached(services: Collection[Service]) -> dict[int, list[Unreached]]:
    """Return, by service, who answers for it or stands in and was not reached the last time."""
    wanted = {
        person.pk: person
        for row in services
        for person in (row.correspondent, row.deputy)
        if person is not None
    }
    failed = {row.to_id: row for row in _last_tried(wanted) if row.failure}
    found: dict[int, list[Unreached]] = {}
    for row in services:
        keys = [key for key in (row.correspondent_id, row.deputy_id) if key in failed]
        if keys:
            found[row.pk] = [_of(wanted[key], failed[key]) for key in keys if key is not None]
    return found


def unreached_of_all() -> list[tuple[Service, Unreached]]:
    """Return every service that answers, with each of its people whom mails do not reach."""
    rows = Service.objects.filter(is_active=True)
    services = {row.pk: row for row in rows.select_related("correspondent", "deputy")}
    found = unreached(services.values())
    return [(services[key], one) for key, people in found.items() for one in people]


def _of(person: Person, mailing: Mailing) -> Unreached:
    return Unreached(person=person, failure=mailing.failure or {}, since=mailing.made_at)


def _last_tried(people: Collection[int]) -> Sequence[Mailing]:
    """Return the last mail to each person that left or failed: one that arrives makes good."""
    tried = Mailing.objects.filter(TRIED, to=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = Person.objects.filter(pk__in=people).annotate(last=Subquery(tried))
    keys = [key for key in rows.order_by().values_list("last", flat=True) if key is not None]
    return list(Mailing.objects.filter(pk__in=keys))


def ask_unreached_again(service: Service, person: Person, *, hand: Hand) -> int:
    """Have someone asked anew what did not reach them; return how many questions."""
    require_keeping(hand.eyes, service)
    waiting = Q(conversation__state="open", conversation__merged_into__isnull=True)
    rows = AnswerLink.objects.filter(
        waiting, conversation__service=service, person=person, mailing__failure__isnull=False
    )
    owing = rows.filter(conversation__in=service.conversations.filter(owed())).select_related(
        "person__user", "conversation__service", "conversation__contact", "conversation__box"
    )
    newest = {link.conversation_id: link for link in owing.order_by("pk")}
    asked = [
        link
        for link in newest.values()
        if is_asked_by_mail(link.conversation, person) and ask_again(link, now=hand.now)
    ]
    if asked:
        facts = {"person": str(person), "questions": len(asked)}
        change = log.Change(action="service.ask_again", subject=f"service {service}", facts=facts)
        log.write([change], by=hand.eyes.author, at=hand.now)
    return len(asked)
