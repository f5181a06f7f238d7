"""Keeps the invented inbox: services with hours and targets, a year of conversations, a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from vigie.demo import OURS, Span
from vigie.demo.desk import CHANGED, CHANGED_AGO, SERVICES, Invented, Wrote, wrote

if TYPE_CHECKING:
    from vigie.inbox.models import Box, Conversation, Message, Satisfaction, Topic
    from vigie.inbox.owing import Terms
    from vigie.register.models import Institution, Person, Service

WEEK = {str(day): [["09:00", "12:00"], ["13:30", "17:00"]] for day in range(5)}
TARGET, TARGET_DIRECT = 16 * 60, 8 * 60
"""Minutes of service hours: two days and a bit, and one for who writes privately on a network."""
BOXES = (
    ("mail", "Contact", ("mail",)), ("form", "Formulaire du site", ("form", "mail")),
    ("direct", "Messages privés", ("messenger", "instagram", "mail")),
    ("comment", "Commentaires", ("facebook", "instagram", "mail")),
)  # fmt: skip
"""Each way in, what people call its box, and the channels it may be of, the best one first."""
ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What conversations of the demonstration are hung on."""

    boxes: Mapping[str, Box]
    services: Mapping[str, Service]
    topics: Mapping[tuple[str, str], Topic]
    terms: Terms

    @property
    def now(self) -> datetime:
        """The moment up to which everything is invented."""
        return self.terms.now


def keep_inbox_demonstration(span: Span) -> None:
    """Keep the services of one university and a year of its inbox, unless they are there."""
    from django.db import transaction

    from vigie.inbox.models import Conversation
    from vigie.register.models import Institution

    if Conversation.objects.exists():
        return
    with transaction.atomic():
        desk = _desk(Institution.objects.get(slug=OURS), span)
        _keep(desk, wrote(span.today))
        _learn(desk, span.today)


def _desk(institution: Institution, span: Span) -> Desk:
    from vigie.inbox.models import Target
    from vigie.inbox.owing import terms

    services = {one.office: _service(one, institution) for one in SERVICES}
    _closures(institution, span.today)
    Target.objects.create(response_minutes=TARGET, resolution_minutes=4 * TARGET)
    Target.objects.create(urgency="high", response_minutes=TARGET_DIRECT)
    return Desk(
        boxes=_boxes(institution),
        services=services,
        topics=_topics(services),
        terms=terms(zone=ZONE, now=span.until),
    )


def _service(invented: Invented, institution: Institution) -> Service:
    from django.utils.text import slugify

    from vigie.inbox.models import Hours
    from vigie.register.models import Service

    made = Service.objects.create(
        institution=institution,
        name=invented.name,
        slug=slugify(invented.name),
        public_name=invented.public_name,
        answers=invented.answers,
        kind=invented.office,
        is_confidential=invented.is_confidential,
        needs_approval=invented.office == "housing",
        capacity=invented.capacity,
        correspondent=_person(invented.correspondent),
        deputy=_person(invented.deputy),
    )
    Hours.objects.create(service=made, week=WEEK, changed_at=datetime.now(UTC))
    return made


def _person(name: str) -> Person | None:
    from django.utils.text import slugify

    from vigie.register.models import Person

    if not name:
        return None
    return Person.objects.create(name=name, mail=f"{slugify(name)}@port-laurent.example")


def _closures(institution: Institution, today: date) -> None:
    from vigie.inbox.models import Closure

    for year in (today.year - 1, today.year):
        for name, first, last in (
            ("Fermeture d’été", date(year, 7, 25), date(year, 8, 18)),
            ("Fermeture de fin d’année", date(year, 12, 22), date(year + 1, 1, 4)),
        ):
            Closure.objects.create(
                institution=institution, name=name,
                starts_at=datetime.combine(first, time(0), ZONE),
                ends_at=datetime.combine(last, time(0), ZONE),
            )  # fmt: skip


def _boxes(institution: Institution) -> dict[str, Box]:
    """Return a box for each way in; they are paused: nothing is asked of any network."""
    from vigie.inbox.channel import known_channels
    from vigie.inbox.models import Box

    known = known_channels()
    return {
        name: Box.objects.create(
            name=f"demo-{name}", label=label, institution=institution, state="paused",
            channel=next(one for one in channels if one in known),
            address=f"{name}@port-laurent.example" if name == "mail" else "",
        )
        for name, label, channels in BOXES
    }  # fmt: skip


def _topics(services: Mapping[str, Service]) -> dict[tuple[str, str], Topic]:
    from vigie.inbox.models import Topic
    from vigie.invented.desk import matters

    return {
        (one.office, one.topic["en"]): Topic.objects.create(
            service=services[one.office], name=one.topic["fr"]
        )
        for one in matters()
    }


def _keep(desk: Desk, written: Sequence[Wrote]) -> None:
    from vigie.inbox.models import Contact, Conversation, Handle, Message, Passage, Satisfaction

    contacts = Contact.objects.bulk_create(
        Contact(name=one.name, language=one.language, created_at=one.at, seen_at=one.at)
        for one in written
    )
    handles = Handle.objects.bulk_create(
        Handle(contact=contact, network="mail" if one.channel in ("mail", "form") else "facebook",
               address=f"personne-{one.number}@invente.example")
        for contact, one in zip(contacts, written, strict=True)
    )  # fmt: skip
    rows = Conversation.objects.bulk_create(
        _row(desk, one, handle) for one, handle in zip(written, handles, strict=True)
    )
    kept = list(zip(rows, written, handles, strict=True))
    Message.objects.bulk_create(
        message for row, one, handle in kept for message in _messages(row, one, handle.pk)
    )
    Passage.objects.bulk_create(
        Passage(conversation=row, service=row.service, at=row.opened_at, by="rule",
                reason={"fr": "Une règle l’a envoyée ici.", "en": "A rule sent it here."})
        for row in rows
        if row.service is not None
    )  # fmt: skip
    Satisfaction.objects.bulk_create(
        satisfaction for row, one, _handle in kept for satisfaction in _satisfaction(row, one)
    )
    _suggest(desk, [(row, one) for row, one, _handle in kept if row.service is None])


def _row(desk: Desk, one: Wrote, handle: object) -> Conversation:
    from vigie.inbox.models import Conversation
    from vigie.inbox.owing import settle

    service = desk.services.get(one.office)
    topic = desk.topics[one.office, one.topic["en"]] if one.has_topic else None
    row = Conversation(
        box=desk.boxes[one.channel], thread=f"demo-{one.number}", kind=one.kind,
        is_public=one.kind == "comment", contact_id=handle.contact_id,  # type: ignore[attr-defined]
        subject=one.subject, language=one.language, intents=list(one.intents), service=service,
        topic=topic, opened_at=one.at, asked_at=one.at, incoming_at=one.at, touched_at=one.at,
        urgency="high" if one.channel == "direct" and one.number % 9 == 0 else "normal",
        reopened=int(one.is_reopened),
    )  # fmt: skip
    _answer(row, one, desk)
    if row.state == "open" and one.number % 23 == 0:
        row.state, row.snoozed_until = "snoozed", desk.now + timedelta(days=2)
    settle(row, desk.terms)
    return row


def _answer(row: Conversation, one: Wrote, desk: Desk) -> None:
    """Let a conversation be answered and closed when the hours of its service come to it."""
    from vigie.inbox.clock import due
    from vigie.inbox.owing import minutes_between

    hours = desk.terms.hours_of(row.service_id)
    answered = due(hours, one.at, one.wait) if one.wait is not None else None
    if answered is not None and answered < desk.now:
        row.answered_at = row.outgoing_at = row.touched_at = answered
        row.response_minutes = minutes_between(hours, one.at, answered)
        row.state = "waiting"
        again = answered + timedelta(days=1)
        if one.thanks and again < desk.now:
            row.incoming_at = row.asked_at = row.touched_at = again
            row.state = "open"
            second = due(hours, again, timedelta(hours=3))
            if second is not None and second < desk.now:
                row.outgoing_at, row.state, row.touched_at = second, "waiting", second
    ends = due(hours, row.touched_at, timedelta(hours=7))
    if (one.is_closed and row.state != "open") or (one.is_closed and row.answered_at is None):
        row.closed_at = min(ends or desk.now, desk.now)
        row.state, row.touched_at = "closed", row.closed_at
        end = row.outgoing_at or row.closed_at
        row.resolution_minutes = minutes_between(hours, one.at, end)


def _messages(row: Conversation, one: Wrote, handle: int) -> Iterator[Message]:
    yield _said(row, "in", one.at, one.words, "received", handle=handle)
    signed = f"{one.answer}\n\n{row.service}" if row.service else one.answer
    if row.answered_at is not None:
        yield _said(row, "out", row.answered_at, signed, "sent")
        if row.incoming_at > row.answered_at:
            yield _said(row, "in", row.incoming_at, one.thanks, "received", handle=handle)
        if row.outgoing_at is not None and row.outgoing_at > row.answered_at:
            same = {"fr": "Oui, c’est pareil en janvier.", "en": "Yes, it is the same in January."}
            yield _said(row, "out", row.outgoing_at, same[one.language], "sent")
    elif one.is_proposed and row.state == "open":
        yield _said(row, "out", row.opened_at + timedelta(hours=2), signed, "proposed")


def _said(
    row: Conversation, direction: str, at: datetime, words: str, state: str, *, handle: int = 0
) -> Message:
    from vigie.inbox.models import Message

    return Message(
        conversation=row, box=row.box, direction=direction, words=words, state=state,
        key=f"{row.thread}-{direction}-{at.timestamp():.0f}", handle_id=handle or None, said_at=at,
        received_at=at, sent_at=at if state == "sent" else None,
    )  # fmt: skip


def _satisfaction(row: Conversation, one: Wrote) -> Iterator[Satisfaction]:
    from vigie.inbox.models import Satisfaction

    if not (one.is_asked and row.closed_at):
        return
    answered = row.closed_at + timedelta(hours=20) if one.score else None
    yield Satisfaction(
        conversation=row, digest=f"demo-{one.number}", asked_at=row.closed_at, score=one.score,
        words=one.opinion if one.score else "", answered_at=answered,
    )  # fmt: skip


def _suggest(desk: Desk, nobodys: Sequence[tuple[Conversation, Wrote]]) -> None:
    from vigie.inbox.models import Suggestion

    draw, keys = Random(7), [service.pk for service in desk.services.values()]
    Suggestion.objects.bulk_create(
        Suggestion(conversation=row, services=[[draw.choice(keys), 0.61], [keys[0], 0.2]],
                   annotator="rules", at=row.opened_at)
        for row, _one in nobodys
    )  # fmt: skip


def _learn(desk: Desk, today: date) -> None:
    """Keep what was changed because of what people said, and a question a page answers now."""
    from vigie.inbox.models import Change, FaqDraft, SavedReply

    library, it = desk.services["library"], desk.services["it"]
    Change.objects.create(
        service=library, topic=desk.topics["library", CHANGED], is_public=True,
        by="Claire Montbazin",
        said={"fr": "On ne sait jamais si la bibliothèque est ouverte.",
              "en": "One never knows whether the library is open."},
        changed={"fr": "Les horaires du jour sont en tête du site et à chaque porte.",
                 "en": "The hours of the day stand on top of the site and at every door."},
        changed_on=today - CHANGED_AGO, at=desk.now,
    )  # fmt: skip
    FaqDraft.objects.create(
        service=it, state="published", url="https://port-laurent.example/numerique/eduroam",
        question={"fr": "Comment se connecter à eduroam avec un téléphone neuf ?",
                  "en": "How do I join eduroam with a new phone?"},
        answer={"fr": "Le guide est dans l’ENT, rubrique Numérique.",
                "en": "The guide is on the portal, under Digital."}, at=desk.now,
    )  # fmt: skip
    SavedReply.objects.create(
        service=desk.services["registry"], title="Carte d’étudiant", changed_at=desk.now,
        words={"fr": "Bonjour {name}, votre carte se retire à l’accueil de la scolarité.",
               "en": "Hello {name}, your card is at the registry desk."},
    )  # fmt: skip
