"""A server that asks to wait is waited for, in every form in which it may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOON
from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import BusyError, DeniedError, MissingError
from vigie.http import Http, Request
from vigie.http.patience import MOST_ASKED, Patience, asked_wait, moment

EPOCH = int(NOON.timestamp())
AGO = format_datetime(NOON - timedelta(minutes=10), usegmt=True)
"""What the clock of a server says that is ten minutes late."""

ASKED = [
    ("seconds", {"retry-after": "30"}, 30),
    ("a date", {"retry-after": "Thu, 01 Oct 2026 12:00:30 GMT"}, 30),
    ("a date gone by", {"retry-after": "Thu, 01 Oct 2026 11:00:00 GMT"}, 0),
    ("an old form of date", {"retry-after": "Thursday, 01-Oct-26 12:00:30 GMT"}, 30),
    ("Bluesky", {"ratelimit-limit": "30", "ratelimit-remaining": "0",
                 "ratelimit-reset": str(EPOCH + 300), "ratelimit-policy": "30;w=300"}, 300),
    ("Mastodon", {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "0",
                  "x-ratelimit-reset": "2026-10-01T12:05:00.123456Z"}, 300.123456),
    ("X", {"x-rate-limit-limit": "900", "x-rate-limit-remaining": "0",
           "x-rate-limit-reset": str(EPOCH + 900)}, 900),
    ("seconds left", {"ratelimit-reset": "17", "ratelimit-remaining": "0"}, 17),
    ("milliseconds", {"x-ratelimit-reset": str((EPOCH + 5) * 1000)}, 5),
    ("one header", {"ratelimit": "limit=100, remaining=0, reset=50"}, 50),
    ("one header, later draft", {"ratelimit": '"default";r=0;t=40'}, 40),
    ("the more exact wins", {"retry-after": "3", "x-ratelimit-reset": str(EPOCH + 300)}, 3),
    ("unreadable, then readable", {"retry-after": "soon", "ratelimit-reset": "9"}, 9),
    ("their clock is late", {"date": AGO, "x-rate-limit-reset": str(EPOCH - 570)}, 30),
    ("their clock is late, a date", {"date": AGO, "retry-after":
                                     "Thu, 01 Oct 2026 11:50:20 GMT"}, 20),
    ("their clock is late, seconds", {"date": AGO, "retry-after": "20"}, 20),
    ("for ever", {"retry-after": "99999999"}, MOST_ASKED.total_seconds()),
    ("Meta, minutes", {"x-business-use-case-usage":
        '{"17841": [{"type": "pages", "call_count": 100, "total_cputime": 20, "total_time": 20,'
        ' "estimated_time_to_regain_access": 19}]}'}, 19 * 60),
    ("Meta, percent", {"x-app-usage":
        '{"call_count": 100, "total_time": 25, "total_cputime": 25}'}, 3600),
    ("Meta, the longest", {"x-business-use-case-usage":
        '{"1": [{"estimated_time_to_regain_access": 2}, {"estimated_time_to_regain_access": 5}],'
        ' "2": [{"call_count": 3}]}'}, 300),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "seconds"), [case[1:] for case in ASKED],
                         ids=[case[0] for case in ASKED])  # fmt: skip
def test_every_form_of_asking_is_read(headers: dict[str, str], seconds: float) -> None:
    assert asked_wait(headers, status=429, now=NOON) == pytest.approx(seconds, abs=0.001)


NOT_ASKED: list[dict[str, str]] = [
    {},
    {"retry-after": "soon"},
    {"ratelimit-reset": str(EPOCH + 300), "ratelimit-remaining": "12"},
    {"x-ratelimit-reset": "2026-10-01T12:05:00Z", "x-ratelimit-remaining": "299"},
    {"ratelimit": "limit=100, remaining=5, reset=50"},
    {"x-app-usage": '{"call_count": 99, "total_time": 25, "total_cputime": 25}'},
    {"x-app-usage": "not json"},
    {"x-app-usage": '{"call_count": NaN}'},
    {"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 0}]}'},
]


@pytest.mark.parametrize("headers", NOT_ASKED)
def test_an_allowance_that_is_left_asks_nothing(headers: dict[str, str]) -> None:
    assert asked_wait(headers, status=200, now=NOON) is None


HEADERS = ["date", "retry-after", "ratelimit", "ratelimit-remaining", "x-ratelimit-reset",
           "x-rate-limit-reset", "x-app-usage", "x-business-use-case-usage"]  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=40) | st.floats().map(str)),
    st.sampled_from([200, 400, 403, 429, 503]),
)
def test_whatever_headers_say_a_wait_is_none_or_bounded(
    headers: dict[str, str], status: int
) -> None:
    wait = asked_wait(headers, status=status, now=NOON)
    assert wait is None or 0 <= wait <= MOST_ASKED.total_seconds()


@given(st.integers(int(1e9), int(7e9)))
def test_a_moment_is_read_the_same_in_every_form(seconds: int) -> None:
    exact = datetime.fromtimestamp(seconds, UTC)
    forms = [exact.isoformat(), format_datetime(exact, usegmt=True), str(seconds)]
    assert {moment(form, now=NOON) for form in forms} == {exact}


@given(st.text(max_size=60) | st.datetimes(timezones=st.timezones()).map(datetime.isoformat))
def test_any_text_is_a_moment_or_none(written: str) -> None:
    found = moment(written, now=NOON)
    assert found is None or found.utcoffset() == timedelta(0)


@given(st.integers(1, 20), st.floats(0, 1))
def test_waits_double_and_stay_bounded(tried: int, chance: float) -> None:
    patience = Patience(first_seconds=1, most_seconds=60)
    longest = min(2.0 ** (tried - 1), 60)
    assert longest / 2 <= patience.wait(tried, chance=chance) <= longest


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_short_wait_is_waited(
    http: Http, server: FaultServer, clock: Clock, status: int, method: str
) -> None:
    server.then(faults.says(status, b"", retry_after="7"), faults.says_json([]))
    http.ask(Request(url=server.url(), method=method))
    assert clock.slept == [7.0]


def test_chance_is_added_to_what_is_asked(server: FaultServer, clock: Clock) -> None:
    server.then(faults.says(429, b"", retry_after="7"), faults.says())
    with opener(clock, random=lambda: 0.25) as http:
        http.ask(Request(url=server.url()))
    assert clock.slept == [7.25]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"ratelimit-reset": str(EPOCH + 900), "ratelimit-remaining": "0"}),
        (429, {"x-ratelimit-reset": "2026-10-01T12:15:00.000Z"}),
        (503, {"retry-after": "900"}),
        (403, {"retry-after": "900"}),
        (400, {"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":15}]}'}),
    ],
)
def test_a_long_wait_is_told_with_its_end(
    http: Http, server: FaultServer, clock: Clock, status: int, headers: dict[str, str]
) -> None:
    server.then(faults.says(status, b'{"error": "slow down"}', **headers))
    with pytest.raises(BusyError, match="asks to wait") as caught:
        http.ask(Request(url=server.url()))
    assert caught.value.until == NOON + timedelta(minutes=15)
    assert (clock.slept, caught.value.status) == ([], status)


def test_a_server_that_stays_busy_is_busy(http: Http, server: FaultServer, clock: Clock) -> None:
    server.then(faults.says(429))
    with pytest.raises(BusyError) as caught:
        http.ask(Request(url=server.url()))
    assert (caught.value.until, len(server.asked)) == (None, 5)
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]


def test_a_question_is_given_up_when_all_its_waits_are_too_long(
    server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(429, b"", retry_after="50"))
    with (
        opener(clock, patience=Patience(all_seconds=120)) as http,
        pytest.raises(BusyError),
    ):
        http.ask(Request(url=server.url()))
    assert clock.slept == [50.0, 50.0]


def test_the_last_allowed_answer_is_what_it_is(http: Http, server: FaultServer) -> None:
    used_up = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": str(EPOCH + 900)}
    server.then(faults.says(404, **used_up))
    with pytest.raises(MissingError):
        http.ask(Request(url=server.url()))


def test_a_refused_key_is_not_mistaken_for_haste(http: Http, server: FaultServer) -> None:
    server.then(faults.says(403, x_app_usage='{"call_count": 12}'))
    with pytest.raises(DeniedError):
        http.ask(Request(url=server.url()))


LONG = {"ratelimit_remaining": "0", "ratelimit_reset": str(EPOCH + 900)}
SHORT = {"ratelimit_remaining": "0", "ratelimit_reset": str(EPOCH + 20)}


def test_a_used_up_allowance_is_waited_out_before_the_next_question(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(**SHORT), faults.says())
    http.ask(Request(url=server.url()))
    assert clock.slept == []
    http.ask(Request(url=server.url()))
    assert clock.slept == [20.0]


def test_a_used_up_allowance_is_not_asked_about(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(**LONG))
    http.ask(Request(url=server.url()))
    with pytest.raises(BusyError) as caught:
        http.ask(Request(url=server.url()))
    assert caught.value.until == NOON + timedelta(seconds=900)
    assert (len(server.asked), http.calls, clock.slept) == (1, 1, [])


def test_a_jump_of_the_day_clock_changes_no_wait(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(retry_after="20"), faults.says())
    http.ask(Request(url=server.url()))
    clock.jumped = timedelta(days=-400)
    http.ask(Request(url=server.url()))
    assert clock.slept == [20.0]


@pytest.mark.parametrize(
    "other", [{"counts_against": "users"}, {"secret_headers": {"authorization": "Bearer other"}}]
)
def test_each_key_and_each_kind_of_question_has_its_own_allowance(
    http: Http, server: FaultServer, other: dict[str, object]
) -> None:
    server.then(faults.says(**LONG), faults.says())
    http.ask(Request(url=server.url()))
    assert http.ask(Request(url=server.url(), **other)).status == 200  # type: ignore[arg-type]


def test_another_server_is_not_left_alone(http: Http, server: FaultServer) -> None:
    server.then(faults.says(**LONG))
    http.ask(Request(url=server.url()))
    with FaultServer() as other:
        assert http.ask(Request(url=other.url())).status == 200


def test_questions_to_one_server_keep_their_distance(server: FaultServer, clock: Clock) -> None:
    with opener(clock, gap_seconds=0.2) as http:
        for _question in range(4):
            http.ask(Request(url=server.url()))
    assert clock.slept == [0.2, 0.2, 0.2]


def test_time_that_passed_anyway_is_not_waited_again(server: FaultServer, clock: Clock) -> None:
    with opener(clock, gap_seconds=0.2) as http:
        http.ask(Request(url=server.url()))
        clock.sleep(5)
        http.ask(Request(url=server.url()))
    assert clock.slept == [5]
