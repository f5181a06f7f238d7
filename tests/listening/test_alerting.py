"""An alert speaks once of each thing, keeps the silence and the cool-down, and loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import NOON
from vigie.listening.alerting import (
    REPEAT_AFTER,
    REPEAT_URGENT_AFTER,
    URGENT_COOL_DOWN,
    Decision,
    Occasion,
    Rule,
    Warned,
    decide,
)

PARIS = ZoneInfo("Europe/Paris")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHT = Rule(quiet_from=time(20), quiet_until=time(7), cool_down=2 * HOUR, has_deputy=True)
MIDNIGHT = datetime(2026, 10, 1, 22, tzinfo=UTC)
"""Midnight in Paris."""


def spike(key: str = "s", *, at: datetime = NOON, is_urgent: bool = False) -> Occasion:
    return Occasion(key=key, at=at, is_urgent=is_urgent)


def told(at: datetime = NOON, **facts: object) -> Warned:
    given: dict[str, object] = {"number": 1, "keys": frozenset({"s"}), "decided_at": at, **facts}
    return Warned(**given)  # type: ignore[arg-type]  # a test says what it wants


def said(
    rule: Rule, *occasions: Occasion, warned: tuple[Warned, ...] = (), now: datetime = NOON
) -> Decision:
    return decide(rule, occasions, warned, now=now, zone=PARIS)


def test_what_happened_is_said_at_once() -> None:
    assert said(Rule(), spike()).warn == (spike(),)


def test_same_thing_is_not_said_twice() -> None:
    assert said(Rule(), spike(), warned=(told(),), now=NOON + 9 * DAY).warn == ()


def test_what_happens_together_is_one_warning() -> None:
    later = spike("t", at=NOON + MINUTE)
    assert said(Rule(), later, spike(), now=NOON + HOUR).warn == (spike(), later)


def test_cool_down_holds_the_next_warning_back() -> None:
    rule, other = Rule(cool_down=2 * HOUR), spike("t")
    assert said(rule, other, warned=(told(),), now=NOON + HOUR).warn == ()
    assert said(rule, other, warned=(told(),), now=NOON + 2 * HOUR).warn == (other,)


def test_urgent_waits_minutes_not_hours() -> None:
    rule, cry = Rule(cool_down=2 * HOUR), spike("t", is_urgent=True)
    assert said(rule, cry, warned=(told(),), now=NOON + URGENT_COOL_DOWN - MINUTE).warn == ()
    assert said(rule, cry, warned=(told(),), now=NOON + URGENT_COOL_DOWN).warn == (cry,)


def test_night_is_silent_and_morning_says_what_it_held() -> None:
    assert said(NIGHT, spike(), now=MIDNIGHT).warn == ()
    assert said(NIGHT, spike(), now=MIDNIGHT + 7 * HOUR).warn == (spike(),)


def test_urgent_passes_through_the_night_unless_told_otherwise() -> None:
    cry = spike(is_urgent=True)
    assert said(NIGHT, cry, now=MIDNIGHT).warn == (cry,)
    assert said(replace(NIGHT, is_urgent_heard=False), cry, now=MIDNIGHT).warn == ()


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(19, False), (20, True), (23, True), (0, True), (6, True), (7, False)]
)
def test_silence_goes_over_midnight_in_local_time(hour: int, is_quiet: bool) -> None:
    assert NIGHT.is_quiet(datetime(2026, 10, 1, hour, tzinfo=PARIS), PARIS) is is_quiet


def test_unread_warning_is_repeated_once() -> None:
    assert said(Rule(), warned=(told(),), now=NOON + REPEAT_AFTER - MINUTE).repeat == ()
    assert said(Rule(), warned=(told(),), now=NOON + REPEAT_AFTER).repeat == (1,)
    again = told(repeated_at=NOON + REPEAT_AFTER)
    assert said(Rule(), warned=(again,), now=NOON + 9 * DAY).repeat == ()


def test_read_warning_is_not_repeated() -> None:
    assert said(Rule(), warned=(told(read_at=NOON),), now=NOON + DAY) == Decision()


def test_warning_still_unread_goes_to_the_deputy() -> None:
    rule, again = Rule(has_deputy=True), told(repeated_at=NOON)
    assert said(rule, warned=(again,), now=NOON + REPEAT_AFTER).escalate == (1,)
    assert said(Rule(), warned=(again,), now=NOON + REPEAT_AFTER).escalate == ()


def test_urgent_unread_warning_is_repeated_in_minutes() -> None:
    assert said(Rule(), warned=(told(is_urgent=True),), now=NOON + REPEAT_URGENT_AFTER).repeat


# ── a week of an alert, minute by minute, whatever happens ──────────────────────────────────


@dataclass
class Week:
    """What an alert would have said, looked at every so many minutes."""

    rule: Rule
    step: timedelta
    occasions: list[Occasion]
    reads_after: timedelta | None
    warned: list[Warned] = field(default_factory=list)
    said: list[tuple[datetime, str, bool]] = field(default_factory=list)

    def live(self) -> Week:
        now, end = NOON, NOON + 7 * DAY
        while now <= end:
            self._look(now)
            now += self.step
        return self

    def _look(self, now: datetime) -> None:
        self.warned = [self._read(one, now) for one in self.warned]
        seen = [one for one in self.occasions if one.at <= now]
        found = decide(self.rule, seen, self.warned, now=now, zone=PARIS)
        for number in found.repeat:
            self._note(now, "repeat", number, repeated_at=now)
        for number in found.escalate:
            self._note(now, "escalate", number, escalated_at=now)
        if found.warn:
            is_urgent = any(one.is_urgent for one in found.warn)
            keys = frozenset(one.key for one in found.warn)
            number = len(self.warned)
            self.warned.append(
                Warned(number=number, keys=keys, decided_at=now, is_urgent=is_urgent)
            )
            self.said.append((now, "warn", is_urgent))

    def _note(self, now: datetime, what: str, number: int, **facts: datetime) -> None:
        self.warned[number] = replace(self.warned[number], **facts)  # type: ignore[arg-type]  # moments
        self.said.append((now, what, self.warned[number].is_urgent))

    def _read(self, one: Warned, now: datetime) -> Warned:
        is_time = self.reads_after is not None and now - one.decided_at >= self.reads_after
        return replace(one, read_at=now) if is_time and one.read_at is None else one


times = st.one_of(st.none(), st.tuples(st.times(), st.times()))
rules = st.builds(
    lambda quiet, cool_down, heard, deputy: Rule(
        quiet_from=quiet and quiet[0],
        quiet_until=quiet and quiet[1],
        cool_down=cool_down,
        is_urgent_heard=heard,
        has_deputy=deputy,
    ),
    times,
    st.timedeltas(timedelta(), 12 * HOUR),
    st.booleans(),
    st.booleans(),
)
happened = st.lists(st.tuples(st.timedeltas(timedelta(), 3 * DAY), st.booleans()), max_size=8).map(
    lambda found: [
        Occasion(key=str(number), at=NOON + after, is_urgent=is_urgent)
        for number, (after, is_urgent) in enumerate(found)
    ]
)
weeks = st.builds(
    Week,
    rules,
    st.sampled_from([7 * MINUTE, 31 * MINUTE]),
    happened,
    st.one_of(st.none(), st.timedeltas(timedelta(), DAY)),
).map(Week.live)


@settings(max_examples=50)
@given(weeks)
def test_each_thing_is_said_once(week: Week) -> None:
    keys = [key for one in week.warned for key in one.keys]
    assert len(keys) == len(set(keys))


@settings(max_examples=50)
@given(weeks)
def test_silence_is_kept_but_for_what_is_urgent_and_heard(week: Week) -> None:
    for at, _what, is_urgent in week.said:
        assert (is_urgent and week.rule.is_urgent_heard) or not week.rule.is_quiet(at, PARIS)


@settings(max_examples=50)
@given(weeks)
def test_warnings_are_as_far_apart_as_asked(week: Week) -> None:
    moments = [(one.decided_at, one.is_urgent) for one in week.warned]
    for (before, _first), (after, is_urgent) in pairwise(moments):
        assert after - before >= week.rule.pause(is_urgent=is_urgent)


@settings(max_examples=50)
@given(weeks)
def test_a_warning_is_repeated_and_escalated_at_most_once_and_in_this_order(week: Week) -> None:
    for one in week.warned:
        if one.escalated_at is not None:
            assert week.rule.has_deputy
            assert one.repeated_at is not None
            assert one.repeated_at < one.escalated_at
        if one.read_at is not None:
            assert all(at <= one.read_at for at in (one.repeated_at, one.escalated_at) if at)


@settings(max_examples=50)
@given(weeks)
def test_nothing_is_lost_once_the_silence_ends(week: Week) -> None:
    said = {key for one in week.warned for key in one.keys}
    lost = [one for one in week.occasions if one.key not in said]
    # A silence that never leaves a look between its ends would hold everything back.
    if any(not week.rule.is_quiet(NOON + 4 * DAY + k * week.step, PARIS) for k in range(400)):
        assert lost == []


@settings(max_examples=50)
@given(weeks)
def test_what_nobody_reads_reaches_the_deputy(week: Week) -> None:
    if week.reads_after is None and week.rule.has_deputy and week.rule.quiet_from is None:
        assert all(one.escalated_at is not None for one in week.warned)
