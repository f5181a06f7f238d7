"""What a browser remembers of a wall: what it asked and voted for. The site itself does not.

The cookie is signed, so that it cannot be written by hand, and says nothing of who holds it: two
browsers that did the same hold the same. Without it, or in another browser, one counts again: that
is the price of knowing nobody, and the limits of ``wall_patience`` keep it small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from vigie.culture.wall_models import Wall

SALT = "vigie.wall"
KEPT = timedelta(days=200)
PATH = "/wall/"
MOST = 400
"""Questions remembered: a browser keeps 4 kB."""


@dataclass(frozen=True, kw_only=True)
class Mine:
    """What this browser did on a wall."""

    asked: tuple[int, ...] = ()
    """Numbers of questions."""
    voted: tuple[int, ...] = ()
    times: tuple[int, ...] = ()
    """When it asked last, in seconds."""

    @property
    def numbers(self) -> frozenset[int]:
        """Return the questions it counts for already."""
        return frozenset(self.asked) | frozenset(self.voted)

    def with_asked(self, number: int) -> Mine:
        """Remember that it asked."""
        return self if number in self.asked else replace(self, asked=(*self.asked, number)[-MOST:])

    def with_vote(self, number: int) -> Mine:
        """Remember that it said *me too*."""
        return self if number in self.voted else replace(self, voted=(*self.voted, number)[-MOST:])

    def without_votes(self, numbers: Sequence[int]) -> Mine:
        """Forget that it said *me too*."""
        return replace(self, voted=tuple(one for one in self.voted if one not in numbers))


NOTHING = Mine()


def mine(request: HttpRequest, wall: Wall) -> Mine:
    """Return what the browser remembers; nothing when its cookie is absent or was altered."""
    kept = request.COOKIES.get(_name(wall))
    if kept is None:
        return NOTHING
    try:
        asked, voted, times = signing.loads(kept, salt=_salt(wall), max_age=KEPT)
        return Mine(asked=tuple(asked), voted=tuple(voted), times=tuple(times))
    except (signing.BadSignature, ValueError, TypeError):
        return NOTHING


def remember(response: HttpResponse, wall: Wall, kept: Mine) -> None:
    """Have the browser remember."""
    value = signing.dumps([kept.asked, kept.voted, kept.times], salt=_salt(wall), compress=True)
    response.set_cookie(
        _name(wall),
        value,
        max_age=KEPT,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.CONFIGURED.https,
    )


def _name(wall: Wall) -> str:
    return f"wall-{wall.pk}"


def _salt(wall: Wall) -> str:
    return f"{SALT}.{wall.pk}"
