"""Due times: 10,000 questions asked over a year, beside a clock that looks at every minute.

Run: python -m bench.due_times
Claim: under a second, closures, holidays and two changes of the clocks included. The peer is asked
for a hundredth of them.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from vigie.inbox.clock import Period, ServiceHours, due

COUNT, PEER_COUNT = 10_000, 100
SECONDS = 1.0
MINUTE = timedelta(minutes=1)
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def services() -> list[ServiceHours]:
    """Invent twelve services with hours, holidays and closures of their own."""
    found = []
    for number in range(12):
        minute = 5 * number % 60
        morning = Period(starts=clock(8, minute), ends=clock(12))
        afternoon = Period(starts=clock(13, 30), ends=clock(17, minute))
        shut = BEGINS + timedelta(days=200 + number)
        found.append(
            ServiceHours(
                zone=ZoneInfo("Europe/Paris"),
                week=(*((morning, afternoon),) * 5, (), ()),
                holidays=frozenset({date(2026, 5, 1), date(2026, 5, 8), date(2026, 7, 14)}),
                closures=((shut, shut + timedelta(days=21)),),
            )
        )
    return found


def by_minutes(hours: ServiceHours, asked: datetime, owed: timedelta) -> datetime:
    """Look at every minute: what is usually done."""
    moment, left = asked, owed
    while left > timedelta(0):
        local = moment.astimezone(hours.zone)
        inside = any(one.starts <= local.time() < one.ends for one in hours.week[local.weekday()])
        shut = any(early <= moment < late for early, late in hours.closures)
        if inside and not shut and local.date() not in hours.holidays:
            left -= MINUTE
        moment += MINUTE
    return moment


def main() -> int:
    """Print the seconds and the ratio; fail when the claim does not hold."""
    chance = random.Random(1)
    known = services()
    questions = [
        (chance.choice(known), BEGINS + chance.randrange(365 * 1440) * MINUTE,
         chance.choice((60, 240, 480, 1440)) * MINUTE)
        for _question in range(COUNT)
    ]  # fmt: skip
    begun = time.perf_counter()
    found = [due(*question) for question in questions]
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    same = [by_minutes(*question) for question in questions[:PEER_COUNT]]
    theirs = (time.perf_counter() - begun) * COUNT / PEER_COUNT
    assert same == found[:PEER_COUNT]
    print(f"vigie: {COUNT} due times in {ours:.3f} s; minute by minute {theirs:.1f} s")
    print(f"ratio: {theirs / ours:.0f} times quicker; claim: under {SECONDS} s")
    return 0 if ours < SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
