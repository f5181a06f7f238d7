"""How do I sign in? One's own password, changed by oneself."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from vigie.errors import RegisterError
from vigie.register.people import put_password
from vigie.web.page import PUBLIC
from vigie.web.people import author_of
from vigie.web.sentences import said
from vigie.words import Words, _

route = "settings/account/"
permission = PUBLIC
methods = ("GET", "HEAD", "POST")


@sensitive_post_parameters("old", "new", "again")
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the old password and a new one, and change it."""
    if not request.user.is_authenticated:
        return redirect("register.sign_in")
    if request.method != "POST":
        return _asked(request)
    mistake = _changed(request)
    if mistake is not None:
        return _asked(request, mistake=mistake)
    messages.success(request, said(_("Your password is changed. Elsewhere you are signed out.")))
    return redirect("register.account")


def _changed(request: HttpRequest) -> Words | None:
    """Change the password; return what is wrong, if something is."""
    user = request.user
    if not user.check_password(request.POST.get("old", "")):
        return _("The password you have now is another one.")
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        return _("The new password was written in two different ways.")
    try:
        put_password(user, new, by=author_of(request))  # type: ignore[arg-type]  # signed in
    except RegisterError as error:
        return error.words
    update_session_auth_hash(request, user)  # type: ignore[arg-type]  # signed in
    return None


def _asked(request: HttpRequest, *, mistake: Words | None = None) -> HttpResponse:
    shown = {"mistake": mistake, "rules": password_validators_help_texts()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistake else HTTPStatus.OK
    response = render(request, "register/account.html", shown, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
