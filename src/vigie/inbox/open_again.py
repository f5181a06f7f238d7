"""Conversations that were open elsewhere go on here, and nobody is written to because of it.

They were known there: who was asked is not asked again, and what is late was said to be. All of it
stands in the digest of the next morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vigie.inbox.admission import Office
from vigie.inbox.colleagues import found_again
from vigie.inbox.entrusting import is_asked_by_mail
from vigie.inbox.escalating import DEPUTY_AT, TO_COMMUNICATION, share_left
from vigie.inbox.links import new_link
from vigie.inbox.models import AnswerLink, Conversation
from vigie.inbox.owing import is_owed
from vigie.inbox.past import Past, Standing
from vigie.register.models import Person, Service
from vigie.register.rights import ANSWER_INBOX, IN_A_SERVICE

Pasts = Sequence[tuple[Conversation, Past]]
GOES_ON = ("open", "snoozed", "waiting")


def stand_again(pasts: Pasts, office: Office) -> None:
    """Say of conversations how far they were and who had them; saves nothing."""
    told = [(row, past.history.standing) for row, past in pasts]
    here = found_again(standing.person for _row, standing in told if standing)
    services = Service.objects.in_bulk({row.service_id for row, _standing in told} - {None})
    for row, standing in told:
        if standing is None:
            continue
        row.reopened = standing.reopened
        row.response_minutes = standing.response_minutes
        row.resolution_minutes = standing.resolution_minutes
        row.service = services.get(row.service_id or 0)
        person = here.get(standing.person) if standing.person else None
        row.person = person if person and _may_have(person, row.service) else None
        if standing.state in (*GOES_ON, "unwanted"):
            _go_on(row, standing, office.now)


def _go_on(row: Conversation, standing: Standing, now: datetime) -> None:
    row.closed_at, row.state = None, "open"
    row.touched_at = max(row.incoming_at, row.outgoing_at or row.incoming_at)
    if standing.state == "unwanted" or row.contact.unwanted_at is not None:
        row.state = "unwanted"
        return
    row.delayed_until = standing.delayed_until
    until = standing.snoozed_until
    if standing.state == "snoozed" and until is not None and until > now:
        row.state, row.snoozed_until = "snoozed", until
    elif standing.state == "waiting" and not is_owed(row):
        # An answer that was not sent there did not come along: then they wait for one still.
        row.state = "waiting"


def _may_have(person: Person, service: Service | None) -> bool:
    """Whether a conversation may be someone's here; a name may be another person's elsewhere.

    What is confidential is theirs alone who answer for that service here, or who are known by
    their address.
    """
    if person.user is not None and not person.user.is_active:
        return False
    if service is None or not service.is_confidential or person.user is None:
        return True
    if person.pk in (service.correspondent_id, service.deputy_id):
        return True
    roles = (role for role in person.roles.all() if role.service_id == service.pk)
    return any(ANSWER_INBOX in IN_A_SERVICE.get(role.name, ()) for role in roles)


def told_already(pasts: Pasts, office: Office) -> None:
    """Count those for which little time is left as told of; saves nothing."""
    terms, now = office.terms, office.now
    for row, _past in pasts:
        if row.expires_at is None:
            continue
        share = share_left(terms.hours_of(row.service_id), asked=row.asked_at,
                           ends=row.expires_at, now=now)  # fmt: skip
        if share <= DEPUTY_AT:
            row.escalated, row.warned_at = TO_COMMUNICATION, now


def entrusted_again(pasts: Pasts, *, now: datetime) -> None:
    """Give those who answer by mail a link to what they have, which the digest alone carries."""
    waiting = [row for row, _past in pasts if row.state in ("open", "snoozed") and is_owed(row)]
    asked = {row.pk: row.person_id or (row.service.correspondent_id if row.service else None)
             for row in waiting}  # fmt: skip
    people = Person.objects.select_related("user").in_bulk(set(asked.values()) - {None})
    links = []
    for row in waiting:
        person = people.get(asked[row.pk] or 0)
        if person is not None and is_asked_by_mail(row, person):
            links.append(new_link(row, person, None, now=now))
    AnswerLink.objects.bulk_create(links)
