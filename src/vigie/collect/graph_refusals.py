"""What the refusals of Meta's Graph API mean, by the families of its codes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from vigie.collect.connector import Permission
from vigie.collect.nested import Item
from vigie.collect.received import Refusal
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
)
from vigie.words import Words, _

BAD_TOKEN = frozenset({102, 190, 2500})
EXPIRED = frozenset({463, 467})
"""Subcodes: the token's time is over, or it was withdrawn."""
TOO_MANY = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
NO_PERMISSION = frozenset({3, 10, *range(200, 300)})
NOT_THERE = frozenset({33, 110, 803})
WRONG_QUESTION = 100
GONE = 33
"""Subcode of 100: it does not exist, or the token may not see it."""
LEAST_WAIT = timedelta(hours=1)
"""Meta counts over an hour; it says how long to wait only for some of its limits."""
USAGE = "x-business-use-case-usage"
_PERMISSION = re.compile(
    r"\b(?:pages|instagram|threads|read|business|ads)_[a-z_]+\b|Page Public (?:Content|Metadata) "
    r"Access"
)
_FIELD = re.compile(r"nonexisting field \(([\w.]+)\)|Unknown path components?: /?([\w.]+)")
_METRIC = re.compile(r"metric", re.IGNORECASE)


def code_of(refusal: Refusal) -> int | None:
    """Return Meta's code; in a message that was cut short it stands in brackets."""
    found = refusal.body.at("error", "code").value
    if isinstance(found, int):
        return found
    written = re.search(r"\(#(\d+)\)|\"code\":\s*(\d+)", refusal.said)
    return int(written[1] or written[2]) if written else None


def subcode_of(refusal: Refusal) -> int | None:
    """Return the code that says more."""
    found = refusal.body.at("error", "error_subcode").value
    return found if isinstance(found, int) else None


def is_gone(refusal: Refusal) -> bool:
    """Whether what was asked about does not exist, or not for us."""
    return code_of(refusal) == WRONG_QUESTION and subcode_of(refusal) == GONE


def meaning(
    refusal: Refusal, *, handle: str | None, permissions: Sequence[Permission]
) -> NetworkError | None:
    """Return what a refusal means; none where its status says enough.

    ``permissions`` are those that the question needs.
    """
    code, status = code_of(refusal), refusal.status
    said = refusal.body.text("error", "message") or refusal.said
    if code in BAD_TOKEN:
        return DeniedError(_token_words(refusal, said), status=status, said=said)
    if code in TOO_MANY:
        words = _(
            "{network} asks to wait: as much was asked as it allows for now.",
            network=refusal.network,
        )
        return BusyError(words, status=status, said=said, until=wait_until(refusal))
    if code in NO_PERMISSION:
        return DeniedError(_permission_words(refusal, said, permissions), status=status, said=said)
    if code in NOT_THERE or is_gone(refusal):
        words = _(
            "{network} does not show {handle}: it does not exist, it is not a professional "
            "account, or the token may not see it. Correct it in the register.",
            network=refusal.network,
            handle=handle,
        )
        return MissingError(words, status=status, said=said)
    return _unknown_field(refusal, said) if code == WRONG_QUESTION else None


def _token_words(refusal: Refusal, said: str) -> Words:
    if subcode_of(refusal) in EXPIRED or "expired" in said:
        return _(
            "The token of {network} has expired. Make a new one as the guide says, one that does "
            "not expire, and enter it as token.",
            network=refusal.network,
        )
    return _(
        "{network} refused the token: {said} Make a new one as the guide says and enter it as "
        "token.",
        network=refusal.network,
        said=said,
    )


def _permission_words(refusal: Refusal, said: str, permissions: Sequence[Permission]) -> Words:
    named = dict.fromkeys(_PERMISSION.findall(said)) or [one.name for one in permissions]
    return _(
        "{network} has not granted {permission}: {said} Ask for it in the app's review, or make "
        "the token anew with it.",
        network=refusal.network,
        permission=", ".join(named) or "—",
        said=said,
    )


def _unknown_field(refusal: Refusal, said: str) -> NetworkError | None:
    """Return the error about a field or a metric that Meta no longer has."""
    if found := _FIELD.search(said):
        return GarbledError(
            _(
                "{network} no longer has the field {field}: the network has changed, and Vigie "
                "must follow. Tell the project; what other questions bring goes on.",
                network=refusal.network,
                field=found[1] or found[2],
            )
        )
    if _METRIC.search(said):
        return GarbledError(
            _(
                "{network} no longer gives one of the figures asked for: {said} Take the one it "
                "names out of the option post_metrics or account_metrics.",
                network=refusal.network,
                said=said,
            )
        )
    return None


def wait_until(refusal: Refusal) -> datetime:
    """Return when to come back: as Meta estimates, or when its hour is over."""
    try:
        usage = Item(json.loads(refusal.headers.get(USAGE, "null")))
    except ValueError:
        usage = Item(None)
    used = usage.value.values() if isinstance(usage.value, dict) else ()
    minutes = [
        found
        for entry in used
        for one in Item(entry)
        if isinstance(found := one.at("estimated_time_to_regain_access").value, int)
    ]
    wait = timedelta(minutes=min(max(minutes), 24 * 60)) if any(minutes) else LEAST_WAIT
    return refusal.now + wait
