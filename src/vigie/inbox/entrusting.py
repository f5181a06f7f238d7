"""Questions go by mail to those who answer without a seat: whom to ask, and once each.

What is to be asked is read from the conversations themselves, whoever assigned them: a rule, a
person, a suggestion that was accepted. A stop anywhere leaves nothing unasked, nothing asked twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from vigie.inbox.links import new_link
from vigie.inbox.models import AnswerLink, Box, Capacity, Conversation, Mailing
from vigie.register.models import Person

ONE_BY_ONE = 3
"""More new questions than that for one person at one look go in one mail."""
MAIL_KEY = "vigie-ask."
"""How the identifier of a mail begins that may be answered by mail."""
AGAIN_AFTER = timedelta(minutes=15)
"""A new link to the same question is sent once in so long."""


def owed() -> Q:
    """Return what waits for an answer of ours."""
    return Q(outgoing_at__isnull=True) | Q(incoming_at__gt=F("outgoing_at"))


def ask_due(*, now: datetime) -> int:
    """Have everyone asked who answers by mail and was not asked yet; return how many questions."""
    by_person: dict[int, list[Conversation]] = defaultdict(list)
    for conversation in to_ask():
        by_person[conversation.asked_of].append(conversation)  # type: ignore[attr-defined]  # annotated
    people = Person.objects.select_related("user").in_bulk(by_person)
    asked = 0
    for key, conversations in by_person.items():
        person = people[key]
        theirs = [one for one in conversations if is_asked_by_mail(one, person)]
        asked += _ask(person, theirs, now=now) if theirs else 0
    return asked


def _ask(person: Person, conversations: Sequence[Conversation], *, now: datetime) -> int:
    """Ask one person what no other worker asked them meanwhile; return how many questions."""
    with transaction.atomic():
        in_turn_with(person)
        still = to_ask().filter(pk__in=[one.pk for one in conversations])
        keys = {one.pk for one in still if one.asked_of == person.pk}  # type: ignore[attr-defined]  # annotated
        theirs = [one for one in conversations if one.pk in keys]
        for part in _parts(theirs):
            mail(person, part, kind="ask", now=now)
    return len(theirs)


def in_turn_with(person: Person) -> None:
    """Wait until nobody else asks this person, to the end of the transaction."""
    # What only names the person, a conversation that is shared out to them, goes on meanwhile.
    Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first()


def to_ask() -> QuerySet[Conversation]:
    """Return open conversations whose person has no link to what came last."""
    known = AnswerLink.objects.filter(
        conversation=OuterRef("pk"),
        person=OuterRef("asked_of"),
        revoked_at__isnull=True,
        made_at__gte=OuterRef("asked_at"),
    )
    room = Capacity.objects.filter(service=OuterRef("service_id"), most__gt=0)
    return (
        Conversation.objects.filter(
            owed(), state="open", merged_into__isnull=True, service__is_active=True
        )
        .exclude(service__asks_by_mail="never")
        # Where work is shared out, what nobody has yet waits for somebody with room.
        .exclude(Exists(room), person__isnull=True)
        .annotate(asked_of=Coalesce("person_id", "service__correspondent_id"))
        .filter(~Exists(known), asked_of__isnull=False)
        .select_related("service", "contact", "box")
        .order_by("expires_at", "pk")
    )


def is_asked_by_mail(conversation: Conversation, person: Person) -> bool:
    """Whether this person is sent questions, as the service prefers."""
    service = conversation.service
    if service is None or not person.address or service.asks_by_mail == "never":
        return False
    return service.asks_by_mail == "always" or not person.has_seat


def _parts(conversations: list[Conversation]) -> list[list[Conversation]]:
    if len(conversations) > ONE_BY_ONE:
        return [conversations]
    return [[one] for one in conversations]


def mail(
    person: Person,
    conversations: Sequence[Conversation],
    *,
    kind: str,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write down a mail with a link to each conversation: once, whoever else does so just now."""
    first = conversations[0]
    before = AnswerLink.objects.filter(conversation=first, person=person).count()
    with transaction.atomic():
        mailing, is_new = Mailing.objects.get_or_create(
            name=f"{kind}:{person.pk}:{first.pk}:{before}",
            defaults={"kind": kind, "to": person, "made_at": now, "facts": facts or {}},
        )
        if not is_new:
            return
        links = [new_link(one, person, mailing, now=now) for one in conversations]
        if len(links) == 1 and reply_box(first, person) is not None:
            links[0].mail_key = f"{MAIL_KEY}{links[0].nonce}"
        AnswerLink.objects.bulk_create(links)


def ask_again(link: AnswerLink, *, now: datetime) -> bool:
    """Send a new link to the same person; false when one was sent just now."""
    recent = AnswerLink.objects.filter(
        conversation=link.conversation, person=link.person, made_at__gt=now - AGAIN_AFTER
    )
    with transaction.atomic():
        in_turn_with(link.person)
        if recent.exists():
            return False
        mail(link.person, [link.conversation], kind="ask", now=now)
    return True


def reply_box(conversation: Conversation, person: Person) -> Box | None:
    """Return the mailbox in which an answer by mail arrives; none: only the link answers."""
    boxes = Box.objects.filter(channel="mail", institution_id=conversation.box.institution_id)
    usable = boxes.exclude(state="paused").exclude(address="").order_by("pk")
    own = person.address.casefold()
    found = [box for box in usable if box.address.casefold() != own]
    return next(
        (box for box in found if box.pk == conversation.box_id), found[0] if found else None
    )
