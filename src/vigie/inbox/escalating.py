"""When little time is left, the deputy is told, then communication: each once for a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vigie.inbox.clock import ServiceHours, elapsed
from vigie.inbox.entrusting import is_asked_by_mail, mail, owed
from vigie.inbox.models import Conversation, Mailing, Message, Passage
from vigie.inbox.owing import Terms
from vigie.inbox.visible import eyes_of, visible
from vigie.register import log
from vigie.register.models import Person, Role
from vigie.register.people import author
from vigie.register.rights import ANSWER_INBOX, IN_A_SERVICE, RIGHTS, Author
from vigie.words import LANGUAGES, Words, _, say

DEPUTY_AT, COMMUNICATION_AT = 0.25, 0.1
"""Shares of the time that are left when they are told. Of a day of eight hours a quarter is two
hours: a deputy can still find out and answer; a tenth is the time that passing it on takes."""
TO_DEPUTY, TO_COMMUNICATION = 1, 2
BY = Author(name="escalation")
LOOKED_AHEAD = timedelta(days=10)
"""A quarter of the longest target that people set lies within."""


def share_left(hours: ServiceHours, *, asked: datetime, ends: datetime, now: datetime) -> float:
    """Return which share of the service hours for an answer is left; none are: 0."""
    whole = elapsed(hours, asked, ends)
    return elapsed(hours, max(now, asked), ends) / whole if whole else 0.0


def stage_of(share: float, *, has_deputy: bool) -> int:
    """Return who is to be told when such a share is left: nobody, the deputy, communication."""
    if share <= COMMUNICATION_AT or (share <= DEPUTY_AT and not has_deputy):
        return TO_COMMUNICATION
    return TO_DEPUTY if share <= DEPUTY_AT else 0


@dataclass(kw_only=True)
class Told:
    """What one look decided: which conversations go to whom."""

    deputies: dict[int, list[Conversation]] = field(default_factory=lambda: defaultdict(list))
    communication: list[Conversation] = field(default_factory=list)

    @property
    def all(self) -> list[Conversation]:
        """Every conversation that somebody is told of."""
        return [*(one for rows in self.deputies.values() for one in rows), *self.communication]


def escalate_due(terms: Terms) -> int:
    """Tell deputies and communication of what is nearly late; return how many conversations.

    However many there are, each person gets one mail.
    """
    nearing = _nearing(terms.now)
    found = [row.pk for row in _decided(nearing, terms).all]
    if not found:
        return 0
    with transaction.atomic():
        rows = Conversation.objects.filter(pk__in=found).order_by("pk")
        locked = list(rows.select_for_update().values_list("pk", flat=True))
        # Decided anew: another worker may have told them meanwhile, or a person answered.
        told = _decided(nearing.filter(pk__in=locked), terms)
        if told.all:
            _note(told.all, terms, by="escalation")
            _tell(told, terms)
    return len(told.all)


def _decided(nearing: QuerySet[Conversation], terms: Terms) -> Told:
    told = Told()
    for row in nearing:
        share = share_left(terms.hours_of(row.service_id), asked=row.asked_at,
                           ends=row.expires_at or terms.now, now=terms.now)  # fmt: skip
        stage = stage_of(share, has_deputy=can_deputise(row))
        if stage <= _reached(row):
            continue
        row.escalated, row.warned_at = stage, terms.now
        if stage == TO_DEPUTY and row.service is not None and row.service.deputy_id is not None:
            told.deputies[row.service.deputy_id].append(row)
        else:
            told.communication.append(row)
    return told


def _nearing(now: datetime) -> QuerySet[Conversation]:
    waits = Message.objects.filter(conversation=OuterRef("pk"), state="proposed")
    rows = Conversation.objects.filter(
        owed(), Q(state="open") | Q(state="snoozed"), merged_into__isnull=True,
        expires_at__lt=now + LOOKED_AHEAD,
    ).filter(Q(escalated__lt=TO_COMMUNICATION) | Q(warned_at__isnull=True)
             | Q(warned_at__lt=F("asked_at"))).exclude(delayed_until__gt=now)  # fmt: skip
    related = ("service__deputy__user", "service__correspondent", "box", "contact")
    return rows.annotate(is_proposed=Exists(waits)).select_related(*related).order_by("expires_at")


def can_deputise(row: Conversation) -> bool:
    """Whether a deputy can help: one who can be reached, while no answer waits for approval."""
    deputy = row.service.deputy if row.service else None
    is_proposed = getattr(row, "is_proposed", False)
    return deputy is not None and is_asked_by_mail(row, deputy) and not is_proposed


def _reached(row: Conversation) -> int:
    """Return who was told already; what was said of an earlier question does not count."""
    if row.warned_at is None or row.warned_at < row.asked_at:
        return 0
    return row.escalated


def _note(
    rows: Sequence[Conversation], terms: Terms, *, by: str, reason: Words | None = None
) -> None:
    Conversation.objects.bulk_update(rows, ("escalated", "warned_at"), batch_size=200)
    Passage.objects.bulk_create(
        [
            Passage(
                conversation=row,
                service=row.service,
                person=row.service.deputy if row.escalated == TO_DEPUTY and row.service else None,
                at=terms.now,
                by=by,
                reason=_said(reason or REASONS[row.escalated]),
            )
            for row in rows
        ]
    )
    log.write(
        [
            log.Change(action="inbox.escalate", subject=f"conversation {row.pk}",
                       facts={"stage": row.escalated})
            for row in rows
        ],
        by=BY,
        at=terms.now,
    )  # fmt: skip


REASONS: Mapping[int, Words] = {
    TO_DEPUTY: _("Little time was left: the deputy was told."),
    TO_COMMUNICATION: _("Little time was left: communication was told."),
}


def _said(words: Words) -> dict[str, str]:
    return {language: say(words, language) for language in LANGUAGES}


def _tell(told: Told, terms: Terms) -> None:
    people = Person.objects.select_related("user").in_bulk(told.deputies)
    for key, rows in told.deputies.items():
        names = {str(row.service.correspondent or "") for row in rows if row.service}
        facts = {"instead_of": ", ".join(sorted(names - {""}))}
        mail(people[key], rows, kind="deputy", now=terms.now, facts=facts)
    if told.communication:
        keys = {row.pk for row in told.communication}
        for person in communication():
            tell_late(person, keys, now=terms.now)


def communication() -> list[Person]:
    """Return everyone who may answer in the inbox and can be written to."""
    names = [name for name, rights in RIGHTS.items() if ANSWER_INBOX in rights]
    within = [name for name, rights in IN_A_SERVICE.items() if ANSWER_INBOX in rights]
    roles = Role.objects.filter(
        Q(service__isnull=True, name__in=names) | Q(service__isnull=False, name__in=within)
    )
    rows = Person.objects.filter(
        Q(pk__in=roles.values("person")) | Q(user__is_superuser=True), user__is_active=True
    )
    return [person for person in rows.select_related("user") if person.address]


def tell_late(person: Person, keys: Iterable[int], *, now: datetime) -> None:
    """Write down one mail of what is nearly late, of what this person may see."""
    seen = visible(eyes_of(person, author(person.user)), Conversation.objects.filter(pk__in=keys))
    pks = sorted(seen.values_list("pk", flat=True))
    if pks:
        Mailing.objects.get_or_create(
            name=f"late:{person.pk}:{now.isoformat()}",
            defaults={"kind": "late", "to": person, "made_at": now,
                      "facts": {"conversations": pks}},
        )  # fmt: skip


def absent(conversation: Conversation, person: Person, terms: Terms) -> None:
    """Tell the deputy at once that the correspondent is away, or communication without a deputy."""
    reason = _("{name} is absent, says an automatic answer.", name=str(person))
    pass_to_deputy(conversation, person, terms, reason=reason, facts={"is_absent": True})


def pass_to_deputy(
    conversation: Conversation,
    person: Person,
    terms: Terms,
    *,
    reason: Words,
    facts: Mapping[str, object],
) -> None:
    """Have the deputy answer instead of someone, or communication where no deputy can."""
    row = conversation
    service = row.service
    if service is None or _reached(row) >= TO_COMMUNICATION:
        return
    by_deputy = person.pk != service.deputy_id and can_deputise(row)
    if by_deputy and _reached(row) >= TO_DEPUTY:
        return
    row.escalated = TO_DEPUTY if by_deputy else TO_COMMUNICATION
    row.warned_at = terms.now
    with transaction.atomic():
        _note([row], terms, by="escalation", reason=reason)
        if by_deputy and service.deputy is not None:
            told = {"instead_of": str(person), **facts}
            mail(service.deputy, [row], kind="deputy", now=terms.now, facts=told)
            return
        for other in communication():
            tell_late(other, {row.pk}, now=terms.now)
