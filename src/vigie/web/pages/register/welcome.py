"""How does a new person sign in? The page a link opens once, to choose a password."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import RegisterError
from vigie.register.people import put_password
from vigie.register.rights import Author
from vigie.register.team import invited
from vigie.web.page import PUBLIC
from vigie.words import Words, _

route = "welcome/<str:key>/<str:token>/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")

BACKEND = "vigie.register.people.RoleBackend"


@sensitive_post_parameters("new", "again")
def page(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Ask for a password, keep it, and let its person in."""
    user = invited(key, token)
    if user is None:
        return _private(render(request, "register/welcome_over.html", status=HTTPStatus.NOT_FOUND))
    mistake: Words | None = None
    if request.method == "POST":
        new = request.POST.get("new", "")
        if new != request.POST.get("again", ""):
            mistake = _("The new password was written in two different ways.")
        else:
            try:
                put_password(user, new, by=Author(name=user.get_username()))
            except RegisterError as error:
                mistake = error.words
            else:
                login(request, user, backend=BACKEND)
                return redirect("index.home")
    shown = {"who": user, "mistake": mistake, "rules": password_validators_help_texts()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    return _private(render(request, "register/welcome.html", shown, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
