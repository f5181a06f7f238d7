"""Hands messages over so that each leaves once, or twice when a worker was killed at it.

That a message is handed over is committed before, that it left, after. Killed between the two,
nobody knows whether it left: it is sent once more, and never again. Both carry the same mark, so
that a mail program or a chat room can see that they are one.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from vigie.errors import AddressError, RefusedError, SettingError
from vigie.listening.alert_models import MOST_DOUBTS
from vigie.listening.models import AlertMessage, Digest
from vigie.register.telling import FAILURES
from vigie.words import LANGUAGES, Words, _, say

GIVEN_UP = timedelta(days=1)
"""A message that could not be sent for so long is not sent any more."""
SENT, BROKEN, REFUSED, OVER = "sent", "broken", "refused", "over"
"""How handing over ended: it left; the way is broken; this one cannot be sent; it may not be."""
DOUBT_PAUSE = timedelta(minutes=10)
"""How long a message of which nobody knows whether it left waits to be sent once more."""

_log = logging.getLogger("vigie.alerts")

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
    waiting = AlertMessage.objects.filter(
        Q(begun_at__isnull=True) | Q(begun_at__lte=now - DOUBT_PAUSE),
        sent_at__isnull=True,
        doubts__lt=MOST_DOUBTS,
        sent__decided_at__gt=now - GIVEN_UP,
    )
    related = ("sent__alert__query", "sent__alert__person", "to__user", "to__listener")
    yield from waiting.select_related(*related).order_by("-sent__is_urgent", "id")


def hand_over(message: AlertMessage | Digest, send: Callable[[], None], *, now: datetime) -> str:
    """Send one message, if that may still be done, and tell how it ended."""
    if not _begin(message, now):
        return OVER
    try:
        send()
    except (*FAILURES, SettingError) as error:
        _fail(message, error)
        return REFUSED if isinstance(error, SettingError) else BROKEN
    message.sent_at = max(now, message.begun_at or now)
    message.failure = None
    message.save(update_fields=("sent_at", "failure"))
    return SENT


def _begin(message: AlertMessage | Digest, now: datetime) -> bool:
    """Write down that a message is handed over; false when it was too often."""
    with transaction.atomic():
        row = type(message)._default_manager.select_for_update().get(pk=message.pk)
        if row.sent_at is not None:
            return False
        if row.begun_at is not None:
            row.doubts += 1
        is_over = row.doubts >= MOST_DOUBTS
        row.begun_at = row.begun_at if is_over else now
        row.save(update_fields=("doubts", "begun_at"))
    message.begun_at, message.doubts = row.begun_at, row.doubts
    return not is_over


def _fail(message: AlertMessage | Digest, error: Exception) -> None:
    """Keep why a message did not leave; where nobody knows whether it did, that stays said."""
    _log.warning("A message could not be sent: %s", type(error).__name__)
    words = _reason(error)
    message.failure = {language: say(words, language) for language in LANGUAGES}
    if _is_certain(error):
        message.begun_at = None
    message.save(update_fields=("failure", "begun_at"))


def _is_certain(error: Exception) -> bool:
    """Tell whether it is sure that nothing left: refused, or nobody was there to take it."""
    if isinstance(error, (SettingError, RefusedError, AddressError, ConnectionRefusedError)):
        return True
    # A mail server's own refusal has a code; the search for a server's name fails below zero.
    number = error.errno if isinstance(error, OSError) else None
    return hasattr(error, "smtp_code") or (number is not None and number < 0)


def _reason(error: Exception) -> Words:
    """Return why, without the address, which may be a secret, nor what a server says of it."""
    if isinstance(error, SettingError):
        return error.words
    return _("It could not be sent ({kind}). It is tried again.", kind=type(error).__name__)
