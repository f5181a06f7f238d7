"""Lets a person in; there is no open sign-up."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from vigie.register.people import is_empty
from vigie.web import patience
from vigie.web.page import PUBLIC
from vigie.words import Words, _

route = "sign-in/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")

WRONG = _("This name and password do not go together. Check both; capitals count.")


@sensitive_post_parameters("password")
def page(request: HttpRequest) -> HttpResponse:
    """Ask who is there, and let in who knows the password."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    if request.method != "POST":
        return _asked(request, onward)
    name = request.POST.get("username", "")
    if patience.is_spent(request, name):
        return _asked(request, onward, refused=patience.WORDS, status=HTTPStatus.TOO_MANY_REQUESTS)
    person = authenticate(request, username=name, password=request.POST.get("password", ""))
    if person is None:
        patience.spend(request, name)
        return _asked(request, onward, refused=WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    patience.restore(request, name)
    login(request, person)
    return HttpResponseRedirect(onward)


def _asked(
    request: HttpRequest,
    onward: str,
    *,
    refused: Words | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    shown = {
        "next": onward,
        "refused": refused,
        "name": request.POST.get("username", ""),
        "nobody_yet": is_empty(),
    }
    return render(request, "register/sign_in.html", shown, status=status)


def _onward(request: HttpRequest) -> str:
    """Return where the person was going, if that is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
