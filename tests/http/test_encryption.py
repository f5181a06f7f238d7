"""A server proves that it has the name that was asked for, or is not spoken to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import NoAnswerError
from vigie.http import Request
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience

LOOPBACK = Allowed.of("127.0.0.1", resolve=lambda _host, _port: ["127.0.0.1"])


def test_the_right_name_with_a_known_authority_is_answered(
    encrypted: FaultServer, certificate: Path, clock: Clock
) -> None:
    with opener(clock, allowed=LOOPBACK, authorities=str(certificate)) as http:
        for _question in range(3):
            answer = http.ask(Request(url=encrypted.url(host="northfield.example")))
    assert (answer.status, encrypted.connections) == (200, 1)


@pytest.mark.parametrize("host", ["southbridge.example", "127.0.0.1", "www.northfield.example"])
def test_another_name_is_refused_and_nothing_is_sent(
    encrypted: FaultServer, certificate: Path, clock: Clock, host: str
) -> None:
    with (
        opener(clock, allowed=LOOPBACK, authorities=str(certificate)) as http,
        pytest.raises(NoAnswerError, match="does not prove"),
    ):
        http.ask(Request(url=encrypted.url(host=host), secret_headers={"x-key": "open-sesame"}))
    assert (encrypted.asked, encrypted.connections, clock.slept) == ([], 1, [])


def test_an_unknown_authority_is_refused(encrypted: FaultServer, clock: Clock) -> None:
    with (
        opener(clock, allowed=LOOPBACK) as http,
        pytest.raises(NoAnswerError, match="self-signed certificate"),
    ):
        http.ask(Request(url=encrypted.url(host="northfield.example")))
    assert encrypted.asked == []


def test_a_live_stream_checks_the_name_as_well(
    encrypted: FaultServer, certificate: Path, clock: Clock
) -> None:
    url = encrypted.url(host="southbridge.example").replace("https:", "wss:")
    with (
        opener(clock, allowed=LOOPBACK, authorities=str(certificate)) as http,
        pytest.raises(NoAnswerError, match="does not prove"),
    ):
        next(http.follow(Request(url=url)))
    assert encrypted.asked == []


def test_a_server_that_speaks_no_encryption_is_told(server: FaultServer, clock: Clock) -> None:
    url = server.url(host="northfield.example").replace("http:", "https:")
    patience = Patience(tries=1)
    with (
        opener(clock, allowed=LOOPBACK, patience=patience) as http,
        pytest.raises(NoAnswerError, match="did not answer in time"),
    ):
        http.ask(Request(url=url))
