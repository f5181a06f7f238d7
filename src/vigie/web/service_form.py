"""The forms of a service: what it is, who answers; read with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from vigie.inbox.service_changes import Facts, Named
from vigie.register.models import OFFICES, Person, Service
from vigie.words import Words, _

Mistakes = dict[str, Words]
MOST_CAPACITY = 100_000
LONGEST = 2_000


def filled(service: Service) -> Mapping[str, object]:
    """Return what the form of facts holds of a service."""
    return {
        "public_name": service.public_name,
        "answers": service.answers,
        "kind": service.kind,
        "capacity": "" if service.capacity is None else service.capacity,
        "timezone": service.timezone,
        "is_confidential": service.is_confidential,
        "needs_approval": service.needs_approval,
        "asks_by_mail": service.asks_by_mail,
    }


def facts(given: Mapping[str, str]) -> tuple[Facts, Mistakes]:
    """Read the form of facts."""
    mistakes: Mistakes = {}
    capacity, zone = given.get("capacity", "").strip(), given.get("timezone", "").strip()
    kind = given.get("kind", "")
    if capacity and not (
        capacity.isascii() and capacity.isdigit() and 0 < int(capacity[:9]) <= MOST_CAPACITY
    ):
        mistakes["capacity"] = _("Write a whole number, as 20, or nothing where it is unknown.")
        capacity = ""
    if zone and zone not in available_timezones():
        mistakes["timezone"] = _("{zone} is not a time zone. Write it as Europe/Paris.", zone=zone)
    if kind and kind not in OFFICES:
        mistakes["kind"] = _("There is no such kind of office. Choose one of the list.")
    found = Facts(
        public_name=given.get("public_name", "").strip()[:200],
        answers=given.get("answers", "").strip()[:LONGEST],
        kind=kind,
        capacity=int(capacity[:9]) if capacity else None,
        timezone=zone,
        is_confidential=bool(given.get("is_confidential")),
        needs_approval=bool(given.get("needs_approval")),
        asks_by_mail=given.get("asks_by_mail", "seatless"),
    )
    return found, mistakes


def named(given: Mapping[str, str], which: str) -> tuple[Named, Mistakes]:
    """Read who is meant by one part of the form: someone of the list, or someone new by mail."""
    name, mail = given.get(f"{which}-name", "").strip(), given.get(f"{which}-mail", "").strip()
    chosen = given.get(which, "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        person = Person.objects.filter(pk=int(chosen)).first()
        if person is not None:
            return Named(person=person), {}
    if mail:
        try:
            validate_email(mail)
        except ValidationError:
            field = f"{which}-mail"
            return Named(), {field: _("{mail} is not a mail address. Correct it.", mail=mail)}
    elif name:
        return Named(), {
            f"{which}-mail": _(
                "Give the mail address of {name}: questions are sent there.", name=name
            )
        }
    return Named(name=name[:200], mail=mail), {}
