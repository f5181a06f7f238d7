"""The ways between the pages of one product: those that are there and that the reader may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from vigie.web.page import Page
from vigie.web.people import may
from vigie.words import Words

Named = tuple[str, Words]
"""A page, and what the way to it is called."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link between pages of a product."""

    page: str
    label: Words
    address: str
    permission: str | None


def ways_for(request: HttpRequest, named: Sequence[Named]) -> list[Way]:
    """Return the ways this reader may go, in their order; a page that is not there is left out."""
    ways = _ways(tuple(named))
    return [way for way in ways if way.permission is None or may(request, way.permission)]


@cache
def _ways(named: tuple[Named, ...]) -> tuple[Way, ...]:
    found = []
    for page, label in named:
        try:
            address = reverse(page)
        except NoReverseMatch:
            continue
        declared = getattr(resolve(address).func, "page", None)
        permission = declared.permission if isinstance(declared, Page) else None
        found.append(Way(page=page, label=label, address=address, permission=permission))
    return tuple(found)
