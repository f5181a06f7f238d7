"""What is asked of the figures of the inbox: an address says it, and says it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

import numpy as np

from vigie.inbox.figures import WEEK, days_waited, week_of
from vigie.inbox.message_days import MessageDays
from vigie.inbox.rows import UNKNOWN, Days, Flags, Ints, Rows
from vigie.present.document import Said
from vigie.words import Words, _

FIGURES, LISTED = "/inbox/figures/", "/inbox/figures/conversations/"
OPINIONS = "/inbox/opinions/"
NOBODYS = "nobody"
"""The service of what nobody owns."""
PERIODS: Mapping[str, tuple[int, Words]] = {
    "quarter": (13, _("the last 13 weeks")),
    "half": (26, _("the last 26 weeks")),
    "year": (53, _("the last 53 weeks")),
}
"""Weeks, the present one among them, that is not over."""

Sort = Callable[[Rows], Flags]
WHICH: Mapping[str, tuple[Words, Sort]] = {
    "came": (_("Conversations that ask for an answer"), lambda rows: rows.asks),
    "unanswered": (
        _("Nobody answered so far"),
        lambda rows: rows.asks & ~rows.is_answered,
    ),
    "late": (
        _("Not answered when the target was reached"),
        lambda rows: rows.asks & (rows.target != UNKNOWN) & (rows.waited > rows.target),
    ),
    "week": (
        _("Not answered within seven days"),
        lambda rows: rows.asks & (days_waited(rows) > WEEK.days),
    ),
    "slow": (
        _("Answered, the slowest first"),
        lambda rows: rows.asks & rows.is_answered,
    ),
    "closed": (
        _("Closed, the longest first"),
        lambda rows: rows.asks & rows.is_closed,
    ),
    "reopened": (
        _("Opened again after they were closed"),
        lambda rows: rows.asks & (rows.reopened > 0),
    ),
    "asked": (
        _("Asked how satisfied they are"),
        lambda rows: rows.asks & rows.is_asked,
    ),
    "left_out": (_("Left out: they ask for no answer"), lambda rows: ~rows.asks),
}
"""The conversations behind each figure."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which conversations are spoken of; empty: all."""

    since: date
    until: date
    period: str = "quarter"
    service: str = ""
    channel: str = ""
    topic: str = ""
    week: date | None = None
    which: str = "came"
    leads: bool = True
    """Whether what is said leads to pages of conversations. A report does not: others read it, so
    that it tells no confidential service apart."""

    @classmethod
    def read(cls, given: Mapping[str, str], *, today: date) -> Asked:
        """Read what an address asks for; what it says wrongly is what is usual."""
        period = given.get("period", "")
        period = period if period in PERIODS else "quarter"
        weeks, _words = PERIODS[period]
        which = given.get("which", "")
        return cls(
            since=week_of(today) - (weeks - 1) * WEEK,
            until=today,
            period=period,
            service=given.get("service", "")[:80],
            channel=given.get("channel", "")[:32],
            topic=given.get("topic", "")[:200],
            week=_day(given.get("week", "")),
            which=which if which in WHICH else "came",
        )

    @property
    def choices(self) -> dict[str, str]:
        """Return what an address must say for the same figures."""
        said = {
            "period": self.period if self.period != "quarter" else "",
            "service": self.service,
            "channel": self.channel,
            "topic": self.topic,
            "week": self.week.isoformat() if self.week else "",
        }
        return {name: value for name, value in said.items() if value}

    def figures(self, **changes: str) -> str:
        """Return the address of these figures, narrowed."""
        return _address(FIGURES, replace(self, **changes).choices)  # type: ignore[arg-type]  # texts

    def opinions(self, **changes: str) -> str:
        """Return the address of what people said of the answers, narrowed."""
        return _address(OPINIONS, replace(self, week=None, **changes).choices)  # type: ignore[arg-type]

    def listed(self, which: str, *, week: date | None = None, **changes: str) -> str:
        """Return the address of the conversations behind one of these figures."""
        said = replace(self, week=week or self.week, **changes).choices  # type: ignore[arg-type]
        return _address(LISTED, {**said, "which": which})

    def chosen(self, rows: Rows) -> Rows:
        """Return those of the service, the channel, the topic and the week asked for."""
        meant = self._meant(rows) & self._in_week(rows.opened_on)
        return rows if meant.all() else rows.at(meant)

    def exchanged(self, messages: MessageDays) -> MessageDays:
        """Return the messages of the same, written in the time asked for."""
        first, last = np.datetime64(self.since, "D"), np.datetime64(self.until, "D")
        in_time = (messages.day >= first) & (messages.day <= last)
        return messages.at(self._meant(messages) & self._in_week(messages.day) & in_time)

    def _meant(self, rows: Rows | MessageDays) -> Flags:
        meant = np.ones(len(rows), dtype=np.bool_)
        if self.service:
            meant &= rows.service.filled(NOBODYS).among({self.service})
        if self.channel:
            meant &= rows.channel.among({self.channel})
        if self.topic:
            meant &= rows.topic.among({self.topic})
        return meant

    def _in_week(self, days: Days) -> Flags:
        if self.week is None:
            return np.ones(len(days), dtype=np.bool_)
        monday = np.datetime64(week_of(self.week), "D")
        found: Flags = (days >= monday) & (days < monday + WEEK.days)
        return found


def in_order(rows: Rows, which: str) -> Ints:
    """Return where the conversations behind a figure are, what should be looked at in front."""
    behind = np.flatnonzero(WHICH[which][1](rows))
    lasted = rows.lasted if which == "closed" else rows.waited
    order: Ints = behind[np.argsort(-lasted[behind], kind="stable")]
    return order


def _address(path: str, said: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(said)}" if said else path


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def service_name(rows: Rows, slug: str) -> Said:
    """Return what people call a service of these conversations."""
    if slug == NOBODYS:
        return _("nobody yet")
    return rows.offices[slug].name if slug in rows.offices else slug
