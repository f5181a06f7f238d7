"""Who belongs to the house, and what may each do, where?"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vigie.errors import RegisterError
from vigie.register import team
from vigie.register.models import Person, Role, Service
from vigie.register.rights import CHANGE_PEOPLE
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.words import Words, _

route = "settings/people/"
permission = CHANGE_PEOPLE
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest) -> HttpResponse:
    """List everybody with their roles, or add a person."""
    if request.method != "POST":
        return _shown(request)
    try:
        made = team.put_person(
            None,
            name=request.POST.get("name", ""),
            mail=request.POST.get("mail", ""),
            language=request.POST.get("language", ""),
            by=author_of(request),
        )
    except RegisterError as error:
        return _shown(request, mistake=error.words)
    messages.success(request, said(_("{name} is added. Say what they may do.", name=str(made))))
    return redirect("register.person", number=made.pk)


def _shown(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    roles = Role.objects.select_related("service").order_by("service__name")
    people = Person.objects.select_related("user").prefetch_related(
        Prefetch("roles", queryset=roles), "answers_for", "stands_in_for"
    )
    without = Service.objects.filter(is_active=True, correspondent__isnull=True)
    shown = {
        "people": people,
        "total": people.count(),
        "without": without.count(),
        "given": request.POST if mistake else {},
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "register/persons.html", shown, status=status)
