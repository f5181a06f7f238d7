"""What people change in a service: what it answers, who answers for it, its topics."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.keeping import require_keeping, require_keeping_all
from vigie.inbox.models import Box, Rule, Topic
from vigie.inbox.recounting import count_anew
from vigie.inbox.releasing import release_service
from vigie.register import log
from vigie.register.models import ASKS, OFFICES, Institution, Person, Service
from vigie.register.offices import free_slug
from vigie.register.rights import CHANGE_PEOPLE, require
from vigie.words import _

LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a service says of itself, and how it works."""

    public_name: str = ""
    answers: str = ""
    kind: str = ""
    capacity: int | None = None
    timezone: str = ""
    is_confidential: bool = False
    needs_approval: bool = False
    asks_by_mail: str = "seatless"


@dataclass(frozen=True, kw_only=True)
class Named:
    """Someone of a service: a person of the register, or one to be added by name and mail."""

    person: Person | None = None
    name: str = ""
    mail: str = ""


def add_service(institution: Institution, name: str, *, hand: Hand) -> Service:
    """Add a service of an institution."""
    require_keeping_all(hand.eyes)
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise InboxError(_("A service needs a name."))
    if Service.objects.filter(institution=institution, name=wanted).exists():
        raise InboxError(_("There is a service called {name} already.", name=wanted))
    with transaction.atomic():
        made = Service.objects.create(
            institution=institution, name=wanted, slug=free_slug(institution.slug, wanted)
        )
        _note("service.add", made, hand)
    return made


def put_facts(service: Service, facts: Facts, *, hand: Hand) -> None:
    """Change what a service says of itself; another time zone counts its hours anew."""
    require_keeping(hand.eyes, service)
    _require_whole(facts)
    with transaction.atomic():
        row = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        moved = row.timezone != facts.timezone
        for name, value in asdict(facts).items():
            setattr(row, name, value)
        row.save()
        _note("service.facts", row, hand, **{**asdict(facts), "answers": len(facts.answers)})
        if moved:
            count_anew(hand.terms.zone, hand.now, service=row)


def _require_whole(facts: Facts) -> None:
    if facts.kind and facts.kind not in OFFICES:
        raise InboxError(_("There is no such kind of office. Choose one of the list."))
    if facts.asks_by_mail not in ASKS:
        raise InboxError(_("Say when its correspondent is sent questions by mail."))
    if facts.timezone:
        try:
            ZoneInfo(facts.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise InboxError(
                _("{zone} is not a time zone. Write it as Europe/Paris.", zone=facts.timezone)
            ) from error


def name_correspondents(
    service: Service, correspondent: Named, deputy: Named, *, hand: Hand
) -> None:
    """Say who answers for a service, and who stands in."""
    require_keeping(hand.eyes, service)
    with transaction.atomic():
        first, second = _person(correspondent, hand), _person(deputy, hand)
        if first is not None and first == second:
            raise InboxError(
                _("{name} cannot stand in for themselves. Choose another deputy.", name=str(first))
            )
        Service.objects.filter(pk=service.pk).update(correspondent=first, deputy=second)
        _note("service.people", service, hand,
              correspondent=str(first or ""), deputy=str(second or ""))  # fmt: skip


def _person(named: Named, hand: Hand) -> Person | None:
    """Return who is meant; whoever is not in the register yet is added, without an account."""
    mail = named.mail.strip()
    if named.person is not None:
        return named.person
    if not mail:
        if named.name.strip():
            raise InboxError(
                _("Give the mail address of {name}: questions are sent there.", name=named.name)
            )
        return None
    known = Person.objects.filter(mail__iexact=mail).order_by("pk").first()
    if known is not None:
        return known
    made = Person.objects.create(name=named.name.strip() or mail, mail=mail)
    change = log.Change(action="person.add", subject=str(made), facts={"by_mail_alone": True})
    log.write([change], by=hand.eyes.author, at=hand.now)
    return made


def give_mail(person: Person, mail: str, *, hand: Hand) -> None:
    """Note where questions to someone are sent: their own doing, or that of who gives roles.

    Anybody else could have the questions of another service sent to themselves.
    """
    if hand.person != person:
        require(hand.eyes.author, CHANGE_PEOPLE)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(mail=mail.strip())
        change = log.Change(action="person.mail", subject=str(person), facts={})
        log.write([change], by=hand.eyes.author, at=hand.now)


def let_rest(service: Service, *, hand: Hand) -> None:
    """Let a service rest: what it was asked stays, nothing new goes there."""
    require_keeping(hand.eyes, service)
    box = Box.objects.filter(service=service).first()
    if box is not None:
        raise InboxError(_("Everything in {box} goes there. Change that box first.", box=box.label))
    rule = Rule.objects.filter(service=service, is_on=True).first()
    if rule is not None:
        raise InboxError(_("The rule “{name}” sends there. Switch it off first.", name=rule.name))
    _switch(service, is_active=False, hand=hand)


def take_up(service: Service, *, hand: Hand) -> None:
    """Let a service answer again."""
    require_keeping(hand.eyes, service)
    _switch(service, is_active=True, hand=hand)


def _switch(service: Service, *, is_active: bool, hand: Hand) -> None:
    with transaction.atomic():
        Service.objects.filter(pk=service.pk).update(is_active=is_active)
        _note("service.rest", service, hand, is_active=is_active)
        if not is_active:
            release_service(service, by=hand.eyes.author, now=hand.now)


def put_topic(service: Service, name: str, *, hand: Hand, topic: int | None = None) -> Topic:
    """Add a topic to the list of a service, or give one another name."""
    require_keeping(hand.eyes, service)
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise InboxError(_("A topic needs a name."))
    same = Topic.objects.filter(service=service, name__iexact=wanted).exclude(pk=topic or 0).first()
    if same is not None:
        raise InboxError(_("There is a topic called {name} already.", name=same.name))
    with transaction.atomic():
        row = _topic(service, topic) if topic else Topic(service=service)
        before, row.name = row.name, wanted
        row.save()
        _note("inbox.topic_name", service, hand, **{"topic": wanted, "from": before})
    return row


def switch_topic(service: Service, topic: int, *, is_active: bool, hand: Hand) -> None:
    """Take a topic off the list, or put it back: conversations that have it keep it."""
    require_keeping(hand.eyes, service)
    with transaction.atomic():
        row = _topic(service, topic)
        row.is_active = is_active
        row.save()
        _note("inbox.topic_switch", service, hand, topic=row.name, is_active=is_active)


def _topic(service: Service, topic: int) -> Topic:
    found = Topic.objects.filter(service=service, pk=topic).first()
    if found is None:
        raise InboxError(_("This topic is not one of {service}.", service=str(service)))
    return found


def _note(action: str, service: Service, hand: Hand, **facts: object) -> None:
    change = log.Change(action=action, subject=f"service {service.name}", facts=facts)
    log.write([change], by=hand.eyes.author, at=hand.now)
