"""When something goes wrong: what happened, what is safe, what to do next; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import loader

from vigie.errors import EditionError, ForbiddenError, ReportError, VigieError
from vigie.store.room import says_full
from vigie.web.sentences import reader_language
from vigie.words import Words, _

Answer = Callable[[HttpRequest], HttpResponse]


class MistakeMiddleware:
    """Turns an error raised on purpose into a page with its words."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for errors of ours; others go to the page for what nobody foresaw."""
        if says_full(error):
            return no_room(request)
        return told(request, error) if isinstance(error, VigieError) else None


def told(request: HttpRequest, error: VigieError) -> HttpResponse:
    """Return the page that says an error's words."""
    if isinstance(error, ForbiddenError):
        return _mistake(
            request, HTTPStatus.FORBIDDEN, _("You may not open this page."), error.words
        )
    if isinstance(error, (ReportError, EditionError)):
        return _mistake(request, HTTPStatus.NOT_FOUND, _("There is no such page."), error.words)
    return _mistake(
        request, HTTPStatus.BAD_REQUEST, _("This cannot be done as it was asked."), error.words
    )


def no_room(_request: HttpRequest) -> HttpResponse:
    """Say that the disk is full, without the frame: the database may be what is full."""
    return _bare(
        HTTPStatus.INSUFFICIENT_STORAGE,
        _("There is no room left on the disk."),
        _(
            "Nothing was changed, and what was kept before is safe. Whoever looks after this "
            "site must make room; then do it again."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address or the form could not be read."""
    return _mistake(
        request,
        HTTPStatus.BAD_REQUEST,
        _("This request could not be read."),
        _("Nothing was changed. Go back, reload the page and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is closed, or that its form is too old."""
    return _mistake(
        request,
        HTTPStatus.FORBIDDEN,
        _("This was refused."),
        _(
            "The page is closed, or its form was open for too long. Nothing was changed. "
            "Go back, reload the page and try again."
        ),
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without its token: it was open for too long, or is not ours."""
    return forbidden(request, PermissionDenied(reason))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing answers at this address."""
    return _mistake(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is no such page."),
        _(
            "The address {address} leads nowhere. "
            "Look for an institution, or start from the Index.",
            address=request.path,
        ),
    )


def broken(_request: HttpRequest) -> HttpResponse:
    """Say sorry without asking anything of what may be broken: no frame, no database."""
    return _bare(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something broke on our side."),
        _(
            "What was kept before is safe: a change is kept whole or not at all. Try again in a "
            "moment; if it happens again, tell the people who run this site what you did and when."
        ),
    )


def _bare(status: HTTPStatus, title: Words, words: Words) -> HttpResponse:
    content = {
        "LANGUAGE_CODE": reader_language(),
        "title": title,
        "words": words,
        "status": int(status),
    }
    page = loader.get_template("broken.html").render(content)
    return HttpResponse(page, status=status)


def _mistake(request: HttpRequest, status: HTTPStatus, title: Words, words: Words) -> HttpResponse:
    content = {"title": title, "words": words, "status": int(status)}
    page = loader.get_template("mistake.html").render(content, request)
    return HttpResponse(page, status=status)
