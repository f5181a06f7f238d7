"""Closes every page that does not declare itself public, before its form is even read."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse

from vigie.errors import ForbiddenError
from vigie.web.mistakes import told
from vigie.web.page import Page
from vigie.web.people import may
from vigie.web.uploads import file_handlers
from vigie.words import _

Answer = Callable[[HttpRequest], HttpResponse]


class DoorMiddleware:
    """Lets through those a page admits: strangers are sent to sign in, others are told why."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and let no shared computer keep what only some may read."""
        response = self.answer(request)
        page = getattr(getattr(request.resolver_match, "func", None), "page", None)
        if isinstance(page, Page) and page.permission is not None:
            response["Cache-Control"] = "private, no-store"
        elif request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _positional: tuple[object, ...],
        _named: dict[str, object],
    ) -> HttpResponseBase | None:
        """Answer in the page's place when this reader may not open it."""
        page = getattr(view, "page", None)
        if not isinstance(page, Page):
            # Nothing is served that is not a page.
            raise PermissionDenied
        if request.method not in page.methods:
            return HttpResponseNotAllowed(page.methods)
        refused = _refusal(request, page)
        if refused is None and page.takes_files:
            request.upload_handlers = file_handlers(request)
        return refused


def _refusal(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    if page.permission is None or may(request, page.permission):
        return None
    if request.user.is_authenticated:
        return told(request, _lacking(page.permission))
    if request.headers.get("HX-Request"):
        # A piece of a page must not become a sign-in form: the whole page goes there.
        return HttpResponse(
            status=HTTPStatus.OK, headers={"HX-Redirect": reverse("register.sign_in")}
        )
    return redirect_to_login(request.get_full_path(), reverse("register.sign_in"))


def _lacking(permission: str) -> ForbiddenError:
    return ForbiddenError(
        _(
            "Your roles do not include the right {permission}, which this page takes. "
            "Ask an administrator of the site to add it.",
            permission=permission,
        )
    )
