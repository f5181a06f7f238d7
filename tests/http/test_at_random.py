"""Whatever a server does, in any order: the right answer, or an error of ours; never a third."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.http import faults
from tests.http.faults import FaultServer
from tests.http.waiting import Clock, opener
from vigie.errors import NetworkError
from vigie.http import Http, Request
from vigie.http.patience import Patience

pytestmark = pytest.mark.server


def in_a_circle(caller: faults.Caller) -> None:
    """Send the caller where it is."""
    faults.redirects(caller.asked.path)(caller)


BAD: list[faults.Behaviour] = [
    faults.resets, faults.closes, faults.hangs, faults.half(), faults.half_reset,
    faults.claims("50", b"{}"), faults.chunked(b"{", is_whole=False), faults.drips(),
    faults.drips(in_headers=True), faults.bomb(8), faults.says_packed(b"{}" * 99, lost=4),
    faults.endless, faults.speaks_another_language, faults.too_many_headers, faults.says_html,
    faults.says(500), faults.says(503, b"", retry_after="2"), faults.says(429),
    in_a_circle, faults.redirects("http://10.0.0.1/"), faults.says(404), faults.repeats,
]  # fmt: skip


def right(caller: faults.Caller) -> None:
    """Answer with the path, by which the caller knows its own answer."""
    faults.says_json({"path": caller.asked.path})(caller)


def outcome(http: Http, url: str, path: str) -> str:
    try:
        found = http.ask(Request(url=url)).json()
    except NetworkError as error:
        return type(error).__name__
    assert found == {"path": path}
    return "answered"


@pytest.mark.parametrize("seed", range(6))
def test_every_question_ends_with_its_own_answer_or_an_error(seed: int, clock: Clock) -> None:
    chance = random.Random(seed)
    with FaultServer() as server, ThreadPoolExecutor(6) as threads:
        server.then(*(chance.choice([right, right, *BAD]) for _question in range(400)), right)
        patience = Patience(tries=2)
        with opener(clock, patience=patience, most_bytes=1 << 20) as http:
            asked = [
                threads.submit(outcome, http, server.url(f"/{number}"), f"/{number}")
                for number in range(250)
            ]
            counted = Counter(one.result(120) for one in asked)
    assert sum(counted.values()) == 250
    assert counted["answered"] >= 20
    assert {"NoAnswerError", "GarbledError"} <= set(counted)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_left_after_the_most_that_is_read(
    encoding: str, http: Http, server: FaultServer
) -> None:
    server.then(faults.bomb(256, encoding))
    with pytest.raises(NetworkError, match="32 megabytes"):
        http.ask(Request(url=server.url()))
    assert len(server.asked) == 1
