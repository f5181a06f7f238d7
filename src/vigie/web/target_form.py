"""The form of targets: how soon, in minutes, hours or days of service hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.inbox.channel import known_channels
from vigie.inbox.models import Target
from vigie.words import Words, _, plural

UNITS: Mapping[str, tuple[int, Words]] = {
    "minutes": (1, _("minutes")),
    "hours": (60, _("hours")),
}
URGENCY_WORDS: Mapping[str, Words] = {
    "": _("any urgency"),
    "normal": _("ordinary"),
    "high": _("to be read at once"),
}
HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A target as it was entered."""

    channel: str
    urgency: str
    response_minutes: int
    resolution_minutes: int | None


def entered(given: Mapping[str, str]) -> tuple[Wanted | None, dict[str, Words]]:
    """Read the form."""
    response, wrong = _minutes(given, "response")
    resolution, wrong_too = _minutes(given, "resolution")
    mistakes = {**wrong, **wrong_too}
    if response is None and not mistakes:
        mistakes["response"] = _("Say how soon an answer is owed: 8 hours, for example.")
    if mistakes or response is None:
        return None, mistakes
    return Wanted(
        channel=given.get("channel", ""),
        urgency=given.get("urgency", ""),
        response_minutes=response,
        resolution_minutes=resolution,
    ), {}


def _minutes(given: Mapping[str, str], name: str) -> tuple[int | None, dict[str, Words]]:
    text = given.get(name, "").strip().replace(",", ".")
    if not text:
        return None, {}
    factor, _words = UNITS.get(given.get(f"{name}_unit", ""), UNITS["hours"])
    try:
        minutes = round(float(text) * factor)
    except (ValueError, OverflowError):
        minutes = 0
    if not 0 < minutes < 10**6:
        return None, {name: _("Write a number above nothing, as 8 or 1.5.")}
    return minutes, {}


def lasting(minutes: int) -> Words:
    """Say so many minutes of service hours as people do."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return plural("{count} minute", "{count} minutes", count=rest)
    if not rest:
        return plural("{count} hour", "{count} hours", count=hours)
    return _("{hours} h {minutes} min", hours=hours, minutes=rest)


def channel_words(name: str) -> Words | str:
    """Say a channel as people call it; none: all of them."""
    member = known_channels().get(name)
    return member.label if member else (name or _("any channel"))


def fits(target: Target) -> Words:
    """Say what a target is for."""
    return _("{channel}, {urgency}", channel=channel_words(target.channel),
             urgency=URGENCY_WORDS[target.urgency])  # fmt: skip
