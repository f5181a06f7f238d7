"""What may this person do, and where? Roles, the sign-in, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.errors import RegisterError
from vigie.inbox.releasing import release_person
from vigie.register import team
from vigie.register.inviting import mailed
from vigie.register.models import Person, Service
from vigie.register.rights import CHANGE_PEOPLE, ROLES
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.web.settings_words import ROLE_WORDS
from vigie.words import Words, _, plural

route = "settings/people/<int:number>/"
permission = CHANGE_PEOPLE
methods = ("GET", "HEAD", "POST")


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a person, or change what they may do."""
    found = get_object_or_404(Person.objects.select_related("user"), pk=number)
    if request.method != "POST":
        return _shown(request, found)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _shown(request, found, mistake=_("Nothing was asked for. Choose a button."))
    try:
        words = act(request, found)
    except RegisterError as error:
        found.refresh_from_db()
        return _shown(request, found, mistake=error.words)
    if isinstance(words, str):
        return _shown(request, found, link=words, way=_mailed(found, words))
    messages.success(request, said(words))
    return redirect("register.person", number=number)


def _shown(
    request: HttpRequest,
    found: Person,
    *,
    mistake: Words | None = None,
    link: str = "",
    way: Words | None = None,
) -> HttpResponse:
    shown = {
        "one": found,
        "roles": found.roles.select_related("service").order_by("service__name"),
        "services": Service.objects.filter(is_active=True).select_related("institution"),
        "answers_for": found.answers_for.all(),
        "stands_in_for": found.stands_in_for.all(),
        "choices": [(name, ROLE_WORDS[name]) for name in ROLES],
        "is_here": found.user is None or found.user.is_active,
        "link": link,
        "way": way,
        "mistake": mistake,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return render(request, "register/person.html", shown, status=status)


def _put(request: HttpRequest, found: Person) -> Words:
    team.put_person(
        found,
        name=request.POST.get("name", ""),
        mail=request.POST.get("mail", ""),
        language=request.POST.get("language", ""),
        by=author_of(request),
    )
    return _("It is noted.")


def _role(request: HttpRequest, found: Person) -> Words:
    given = request.POST.get("service", "")
    service = None
    if given:
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        service = Service.objects.filter(pk=number).first()
        if service is None:
            raise RegisterError(_("There is no such service. Choose one from the list."))
    role = request.POST.get("role", "")
    team.put_role(found, role, service=service, by=author_of(request))
    return _("The role is given.") if role else _("The role is taken away.")


def _sign_in(request: HttpRequest, found: Person) -> str:
    team.let_sign_in(found, request.POST.get("username", ""), by=author_of(request))
    return _invite(request, found)


def _invite(request: HttpRequest, found: Person) -> str:
    key, token = team.invitation(found, by=author_of(request))
    path = reverse("register.welcome", kwargs={"key": key, "token": token})
    return f"{settings.CONFIGURED.site}{path}"


def _mailed(found: Person, link: str) -> Words:
    """Send the link to its person where mail is set up, and say what became of it."""
    known = settings.CONFIGURED
    if not known.mail_url:
        return _("Mail is not set up on this site: nothing was sent.")
    if not found.address:
        return _("No mail address of theirs is known: nothing was sent.")
    if not mailed(found, link, language=known.language):
        return _("It could not be sent to {address}: the mail server did not take it.",
                 address=found.address)  # fmt: skip
    return _("It was sent to {address}.", address=found.address)


def _leave(request: HttpRequest, found: Person) -> Words:
    by = author_of(request)
    with transaction.atomic():
        team.leave(found, by=by)
        count = release_person(found, by=by, now=datetime.now(UTC))
    if not count:
        return _("They no longer sign in, and have no role any more.")
    return plural(
        "They no longer sign in, and have no role any more. {count} conversation that was theirs "
        "is anybody’s of its service again.",
        "They no longer sign in, and have no role any more. {count} conversations that were theirs "
        "are anybody’s of their service again.",
        count=count,
    )


def _come_back(request: HttpRequest, found: Person) -> Words:
    team.come_back(found, by=author_of(request))
    return _("They may sign in again. Give them their roles anew.")


ACTS: Mapping[str, Callable[[HttpRequest, Person], Words | str]] = {
    "put": _put,
    "role": _role,
    "sign_in": _sign_in,
    "invite": _invite,
    "leave": _leave,
    "come_back": _come_back,
}
"""What a button asks for; words are said, a link is shown once."""
