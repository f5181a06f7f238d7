"""Mailboxes over TLS, with a real Dovecot: told at once, refused in words, silence noticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.http.conftest import certificate
from tests.servers.mail.running import DOMAIN, PASSWORD, Post, encrypted_dovecot, lacking
from vigie.errors import NoAnswerError
from vigie.http import Http, open_http
from vigie.http.addresses import Allowed
from vigie.http.lines import Seconds
from vigie.inbox.channels.mail import Mail
from vigie.settings import Settings

__all__ = ["certificate"]
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("mail")]
HOST = "northfield.example"
MAIL = (
    b"From: marie@students.example\r\nTo: hello@northfield.example\r\nSubject: Hours\r\n\r\nWhen?"
)
WAYS = ("from the first byte", "after STARTTLS")


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Post]:
    """Dovecot with a certificate of northfield.example."""
    if lacking():
        pytest.skip(lacking())
    with encrypted_dovecot(certificate) as post:
        yield post


class Box:
    """A mailbox that is read by one of the two ways."""

    def __init__(self, server: Post, certificate: Path, way: str, *, host: str = HOST) -> None:
        is_whole = way == WAYS[0]
        address = server.encrypted_at if is_whole else "127.0.0.1"
        allowed = Allowed.of(address, resolve=lambda _host, _port: [address])
        http = open_http(Settings())
        self.http: Http = replace(http, allowed=allowed, seconds=Seconds(read=0.5))
        given = {"imap": host, "imap_port": "993" if is_whole else str(server.imap),
                 "smtp": host, "name": "hello", "password": PASSWORD,
                 "authorities": str(certificate)}  # fmt: skip
        self.mail, self.position, self.server = Mail(given, address=f"hello@{DOMAIN}"), "", server
        self.trusts_the_machine = Mail({**given, "authorities": ""}, address=f"hello@{DOMAIN}")

    def read(self) -> int:
        found = list(self.mail.fetch(self.position, self.http))
        self.position = found[-1].position if found else self.position
        return len(found)

    def put(self) -> None:
        self.server.put("hello", MAIL)


@pytest.fixture(params=WAYS)
def box(request: pytest.FixtureRequest, server: Post, certificate: Path) -> Box:
    """A mailbox that was read to its end."""
    made = Box(server, certificate, request.param)
    made.read()
    made.put()
    assert made.read() == 1
    return made


def test_new_mail_is_told_at_once(box: Box) -> None:
    threading.Timer(0.3, box.put).start()
    begun = time.monotonic()
    assert box.mail.wait(box.position, box.http, seconds=30)
    assert time.monotonic() - begun < 10
    assert box.read() == 1


def test_mail_that_comes_just_before_it_is_waited_is_told_at_once(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Mail._new

    def looks(*given: Any, **named: Any) -> Any:
        found = looked(*given, **named)
        box.put()
        return found

    monkeypatch.setattr(Mail, "_new", looks)
    begun = time.monotonic()
    assert box.mail.wait(box.position, box.http, seconds=30)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("host", "is_trusted", "reason"),
    [("southbridge.example", True, "Hostname mismatch"), (HOST, False, "self-signed certificate")],
    ids=["another name", "an authority that nobody trusts"],
)
@pytest.mark.parametrize("way", WAYS)
def test_wrong_certificate_is_refused_before_the_password_is_sent(
    server: Post, certificate: Path, way: str, host: str, is_trusted: bool, reason: str
) -> None:
    box = Box(server, certificate, way, host=host)
    mail = box.mail if is_trusted else box.trusts_the_machine
    with pytest.raises(NoAnswerError, match=reason) as refused:
        mail.wait("", box.http, seconds=5)
    told = str(refused.value)
    assert "Nothing was sent to it. Write the name of the server as its certificate has it" in told


def test_line_that_says_nothing_any_more_is_given_up(box: Box) -> None:
    silence = box.server.silent_dovecot()
    threading.Timer(0.3, silence.__enter__).start()
    begun = time.monotonic()
    try:
        with pytest.raises(NoAnswerError):
            box.mail.wait(box.position, box.http, seconds=0.6)
        with pytest.raises(NoAnswerError):
            box.read()
        assert time.monotonic() - begun < 10
    finally:
        silence.__exit__(None, None, None)
    box.put()
    assert box.read() == 1
