"""What the refusals of YouTube's Data API mean, and what to do about each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.collect.connector import Ask
from vigie.collect.nested import Item
from vigie.collect.received import Refusal
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.words import _

CALIFORNIA = ZoneInfo("America/Los_Angeles")
DAY_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
NOTHING = frozenset({"commentsDisabled", "playlistNotFound", "playlistItemsNotAccessible"})
"""Comments are switched off, or a channel has not published a video: no fault of the key."""
NOT_SWITCHED_ON = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
BAD_KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID"})


def reasons(refusal: Refusal) -> set[str | None]:
    """Return the words of Google's own for why it refused."""
    error = refusal.body.at("error")
    return {one.name("reason") for key in ("errors", "details") for one in error.at(key)}


def is_nothing(refusal: Refusal) -> bool:
    """Whether a refusal only says that there is nothing to read."""
    return bool(reasons(refusal) & NOTHING)


def meaning(refusal: Refusal) -> RefusedError | None:
    """Return what a refusal of YouTube means; none where its status says enough."""
    why, status = reasons(refusal), refusal.status
    said = refusal.body.text("error", "message") or refusal.said
    if why & DAY_USED_UP:
        words = _(
            "The units that Google allows for YouTube today are used up. They are given anew at "
            "midnight in California; what is missing is asked for then."
        )
        return BusyError(words, status=status, said=said, until=next_midnight(refusal.now))
    if why & TOO_FAST:
        words = _("YouTube asks to wait: too many questions were put to it.")
        return BusyError(words, status=status, said=said, until=refusal.until)
    if why & BAD_KEY or ("API key" in said and status == 400):
        words = _(
            "YouTube refused the key: {said} Copy it anew from the Google Cloud console and "
            "enter it as key.",
            said=said,
        )
        return DeniedError(words, status=status, said=said)
    if why & NOT_SWITCHED_ON:
        words = _(
            "The key's project may not use YouTube: switch on “YouTube Data API v3” in the "
            "Google Cloud console."
        )
        return DeniedError(words, status=status, said=said)
    if status == 403:
        words = _(
            "YouTube does not allow this key to ask for this: {said} Look at what the key is "
            "restricted to in the Google Cloud console.",
            said=said,
        )
        return DeniedError(words, status=status, said=said)
    return None


def next_midnight(now: datetime) -> datetime:
    """Return when Google gives a new day's units."""
    there = now.astimezone(CALIFORNIA).date() + timedelta(days=1)
    return datetime(there.year, there.month, there.day, tzinfo=CALIFORNIA).astimezone(UTC)


def unknown_channel(ask: Ask, body: Item) -> None:
    """Refuse the answer about a channel that does not exist: it comes as an empty success."""
    if body.at("items") or body.at("kind").value is None:
        return
    words = _(
        "YouTube does not know {handle}. Correct it in the register; for an address such as "
        "youtube.com/c/…, write the channel's identifier (UC…) beside it.",
        handle=ask.subject.handle or ask.subject.identifier,
    )
    raise MissingError(words, status=200, said="")
