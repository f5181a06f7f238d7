"""What the refusals of Google Analytics mean, and what to do about each."""

from __future__ import annotations

from datetime import datetime, timedelta

from vigie.collect.pacific import PACIFIC, midnight
from vigie.collect.received import Refusal
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.words import _

HOUR = timedelta(hours=1)


def meaning(refusal: Refusal, *, email: str, site: str | None) -> RefusedError | None:
    """Return what a refusal of a report means; none where its status says enough."""
    error, status = refusal.body.at("error"), refusal.status
    said = error.text("message") or refusal.said
    if status == 429:
        words = _(
            "Google Analytics asks to wait: what it allows for this property is used up. What is "
            "missing is asked for then."
        )
        until = refusal.until or until_more(said, now=refusal.now)
        return BusyError(words, status=status, said=said, until=until)
    if "SERVICE_DISABLED" in {one.name("reason") for one in error.at("details")}:
        words = _(
            "The key's project may not ask: switch on “Google Analytics Data API” in the Google "
            "Cloud console."
        )
        return DeniedError(words, status=status, said=said)
    if status == 403:
        words = _(
            "Google Analytics does not show the property {site} to {email}. Add this address as a "
            "viewer, in Analytics under Admin, Property access management.",
            site=site,
            email=email,
        )
        return DeniedError(words, status=status, said=said)
    if status == 401:
        return no_token(refusal)
    if status == 404:
        words = _(
            "Google Analytics does not know the property {site}. Its number stands in Analytics "
            "under Admin, Property details.",
            site=site,
        )
        return MissingError(words, status=status, said=said)
    return None


def no_token(refusal: Refusal) -> RefusedError | None:
    """Return what it means when Google lends no token."""
    if refusal.status >= 500 or refusal.status == 429:
        return None
    said = refusal.body.text("error_description") or refusal.said
    words = _(
        "Google refused the key: {said} Make a new key of the service account and enter it as key; "
        "see too that the clock of this server is right.",
        said=said,
    )
    return DeniedError(words, status=refusal.status, said=said)


def until_more(said: str, *, now: datetime) -> datetime:
    """Return when Google allows more: each hour, or each day at midnight in California."""
    if "per day" in said or "daily" in said:
        return midnight(now.astimezone(PACIFIC).date() + timedelta(days=1))
    return now.replace(minute=0, second=0, microsecond=0) + HOUR
