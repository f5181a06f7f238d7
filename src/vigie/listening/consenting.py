"""What it takes to reuse somebody's post: the question put to its author, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from vigie.listening.kinds import CONSENT_SCOPES, CONSENT_WAYS
from vigie.present.writing import Day
from vigie.words import LANGUAGES, Words, _, say

ANSWER_WITHIN = timedelta(days=30)
"""How long the link waits for an answer."""
LONGEST_USE = timedelta(days=3 * 365)
LONGEST_PURPOSE = 200
"""Letters: the purpose stands in a post of 300."""
LONGEST_CREDIT = 80

SCOPES: Mapping[str, Words] = {
    "quote": _("the words of the post"),
    "image": _("the image of the post"),
    "quote_and_image": _("the words and the image of the post"),
}
WAYS: Mapping[str, Words] = {
    "direct": _("By a private message: only the author sees the link"),
    "reply": _("By a public reply: anyone sees the link, so the author confirms with a code"),
}
STATES: Mapping[str, Words] = {
    "waiting": _("Waits for the author"),
    "unconfirmed": _("A yes to confirm"),
    "yes": _("The author agrees"),
    "no": _("The author said no"),
    "withdrawn": _("The author took it back"),
    "expired": _("No answer in time"),
    "over": _("Its time is over"),
}


class Standing(Protocol):
    """What decides how a request stands."""

    @property
    def answer(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def used_until(self) -> date: ...
    @property
    def way(self) -> str: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a person wants to ask the author of a post."""

    network: str
    post: str
    url: str = ""
    purpose: str
    scope: str = "quote"
    way: str = "direct"
    language: str = "fr"
    used_until: date | None


def state(consent: Standing, now: datetime) -> str:
    """Say how a request stands: only ``yes`` lets a post be used."""
    if consent.withdrawn_at is not None:
        return "withdrawn"
    if consent.answer == "no":
        return "no"
    if not consent.answer:
        return "waiting" if now < consent.expires_at else "expired"
    if now.date() > consent.used_until:
        return "over"
    is_sure = consent.way == "direct" or consent.confirmed_at is not None
    return "yes" if is_sure else "unconfirmed"


def may_answer(consent: Standing, now: datetime) -> bool:
    """Whether the link still takes a yes or a no."""
    return state(consent, now) == "waiting"


def may_withdraw(consent: Standing, now: datetime) -> bool:
    """Whether there is a yes to take back."""
    return state(consent, now) in ("yes", "unconfirmed")


def mistakes_of(asking: Asking, *, today: date) -> dict[str, Words]:
    """Return what cannot be asked as it is written, by field."""
    found: dict[str, Words] = {}
    if not asking.purpose:
        found["purpose"] = _("Say what the post is wanted for: the author reads it.")
    if len(asking.purpose) > LONGEST_PURPOSE:
        found["purpose"] = _(
            "At most {most} characters; this has {count}.",
            most=LONGEST_PURPOSE,
            count=len(asking.purpose),
        )
    if asking.scope not in CONSENT_SCOPES:
        found["scope"] = _("Choose what would be shown.")
    if asking.way not in CONSENT_WAYS:
        found["way"] = _("Choose how the link reaches the author.")
    if asking.language not in LANGUAGES:
        found["language"] = _("Choose the language of the request.")
    if asking.used_until is None or not today <= asking.used_until <= today + LONGEST_USE:
        found["used_until"] = _(
            "Choose the last day of use: from today, and within {days} days.",
            days=LONGEST_USE.days,
        )
    return found


def request_words(asking: Asking, *, asker: str, link: str, code: str) -> str:
    """Write what is sent to the author, in the language asked for; a public reply is short."""
    until = Day(asking.used_until) if asking.used_until else ""
    purpose = asking.purpose.rstrip(".")
    if asking.way == "reply":
        words = _(
            "Hello! {asker} would love to show your post until {until}: {purpose}. Yes or no, "
            "here: {link} If it is yes, please also reply “{code}”, so that we know it is you. "
            "Thank you!",
            asker=asker, until=until, purpose=purpose, link=link, code=code,
        )  # fmt: skip
    else:
        words = _(
            "Hello! {asker} would love to show your post. What for: {purpose}. Until when: "
            "{until}. You say yes or no here, choose how you are named, and may take a yes back "
            "at the same address: {link} Without a yes, nothing is used. Thank you!",
            asker=asker, until=until, purpose=purpose, link=link,
        )  # fmt: skip
    return say(words, asking.language)
