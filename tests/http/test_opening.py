"""The opener that the settings describe, used by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import AddressError, SettingError
from vigie.http import Http, Request, open_http
from vigie.http.allowances import Allowances
from vigie.http.lines import MOST_KEPT
from vigie.http.opening import identity
from vigie.settings import Settings


def test_the_settings_say_who_we_are_and_how_fast_we_ask() -> None:
    with open_http(Settings(contact="watch@northfield.example", questions_per_second=4)) as http:
        assert "+watch@northfield.example" in http.agent
        assert http.gap_seconds == 0.25


def test_by_default_nothing_private_is_opened(server: FaultServer) -> None:
    with open_http(Settings()) as http, pytest.raises(AddressError, match="private_addresses"):
        http.ask(Request(url=server.url()))


def test_what_the_settings_name_is_opened(server: FaultServer) -> None:
    with open_http(Settings(private_addresses="127.0.0.0/8", questions_per_second=0)) as http:
        assert http.ask(Request(url=server.url())).status == 200


def test_a_setting_that_cannot_be_is_told_at_once() -> None:
    with pytest.raises(SettingError):
        open_http(Settings(proxy="socks5://127.0.0.1"))


@pytest.mark.parametrize("contact", ["", "a\r\nX-Evil: 1", "Université@northfield.example"])
def test_a_contact_of_any_kind_can_be_sent(contact: str) -> None:
    agent = identity(contact)
    assert agent.isascii()
    assert agent.isprintable()


def test_several_threads_share_an_opener(server: FaultServer, clock: Clock) -> None:
    server.then(faults.says_json([1]))
    with opener(clock) as http, ThreadPoolExecutor(8) as threads:
        urls = [Request(url=server.url(f"/{number}")) for number in range(200)]
        found = list(threads.map(lambda request: http.ask(request).json(), urls))
    assert (found, http.calls) == ([[1]] * 200, 200)
    assert server.connections <= 8
    assert len({asked.path for asked in server.asked}) == 200


def test_few_connections_are_kept(clock: Clock) -> None:
    with ExitStack() as stack, opener(clock) as http:
        servers = [stack.enter_context(FaultServer()) for _number in range(MOST_KEPT + 1)]
        for server in [*servers, servers[-1], servers[0]]:
            http.ask(Request(url=server.url()))
        assert (servers[-1].connections, servers[0].connections) == (1, 2)


def test_a_closed_opener_opens_again(http: Http, server: FaultServer) -> None:
    http.ask(Request(url=server.url()))
    http.close()
    http.ask(Request(url=server.url()))
    assert server.connections == 2


def test_turns_are_taken_one_after_the_other() -> None:
    allowances = Allowances(gap_seconds=0.5)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _n: allowances.turn("northfield.example", 10.0), range(8)))
    assert sorted(waits) == [0.5 * number for number in range(8)]
