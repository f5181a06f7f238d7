"""Conversations of people who left, or of services that rest: nobody's by name any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from vigie.inbox.models import AnswerLink, Capacity, CapacityInAll, Conversation, Passage
from vigie.register import log
from vigie.register.models import Person, Service
from vigie.register.rights import Author
from vigie.words import LANGUAGES, Words, _, say


def release_person(person: Person, *, by: Author, now: datetime) -> int:
    """Let what someone had by name be anybody's of its service; return how many conversations.

    What is closed stays theirs in the history.
    """
    Capacity.objects.filter(person=person).delete()
    CapacityInAll.objects.filter(person=person).delete()
    reason = _("{name} left: anybody of the service may answer.", name=str(person))
    return release(Conversation.objects.filter(person=person), reason, by=by, now=now)


def release_service(service: Service, *, by: Author, now: datetime) -> int:
    """Let nobody have by name what is asked of a service that rests; return how many."""
    reason = _("{service} rests: send it to another service.", service=str(service))
    rows = Conversation.objects.filter(service=service, person__isnull=False)
    return release(rows, reason, by=by, now=now)


def release(rows: QuerySet[Conversation], reason: Words, *, by: Author, now: datetime) -> int:
    """Let nobody have these by name any more, but for what is closed; return how many."""
    said = {language: say(reason, language) for language in LANGUAGES}
    with transaction.atomic():
        found = list(
            rows.exclude(state="closed").select_for_update(of=("self",)).select_related("person")
        )
        changes = [
            log.Change(action="inbox.release", subject=f"conversation {row.pk}",
                       facts={"person": str(row.person)})
            for row in found
        ]  # fmt: skip
        for row in found:
            links = AnswerLink.objects.filter(conversation=row, person=row.person)
            links.filter(revoked_at__isnull=True).update(revoked_at=now)
            row.person, row.touched_at = None, now
        Conversation.objects.bulk_update(found, ("person", "touched_at"), batch_size=200)
        Passage.objects.bulk_create(
            [
                Passage(conversation=row, service_id=row.service_id, at=now, by=by.name,
                        reason=said)
                for row in found
            ]
        )  # fmt: skip
        log.write(changes, by=by, at=now)
    return len(found)
