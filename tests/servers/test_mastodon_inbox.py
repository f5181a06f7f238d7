"""The inbox over a server with Mastodon's interface: asked there, answered here, read there."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.servers.fediverse import Person, Server
from tests.servers.inbox import PICTURE, Desk, opener
from vigie.inbox.boxes import opened
from vigie.inbox.intake import journal, put
from vigie.inbox.models import Box, Conversation, Message
from vigie.inbox.working import read_waiting, send_all

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("mastodon"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(folder=tmp_path_factory.mktemp("fediverse"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def server(running: Server) -> Server:
    running.empty()
    return running


@pytest.fixture
def alice(server: Server) -> Person:
    return server.person("alice")


@pytest.fixture
def university(server: Server) -> Person:
    return server.person("northfield")


@pytest.fixture
def desk(server: Server, tmp_path: Path) -> Desk:
    options = {"server": server.address, "token": "northfield_token"}
    return Desk.of("mastodon", options, folder=tmp_path)


def below(server: Server, status: Any, *, as_who: str = "alice") -> list[Any]:
    """Return the answers to a status as someone sees them."""
    request = urllib.request.Request(
        f"{server.address}/api/v1/statuses/{status['id']}/context",
        headers={"Authorization": f"Bearer {as_who}_token"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[Any] = json.load(answer)["descendants"]
    return found


def test_public_question_is_answered_in_public(server: Server, alice: Person, desk: Desk) -> None:
    asked = alice.post("@northfield Is it free?", language="en")
    assert desk.reads() == 1
    conversation = Conversation.objects.get()
    message = desk.replies(conversation, "It is, on Saturday too.")
    (answer,) = below(server, asked)
    assert (message.state, answer["visibility"]) == ("sent", "public")
    assert answer["account"]["username"] == "northfield"
    assert [one["username"] for one in answer["mentions"]] == ["alice"]
    assert below(server, asked, as_who="bob") != []


def test_private_question_is_answered_for_that_person_alone(
    server: Server, alice: Person, desk: Desk
) -> None:
    asked = alice.post("@northfield I failed.", visibility="direct")
    assert desk.reads() == 1
    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.is_public) == ("direct", False)
    assert desk.replies(conversation, "Come and see us.").state == "sent"
    (answer,) = below(server, asked)
    assert answer["visibility"] == "direct"


def test_private_word_under_a_public_post_is_a_matter_of_its_own(
    university: Person, alice: Person, desk: Desk
) -> None:
    made = university.post("Open day on Saturday")
    alice.post("@northfield Free?", in_reply_to_id=made["id"])
    alice.post("@northfield I cannot pay.", in_reply_to_id=made["id"], visibility="direct")
    desk.reads()
    kinds = Conversation.objects.order_by("id").values_list("kind", "is_public")
    assert sorted(kinds) == [("comment", True), ("direct", False)]


def test_picture_is_seen_with_its_words(
    server: Server, university: Person, alice: Person, desk: Desk
) -> None:
    asked = alice.post("@northfield Where is it?")
    desk.reads()
    message = desk.replies(Conversation.objects.get(), "Here.", PICTURE)
    assert message.state == "sent", message.failure
    (answer,) = below(server, asked)
    (picture,) = answer["media_attachments"]
    assert picture["description"] == PICTURE.alt


def test_thanks_join_the_conversation(
    server: Server, university: Person, alice: Person, desk: Desk
) -> None:
    made = university.post("Open day on Saturday")
    alice.post("@northfield Free?", in_reply_to_id=made["id"])
    desk.reads()
    desk.replies(Conversation.objects.get(), "Yes.")
    (_asked, answer) = below(server, made)
    alice.post("@northfield Thanks!", in_reply_to_id=answer["id"])
    desk.reads()
    conversation = Conversation.objects.get()
    assert conversation.post["words"] == "Open day on Saturday"
    assert [one.direction for one in conversation.messages.all()] == ["in", "out", "in"]


def test_answer_that_came_back_is_not_a_second_one(alice: Person, desk: Desk) -> None:
    alice.post("@northfield Is it free?")
    desk.reads()
    desk.replies(Conversation.objects.get(), "It is.")
    assert (desk.reads(), desk.reads()) == (2, 2)


def test_answer_given_on_the_networks_page_is_recorded(
    university: Person, alice: Person, desk: Desk
) -> None:
    asked = alice.post("@northfield Is it free?")
    desk.reads()
    university.post("@alice It is.", in_reply_to_id=asked["id"])
    assert desk.reads() == 2
    assert Conversation.objects.get().state == "waiting"


def test_worker_that_dies_after_sending_leaves_one_answer(
    server: Server, alice: Person, desk: Desk
) -> None:
    asked = alice.post("@northfield Is it free?")
    desk.reads()
    message = desk.dies_between_sending_and_writing(Conversation.objects.get(), "It is.")
    desk.reads()
    assert send_all(desk.bench) == 1
    message.refresh_from_db()
    (answer,) = below(server, asked)
    assert (message.state, message.external) == ("sent", answer["uri"])
    assert Message.objects.filter(direction="out").count() == 1


def test_outage_is_caught_up_with_without_gap_or_double(alice: Person, desk: Desk) -> None:
    alice.post("@northfield Number 0")
    desk.reads()
    for number in range(1, 101):
        alice.post(f"@northfield Number {number}")
    assert (desk.reads(), desk.reads()) == (101, 101)
    said = journal(desk.box)
    assert (said.kept, said.adds_up) == (101, True)


def test_server_that_dies_while_it_is_read_loses_and_doubles_nothing(
    server: Server, alice: Person, desk: Desk
) -> None:
    for number in range(60):
        alice.post(f"@northfield Number {number}")
    server.spoil("/notifications$", {"type": "malformed"})
    with pytest.raises(Exception, match="JSON"):
        desk.reads()
    assert desk.reads() == 60


def test_question_that_was_taken_down_is_emptied(alice: Person, desk: Desk) -> None:
    slip = alice.post("@northfield My number is 1234")
    desk.reads()
    alice.delete(slip)
    Box.objects.update(looked_at=None)
    desk.reads()
    message = Message.objects.get()
    assert (message.words, message.is_withdrawn) == ("", True)


def test_answer_to_what_is_gone_says_so(alice: Person, desk: Desk, server: Server) -> None:
    alice.post("@northfield Is it free?")
    desk.reads()
    server.spoil(
        "/statuses$", {"type": "status", "status": 404, "body": {"error": "Record not found"}}
    )
    message = desk.replies(Conversation.objects.get(), "It is.")
    assert message.state == "failed"
    assert message.failure is not None
    assert "no longer there" in message.failure["en"]


def test_too_long_answer_says_by_how_much(alice: Person, desk: Desk) -> None:
    alice.post("@northfield Is it free?")
    desk.reads()
    message = desk.replies(Conversation.objects.get(), "a" * 600)
    assert message.failure is not None
    assert "107 characters too long" in message.failure["en"]


def test_post_that_listening_found_is_the_same_when_the_network_tells_of_it(
    alice: Person, desk: Desk
) -> None:
    made = alice.post("@northfield Is it free?")
    channel = opened(desk.box, desk.bench.settings)
    body = channel.fetch_post(made["uri"], desk.bench.http)
    put(desk.box, body, home=desk.bench.settings.home, now=desk.bench.clock())
    read_waiting(desk.box, desk.bench)
    assert Conversation.objects.get().kind == "found"
    assert desk.reads() == 1
    assert journal(desk.box).duplicate == 1


def test_refused_token_says_what_to_do(alice: Person, desk: Desk, server: Server) -> None:
    alice.post("@northfield Is it free?")
    desk.reads()
    server.spoil(
        "/statuses$", {"type": "status", "status": 403, "body": {"error": "outside the scopes"}}
    )
    message = desk.replies(Conversation.objects.get(), "It is.")
    assert message.failure is not None
    assert "write:statuses" in message.failure["en"]


def test_busy_server_is_answered_later(alice: Person, desk: Desk, server: Server) -> None:
    alice.post("@northfield Is it free?")
    desk.reads()
    server.spoil("/statuses$", {"type": "ratelimit"})
    message = desk.replies(Conversation.objects.get(), "It is.")
    assert message.state == "due"
    Message.objects.update(next_try_at=desk.bench.clock())
    assert send_all(replace(desk.bench, http=opener())) == 1
