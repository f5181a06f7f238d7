"""From which address a reader comes, where servers of ours stand before the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever asked.

    Each of our own servers adds, at the end, the address it was asked from: with two of them the
    second from the end is the reader's. What stands before it anybody may have written.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    count = settings.CONFIGURED.servers_before
    if count < 1:
        return direct
    passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    return passed[-count] if len(passed) >= count and passed[-count] else direct
