"""Which page of a long list is asked for."""

from __future__ import annotations

from django.http import HttpRequest

from vigie.errors import ReportError
from vigie.words import _

MOST_DIGITS = 6


def asked_page(request: HttpRequest) -> int:
    """Return the page asked for, counted from 1."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and int(asked[:MOST_DIGITS]) > 0):
        raise ReportError(_("There is no page {page}. Pages are counted from 1.", page=asked[:20]))
    return int(asked[:MOST_DIGITS])
