"""How fast a wall may be asked: a person's pace for one browser, a full hall for one address.

A whole lecture hall reaches the site from one address, so that limit is wide: it only stops a
program. Addresses are digested, counted in memory for a minute, and written nowhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from vigie.culture.wall_models import Wall
from vigie.errors import TooOftenError
from vigie.web.reader_address import address_of
from vigie.web.wall_cookie import Mine
from vigie.words import _

IN_A_MINUTE = 4
IN_AN_HOUR = 30
"""Questions of one browser."""
FROM_ONE_ADDRESS = 1500
"""Questions and votes in a minute."""
MINUTE, HOUR = 60, 3600

WORDS = _("You ask faster than people can read. Wait a minute, then send it again.")


def spend_address(request: HttpRequest, wall: Wall) -> None:
    """Count an act from an address; ``TooOftenError`` when there were too many."""
    secret = str(settings.SECRET_KEY)
    said = f"{secret}\n{wall.pk}\n{address_of(request)}"
    key = f"wall:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    cache.add(key, 0, timeout=MINUTE)
    if cache.incr(key) > FROM_ONE_ADDRESS:
        raise TooOftenError(WORDS)


def spend(kept: Mine, now: int) -> Mine:
    """Return what a browser remembers once it asked; ``TooOftenError`` when it asked too often."""
    times = tuple(time for time in kept.times if now - time < HOUR)
    if len(times) >= IN_AN_HOUR or sum(now - time < MINUTE for time in times) >= IN_A_MINUTE:
        raise TooOftenError(WORDS)
    return replace(kept, times=(*times, now))
