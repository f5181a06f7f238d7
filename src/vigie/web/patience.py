"""How many wrong passwords the site bears before it stops listening for a while."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from vigie.words import _

FOR_ONE_NAME = 5
FOR_ONE_ADDRESS = 30
A_WHILE = 15 * 60
"""Seconds."""

WORDS = _("Too many attempts. Wait fifteen minutes, then try again.")


def is_spent(request: HttpRequest, name: str) -> bool:
    """Tell whether this name, or this address, has been tried too often."""
    return any(int(cache.get(key, 0)) >= most for key, most in _counts(request, name))


def spend(request: HttpRequest, name: str) -> None:
    """Count a wrong password."""
    for key, _most in _counts(request, name):
        cache.add(key, 0, timeout=A_WHILE)
        cache.incr(key)


def restore(request: HttpRequest, name: str) -> None:
    """Forget the wrong passwords of a name once the right one was given."""
    (key, _most), _address = _counts(request, name)
    cache.delete(key)


def _counts(request: HttpRequest, name: str) -> tuple[tuple[str, int], tuple[str, int]]:
    address = request.META.get("REMOTE_ADDR", "")
    digest = hashlib.sha256(f"{address}\n{name.casefold()}".encode()).hexdigest()
    return (f"sign-in:{digest}", FOR_ONE_NAME), (f"sign-in-from:{address}", FOR_ONE_ADDRESS)
