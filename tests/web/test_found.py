"""What listening found is answered in the inbox: by one click or by a query's rule, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.inbox.invented_bluesky import Network, asked, uri
from tests.inbox.test_bluesky import US
from tests.listening.test_changes import LIBRARY
from tests.web.test_listening import FORM, label, mention
from vigie.cli.taking_up import take_up_found
from vigie.columns import table_of
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.bench import Bench
from vigie.inbox.bluesky_account import Account
from vigie.inbox.bluesky_reading import payload
from vigie.inbox.boxes import put_box
from vigie.inbox.finding import take_up
from vigie.inbox.intake import journal, put
from vigie.inbox.models import Box, Conversation
from vigie.inbox.working import read_waiting
from vigie.listening.changes import keep_query
from vigie.listening.kept import KeptQuery
from vigie.listening.models import Query
from vigie.model import Label, Mention
from vigie.register.models import Institution, LogEntry
from vigie.register.rights import ANSWER_INBOX, NOBODY, Author
from vigie.settings import Settings
from vigie.store.store import Store

NOW = datetime.now(UTC)
PATH = "/listening/mentions/answer/"
BY = Author(name="alice", rights=frozenset({ANSWER_INBOX}))


@pytest.fixture
def network() -> Network:
    Account._sessions.clear()
    return Network(posts=asked(1, 2), clock=lambda: NOW)


@pytest.fixture
def bench(settings: Settings, network: Network) -> Bench:
    return Bench(settings=settings, http=network, clock=lambda: NOW)


@pytest.fixture
def box(settings: Settings, db: None) -> Box:
    institution = Institution.objects.create(slug="northfield", name="Northfield University")
    return put_box(
        "bluesky", institution=institution, label="Bluesky", address="northfield",
        options={"identifier": "northfield.test", "app_password": "CANARY"},
        settings=settings, now=NOW,
    )  # fmt: skip


@pytest.fixture
def heard(cast: Store) -> Store:
    """A question and a word of praise, found by listening."""
    found = [mention(1, post=uri(1)), mention(2, "Is it not lovely?", post=uri(2))]
    cast.append("mentions", table_of(Mention, found))
    labels = [label(found[0], "intent", "question"), label(found[1], "intent", "praise")]
    cast.append("labels", table_of(Label, labels))
    return cast


def test_post_that_was_found_is_one_conversation_however_often_it_is_taken_up(
    box: Box, bench: Bench, network: Network
) -> None:
    first = take_up("bluesky", uri(1), bench=bench, by=BY)
    asked_so_far = len(network.questions)
    assert take_up("bluesky", uri(1), bench=bench, by=BY) == first
    assert len(network.questions) == asked_so_far
    assert (first.kind, first.is_public, Conversation.objects.count()) == ("found", True, 1)
    assert first.post["words"] == "Is the library closed?"
    assert LogEntry.objects.filter(action="inbox.found").count() == 1


def test_network_that_tells_of_it_later_doubles_nothing(box: Box, bench: Bench) -> None:
    take_up("bluesky", uri(1), bench=bench, by=BY)
    told = {**asked(1)[uri(1)], "reason": "mention"}  # type: ignore[dict-item]  # an object
    put(box, payload(US, [told]), home=bench.settings.home, now=NOW)
    read_waiting(box, bench)
    assert (Conversation.objects.count(), journal(box).duplicate) == (1, 1)


def test_stranger_takes_nothing_up(box: Box, bench: Bench) -> None:
    with pytest.raises(ForbiddenError):
        take_up("bluesky", uri(1), bench=bench, by=NOBODY)


def test_post_that_is_gone_opens_nothing(box: Box, bench: Bench) -> None:
    with pytest.raises(InboxError, match="does not show this post"):
        take_up("bluesky", uri(9), bench=bench, by=BY)
    assert not Conversation.objects.exists()


def test_network_without_a_box_says_so(bench: Bench, db: None) -> None:
    with pytest.raises(InboxError, match="No box of Bluesky"):
        take_up("bluesky", uri(1), bench=bench, by=BY)


def test_query_sends_what_is_asked_to_the_inbox_once(box: Box, bench: Bench, heard: Store) -> None:
    keep_query(replaced(words="library OR lovely", to_inbox=("question",)))
    assert (take_up_found(heard, bench), take_up_found(heard, bench)) == (1, 0)
    (message,) = Conversation.objects.get().messages.all()
    assert message.key == uri(1)


def test_query_that_sends_nothing_sends_nothing(box: Box, bench: Bench, heard: Store) -> None:
    keep_query(replaced(words="library OR lovely"))
    assert take_up_found(heard, bench) == 0


def test_what_was_asked_long_ago_is_not_taken_up(box: Box, bench: Bench, cast: Store) -> None:
    old = mention(24 * 4, post=uri(1))
    cast.append("mentions", table_of(Mention, [old]))
    cast.append("labels", table_of(Label, [label(old, "intent", "question")]))
    keep_query(replaced(words="library", to_inbox=("question",)))
    assert take_up_found(cast, bench) == 0


def replaced(**changes: Any) -> KeptQuery:
    return replace(LIBRARY, **changes)


def test_mention_has_a_button_where_its_network_can_be_answered(
    alice: Client, heard: Store, box: Box
) -> None:
    page = alice.get("/listening/mentions/").text
    assert page.count("Answer it in the inbox") == 2


def test_mention_has_no_button_where_no_box_is(alice: Client, heard: Store) -> None:
    assert "Answer it in the inbox" not in alice.get("/listening/mentions/").text


def test_reader_has_no_button(bob: Client, heard: Store, box: Box) -> None:
    assert "Answer it in the inbox" not in bob.get("/listening/mentions/").text
    assert bob.post(PATH, {"network": "bluesky", "post": uri(1)}).status_code == 403


def test_mention_that_is_in_the_inbox_leads_there(
    alice: Client, heard: Store, box: Box, bench: Bench
) -> None:
    found = take_up("bluesky", uri(1), bench=bench, by=BY)
    assert f'href="/inbox/{found.pk}/"' in alice.get("/listening/mentions/").text
    answer = alice.post(PATH, {"network": "bluesky", "post": uri(1)})
    assert (answer.status_code, answer["Location"]) == (302, f"/inbox/{found.pk}/")


def test_refusal_says_why_and_leads_to_the_network(alice: Client, heard: Store) -> None:
    address = "https://bsky.app/profile/x/post/m1"
    given = {"network": "bluesky", "post": uri(1), "url": address}
    answer = alice.post(PATH, given)
    assert answer.status_code == 422
    assert "No box of Bluesky" in answer.text
    assert address in answer.text


def test_form_that_names_no_mention_is_refused(alice: Client, heard: Store) -> None:
    assert alice.post(PATH, {"network": "pigeon", "post": "1"}).status_code == 422
    given = {"network": "bluesky", "post": "1", "url": "javascript:alert(1)"}
    assert "javascript:" not in alice.post(PATH, given).text


def test_form_of_a_query_says_what_goes_to_the_inbox(alice: Client, heard: Store, box: Box) -> None:
    alice.post("/listening/queries/new/", {**FORM, "do": "keep", "to_inbox": ["question", "joy"]})
    assert Query.objects.get().to_inbox == ["question"]
    page = alice.get("/listening/queries/library/").text
    assert 'id="to-inbox-question" name="to_inbox" value="question" checked' in page
