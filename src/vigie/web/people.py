"""Who is asking, and what they may do."""

from __future__ import annotations

from django.http import HttpRequest

from vigie.errors import ForbiddenError
from vigie.register.models import Person
from vigie.register.people import author, person_behind
from vigie.register.rights import Author
from vigie.words import _

_KEPT = "_vigie_author"


def author_of(request: HttpRequest) -> Author:
    """Return who is asking; asked of the database once per request."""
    found = getattr(request, _KEPT, None)
    if not isinstance(found, Author):
        found = author(request.user)
        setattr(request, _KEPT, found)
    return found


def person_of(request: HttpRequest) -> Person:
    """Return the person who is asking; strangers and programs are none."""
    found = person_behind(request.user)
    if found is None:
        raise ForbiddenError(_("This is for persons of this site: sign in as one."))
    return found


def may(request: HttpRequest, right: str) -> bool:
    """Tell whether the person who is asking holds a right."""
    return author_of(request).may(right)


def offered(request: HttpRequest, **rights: str) -> dict[str, object]:
    """Return by name what this person may do besides; a stranger's page stays the same for all."""
    return {name: True for name, right in rights.items() if may(request, right)}
