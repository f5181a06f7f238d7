"""Behind a proxy the same names are refused, and only the right server reads what we ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.streams import StreamServer
from tests.http.waiting import Clock, opener
from vigie.errors import AddressError, NoAnswerError, SettingError
from vigie.http import Request
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience
from vigie.http.proxies import Proxy, proxy_of

PUBLIC = Allowed(resolve=lambda _host, _port: ["93.184.216.34"])
INSIDE = Allowed(resolve=lambda _host, _port: ["10.0.0.1"])
NAMED = Allowed.of("stats.northfield.example", resolve=lambda _host, _port: [])


def through(server: FaultServer) -> Proxy:
    return Proxy(host="127.0.0.1", port=server.port, headers={"Proxy-Authorization": "Basic eDp5"})


@pytest.mark.parametrize(
    ("setting", "host", "port"),
    [
        ("http://proxy.northfield.example:8080", "proxy.northfield.example", 8080),
        ("proxy.northfield.example:8080/", "proxy.northfield.example", 8080),
        ("http://10.0.0.8", "10.0.0.8", 3128),
        ("http://[fd00::8]:3128", "fd00::8", 3128),
    ],
)
def test_the_setting_is_read(setting: str, host: str, port: int) -> None:
    assert proxy_of(setting) == Proxy(host=host, port=port)


def test_who_we_are_for_the_proxy_shows_nowhere() -> None:
    proxy = proxy_of("http://bob:open%20sesame@proxy.northfield.example:3128")
    assert proxy is not None
    assert proxy.headers == {"Proxy-Authorization": "Basic Ym9iOm9wZW4gc2VzYW1l"}
    assert "Ym9i" not in repr(proxy)


@pytest.mark.parametrize("setting", ["https://p:1", "socks5://p:1", "http://", "http://p:x", "a b"])
def test_a_proxy_that_cannot_be_is_refused(setting: str) -> None:
    with pytest.raises(SettingError, match="proxy must be written"):
        proxy_of(setting)


def test_no_setting_is_no_proxy() -> None:
    assert proxy_of(" ") is None


def test_an_open_question_is_handed_to_the_proxy(server: FaultServer, clock: Clock) -> None:
    with opener(clock, allowed=PUBLIC, proxy=through(server)) as http:
        http.ask(Request(url="http://news.northfield.example/feed?a=1"))
    asked = server.asked[0]
    assert asked.path == "http://news.northfield.example/feed?a=1"
    assert asked.headers["host"] == "news.northfield.example"
    assert asked.headers["proxy-authorization"] == "Basic eDp5"


def test_what_is_private_is_refused_before_the_proxy_hears_of_it(
    server: FaultServer, clock: Clock
) -> None:
    with (
        opener(clock, allowed=INSIDE, proxy=through(server)) as http,
        pytest.raises(AddressError, match="private address"),
    ):
        http.ask(Request(url="http://intranet.northfield.example/"))
    assert server.connections == 0


def test_a_name_that_only_the_proxy_can_look_up_is_named_in_the_setting(
    server: FaultServer, clock: Clock
) -> None:
    with opener(clock, allowed=NAMED, proxy=through(server)) as http:
        http.ask(Request(url="http://stats.northfield.example/", secret_params={"key": "sesame"}))
        http.ask(Request(url="http://stats.northfield.example/", secret_params={"key": "sesame"}))
    assert [asked.connection for asked in server.asked] == [1, 1]


def test_the_proxy_does_not_read_what_is_encrypted(
    server: FaultServer, encrypted: FaultServer, certificate: Path, clock: Clock
) -> None:
    server.then(faults.tunnels(encrypted.port))
    proxy = through(server)
    with opener(clock, allowed=PUBLIC, proxy=proxy, authorities=str(certificate)) as http:
        request = Request(url="https://northfield.example/a", secret_headers={"x-key": "sesame"})
        assert http.ask(request).status == 200
    assert (server.asked[0].method, server.asked[0].path) == ("CONNECT", "northfield.example:443")
    assert encrypted.asked[0].headers["x-key"] == "sesame"
    assert "proxy-authorization" not in encrypted.asked[0].headers


def test_a_proxy_that_poses_as_the_server_is_found_out(
    server: FaultServer, encrypted: FaultServer, certificate: Path, clock: Clock
) -> None:
    server.then(faults.tunnels(encrypted.port))
    proxy = through(server)
    with (
        opener(clock, allowed=PUBLIC, proxy=proxy, authorities=str(certificate)) as http,
        pytest.raises(NoAnswerError, match="does not prove"),
    ):
        http.ask(Request(url="https://southbridge.example/"))


def test_a_proxy_that_lets_nobody_out_is_named(server: FaultServer, clock: Clock) -> None:
    server.then(faults.says(407))
    with (
        opener(clock, allowed=PUBLIC, proxy=through(server), patience=Patience(tries=1)) as http,
        pytest.raises(NoAnswerError, match=r"proxy 127\.0\.0\.1 opened no connection"),
    ):
        http.ask(Request(url="https://northfield.example/"))


def test_a_live_stream_goes_through_the_proxy(server: FaultServer, clock: Clock) -> None:
    with (
        StreamServer("done", (b"1",)) as stream,
        opener(clock, allowed=PUBLIC, proxy=through(server)) as http,
    ):
        server.then(faults.tunnels(stream.port))
        found = list(http.follow(Request(url="ws://live.northfield.example:8080/")))
    assert (found, server.asked[0].path) == ([b"1"], "live.northfield.example:8080")
    assert server.asked[0].headers["proxy-authorization"] == "Basic eDp5"
    assert "user-agent" in stream.headers
    assert "proxy-authorization" not in stream.headers
