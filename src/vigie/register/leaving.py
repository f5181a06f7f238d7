"""Hands messages to people over so that each leaves once, or twice when a worker was killed at it.

That a message is handed over is committed before, that it left, after. Killed between the two,
nobody knows whether it left: it is sent once more, and never again. Both carry the same mark, so
that a mail program or a chat room can see that they are one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q

from vigie.errors import AddressError, RefusedError, SettingError
from vigie.http.mail_refusals import refused
from vigie.register.telling import FAILURES
from vigie.words import LANGUAGES, Words, _, say

MOST_DOUBTS = 2
"""A message of which this often nobody knows whether it left is not sent again."""
DOUBT_PAUSE = timedelta(minutes=10)
"""How long a message of which nobody knows whether it left waits to be sent once more."""
SENT, BROKEN, REFUSED, OVER = "sent", "broken", "refused", "over"
"""How handing over ended: it left; the way is broken; this one cannot be sent; it may not be."""

_log = logging.getLogger("vigie.telling")


class Leaving(models.Model):
    """Something on its way to a person: begun, then sent, so that it leaves once."""

    begun_at = models.DateTimeField(null=True, blank=True)
    """Handed over; unknown: not yet, or it is certain that it did not leave."""
    sent_at = models.DateTimeField(null=True, blank=True)
    doubts = models.PositiveSmallIntegerField(default=0)
    """Times it was handed over and nobody knows whether it left."""
    failure = models.JSONField(null=True, blank=True)
    """Why it could not be sent the last time, by language."""

    class Meta:
        abstract = True
        ordering = ("id",)


def left_once(name: str) -> tuple[models.BaseConstraint, ...]:
    """Return the constraints of a table of what leaves once."""
    return (
        models.CheckConstraint(
            name=f"{name}_is_sent_twice_at_most", condition=Q(doubts__lte=MOST_DOUBTS)
        ),
        models.CheckConstraint(
            name=f"{name}_began_before_it_was_sent",
            condition=Q(sent_at__isnull=True)
            | Q(begun_at__isnull=False, sent_at__gte=F("begun_at")),
        ),
    )


def may_leave(now: datetime) -> Q:
    """Return what may be handed over now: not begun, or begun so long ago that it is in doubt."""
    free = Q(begun_at__isnull=True) | Q(begun_at__lte=now - DOUBT_PAUSE)
    return free & Q(sent_at__isnull=True, doubts__lt=MOST_DOUBTS)


def hand_over(message: Leaving, send: Callable[[], None], *, now: datetime) -> str:
    """Send one message, if that may still be done, and tell how it ended."""
    if not _begin(message, now):
        return OVER
    try:
        send()
    except (*FAILURES, SettingError) as error:
        _fail(message, error)
        if (said := refused(error)) is not None and said.is_final:
            # Nobody is there: to try again every minute would block what waits behind it.
            message.doubts = MOST_DOUBTS
            message.save(update_fields=("doubts",))
            return REFUSED
        return REFUSED if isinstance(error, SettingError) else BROKEN
    message.sent_at = max(now, message.begun_at or now)
    message.failure = None
    message.save(update_fields=("sent_at", "failure"))
    return SENT


def _begin(message: Leaving, now: datetime) -> bool:
    """Write down that a message is handed over; false: too often, or another worker does so."""
    with transaction.atomic():
        row = type(message)._default_manager.select_for_update().get(pk=message.pk)
        if row.sent_at is not None:
            return False
        if row.begun_at is not None:
            if row.begun_at > now - DOUBT_PAUSE:
                return False
            row.doubts += 1
        is_over = row.doubts >= MOST_DOUBTS
        row.begun_at = row.begun_at if is_over else now
        row.save(update_fields=("doubts", "begun_at"))
    message.begun_at, message.doubts = row.begun_at, row.doubts
    return not is_over


def _fail(message: Leaving, error: Exception) -> None:
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
    return (
        refused(error) is not None
        or hasattr(error, "smtp_code")
        or (number is not None and number < 0)
    )


def _reason(error: Exception) -> Words:
    """Return why, without the address, which may be a secret, nor what a server says of it."""
    if isinstance(error, SettingError):
        return error.words
    if (said := refused(error)) is not None:
        return said.words
    return _("It could not be sent ({kind}). It is tried again.", kind=type(error).__name__)
