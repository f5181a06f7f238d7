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
    person = authenticate(request, username=name, password=request.POST.get("password", ""))
    if person is not None:
        login(request, person)
        return HttpResponseRedirect(onward)
    if patience.is_spent(request):
        return _resting(request, onward, name)
    return _asked(request, onward, refused=WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _resting(request: HttpRequest, onward: str, name: str) -> HttpResponse:
    """Say how long to wait: the same for a name that exists and one that does not."""
    left = patience.rest(request, name)
    shown = {"next": onward, "left": left.total_seconds()}
    status = HTTPStatus.TOO_MANY_REQUESTS
    response = render(request, "register/sign_in_rest.html", shown, status=status)
    response["Retry-After"] = str(int(left.total_seconds()) + 1)
    return response


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
