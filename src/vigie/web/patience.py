"""Who tries to sign in, as django-axes asks it: the name and the address, both hashed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest

from vigie.register.patience import address_mark, name_mark
from vigie.web.reader_address import address_of


def tried_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return the mark of the name that is tried."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return name_mark(given)


def tried_from(request: HttpRequest) -> str:
    """Return the mark of the address it is tried from."""
    return address_mark(address_of(request))


def is_spent(request: HttpRequest) -> bool:
    """Tell whether the attempt just refused was one too many."""
    return bool(getattr(request, "axes_locked_out", False))


def rest(request: HttpRequest, name: str) -> timedelta:
    """Return how long there is to wait."""
    AxesProxyHandler.update_request(request)
    left: timedelta = AxesProxyHandler.get_implementation().rest(request, {"username": name})
    return left
