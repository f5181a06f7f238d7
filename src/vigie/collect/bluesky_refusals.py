"""What Bluesky means when it refuses: it answers 400 where others answer 401 or 404."""

from __future__ import annotations

from collections.abc import Callable

from vigie.collect.connector import Ask
from vigie.collect.received import Meaning, Refusal
from vigie.errors import DeniedError, MissingError, RefusedError
from vigie.words import Words, _

UNKNOWN = ("Profile not found", "Actor not found", "Unable to resolve handle", "actor must be")
"""Beginnings and parts of what is said about an account that is not there."""
KEY = frozenset({"InvalidToken", "ExpiredToken", "AuthMissing", "AuthenticationRequired",
                 "AuthFactorTokenRequired"})  # fmt: skip
BLOCKED = frozenset({"BlockedActor", "BlockedByActor"})


def meaning_for(ask: Ask) -> Meaning:
    """Return what refusals of a question mean."""

    def meaning(refusal: Refusal) -> RefusedError | None:
        found = _meaning(refusal, ask)
        if found is None:
            return None
        kind, words = found
        return kind(words, status=refusal.status, said=refusal.said)

    return meaning


def _meaning(refusal: Refusal, ask: Ask) -> tuple[Callable[..., RefusedError], Words] | None:
    handle = ask.subject.handle or ask.subject.identifier or ask.subject.subject
    code = refusal.body.name("error") or ""
    message = refusal.body.name("message") or ""
    if code == "NotFound":
        return MissingError, _("Bluesky no longer has this post of {handle}.", handle=handle)
    if (code in KEY and refusal.status < 500) or refusal.status == 401:
        return DeniedError, _password(refusal)
    if code in BLOCKED:
        return DeniedError, _blocked(handle)
    if words := _absent(code, message, handle):
        return MissingError, words
    return (DeniedError, _forbidden(refusal)) if refusal.status == 403 else None


def _absent(code: str, message: str, handle: str) -> Words | None:
    if code == "AccountTakedown":
        return _(
            "Bluesky has suspended {handle}. If that lasts, close the account in the register.",
            handle=handle,
        )
    if code == "AccountDeactivated":
        return _(
            "{handle} was deactivated on Bluesky by its owner. If that lasts, close the account "
            "in the register.",
            handle=handle,
        )
    if any(part in message for part in UNKNOWN):
        return _("Bluesky does not know {handle}. Correct it in the register.", handle=handle)
    return None


def _password(refusal: Refusal) -> Words:
    return _(
        "Bluesky refused the options identifier and app_password ({said}). Make a new app password "
        "on Bluesky under Settings, Privacy and security, and enter it.",
        said=refusal.body.name("message") or refusal.said,
    )


def _blocked(handle: str) -> Words:
    return _(
        "{handle} and the account that asks block each other on Bluesky. Sign in with another "
        "account (options identifier and app_password).",
        handle=handle,
    )


def _forbidden(refusal: Refusal) -> Words:
    return _(
        "Bluesky refused the question, though it needs no key ({status}: {said}). It may be "
        "refusing the address this machine has on the internet. It is asked again at the next run.",
        status=refusal.status,
        said=refusal.said,
    )
