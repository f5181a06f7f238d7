"""Sends what alerts have to say: each message leaves once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from vigie.listening.models import AlertMessage
from vigie.register.leaving import BROKEN, REFUSED, SENT, hand_over, may_leave

GIVEN_UP = timedelta(days=1)
"""A message that could not be sent for so long is not sent any more."""

Send = Callable[[AlertMessage], None]
"""Hands a message over, or raises why it could not."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What became of the messages that were to be sent."""

    sent: int = 0
    failed: int = 0


def deliver(
    send: Send, *, now: datetime, should_stop: Callable[[], bool] = lambda: False
) -> Delivered:
    """Send what is still to be sent; a way that is broken is left alone until the next time."""
    ends: Counter[str] = Counter()
    broken: set[str] = set()
    for message in _waiting(now):
        if should_stop():
            break
        if message.way in broken:
            continue
        end = hand_over(message, partial(send, message), now=now)
        ends[end] += 1
        if end == BROKEN:
            broken.add(message.way)
    return Delivered(sent=ends[SENT], failed=ends[BROKEN] + ends[REFUSED])


def _waiting(now: datetime) -> Iterator[AlertMessage]:
    waiting = AlertMessage.objects.filter(may_leave(now), sent__decided_at__gt=now - GIVEN_UP)
    related = ("sent__alert__query", "sent__alert__person", "to__user", "to__listener")
    yield from waiting.select_related(*related).order_by("-sent__is_urgent", "id")
