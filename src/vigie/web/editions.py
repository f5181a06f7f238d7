"""Sends a reader who chose an edition to the address where it stays."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

EDITION = re.compile(r"[A-Za-z0-9_-]{1,60}")


def at_its_address(request: HttpRequest) -> HttpResponseRedirect | None:
    """Return the way to the edition chosen in a form, with the other choices kept."""
    asked = request.GET.get("edition", "")
    if not EDITION.fullmatch(asked):
        return None
    others = request.GET.copy()
    del others["edition"]
    for name in [name for name in others if not others[name]]:
        del others[name]
    address = reverse("index.edition", kwargs={"edition": asked})
    return HttpResponseRedirect(f"{address}?{others.urlencode()}" if others else address)
