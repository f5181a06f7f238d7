"""Mails to those of us who answer leave here, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from vigie.inbox import entrusting_words, late_words
from vigie.inbox.models import Mailing
from vigie.inbox.owing import Terms
from vigie.register import telling
from vigie.register.leaving import BROKEN, SENT, hand_over, may_leave
from vigie.register.telling import Letter
from vigie.settings import Settings

GIVEN_UP = timedelta(days=2)
"""A mail that could not leave for so long is not sent any more: what it says is old."""

WRITERS: dict[str, Callable[..., Letter | None]] = {
    "ask": entrusting_words.letter_of,
    "deputy": entrusting_words.letter_of,
    "returned": entrusting_words.letter_of,
    "late": late_words.late_letter,
    "digest": late_words.digest_letter,
}


def send_mailings(
    settings: Settings, *, terms: Terms, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Send the mails that are to leave; return how many did. A server that fails is left alone."""
    if not settings.mail_url:
        return 0
    now, sent = terms.now, 0
    waiting = Mailing.objects.filter(may_leave(now), made_at__gt=now - GIVEN_UP)
    for mailing in waiting.select_related("to__user").order_by("pk"):
        if should_stop():
            break
        letter = WRITERS[mailing.kind](mailing, settings=settings, terms=terms)
        if letter is None or not mailing.to.address:
            # Nothing is left to say: it is said by silence, once.
            _over(mailing, now)
            continue
        end = hand_over(mailing, partial(telling.write, letter, to=[mailing.to.address]), now=now)
        sent += end == SENT
        if end == BROKEN:
            break
    return sent


def _over(mailing: Mailing, now: datetime) -> None:
    Mailing.objects.filter(pk=mailing.pk).update(begun_at=now, sent_at=now)
