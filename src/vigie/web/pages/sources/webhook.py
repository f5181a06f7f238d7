"""Where networks call us: the signature is checked, the bytes are on the disk, then we answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from vigie.errors import SecretError, StoreError
from vigie.sources.connections import entered
from vigie.sources.shelf import MOST_BYTES, Shelf
from vigie.sources.source import WEBHOOK
from vigie.sources.webhook import Webhook, webhooks
from vigie.web.page import PUBLIC

route = "webhooks/<slug:name>/"
permission = PUBLIC
methods = ("GET", "POST")
is_signed = True

_log = logging.getLogger("vigie.webhooks")


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Prove that this address is ours, or take what is sent. Nothing is read of it here."""
    known = webhooks().get(name)
    if known is None:
        return _said(HTTPStatus.NOT_FOUND)
    try:
        secrets = entered(WEBHOOK + name, settings=settings.CONFIGURED)
    except SecretError as error:
        # The network sends it again for hours: time enough to put the key back.
        _log.error("%s", error)
        return _said(HTTPStatus.SERVICE_UNAVAILABLE)
    if not secrets:
        return _said(HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _proved(request, known(), secrets)
    return _taken(request, name, known(), secrets)


def _proved(request: HttpRequest, webhook: Webhook, secrets: Mapping[str, str]) -> HttpResponse:
    answer = webhook.challenge(request.GET.dict(), secrets)
    if answer is None:
        return _said(HTTPStatus.FORBIDDEN)
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


def _taken(
    request: HttpRequest, name: str, webhook: Webhook, secrets: Mapping[str, str]
) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = request.body
    headers = {key.lower(): value for key, value in request.headers.items()}
    if not webhook.is_signed(body, headers, secrets):
        return _said(HTTPStatus.FORBIDDEN)
    try:
        Shelf(home=settings.CONFIGURED.home).put(name, body)
    except StoreError as error:
        # Not answered as taken: the network sends it again, for hours or days.
        _log.error("%s", error)
        return _said(HTTPStatus.SERVICE_UNAVAILABLE)
    return _said(HTTPStatus.OK)


def _said(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(status.phrase, status=status, content_type="text/plain; charset=utf-8")
