"""A live stream is followed until it ends; where it breaks, the caller is told to resume."""

from __future__ import annotations

import pytest

from tests.http.faults import FaultServer
from tests.http.streams import StreamServer
from tests.http.waiting import Clock, opener
from vigie.errors import AddressError, DeniedError, GarbledError, NetworkError, NoAnswerError
from vigie.http import Http, Request
from vigie.http.addresses import Allowed
from vigie.http.following import MOST_MESSAGE


def test_messages_come_in_order_until_the_server_is_done(http: Http) -> None:
    with StreamServer("done", (b"\x01", "deux", b"x" * 100_000)) as stream:
        found = list(http.follow(Request(url=stream.url(), params={"cursor": "0"})))
    assert found == [b"\x01", "deux", b"x" * 100_000]
    assert stream.paths == ["/stream?cursor=0"]
    assert "watch@northfield.example" in stream.agents[0]


@pytest.mark.parametrize(
    ("then", "error"),
    [("closed", NoAnswerError), ("broken", NoAnswerError), ("refused", DeniedError),
     ("moved", NetworkError)],
)  # fmt: skip
def test_what_breaks_is_told_after_what_had_come(
    http: Http, then: str, error: type[NetworkError]
) -> None:
    found: list[bytes | str] = []
    with StreamServer(then, (b"1", b"2")) as stream, pytest.raises(error):
        found.extend(http.follow(Request(url=stream.url())))
    assert found == ([] if then in ("refused", "moved") else [b"1", b"2"])


def test_a_silent_stream_is_left(http: Http) -> None:
    with (
        StreamServer("silent", (b"1",)) as stream,
        pytest.raises(NoAnswerError, match=r"sent nothing for 0\.2 seconds"),
    ):
        list(http.follow(Request(url=stream.url()), idle_seconds=0.2))
    assert stream.closed.wait(5)


def test_a_closed_generator_closes_the_connection(http: Http) -> None:
    with StreamServer("flood") as stream:
        messages = http.follow(Request(url=stream.url()))
        assert next(messages) == b"x" * 1000
        messages.close()  # type: ignore[attr-defined]  # a generator
        assert stream.closed.wait(5)


def test_a_message_that_is_too_large_is_not_read(http: Http) -> None:
    with (
        StreamServer("done", (bytes(MOST_MESSAGE + 1),)) as stream,
        pytest.raises(GarbledError, match="message of more than"),
    ):
        list(http.follow(Request(url=stream.url())))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "ws://10.0.0.1/", "ws://u@127.0.0.1/", "ws://127.0.0.1:0/"]
)
def test_a_stream_is_opened_only_where_it_may_be(http: Http, url: str) -> None:
    with pytest.raises(AddressError):
        next(http.follow(Request(url=url)))


def test_a_stream_goes_to_the_address_that_was_checked(clock: Clock) -> None:
    asked = []

    def names(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [["127.0.0.1"], ["127.0.0.2"]][len(asked) - 1]

    with (
        StreamServer("done", (b"1",)) as stream,
        opener(clock, allowed=Allowed.of("127.0.0.1", resolve=names)) as http,
    ):
        assert list(http.follow(Request(url=stream.url(host="rebound.example")))) == [b"1"]
    assert asked == ["rebound.example"]


def test_a_server_that_is_no_stream_is_named(http: Http, server: FaultServer) -> None:
    url = server.url().replace("http:", "ws:")
    with pytest.raises(GarbledError, match="does not open a live stream"):
        next(http.follow(Request(url=url)))


def test_letters_beyond_ascii_are_asked_as_utf_8(http: Http) -> None:
    with StreamServer("done") as stream:
        list(http.follow(Request(url=stream.url("/café à"))))
    assert stream.paths == ["/caf%C3%A9%20%C3%A0"]


def test_a_stream_counts_as_a_question(http: Http) -> None:
    with StreamServer("done") as stream:
        list(http.follow(Request(url=stream.url())))
    assert http.calls == 1
