"""How fast questions may come from one address: a computer room asks freely, a program does not.

Addresses are counted under a keyed hash, in memory, for an hour, and are written nowhere.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from vigie.web.reader_address import address_of

MOST_IN_AN_HOUR = 60
HOUR = 3600


def is_spent(request: HttpRequest, box: str) -> bool:
    """Count a question from an address, and tell whether there were too many."""
    said = f"{box}\n{address_of(request)}".encode()
    key = "ask:" + hmac.new(str(settings.SECRET_KEY).encode(), said, hashlib.sha256).hexdigest()
    cache.add(key, 0, timeout=HOUR)
    return int(cache.incr(key)) > MOST_IN_AN_HOUR
