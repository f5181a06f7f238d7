"""Asks the author of a post whether it may be shown: the words to send, with a link for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from vigie.collect.connecting import may_show_words
from vigie.errors import ForbiddenError, ListeningError
from vigie.listening import consent_changes
from vigie.listening.consenting import (
    LONGEST_PURPOSE,
    SCOPES,
    WAYS,
    Asking,
    mistakes_of,
    request_words,
)
from vigie.register.rights import WRITE_LISTENING
from vigie.web.consents import asker, whole_address
from vigie.web.people import author_of
from vigie.web.seen_posts import SeenPost, seen_post
from vigie.web.sentences import reader_language
from vigie.web.site import site_store
from vigie.words import Words

route = "listening/belonging/ask/"
permission = WRITE_LISTENING
methods = ("GET", "HEAD", "POST")

USED_FOR = timedelta(days=365)
"""How long a post would be used unless a person says otherwise."""


def page(request: HttpRequest) -> HttpResponse:
    """Ask for what the post is wanted, then show the words to send, once."""
    given = request.POST if request.method == "POST" else request.GET
    seen = seen_post(site_store(), given.get("network", ""), given.get("post", ""))
    if seen is None:
        raise Http404
    today = datetime.now(UTC).date()
    if request.method != "POST":
        blank = Asking(network=seen.network, post=seen.post, purpose="",
                       language=reader_language(), used_until=today + USED_FOR)  # fmt: skip
        return _form(request, seen, blank)
    asking = _asking(request.POST.dict(), seen)
    mistakes = mistakes_of(asking, today=today)
    if mistakes:
        return _form(request, seen, asking, mistakes=mistakes)
    try:
        made = consent_changes.ask(asking, by=author_of(request))
    except ForbiddenError:
        raise
    except ListeningError as error:
        return _form(request, seen, asking, mistakes={"purpose": error.words})
    return _made(request, seen, asking, made)


def _asking(given: Mapping[str, str], seen: SeenPost) -> Asking:
    try:
        until = date.fromisoformat(given.get("used_until", ""))
    except ValueError:
        until = None
    return Asking(
        network=seen.network,
        post=seen.post,
        url=seen.url,
        purpose=" ".join(given.get("purpose", "").split()),
        scope=given.get("scope", ""),
        way=given.get("way", ""),
        language=given.get("language", ""),
        used_until=until,
    )


def _form(
    request: HttpRequest,
    seen: SeenPost,
    asking: Asking,
    *,
    mistakes: Mapping[str, Words] | None = None,
) -> HttpResponse:
    shown = {
        "seen": seen,
        "text": seen.text if may_show_words(seen.network) else "",
        "asking": asking,
        "asker": asker(),
        "scopes": SCOPES,
        "ways_to_send": WAYS,
        "longest": LONGEST_PURPOSE,
        "mistakes": mistakes or {},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
    return render(request, "listening/ask_consent.html", shown, status=status)


def _made(
    request: HttpRequest, seen: SeenPost, asking: Asking, made: consent_changes.Requested
) -> HttpResponse:
    path = reverse("listening.consent", kwargs={"token": made.token})
    text = request_words(
        asking,
        asker=asker() or request.get_host(),
        link=whole_address(request, path),
        code=made.consent.code,
    )
    shown = {"seen": seen, "text": text, "consent": made.consent, "letters": len(text),
             "language": asking.language}  # fmt: skip
    response = render(request, "listening/consent_asked.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response
