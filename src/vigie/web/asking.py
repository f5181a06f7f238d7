"""What a reader asks in an address: words to find, a page of a long list."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from vigie.errors import ReportError
from vigie.words import _

MOST_DIGITS = 6
LONGEST = 200


def asked_page(request: HttpRequest) -> int:
    """Return the page asked for, counted from 1."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and int(asked[:MOST_DIGITS]) > 0):
        raise ReportError(_("There is no page {page}. Pages are counted from 1.", page=asked[:20]))
    return int(asked[:MOST_DIGITS])


def moment_of(text: str) -> datetime | None:
    """Read a moment that a form carries; none where it is none."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def asked_words(request: HttpRequest) -> str:
    """Return the words sought, without what no name holds."""
    asked = request.GET.get("q", "")[:LONGEST]
    return "".join(sign for sign in asked if sign.isprintable()).strip()
