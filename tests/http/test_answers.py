"""What a server answers arrives whole, or an error says why it does not."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import (
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
    NoAnswerError,
    RefusedError,
)
from vigie.http import Http, Request
from vigie.http.patience import Patience


def test_the_answer_is_what_was_sent(http: Http, server: FaultServer) -> None:
    server.then(faults.says_json({"likes": 3}, etag='"a"'))
    answer = http.ask(Request(url=server.url("/feed"), params={"limit": "2"}))
    assert (answer.json(), answer.headers["etag"]) == ({"likes": 3}, '"a"')
    assert answer.url == server.url("/feed?limit=2")


def test_a_server_is_told_who_asks(http: Http, server: FaultServer) -> None:
    http.ask(Request(url=server.url()))
    assert "watch@northfield.example" in server.asked[0].headers["user-agent"]
    assert server.asked[0].headers["host"] == f"127.0.0.1:{server.port}"


def test_what_has_not_changed_is_an_answer(http: Http, server: FaultServer) -> None:
    server.then(faults.says(304))
    request = Request(url=server.url(), headers={"If-None-Match": '"a"'})
    assert http.ask(request).status == 304
    assert server.asked[0].headers["if-none-match"] == '"a"'


def test_connections_are_kept_for_the_next_question(http: Http, server: FaultServer) -> None:
    for _question in range(5):
        http.ask(Request(url=server.url()))
    assert [asked.connection for asked in server.asked] == [1, 1, 1, 1, 1]


def test_a_kept_connection_that_was_closed_costs_no_wait(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    def once(caller: faults.Caller) -> None:
        faults.says()(caller)
        caller.is_open = False

    server.then(once)
    for _question in range(3):
        assert http.ask(Request(url=server.url())).status == 200
    assert (server.connections, clock.slept) == (3, [])


def test_a_kept_connection_closed_as_we_ask_is_opened_anew_at_once(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(), faults.closes, faults.says(200, b"again"))
    http.ask(Request(url=server.url()))
    assert http.ask(Request(url=server.url())).body == b"again"
    assert clock.slept == []


def test_what_must_not_arrive_twice_goes_on_a_connection_of_its_own(
    http: Http, server: FaultServer
) -> None:
    http.ask(Request(url=server.url()))
    http.ask(Request(url=server.url(), method="POST", body=b"a=1"))
    assert [asked.connection for asked in server.asked] == [1, 2]
    assert server.asked[1].body == b"a=1"


PACKED = b'{"text": "' + b"campus " * 30_000 + b'"}'


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
def test_packed_answers_are_unpacked(http: Http, server: FaultServer, encoding: str) -> None:
    server.then(faults.says_packed(PACKED, encoding))
    assert http.ask(Request(url=server.url())).body == PACKED


def test_an_answer_in_chunks_is_put_together(http: Http, server: FaultServer) -> None:
    server.then(faults.chunked(b'{"a":', b" 1}"))
    assert http.ask(Request(url=server.url())).json() == {"a": 1}
    http.ask(Request(url=server.url()))
    assert server.connections == 1


def test_an_answer_without_a_length_ends_with_the_connection(
    http: Http, server: FaultServer
) -> None:
    server.then(faults.until_close(b"news"))
    assert http.ask(Request(url=server.url())).body == b"news"


def test_headers_sent_twice_are_joined(http: Http, server: FaultServer) -> None:
    links = [("Link", "<a>; rel=next"), ("Link", "<b>; rel=prev"), ("Content-Length", "0")]
    server.then(lambda caller: caller.send(faults.head(200, links)))
    headers = http.ask(Request(url=server.url())).headers
    assert headers["link"] == "<a>; rel=next, <b>; rel=prev"


def test_text_is_read_in_the_encoding_that_is_named(http: Http, server: FaultServer) -> None:
    server.then(faults.says(200, "Université".encode("latin-1"), content_type="a; charset=latin1"))
    assert http.ask(Request(url=server.url())).text == "Université"


def test_an_encoding_nobody_knows_does_not_stop_the_reading(
    http: Http, server: FaultServer
) -> None:
    server.then(faults.says(200, "Université".encode(), content_type="a; charset=klingon"))
    assert http.ask(Request(url=server.url())).text == "Université"


NO_ANSWER = {
    "reset": faults.resets,
    "closed": faults.closes,
    "silent": faults.hangs,
    "half a body": faults.half(),
    "half a body, then reset": faults.half_reset,
    "length too long": faults.claims("500", b"{}"),
    "chunks cut": faults.chunked(b"{", is_whole=False),
    "packed body cut": faults.says_packed(PACKED, lost=10),
}


@pytest.mark.parametrize("fault", NO_ANSWER.values(), ids=NO_ANSWER)
def test_a_broken_answer_is_asked_for_again(
    server: FaultServer, clock: Clock, fault: faults.Behaviour
) -> None:
    server.then(fault, faults.says_json([1]))
    with opener(clock) as http:
        assert http.ask(Request(url=server.url())).json() == [1]
    assert clock.slept == [0.5]


@pytest.mark.parametrize("fault", NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_stays_broken_is_said_to_be(
    server: FaultServer, clock: Clock, fault: faults.Behaviour
) -> None:
    server.then(fault)
    with (
        opener(clock, patience=Patience(tries=2)) as http,
        pytest.raises(NoAnswerError, match="next run"),
    ):
        http.ask(Request(url=server.url()))
    assert (len(server.asked), http.calls) == (2, 2)


@pytest.mark.parametrize("fault", [faults.resets, faults.half_reset, faults.says(500)])
def test_what_may_have_been_acted_on_is_not_asked_twice(
    http: Http, server: FaultServer, fault: faults.Behaviour
) -> None:
    server.then(fault)
    with pytest.raises(NetworkError):
        http.ask(Request(url=server.url(), method="POST", body=b"text=hello"))
    assert len(server.asked) == 1


def test_a_post_that_says_it_is_repeatable_is_repeated(http: Http, server: FaultServer) -> None:
    server.then(faults.resets, faults.says())
    http.ask(Request(url=server.url(), method="POST", body=b"q=1", repeatable=True))
    assert len(server.asked) == 2


def test_a_server_that_is_down_is_tried_again(server: FaultServer, clock: Clock) -> None:
    url = server.url()
    server.__exit__(None, None, None)
    with opener(clock) as http, pytest.raises(NoAnswerError, match="takes no connection"):
        http.ask(Request(url=url, method="POST"))
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]


def test_an_error_of_the_server_is_waited_out(
    http: Http, server: FaultServer, clock: Clock
) -> None:
    server.then(faults.says(500), faults.says(502), faults.says_json([]))
    assert http.ask(Request(url=server.url())).json() == []
    assert clock.slept == [0.5, 1.0]


def test_an_error_that_stays_is_told_with_its_status(http: Http, server: FaultServer) -> None:
    server.then(faults.says(500, b"Internal\n error"))
    with pytest.raises(RefusedError, match="Internal error") as caught:
        http.ask(Request(url=server.url()))
    assert (caught.value.status, caught.value.said) == (500, "Internal error")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RefusedError), (401, DeniedError), (403, DeniedError), (404, MissingError),
     (410, MissingError), (422, RefusedError)],
)  # fmt: skip
def test_a_refusal_is_told_at_once(
    http: Http, server: FaultServer, status: int, error: type[RefusedError]
) -> None:
    server.then(faults.says(status, b'{"error": "no"}'))
    with pytest.raises(RefusedError) as caught:
        http.ask(Request(url=server.url()))
    assert (type(caught.value), caught.value.status, len(server.asked)) == (error, status, 1)


def test_html_where_json_was_expected_is_named(http: Http, server: FaultServer) -> None:
    server.then(faults.says_html)
    with pytest.raises(GarbledError, match="a web page, “Sign in – Campus”"):
        http.ask(Request(url=server.url())).json()


@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_what_is_not_json_is_refused(http: Http, server: FaultServer, body: bytes) -> None:
    server.then(faults.says(200, body))
    with pytest.raises(GarbledError, match="JSON"):
        http.ask(Request(url=server.url())).json()


GARBLED = {
    "not http": faults.speaks_another_language,
    "headers without end": faults.too_many_headers,
    "not gzip": faults.says(200, b"plain", content_encoding="gzip"),
    "packed again and again": faults.says(200, b"x", content_encoding="gzip" + ",gzip" * 50),
}


@pytest.mark.parametrize("fault", GARBLED.values(), ids=GARBLED)
def test_what_cannot_be_read_is_garbled(
    http: Http, server: FaultServer, fault: faults.Behaviour
) -> None:
    server.then(fault)
    with pytest.raises(GarbledError, match="cannot be read"):
        http.ask(Request(url=server.url()))


TOO_LARGE = {
    "endless": faults.endless,
    "bomb": faults.bomb(64),
    "bomb in one chunk": faults.chunked(
        faults.packed_zeros(64, "gzip"), content_encoding="gzip"
    ),
    "bomb of zlib": faults.bomb(64, "deflate"),
    "claimed": faults.says(200, bytes(2 << 20)),
}  # fmt: skip


@pytest.mark.parametrize("fault", TOO_LARGE.values(), ids=TOO_LARGE)
def test_more_than_is_read_is_not_read(
    server: FaultServer, clock: Clock, fault: faults.Behaviour
) -> None:
    server.then(fault)
    with (
        opener(clock, most_bytes=1 << 20) as http,
        pytest.raises(GarbledError, match="more than 1 megabytes"),
    ):
        http.ask(Request(url=server.url()))
    assert len(server.asked) == 1


def test_a_bomb_is_never_held_in_memory(server: FaultServer, clock: Clock) -> None:
    server.then(faults.bomb(64))
    with opener(clock, most_bytes=1 << 20) as http:
        tracemalloc.start()
        with pytest.raises(GarbledError):
            http.ask(Request(url=server.url()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 4 << 20


def test_bytes_after_the_answer_do_not_become_the_next_one(http: Http, server: FaultServer) -> None:
    server.then(faults.claims("2", b"{}HTTP/1.1 200 OK\r\n\r\nfalse"), faults.says(200, b"true"))
    http.ask(Request(url=server.url()))
    assert http.ask(Request(url=server.url())).body == b"true"


@pytest.mark.parametrize("fault", [faults.drips(), faults.drips(in_headers=True)])
def test_a_server_that_drips_does_not_hold_us(
    server: FaultServer, clock: Clock, fault: faults.Behaviour
) -> None:
    server.then(fault)
    with (
        opener(clock, patience=Patience(tries=1)) as http,
        pytest.raises(NoAnswerError, match="not answered whole after 1 second"),
    ):
        http.ask(Request(url=server.url()))


def test_a_head_question_has_no_body(http: Http, server: FaultServer) -> None:
    server.then(faults.says(200, b"never sent"))
    assert http.ask(Request(url=server.url(), method="HEAD")).body == b""
