"""Colleagues of another installation, found again here: by sign-in name, else by their address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models.functions import Lower

from vigie.inbox.past import PastPerson
from vigie.register.models import Person


def found_again(told: Iterable[PastPerson | None]) -> Mapping[PastPerson, Person]:
    """Return who of them is here; whoever signs in is known by that name alone."""
    wanted = {one for one in told if one is not None}
    if not wanted:
        return {}
    people = Person.objects.select_related("user").prefetch_related("roles")
    seated = people.filter(user__username__in={one.sign_in for one in wanted if one.sign_in})
    mails = {one.mail.casefold() for one in wanted if one.mail and not one.sign_in}
    seatless = people.annotate(address_here=Lower("mail")).filter(address_here__in=mails)
    by_name = {row.user.get_username(): row for row in seated if row.user}
    by_mail = {row.mail.casefold(): row for row in seatless.order_by("-pk")}
    here = {
        one: by_name.get(one.sign_in) if one.sign_in else by_mail.get(one.mail.casefold())
        for one in wanted
    }
    return {one: row for one, row in here.items() if row is not None}
