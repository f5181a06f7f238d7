"""Makes the first pages before anyone asks, so that the first reader does not wait for them."""

from __future__ import annotations

import gc
import logging
import threading

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation

from vigie.errors import VigieError
from vigie.web.pages.index import home, latest
from vigie.words import LANGUAGES

_log = logging.getLogger("vigie.warming")


def warm() -> threading.Thread:
    """Begin to make the first pages in the background."""
    thread = threading.Thread(target=_make, daemon=True)
    thread.start()
    return thread


def settle() -> None:
    """Leave all that is loaded by now out of what memory is cleared of: it stays for good.

    To go through it all again, now and then, stops a page for more than a tenth of a second.
    """
    gc.collect()
    gc.freeze()


def _make() -> None:
    for language in LANGUAGES:
        for page in (home, latest):
            request = HttpRequest()
            request.method = "GET"
            request.user = AnonymousUser()
            try:
                with translation.override(language):
                    page.page(request)
            except VigieError as error:
                # The reader who comes will be told on a page of their own.
                _log.warning("%s", error)
    settle()
