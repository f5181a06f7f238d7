"""Invented statuses of Mastodon: a university's and those of people who ask it."""

from __future__ import annotations

from typing import Any

from tests.cast import NOON
from vigie.inbox.channel import Incoming
from vigie.inbox.mastodon_reading import Us, payload, received

HERE = "https://social.example"
US = Us(account="1", host="social.example")
Status = dict[str, Any]


def status(number: str, words: str, account: Status, *, answers: Status | None, **more: Any) -> Any:
    """Return a status as a server writes it."""
    said = {
        "id": number,
        "uri": f"{HERE}/users/{account['username']}/statuses/{number}",
        "url": f"{HERE}/@{account['acct']}/{number}",
        "created_at": NOON.isoformat(),
        "visibility": "public",
        "language": "en",
        "content": words,
        "spoiler_text": "",
        "media_attachments": [],
        "in_reply_to_id": answers["id"] if answers else None,
        "in_reply_to_account_id": answers["account"]["id"] if answers else None,
        "account": account,
    }
    return {**said, **more}


def public(
    number: str, words: str, *, answers: Status | None = None,
    by: str = "marie@other.example", **more: Any,
) -> Any:  # fmt: skip
    """Return what someone says in public."""
    name = by.partition("@")[0]
    account = {"id": f"of {name}", "acct": by, "username": name, "display_name": name.title()}
    return status(number, words, account, answers=answers, **more)


def direct(number: str, words: str, *, answers: Status | None = None) -> Any:
    """Return what someone says to us alone."""
    return public(number, words, answers=answers, visibility="direct")


def of_ours(number: str, words: str, *, answers: Status | None = None, **more: Any) -> Any:
    """Return what the university says."""
    account = {"id": "1", "acct": "northfield", "username": "northfield", "display_name": "NU"}
    return status(number, words, account, answers=answers, **more)


def above(*statuses: Status) -> list[Status]:
    """Return what stands above a status, the first first."""
    return list(statuses)


def read(said: Status, before: list[Status] | None = None) -> Incoming:
    """Return a status as a message."""
    body = payload(US, [{"status": said, "above": before or []}])
    (message,) = received(body).messages
    return message
