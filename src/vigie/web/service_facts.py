"""What a service's page shows of who answers, what it answers and about which topics."""

from __future__ import annotations

from django.http import HttpRequest

from vigie.inbox.changes import Hand
from vigie.listening import label_names
from vigie.register.models import Person, Service
from vigie.register.rights import CHANGE_PEOPLE
from vigie.web import service_form
from vigie.web.service_acts import Outcome
from vigie.words import _


def people(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    """Show who answers, and the mail addresses of those who have none."""
    roles = (
        ("correspondent", _("Correspondent"), service.correspondent),
        ("deputy", _("Deputy"), service.deputy),
    )
    rows = [
        {
            "name": name,
            "label": label,
            "person": person,
            "new_name": request.POST.get(f"{name}-name", ""),
            "new_mail": request.POST.get(f"{name}-mail", ""),
            "may_give_mail": person is not None
            and not person.mail
            and (person == hand.person or hand.eyes.author.may(CHANGE_PEOPLE)),
        }
        for name, label, person in roles
    ]
    return {"roles": rows, "people": Person.objects.select_related("user")}


def facts(
    request: HttpRequest, service: Service, _hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    """Show what the service says of itself."""
    form = (
        request.POST.dict() if request.POST.get("do") == "facts" else service_form.filled(service)
    )
    return {"form": form, "offices": label_names.SERVICES}


def topics(
    request: HttpRequest, service: Service, _hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    """Show the topics its conversations may have."""
    return {"topics": service.topics.all(), "form": request.POST.dict()}
