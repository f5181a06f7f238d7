"""What is asked of the figures of the inbox: an address says it, and says it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from vigie.inbox.figures import WEEK, week_of
from vigie.model import Conversation
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

Sort = Callable[[Conversation], bool]
WHICH: Mapping[str, tuple[Words, Sort]] = {
    "came": (_("Conversations that ask for an answer"), lambda row: row.left_out is None),
    "unanswered": (
        _("Nobody answered so far"),
        lambda row: row.left_out is None and row.answered_at is None,
    ),
    "late": (
        _("Not answered when the target was reached"),
        lambda row: row.left_out is None and _passed_target(row),
    ),
    "week": (
        _("Not answered within seven days"),
        lambda row: row.left_out is None and _passed_week(row),
    ),
    "slow": (
        _("Answered, the slowest first"),
        lambda row: row.left_out is None and row.answered_at is not None,
    ),
    "closed": (
        _("Closed, the longest first"),
        lambda row: row.left_out is None and row.closed_at is not None,
    ),
    "reopened": (
        _("Opened again after they were closed"),
        lambda row: row.left_out is None and row.reopened > 0,
    ),
    "asked": (
        _("Asked how satisfied they are"),
        lambda row: row.left_out is None and row.is_asked,
    ),
    "left_out": (_("Left out: they ask for no answer"), lambda row: row.left_out is not None),
}
"""The conversations behind each figure."""


def _passed_target(row: Conversation) -> bool:
    return row.target_minutes is not None and row.waited_minutes > row.target_minutes


def _passed_week(row: Conversation) -> bool:
    return (row.answered_at or row.observed_at) - row.opened_at > WEEK


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

    def chosen(self, rows: Iterable[Conversation]) -> list[Conversation]:
        """Return those of the service, the channel, the topic and the week asked for."""
        return [row for row in rows if self._is_meant(row)]

    def _is_meant(self, row: Conversation) -> bool:
        return (
            (not self.service or (row.service or NOBODYS) == self.service)
            and (not self.channel or row.channel == self.channel)
            and (not self.topic or row.topic == self.topic)
            and (self.week is None or week_of(row.opened_on) == week_of(self.week))
        )


def in_order(rows: Iterable[Conversation], which: str) -> list[Conversation]:
    """Return the conversations behind a figure, what should be looked at in front."""
    sort = WHICH[which][1]
    if which == "closed":
        return sorted(filter(sort, rows), key=lambda row: -(row.lasted_minutes or 0))
    return sorted(filter(sort, rows), key=lambda row: -row.waited_minutes)


def _address(path: str, said: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(said)}" if said else path


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def service_name(rows: Iterable[Conversation], slug: str) -> Said:
    """Return what people call a service of these conversations."""
    if slug == NOBODYS:
        return _("nobody yet")
    return next((row.office or slug for row in rows if row.service == slug), slug)
