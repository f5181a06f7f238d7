"""The reader's language: asked for in the address, remembered, or the browser's own."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from vigie.words import LANGUAGES

PARAMETER = "language"
A_YEAR = 365 * 24 * 3600

Answer = Callable[[HttpRequest], HttpResponse]


def reader_language(answer: Answer) -> Answer:
    """Answer in the reader's language, and remember one that was asked for."""

    def in_language(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(PARAMETER)
        language = asked if asked in LANGUAGES else _remembered(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=A_YEAR,
                samesite="Lax",
                secure=settings.CONFIGURED.https,
            )
        return response

    return in_language


def _remembered(request: HttpRequest) -> str:
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if kept in LANGUAGES:
        return str(kept)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted.split("-")[0] in LANGUAGES:
            return wanted.split("-")[0]
    return str(settings.LANGUAGE_CODE)
