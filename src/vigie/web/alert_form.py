"""The form of an alert: what is shown in it, and what a person entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from vigie.errors import ListeningError
from vigie.listening.alert_changes import KeptAlert
from vigie.listening.kinds import ALERT_KINDS
from vigie.listening.models import Alert
from vigie.register.models import Person
from vigie.words import Words, _

Given = Mapping[str, str]
HOUR = timedelta(hours=1)
DEFAULTS: Given = {
    "kind": "urgent",
    "least": "10",
    "within": "24",
    "by_mail": "on",
    "cool_down": "6",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "is_urgent_heard": "on",
    "is_on": "on",
}
LONGEST_WITHIN, LONGEST_COOL_DOWN = 72, 168
"""Hours: posts older than three days warn nobody."""


def filled(alert: Alert) -> dict[str, str]:
    """Return the form as an alert fills it."""
    found = {
        "query": alert.query.name,
        "kind": alert.kind,
        "least": str(alert.least or ""),
        "within": _hours(alert.within),
        "person": str(alert.person.pk),
        "deputy": str(alert.deputy.pk) if alert.deputy else "",
        "cool_down": _hours(alert.cool_down),
        "quiet_from": f"{alert.quiet_from:%H:%M}" if alert.quiet_from else "",
        "quiet_until": f"{alert.quiet_until:%H:%M}" if alert.quiet_until else "",
    }
    ticks = ("by_mail", "by_feed", "is_urgent_heard", "is_on")
    return {**found, **{name: "on" for name in ticks if getattr(alert, name)}}


def entered(given: Given) -> KeptAlert:
    """Read what was entered, or say what cannot be."""
    person = _person(given.get("person", ""))
    if person is None:
        raise ListeningError(_("Say who is warned."))
    kind = given.get("kind", "")
    if kind not in ALERT_KINDS:
        raise ListeningError(_("Say what the alert warns of."))
    within = _number(given, "within", _("the time"), most=LONGEST_WITHIN)
    webhook = given.get("webhook", "").strip()
    return KeptAlert(
        query=given.get("query", ""),
        kind=kind,
        person=person,
        deputy=_person(given.get("deputy", "")),
        least=int(_number(given, "least", _("the number of posts"), most=10**6) or 0) or None,
        within=HOUR * within if within else None,
        by_mail="by_mail" in given,
        by_feed="by_feed" in given,
        webhook="" if "no_webhook" in given else webhook or None,
        cool_down=HOUR * (_number(given, "cool_down", _("the pause"), most=LONGEST_COOL_DOWN) or 0),
        quiet_from=_time(given.get("quiet_from", "")),
        quiet_until=_time(given.get("quiet_until", "")),
        is_urgent_heard="is_urgent_heard" in given,
        is_on="is_on" in given,
    )


def time_of(text: str) -> time | None:
    """Read an hour; empty: none."""
    return _time(text)


def _hours(span: timedelta | None) -> str:
    return f"{span / HOUR:g}" if span is not None else ""


def _person(number: str) -> Person | None:
    is_number = number.isascii() and number.isdigit()
    return Person.objects.filter(pk=int(number[:18])).first() if is_number else None


def _number(given: Given, name: str, what: Words, *, most: int) -> float | None:
    text = given.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise ListeningError(
            _("{value} is no number for {what}.", value=text[:20], what=what)
        ) from error
    if not 0 <= number <= most:
        raise ListeningError(
            _("{what} lies between 0 and {most}; {value} does not.", what=what, most=most,
              value=text[:20])
        )  # fmt: skip
    return number


def _time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise ListeningError(
            _("{value} is no hour. Write it as 20:00.", value=text[:20])
        ) from error
