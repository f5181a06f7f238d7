"""What people write on Meta's networks, as Meta tells it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON
from tests.inbox.meta_told import (
    ACCOUNT,
    DIRECT,
    FACEBOOK,
    INSTAGRAM,
    MESSENGER,
    OPTIONS,
    OTHER,
    PAGE,
    SECONDS,
    STUDENT,
    comment,
    echo,
    event,
    instagram,
    instagram_changes,
    only,
    page,
    page_changes,
    remark,
)
from vigie.errors import GarbledError
from vigie.inbox.channel import Author, Channel, PublicPost, Received, Withdrawn
from vigie.inbox.channels.messenger import Messenger
from vigie.inbox.meta_public import COMMENT, UNDER
from vigie.sources.webhook import signature

CHANNELS = (MESSENGER, FACEBOOK, DIRECT, INSTAGRAM)

# ── direct messages ───────────────────────────────────────────────────────────────────


def test_message_says_who_wrote_what_and_when() -> None:
    message = only(MESSENGER, page(event(minutes=3)))
    assert (message.key, message.thread, message.kind) == ("m_1", STUDENT, "direct")
    assert (message.words, message.is_public) == ("When do you open?", False)
    assert message.author == Author(network="facebook", address=STUDENT)
    assert message.said_at == NOON + timedelta(minutes=3)


def test_what_the_page_wrote_elsewhere_is_ours_and_in_their_conversation() -> None:
    message = only(MESSENGER, page(echo()))
    assert (message.is_ours, message.thread, message.echo_of) == (True, STUDENT, "")


def test_answer_of_ours_that_is_repeated_carries_its_key() -> None:
    assert only(MESSENGER, page(echo(metadata="vigie:0a1b"))).echo_of == "0a1b"


def test_files_are_named_and_pointed_to() -> None:
    files = [
        {"type": "image", "payload": {"url": "https://cdn.example/card.jpg"}},
        {"type": "fallback", "title": "Campus map"},
    ]
    message = only(MESSENGER, page(event(text="My card", attachments=files)))
    assert message.words == "My card\n[image]\n[fallback] Campus map"
    assert MESSENGER.files(message.facts) == ("https://cdn.example/card.jpg",)


def test_answer_to_a_message_names_it() -> None:
    assert only(DIRECT, instagram(event(reply_to={"mid": "m_0"}))).answers_to == "m_0"


def test_message_that_its_author_took_back_is_withdrawn() -> None:
    told = event("m_1", None, recipient=ACCOUNT, is_deleted=True)
    assert DIRECT.receive(instagram(told)).withdrawn == (Withdrawn(key="m_1"),)


def test_changed_message_brings_its_later_words() -> None:
    changed = event()
    changed["message_edit"] = {"mid": "m_1", "text": "When do you close?", "num_edit": 1}
    del changed["message"]
    message = only(MESSENGER, page(changed))
    assert (message.key, message.words, message.edited_at) == ("m_1", "When do you close?", NOON)


@pytest.mark.parametrize("kind", ["read", "delivery", "reaction", "postback", "optin", "referral"])
def test_what_is_no_message_is_left_aside_by_name(kind: str) -> None:
    told = event()
    del told["message"]
    assert MESSENGER.receive(page({**told, kind: {"watermark": SECONDS}})).ignored == {kind: 1}


def test_message_while_another_program_holds_the_conversation_is_read() -> None:
    standby = json.dumps(
        {"object": "page", "entry": [{"id": PAGE, "time": SECONDS, "standby": [event()]}]}
    ).encode()
    assert only(MESSENGER, standby).key == "m_1"


def test_message_told_as_a_change_is_read() -> None:
    told = instagram_changes({"field": "messages", "value": event(recipient=ACCOUNT)})
    assert only(DIRECT, told).author == Author(network="instagram", address=STUDENT)


def test_event_without_its_number_is_refused_and_the_next_one_read() -> None:
    broken = event()
    del broken["message"]["mid"]
    received = MESSENGER.receive(page(broken, event("m_9")))
    assert (len(received.unread), [one.key for one in received.messages]) == (1, ["m_9"])


# ── comments and mentions on Facebook ─────────────────────────────────────────────────


def test_comment_stands_under_its_post() -> None:
    message = only(FACEBOOK, page_changes(comment()))
    assert (message.kind, message.is_public, message.author.name) == (
        "comment", True, "Marie Durand",
    )  # fmt: skip
    assert message.post == PublicPost(
        network="facebook", post="4242_1", url="https://www.facebook.com/northfield/posts/1"
    )
    assert message.facts[UNDER] == message.facts[COMMENT] == "4242_1_10"


def test_second_comment_of_someone_is_in_the_same_conversation() -> None:
    first = only(FACEBOOK, page_changes(comment()))
    again = only(FACEBOOK, page_changes(comment("4242_1_11", parent_id="4242_1_10")))
    assert (again.thread, again.facts[UNDER]) == (first.thread, "4242_1_10")


def test_question_of_someone_else_under_a_comment_is_another_conversation() -> None:
    first = only(FACEBOOK, page_changes(comment()))
    theirs = comment("4242_1_11", parent_id="4242_1_10", **{"from": {"id": OTHER, "name": "Bob"}})
    assert only(FACEBOOK, page_changes(theirs)).thread != first.thread


def test_answer_of_the_page_is_ours_and_stands_under_the_comment() -> None:
    ours = comment("4242_1_11", parent_id="4242_1_10", **{"from": {"id": PAGE, "name": "UNF"}})
    message = only(FACEBOOK, page_changes(ours))
    assert (message.is_ours, message.thread) == (True, "4242_1_10")


def test_comment_of_which_meta_does_not_say_who_wrote_it_can_be_answered() -> None:
    told = comment()
    del told["value"]["from"]
    message = only(FACEBOOK, page_changes(told))
    assert (message.author.address, message.facts[UNDER]) == ("of 4242_1_10", "4242_1_10")


def test_comment_that_was_taken_down_is_withdrawn() -> None:
    received = FACEBOOK.receive(page_changes(comment(verb="remove")))
    assert received.withdrawn == (Withdrawn(key="4242_1_10"),)


@pytest.mark.parametrize("verb", ["edit", "edited"])
def test_changed_comment_brings_its_later_words(verb: str) -> None:
    message = only(FACEBOOK, page_changes(comment(verb=verb, message="On Monday?")))
    assert (message.words, message.edited_at) == ("On Monday?", NOON)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"item": "reaction"}, "feed.reaction"),
        ({"item": "share"}, "feed.share"),
        ({"verb": "hide"}, "feed.comment.hide"),
        ({"item": "status", "from": {"id": PAGE}}, "our own post"),
        ({"item": "photo", "message": None}, "feed.photo without words"),
    ],
)
def test_what_asks_nothing_is_left_aside_by_name(value: dict[str, object], name: str) -> None:
    assert FACEBOOK.receive(page_changes(comment(**value))).ignored == {name: 1}  # type: ignore[arg-type]  # whatever Meta tells


def test_post_on_the_page_is_a_mention() -> None:
    told = comment(item="status", comment_id=None, parent_id=None, post_id="4242_7")
    message = only(FACEBOOK, page_changes(told))
    assert (message.kind, message.key, message.facts[UNDER]) == ("mention", "4242_7", "4242_7")


def test_post_that_names_the_page_is_a_mention() -> None:
    value = {
        "item": "post", "verb": "add", "post_id": "6789_3", "sender_id": STUDENT,
        "sender_name": "Marie Durand", "message": "Thanks @Northfield!", "created_time": SECONDS,
    }  # fmt: skip
    message = only(FACEBOOK, page_changes({"field": "mention", "value": value}))
    assert (message.kind, message.key, message.author.name) == (
        "mention", "6789_3", "Marie Durand",
    )  # fmt: skip


def test_recommendation_is_a_review() -> None:
    value = {
        "item": "rating", "verb": "add", "reviewer_id": STUDENT, "reviewer_name": "Marie",
        "review_text": "The canteen is cold.", "recommendation_type": "negative",
        "open_graph_story_id": "777", "created_time": SECONDS,
    }  # fmt: skip
    message = only(FACEBOOK, page_changes({"field": "ratings", "value": value}))
    assert (message.kind, message.words, message.facts[UNDER]) == (
        "review", "The canteen is cold.", "777",
    )  # fmt: skip


# ── comments and mentions on Instagram ────────────────────────────────────────────────


def test_remark_stands_under_its_post() -> None:
    message = only(INSTAGRAM, instagram_changes(remark()))
    assert (message.kind, message.words, message.said_at) == ("comment", "Are dogs allowed?", NOON)
    assert message.author == Author(
        network="instagram", address=STUDENT, shown="marie.durand"
    )  # fmt: skip
    assert message.post == PublicPost(network="instagram", post="17800000000000001")


def test_answer_to_a_remark_goes_under_the_first_one() -> None:
    told = remark("17900000000000011", parent_id="17900000000000010")
    assert only(INSTAGRAM, instagram_changes(told)).facts[UNDER] == "17900000000000010"


def test_answer_of_the_account_is_ours() -> None:
    told = remark("2", parent_id="1", **{"from": {"id": ACCOUNT, "username": "northfield"}})
    assert only(INSTAGRAM, instagram_changes(told)).is_ours


def test_mention_without_words_waits_for_them() -> None:
    told = {"field": "mentions", "value": {"media_id": "178", "comment_id": "179"}}
    assert INSTAGRAM.receive(instagram_changes(told)).ignored == {"mention without words": 1}


# ── every channel ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"object": "page"}', b"\xff", b"[" * 9999])
def test_what_is_no_news_is_refused_in_words(channel: Channel, body: bytes) -> None:
    with pytest.raises(GarbledError):
        channel.receive(body)


def test_news_of_another_account_is_left_aside() -> None:
    told = page_changes(comment(), identifier="1")
    assert FACEBOOK.receive(told).ignored == {"another account": 1}


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=6),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(
                ["message", "mid", "text", "sender", "recipient", "id", "timestamp", "from",
                 "item", "verb", "post_id", "comment_id", "media", "attachments", "created_time"]
            ), inner, max_size=6,
        )
    ),
    max_leaves=16,
)  # fmt: skip


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: type(one).__name__)
@given(value=JSON, field=some.sampled_from(["feed", "mention", "ratings", "comments", "messages"]))
def test_whatever_is_told_is_accounted_for(channel: Channel, value: object, field: str) -> None:
    about = "page" if channel in (MESSENGER, FACEBOOK) else "instagram"
    entry = {
        "id": channel.address, "time": SECONDS, "messaging": [value],
        "changes": [{"field": field, "value": value}],
    }  # fmt: skip
    received = channel.receive(json.dumps({"object": about, "entry": [entry]}).encode())
    assert isinstance(received, Received)
    assert received.seen == 2


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        (rb'{"text":"\u00c0 quelle heure ?"}',
         "sha256=076406572e9e7c6660335ab7b1088edc33523ed1c77502dc670b1687df9e0577"),
        ('{"text":"À quelle heure ?"}'.encode(),
         "sha256=fe47d6e82e6b4edf9fca2325d45ec8c86e1e8eab5b62330b13fd6ae3d37dde68"),
    ],
)  # fmt: skip
def test_signature_is_over_the_bytes_as_they_came(body: bytes, signed: str) -> None:
    assert signature(body, "an app's secret") == signed


# ── what of a delivery is for whom ────────────────────────────────────────────────────


def test_delivery_about_one_account_is_kept_as_it_came() -> None:
    told = page(event())
    assert Messenger.parts(told) == {PAGE: told}


def test_delivery_about_two_pages_is_parted() -> None:
    one, other = json.loads(page(event()))["entry"][0], {"id": "1", "messaging": [event("m_5")]}
    told = json.dumps({"object": "page", "entry": [one, other]}).encode()
    found = Messenger.parts(told)
    assert json.loads(found["1"])["entry"] == [other]
    assert only(MESSENGER, found[PAGE]).key == "m_1"


def test_receipts_concern_a_box_and_are_not_kept() -> None:
    told = event()
    del told["message"]
    assert Messenger.parts(page({**told, "read": {"watermark": 1}})) == {PAGE: b""}


def test_comment_is_nothing_for_direct_messages() -> None:
    assert Messenger.parts(page_changes(comment())) == {}


# ── until when an answer is taken ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("agent", "hours", "is_open"),
    [("no", 23, True), ("no", 24, False), ("yes", 167, True), ("yes", 168, False)],
)
def test_window_is_a_day_or_with_human_agent_a_week(agent: str, hours: int, is_open: bool) -> None:
    channel = Messenger({**OPTIONS, "human_agent": agent}, address=PAGE)
    found = channel.window(last_incoming=NOON, now=NOON + timedelta(hours=hours))
    assert (found.is_open, found.instead is None) == (is_open, is_open)


def test_comment_may_be_answered_at_any_time() -> None:
    found = FACEBOOK.window(last_incoming=NOON, now=NOON + timedelta(days=400))
    assert (found.is_open, found.until) == (True, None)
