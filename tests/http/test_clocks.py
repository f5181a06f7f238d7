"""Whether the clock of this machine can be believed: what servers say of the time."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.cast import NOON
from tests.http.faults import FaultServer, says
from vigie.http import Http, Request
from vigie.http.addresses import Allowed
from vigie.http.clocks import Clocks

DAY = timedelta(days=1)


def noted(*ahead: timedelta) -> Clocks:
    """Return what is known after answers of servers that our clock is so much ahead of."""
    clocks = Clocks()
    for number, gap in enumerate(ahead):
        date = format_datetime(NOON - gap, usegmt=True)
        clocks.note(f"{number}.example", {"date": date}, at=NOON)
    return clocks


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ((), None),
        ((timedelta(minutes=3),), None),
        ((DAY,), DAY),
        ((-DAY, -2 * DAY), -DAY),
        ((DAY, timedelta(seconds=2)), None),
    ],
)
def test_clock_is_wrong_when_no_server_agrees(
    ahead: tuple[timedelta, ...], said: timedelta | None
) -> None:
    assert noted(*ahead).ahead == said


@pytest.mark.parametrize(
    "headers",
    [{}, {"date": "yesterday"}, {"date": "Fri, 20 Nov 2020 12:00:00 GMT", "age": "86400"}],
)
def test_answer_that_says_nothing_certain_of_the_time_counts_for_nothing(
    headers: dict[str, str],
) -> None:
    clocks = Clocks()
    clocks.note("a.example", headers, at=NOON)
    assert clocks.ahead is None


def test_every_answer_is_noted() -> None:
    with FaultServer() as server, Http(
        agent="test", allowed=Allowed.of("127.0.0.1"), clock=lambda: NOON
    ) as http:  # fmt: skip
        server.then(says(date="Fri, 16 Oct 2026 12:00:00 GMT"))
        http.ask(Request(url=server.url()))
    assert http.clocks.ahead is not None
