"""After two misses people are told, once; and once more when it answers again."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from django.core import mail

from tests.cast import NOON
from tests.sources.conftest import Kinds
from vigie.errors import NoAnswerError
from vigie.http import Http
from vigie.http.addresses import Allowed
from vigie.settings import Settings
from vigie.sources import notices
from vigie.sources.models import Notice, Work
from vigie.sources.notices import Message
from vigie.words import _

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Sent = list[Message]


def work(kinds: Kinds, misses: int, *, since: int = 0) -> Work:
    return Work(
        kind="collect",
        connector=kinds.open,
        due_at=NOON,
        misses=misses,
        failing_since=NOON + since * HOUR if misses else None,
        failure={"en": "It is away.", "fr": "Il est absent."} if misses else None,
    )


def told(kinds: Kinds, settings: Settings, *misses: int, sent: Sent | None = None) -> list[str]:
    """Return what was told after turns that left so many misses in a row."""
    found: Sent = [] if sent is None else sent
    for count in misses:
        notices.consider(work(kinds, count), settings=settings, sends=[found.append], now=NOON)
    return [message.kind for message in found]


@pytest.mark.parametrize(
    ("misses", "kinds_told"),
    [
        ((0,), []),
        ((1,), []),
        ((1, 2), ["missed"]),
        ((1, 2, 3, 4), ["missed"]),
        ((1, 0, 1, 0), []),
        ((1, 2, 0), ["missed", "mended"]),
        ((1, 2, 3, 0, 0, 0), ["missed", "mended"]),
    ],
)
def test_people_are_told_once(
    kinds: Kinds, settings: Settings, misses: tuple[int, ...], kinds_told: list[str]
) -> None:
    assert told(kinds, settings, *misses) == kinds_told


def test_second_series_of_misses_is_told_again(kinds: Kinds, settings: Settings) -> None:
    sent: Sent = []
    told(kinds, settings, 2, 0, sent=sent)
    again = work(kinds, 2, since=9)
    notices.consider(again, settings=settings, sends=[sent.append], now=NOON)
    assert [message.kind for message in sent] == ["missed", "mended", "missed"]


def test_message_that_could_not_be_sent_is_tried_again(kinds: Kinds, settings: Settings) -> None:
    def broken(_message: Message) -> None:
        raise NoAnswerError(_("The mail server is away."))

    notices.consider(work(kinds, 2), settings=settings, sends=[broken], now=NOON)
    assert Notice.objects.get().sent_at is None
    assert told(kinds, settings, 3) == ["missed"]


def test_nobody_to_tell_leaves_no_trace(kinds: Kinds, settings: Settings) -> None:
    notices.consider(work(kinds, 2), settings=settings, sends=[], now=NOON)
    assert not Notice.objects.exists()


def test_work_on_one_account_tells_nobody(kinds: Kinds, settings: Settings) -> None:
    one = work(kinds, 2)
    one.subject = "bluesky:northfield"
    sent: Sent = []
    notices.consider(one, settings=settings, sends=[sent.append], now=NOON)
    assert sent == []


def test_message_says_why_in_the_language_of_the_site(kinds: Kinds, settings: Settings) -> None:
    sent: Sent = []
    told(kinds, replace(settings, language="en"), 2, sent=sent)
    assert "It is away." in sent[0].text
    told(kinds, replace(settings, language="fr"), 0, sent=sent)
    assert sent[1].kind == "mended"


def test_mail_goes_to_those_named(kinds: Kinds, settings: Settings) -> None:
    given = replace(
        settings, notify_mail="alice@n.example, bob@n.example", mail_url="smtp://h", language="en"
    )
    send = notices.by_mail(given)
    assert send is not None
    notices.consider(work(kinds, 2), settings=given, sends=[send], now=NOON)
    assert mail.outbox[0].to == ["alice@n.example", "bob@n.example"]
    assert "could not be read" in mail.outbox[0].subject


@pytest.mark.parametrize("given", [{"notify_mail": "a@b.example"}, {"mail_url": "smtp://h"}, {}])
def test_no_mail_without_a_server_and_someone_to_write_to(
    settings: Settings, given: dict[str, str]
) -> None:
    assert notices.by_mail(replace(settings, **given)) is None  # type: ignore[arg-type]


class _Room(BaseHTTPRequestHandler):
    """A chat room that keeps what is posted to it."""

    heard: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.mark.server
def test_chat_room_hears_it_as_json(kinds: Kinds, settings: Settings) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Room)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/room"
    http = Http(agent="test", allowed=Allowed.of("127.0.0.1"))
    send = notices.by_webhook(replace(settings, notify_webhook=address), http)
    assert send is not None
    notices.consider(work(kinds, 2), settings=settings, sends=[send], now=NOON)
    server.shutdown()
    server.server_close()
    assert [(one["kind"], one["connector"]) for one in _Room.heard] == [("missed", kinds.open)]
