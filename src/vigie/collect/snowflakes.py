"""Reads the moment that some networks hide in a post's identifier, exact to the millisecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_X_BEGINNING = 1_288_834_974_657
"""Milliseconds of the first identifier of this kind at Twitter, 4 November 2010."""
_X_FIRST = 2 << 34
"""Below this, an identifier of X is a mere number in a row and hides nothing."""


def x_moment(identifier: str) -> datetime | None:
    """Return when a post of X appeared; unknown before November 2010."""
    number = _number(identifier)
    if number is None or number < _X_FIRST:
        return None
    return _after((number >> 22) + _X_BEGINNING)


def linkedin_moment(identifier: str) -> datetime | None:
    """Return when an activity, share or post of LinkedIn appeared."""
    number = _number(identifier)
    return None if number is None or len(identifier) < 19 else _after(number >> 22)


def tiktok_moment(identifier: str) -> datetime | None:
    """Return when a video of TikTok appeared, to the second."""
    number = _number(identifier)
    return None if number is None or len(identifier) < 18 else _after((number >> 32) * 1000)


def _number(identifier: str) -> int | None:
    return int(identifier) if identifier.isascii() and identifier.isdigit() else None


def _after(milliseconds: int) -> datetime | None:
    try:
        return _BEGINNING + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
