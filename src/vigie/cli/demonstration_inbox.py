"""Keeps the invented inbox: services with hours and targets, a year of conversations, a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from vigie.cli.demonstration_written import Desk, keep_written
from vigie.demo import OURS, Span
from vigie.demo.desk import CHANGED, CHANGED_AGO, SERVICES, Invented, wrote

if TYPE_CHECKING:
    from vigie.inbox.models import Box, Topic
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


def keep_inbox_demonstration(span: Span) -> None:
    """Keep the services of one university and a year of its inbox, unless they are there."""
    from django.db import transaction

    from vigie.inbox.models import Conversation
    from vigie.register.models import Institution

    if Conversation.objects.exists():
        return
    with transaction.atomic():
        desk = _desk(Institution.objects.get(slug=OURS), span)
        keep_written(desk, wrote(span.today))
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
