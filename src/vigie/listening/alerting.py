"""When an alert speaks: from what happened, what was said, and the hour, what to say now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

REPEAT_AFTER, REPEAT_URGENT_AFTER = timedelta(hours=3), timedelta(minutes=20)
"""Unread for so long, a warning is repeated, once; as long again, and the deputy is told."""
URGENT_COOL_DOWN = timedelta(minutes=10)
"""What is urgent waits no longer for the next warning, whatever the cool-down."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How an alert is to speak."""

    cool_down: timedelta = timedelta()
    quiet_from: time | None = None
    quiet_until: time | None = None
    """Silence between the two, local time; both or neither."""
    is_urgent_heard: bool = True
    """What is urgent passes through the silence."""
    has_deputy: bool = False

    def is_quiet(self, at: datetime, zone: tzinfo) -> bool:
        """Tell whether a moment lies in the silence, which may go over midnight."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        hour = at.astimezone(zone).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def pause(self, *, is_urgent: bool) -> timedelta:
        """Return the time between two warnings."""
        return min(self.cool_down, URGENT_COOL_DOWN) if is_urgent else self.cool_down


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Something worth a warning."""

    key: str
    """The same thing has the same key whenever it is looked at."""
    at: datetime
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A warning that was given, and what became of it."""

    number: int
    keys: frozenset[str]
    """What it warned of."""
    decided_at: datetime
    is_urgent: bool = False
    read_at: datetime | None = None
    repeated_at: datetime | None = None
    escalated_at: datetime | None = None

    def is_neglected(self, since: datetime, now: datetime) -> bool:
        """Tell whether nobody read it although there was time."""
        patience = REPEAT_URGENT_AFTER if self.is_urgent else REPEAT_AFTER
        return self.read_at is None and now - since >= patience


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to say now."""

    warn: tuple[Occasion, ...] = ()
    """One warning of all of these, the earliest first; none: no warning."""
    repeat: tuple[int, ...] = ()
    """Warnings to say again."""
    escalate: tuple[int, ...] = ()
    """Warnings to tell the deputy."""


def decide(
    rule: Rule,
    occasions: Iterable[Occasion],
    warned: Sequence[Warned],
    *,
    now: datetime,
    zone: tzinfo,
) -> Decision:
    """Return what to say now.

    What is held back by the silence or the cool-down is not lost: it is said when they end, if
    it is still among the occasions then.
    """
    is_quiet = rule.is_quiet(now, zone)
    heard = [one for one in warned if not is_quiet or (one.is_urgent and rule.is_urgent_heard)]
    return Decision(
        warn=_to_warn(rule, occasions, warned, now=now, is_quiet=is_quiet),
        repeat=tuple(one.number for one in heard if _is_to_repeat(one, now)),
        escalate=tuple(
            one.number for one in heard if rule.has_deputy and _is_to_escalate(one, now)
        ),
    )


def _to_warn(
    rule: Rule,
    occasions: Iterable[Occasion],
    warned: Sequence[Warned],
    *,
    now: datetime,
    is_quiet: bool,
) -> tuple[Occasion, ...]:
    known = frozenset().union(*(one.keys for one in warned))
    last = max((one.decided_at for one in warned), default=None)
    new = {one.key: one for one in occasions if one.key not in known}
    said = [
        one
        for one in new.values()
        if not (is_quiet and not (one.is_urgent and rule.is_urgent_heard))
        and (last is None or now - last >= rule.pause(is_urgent=one.is_urgent))
    ]
    return tuple(sorted(said, key=lambda one: (one.at, one.key)))


def _is_to_repeat(one: Warned, now: datetime) -> bool:
    return one.repeated_at is None and one.is_neglected(one.decided_at, now)


def _is_to_escalate(one: Warned, now: datetime) -> bool:
    return (
        one.repeated_at is not None
        and one.escalated_at is None
        and one.is_neglected(one.repeated_at, now)
    )
