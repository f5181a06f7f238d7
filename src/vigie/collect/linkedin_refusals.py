"""What the refusals of LinkedIn mean, and what to do about each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from vigie.collect.connector import Ask, Permission
from vigie.collect.nested import Item
from vigie.collect.received import Refusal
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.words import _

OLD_VERSION = 426
"""The status LinkedIn gives a version that it no longer serves."""


def meaning(
    refusal: Refusal, *, ask: Ask, permissions: Sequence[Permission]
) -> RefusedError | None:
    """Return what a refusal of LinkedIn means; none where its status says enough."""
    status = refusal.status
    said = refusal.body.text("message") or refusal.said
    if status == 401:
        words = _(
            "LinkedIn refused the token: {said} A token lasts 60 days. Make a new one as the guide "
            "says and enter it as token.",
            said=said,
        )
        return DeniedError(words, status=status, said=said)
    if status == 403:
        words = _(
            "LinkedIn does not allow this: {said} It needs the permission {permission}, and the "
            "person who made the token must be an administrator of the page.",
            said=said,
            permission=", ".join(one.name for one in permissions) or "r_organization_social",
        )
        return DeniedError(words, status=status, said=said)
    if status == 404 and not ask.page:
        return unknown(ask, status=status, said=said)
    if status == 429:
        words = _(
            "The questions that LinkedIn allows today are used up. They are given anew at midnight "
            "UTC; what is missing is asked for then."
        )
        until = refusal.until or next_midnight(refusal.now)
        return BusyError(words, status=status, said=said, until=until)
    if status == OLD_VERSION or "NONEXISTENT_VERSION" in (refusal.body.name("code") or ""):
        words = _(
            "LinkedIn no longer serves this version of its interface: {said} Enter a newer one, as "
            "202610, as version.",
            said=said,
        )
        return RefusedError(words, status=status, said=said)
    return None


def next_midnight(now: datetime) -> datetime:
    """Return when LinkedIn counts the next day's questions."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def unknown(ask: Ask, *, status: int = 200, said: str = "") -> MissingError:
    """Return the error about a page that LinkedIn does not know."""
    words = _(
        "LinkedIn does not know {handle}. Correct it in the register, or write the page's number "
        "there as its identifier.",
        handle=ask.subject.handle or ask.subject.identifier,
    )
    return MissingError(words, status=status, said=said)


def unknown_page(ask: Ask, body: Item) -> None:
    """Refuse the answer about a page that does not exist: it comes as an empty success."""
    if isinstance(body.at("elements").value, list) and not body.at("elements"):
        raise unknown(ask)
