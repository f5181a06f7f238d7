"""Where a server sends us, every step is checked like the first, and keys stay at home."""

from __future__ import annotations

import pytest

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import AddressError, GarbledError
from vigie.http import Http, Request
from vigie.http.addresses import Allowed
from vigie.http.targets import Target, redirected

KEY = "k3y-of-northfield-library"


def secret(url: str, **given: object) -> Request:
    return Request(url=url, secret_headers={"Authorization": f"Bearer {KEY}"},
                   secret_params={"access_token": KEY}, **given)  # type: ignore[arg-type]  # fmt: skip


def test_a_redirect_is_followed(http: Http, server: FaultServer) -> None:
    server.then(faults.redirects("/new?a=1", 301), faults.says(200, b"here"))
    answer = http.ask(Request(url=server.url("/old")))
    assert (answer.body, answer.url) == (b"here", server.url("/new?a=1"))


@pytest.mark.parametrize("location", ["/caf\u00c3\u00a9", "/caf%C3%A9", "http:///caf%C3%A9"])
def test_letters_beyond_ascii_arrive_as_utf_8(
    http: Http, server: FaultServer, location: str
) -> None:
    server.then(faults.redirects(location.replace("//", server.url("")[5:])), faults.says())
    http.ask(Request(url=server.url()))
    assert server.asked[1].path == "/caf%C3%A9"


def test_circles_are_left(http: Http, server: FaultServer) -> None:
    server.then(faults.redirects("/"))
    with pytest.raises(GarbledError, match="in circles"):
        http.ask(Request(url=server.url()))
    assert len(server.asked) == 6


def test_a_redirect_to_nowhere_is_garbled(http: Http, server: FaultServer) -> None:
    server.then(faults.says(302, b""))
    with pytest.raises(GarbledError, match="elsewhere without saying where"):
        http.ask(Request(url=server.url()))


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2/", "http://localhost./", "http://[::1]/", "http://[::ffff:127.0.0.2]/",
     "http://2130706434/", "http://169.254.169.254/latest/meta-data/", "//10.0.0.1/",
     "http://rebound.example/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"],
)  # fmt: skip
def test_a_redirect_inside_is_refused(server: FaultServer, clock: Clock, location: str) -> None:
    def names(host: str, _port: int) -> list[str]:
        return {"rebound.example": ["192.168.0.1"], "localhost": ["127.0.0.5"]}.get(host, [host])

    server.then(faults.redirects(location))
    with (
        opener(clock, allowed=Allowed.of("127.0.0.1", resolve=names)) as http,
        pytest.raises(AddressError),
    ):
        http.ask(Request(url=server.url()))


def test_keys_go_on_to_the_same_place(http: Http, server: FaultServer) -> None:
    server.then(faults.redirects("/new"), faults.says())
    answer = http.ask(secret(server.url("/old")))
    assert server.asked[1].headers["authorization"] == f"Bearer {KEY}"
    assert server.asked[1].path == f"/new?access_token={KEY}"
    assert answer.url == server.url("/new")


def test_keys_do_not_go_to_another_place(http: Http, server: FaultServer) -> None:
    with FaultServer() as other:
        server.then(faults.redirects(other.url(f"/?access_token={KEY}&x={KEY}&a=1")))
        answer = http.ask(secret(server.url()))
    assert KEY not in repr(other.asked)
    assert answer.url == other.url("/?a=1")


def test_a_key_the_server_repeats_in_the_address_is_sent_once_and_not_shown(
    http: Http, server: FaultServer
) -> None:
    server.then(faults.redirects(f"/new?access_token={KEY}&a=1"), faults.says())
    answer = http.ask(secret(server.url("/old")))
    assert server.asked[1].path.count(KEY) == 1
    assert answer.url == server.url("/new?a=1")


HOME = Target(scheme="https", host="api.example", port=443)


def test_a_question_with_a_key_does_not_leave_encryption() -> None:
    moved = redirected(secret("https://api.example/a"), HOME, "http://api.example/a", status=302)
    assert isinstance(moved, AddressError)


def test_a_question_without_a_key_may() -> None:
    asked = Request(url="https://api.example/")
    moved = redirected(asked, HOME, "http://api.example/feed", status=302)
    assert moved == Request(url="http://api.example/feed")


@pytest.mark.parametrize("status", [301, 302, 303])
def test_after_a_post_the_answer_is_fetched(http: Http, server: FaultServer, status: int) -> None:
    server.then(faults.redirects("/done", status), faults.says())
    http.ask(Request(url=server.url(), method="POST", body=b"a=1"))
    assert (server.asked[1].method, server.asked[1].body) == ("GET", b"")


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_is_carried_to_the_same_place_only(
    http: Http, server: FaultServer, status: int
) -> None:
    server.then(faults.redirects("/there", status), faults.says())
    http.ask(Request(url=server.url(), method="POST", body=b"a=1"))
    assert (server.asked[1].method, server.asked[1].body) == ("POST", b"a=1")
    with FaultServer() as other:
        server.then(faults.redirects(other.url(), status))
        with pytest.raises(GarbledError, match="not followed"):
            http.ask(Request(url=server.url(), method="POST", body=b"a=1"))
        assert other.asked == []


def test_a_key_is_not_sent_to_a_stranger_without_encryption(clock: Clock) -> None:
    with (
        opener(clock, allowed=Allowed(resolve=lambda _h, _p: ["93.184.216.34"])) as http,
        pytest.raises(AddressError, match="without encryption"),
    ):
        http.ask(secret("http://stats.northfield.example/"))
