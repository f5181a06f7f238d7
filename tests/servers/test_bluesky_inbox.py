"""The inbox over the vendor's own Bluesky servers: asked there, answered here, read there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.servers.bluesky.people import Json, Person, asked, until
from tests.servers.bluesky.running import Network, running
from tests.servers.inbox import PICTURE, Desk, opener
from vigie.inbox.bluesky_account import Account
from vigie.inbox.boxes import opened
from vigie.inbox.intake import journal, put
from vigie.inbox.models import Box, Conversation, Message
from vigie.inbox.working import read_waiting, send_all

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("bluesky"), pytest.mark.django_db]
NUMBERS = count(1)
MANY = 120


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """The servers, started once."""
    with running() as found:
        yield found


def joins(network: Network, name: str) -> Person:
    return Person.joins(network.pds, network.appview, f"{name}{next(NUMBERS)}.test")


@pytest.fixture
def northfield(network: Network) -> Person:
    return joins(network, "northfield")


@pytest.fixture
def charlie(network: Network) -> Person:
    return joins(network, "charlie")


@pytest.fixture
def desk(network: Network, northfield: Person, tmp_path: Path) -> Desk:
    options = {
        "identifier": northfield.handle,
        "app_password": northfield.app_password(),
        "pds": network.pds,
    }
    return Desk.of("bluesky", options, folder=tmp_path)


def answers(network: Network, post: Json, who: Person) -> list[Json]:
    """Return the replies to a post as someone sees them who is signed in."""
    found = asked(f"{network.appview}/xrpc/app.bsky.feed.getPostThread", uri=post["uri"])
    replies: list[Json] = [one["post"] for one in found["thread"].get("replies", [])]
    assert who.handle
    return replies


def read_by(network: Network, post: Json, who: Person, number: int = 1) -> list[Json]:
    """Wait until its author sees so many replies, and return them."""
    until(lambda: len(answers(network, post, who)) >= number)
    return answers(network, post, who)


def told(person: Person) -> list[Json]:
    """Return what the network told someone."""
    found = asked(f"{person.pds}/xrpc/app.bsky.notification.listNotifications", token=person.token)
    notifications: list[Json] = found["notifications"]
    return notifications


def test_question_is_answered_where_its_author_reads_it(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    made = northfield.posts("The library opens at eight.")
    question = charlie.replies(made, "Also on Sundays?")
    desk.reads_until(1)
    conversation = Conversation.objects.get()
    assert conversation.post["words"] == "The library opens at eight."
    words = "Oui, dès 10 h : https://www.northfield.example/library/opening-hours #BU"
    message = desk.replies(conversation, words)
    assert message.state == "sent", message.failure
    (answer,) = read_by(network, question, charlie)
    assert answer["uri"] == message.external
    assert answer["record"]["reply"]["root"]["uri"] == made["uri"]
    until(lambda: any(one["uri"] == message.external for one in told(charlie)))
    text = answer["record"]["text"].encode()
    for facet in answer["record"]["facets"]:
        shown = text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        assert shown in ("northfield.example/library/openi…", "#BU")


def test_picture_is_seen_with_its_words(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    question = charlie.mentions(northfield, "Where is it?")
    desk.reads_until(1)
    message = desk.replies(Conversation.objects.get(), "Here.", PICTURE)
    assert message.state == "sent", message.failure
    (answer,) = read_by(network, question, charlie)
    (picture,) = answer["embed"]["images"]
    assert picture["alt"] == PICTURE.alt


def test_mention_quote_and_reply_come_in_each_once(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    made = northfield.posts("The library opens at eight.")
    charlie.mentions(northfield, "When do you open?")
    charlie.quotes(made, "At last.")
    charlie.replies(made, "Also on Sundays?")
    desk.reads_until(3)
    assert desk.reads() == 3
    kinds = sorted(Conversation.objects.values_list("kind", flat=True))
    assert kinds == ["comment", "mention", "mention"]
    assert journal(desk.box).adds_up


def test_person_who_is_named_in_an_answer_is_told(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    dana = joins(network, "dana")
    charlie.mentions(northfield, "Whom do I ask?")
    desk.reads_until(1)
    desk.replies(Conversation.objects.get(), f"Demandez à @{dana.handle}, déjà là.")
    until(lambda: any(one["reason"] == "mention" for one in told(dana)))


def test_worker_that_dies_after_sending_leaves_one_reply(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    question = charlie.mentions(northfield, "When do you open?")
    desk.reads_until(1)
    message = desk.dies_between_sending_and_writing(Conversation.objects.get(), "At eight.")
    desk.reads()
    send_all(desk.bench)
    message.refresh_from_db()
    (answer,) = read_by(network, question, charlie)
    assert (message.state, message.external) == ("sent", answer["uri"])
    assert desk.reads() == 2


def test_reply_that_is_sent_twice_is_one(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    question = charlie.mentions(northfield, "When do you open?")
    desk.reads_until(1)
    message = desk.replies(Conversation.objects.get(), "At eight.")
    Message.objects.filter(pk=message.pk).update(
        state="due", tries=0, sent_at=None, external="", next_try_at=desk.bench.clock()
    )
    assert send_all(desk.bench) == 1
    assert len(read_by(network, question, charlie)) == 1


def test_thanks_join_the_conversation(
    northfield: Person, charlie: Person, desk: Desk, network: Network
) -> None:
    question = charlie.mentions(northfield, "When do you open?")
    desk.reads_until(1)
    desk.replies(Conversation.objects.get(), "At eight.")
    (answer,) = read_by(network, question, charlie)
    charlie.replies(answer, "Thanks!", root=question)
    desk.reads_until(3)
    said = Conversation.objects.get().messages.order_by("said_at")
    assert [one.words for one in said][1:] == ["At eight.", "Thanks!"]


def test_answer_given_on_the_networks_page_is_recorded(
    northfield: Person, charlie: Person, desk: Desk
) -> None:
    question = charlie.mentions(northfield, "When do you open?")
    desk.reads_until(1)
    northfield.replies(question, "At eight.")
    desk.reads_until(2)
    assert Conversation.objects.get().state == "waiting"


def test_question_that_was_taken_down_is_emptied(
    network: Network, northfield: Person, charlie: Person, desk: Desk
) -> None:
    slip = charlie.mentions(northfield, "My number is 1234")
    desk.reads_until(1)
    charlie.deletes(slip)
    until(lambda: not charlie.seen(slip["uri"]))
    Box.objects.update(looked_at=None)
    desk.reads()
    message = Message.objects.get()
    assert (message.words, message.is_withdrawn) == ("", True)
    failed = desk.replies(Conversation.objects.get(), "At eight.")
    assert failed.failure is not None
    assert "no longer there" in failed.failure["en"]


def test_outage_is_caught_up_with_without_gap_or_double(
    northfield: Person, charlie: Person, desk: Desk
) -> None:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": northfield.did}
    facets = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [feature]}]
    records = [
        {
            "$type": "app.bsky.feed.post", "text": f"@ Number {number}", "facets": facets,
            "createdAt": f"{desk.bench.clock():%Y-%m-%dT%H:%M:%S}.{number:03}Z",
        }
        for number in range(MANY)
    ]  # fmt: skip
    charlie.writes_many(records)
    desk.reads_until(MANY)
    assert desk.reads() == MANY
    said = journal(desk.box)
    assert (said.kept, said.adds_up) == (MANY, True)


def test_post_that_listening_found_is_the_same_when_the_network_tells_of_it(
    northfield: Person, charlie: Person, desk: Desk
) -> None:
    made = charlie.mentions(northfield, "When do you open?")
    channel = opened(desk.box, desk.bench.settings)
    body = channel.fetch_post(made["uri"], desk.bench.http)
    put(desk.box, body, home=desk.bench.settings.home, now=desk.bench.clock())
    read_waiting(desk.box, desk.bench)
    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.post["post"]) == ("found", made["uri"])
    until(lambda: told(northfield))
    assert desk.reads() == 1


def test_session_is_kept_and_renewed(
    northfield: Person, charlie: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    charlie.mentions(northfield, "When do you open?")
    desk.reads_until(1)
    signed = next(one for one in Account._sessions.values() if one.did == northfield.did)
    monkeypatch.setattr(signed, "access", signed.access[:-6] + "AAAAAA")
    broken = signed.access
    assert desk.reads() == 1
    renewed = next(one for one in Account._sessions.values() if one.did == northfield.did)
    assert renewed.access != broken


def test_wrong_password_says_what_to_do(desk: Desk, northfield: Person, network: Network) -> None:
    account = Account(
        network=opened(desk.box, desk.bench.settings).label, pds=network.pds,
        identifier=northfield.handle, password="wrong", http=opener(),
    )  # fmt: skip
    with pytest.raises(Exception, match="app password"):
        assert account.did
