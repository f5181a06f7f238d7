"""Answers on Meta's networks, and what is asked of them: as Meta's own lists allow it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.cast import NOON
from tests.collect.graph_contract import problems, problems_of_post
from tests.collect.keyed import Scripted
from tests.inbox.meta_told import (
    ACCOUNT,
    DIRECT,
    FACEBOOK,
    INSTAGRAM,
    MESSENGER,
    OPTIONS,
    PAGE,
    STUDENT,
    instagram_changes,
    only,
)
from vigie.errors import BusyError, DeniedError, InboxError, UnsureError, WindowError
from vigie.http import Request
from vigie.inbox.channel import Author, Brought, Channel, Outgoing, PublicPost
from vigie.inbox.channels.instagram_direct import InstagramDirect
from vigie.inbox.channels.messenger import Messenger
from vigie.inbox.meta_channel import MetaChannel
from vigie.inbox.meta_public import COMMENT, PRIVATELY, SAID_AT, UNDER

ASKED = NOON + timedelta(minutes=10)
"""When the answer is handed in."""
ANSWER = Outgoing(
    key="0a1b",
    thread=STUDENT,
    kind="direct",
    is_public=False,
    to=Author(network="facebook", address=STUDENT, name="Marie"),
    words="À huit heures.",
    handed_in_at=ASKED,
    incoming_at=NOON,
)
COMMENTED = replace(
    ANSWER, kind="comment", is_public=True,
    facts={UNDER: "4242_1_10", COMMENT: "4242_1_10", SAID_AT: NOON.isoformat()},
)  # fmt: skip
PRIVATE = replace(COMMENTED, facts={**COMMENTED.facts, PRIVATELY: "yes"})
MENTIONED = replace(COMMENTED, facts={"media": "178", "on_media": "yes"})
KINDS = {
    "me": "Page", PAGE: "Page", ACCOUNT: "IGUser", STUDENT: "User", "t_1": "UnifiedThread",
    "4242_1": "PagePost", "4242_1_10": "Comment", "178": "IGMedia", "179": "IGComment",
}  # fmt: skip
"""Node → what Meta's lists call it."""


def graph(*answers: object, status: int = 200, minutes: int = 10) -> Scripted:
    """Return Meta's network, which answers this, some minutes after noon."""
    now = NOON + timedelta(minutes=minutes)
    return Scripted(answers=[(status, body) for body in answers], clock=lambda: now)


def told(request: Request) -> dict[str, Any]:
    """Return what was told, objects opened."""
    pairs = parse_qsl((request.body or b"").decode())
    return {name: json.loads(text) if text[0] == "{" else text for name, text in pairs}


def allowed(http: Scripted, kinds: Mapping[str, str] = KINDS) -> bool:
    """Whether Meta's lists know everything that was asked and told."""
    wrong = []
    for request in http.asked:
        node, _slash, edge = urlsplit(request.url).path.removeprefix("/v25.0/").partition("/")
        if request.method == "POST":
            wrong += problems_of_post(kinds[node], edge, told(request))
        else:
            wrong += problems(kinds[node], edge or None, dict(request.params))
    assert http.asked
    assert wrong == []
    return True


def refusal(code: int, subcode: int | None = None, message: str = "No") -> dict[str, object]:
    error = {"message": message, "code": code, "error_subcode": subcode, "type": "OAuthException"}
    return {"error": error}


# ── sending ───────────────────────────────────────────────────────────────────────────


def test_answer_within_a_day_is_a_response() -> None:
    http = graph({"recipient_id": STUDENT, "message_id": "m_2"})
    sent = MESSENGER.send(ANSWER, http)
    assert sent.external == "m_2"
    assert told(http.asked[0]) == {
        "recipient": {"id": STUDENT},
        "message": {"text": "À huit heures.", "metadata": "vigie:0a1b"},
        "messaging_type": "RESPONSE",
    }
    assert allowed(http)


def test_answer_after_a_day_is_one_by_a_person() -> None:
    http = graph({"message_id": "m_2"}, minutes=25 * 60)
    DIRECT.send(ANSWER, http)
    said = told(http.asked[0])
    assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert allowed(http)


def test_what_no_person_wrote_is_not_sent_after_a_day() -> None:
    with pytest.raises(WindowError, match="a person wrote"):
        DIRECT.send(replace(ANSWER, is_automatic=True), graph(minutes=25 * 60))


def test_token_goes_apart_and_is_proved() -> None:
    http = graph({"message_id": "m_2"})
    MESSENGER.send(ANSWER, http)
    (request,) = http.asked
    assert set(request.secret_params) == {"access_token", "appsecret_proof"}
    assert OPTIONS["token"] not in f"{request.shown} {request.body!r}"


def test_answer_goes_under_the_comment() -> None:
    http = graph({"id": "4242_1_11"})
    assert FACEBOOK.send(COMMENTED, http).external == "4242_1_11"
    assert told(http.asked[0]) == {"message": "À huit heures."}
    assert allowed(http)


@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
def test_comment_is_answered_by_a_direct_message(channel: Channel) -> None:
    http = graph({"recipient_id": STUDENT, "message_id": "m_2"})
    assert channel.send(PRIVATE, http).external == "m_2"
    assert told(http.asked[0])["recipient"] == {"comment_id": "4242_1_10"}
    assert allowed(http)


def test_direct_message_to_a_comment_is_refused_after_a_week() -> None:
    with pytest.raises(WindowError, match="in public"):
        FACEBOOK.send(PRIVATE, graph(minutes=7 * 24 * 60))


def test_remark_is_answered_under_it() -> None:
    http = graph({"id": "18"})
    INSTAGRAM.send(replace(COMMENTED, facts={UNDER: "179"}), http)
    assert allowed(http)


@pytest.mark.parametrize(
    "facts", [MENTIONED.facts, {"media": "178", "comment": "179"}], ids=["caption", "comment"]
)
def test_mention_is_answered_under_the_post_of_someone_else(facts: dict[str, str]) -> None:
    http = graph({"id": "18"})
    INSTAGRAM.send(replace(COMMENTED, facts=facts), http)
    assert told(http.asked[0])["media_id"] == "178"
    assert allowed(http)


def test_instagram_counts_bytes() -> None:
    with pytest.raises(InboxError, match="1,000 bytes"):
        DIRECT.send(replace(ANSWER, words="é" * 501), graph())


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (refusal(10, 2018278), WindowError, "too much time"),
        (refusal(10, 2534022), WindowError, "too much time"),
        (refusal(551, 1545041), InboxError, "block messages"),
        (refusal(10900), InboxError, "went out before"),
        (refusal(506), InboxError, "other words"),
        (refusal(100, 33), InboxError, "taken down"),
        (refusal(190, 463), DeniedError, "expired"),
        (refusal(200, None, "Requires pages_messaging permission"), DeniedError, "pages_messaging"),
        (refusal(613), BusyError, "wait"),
    ],
)
def test_refusal_says_why_in_plain_words(
    answer: object, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        MESSENGER.send(ANSWER, graph(answer, status=400))


def test_answer_without_an_identifier_is_not_confirmed() -> None:
    with pytest.raises(InboxError, match="without saying"):
        MESSENGER.send(ANSWER, graph({}))


# ── what became of an answer ──────────────────────────────────────────────────────────


def message(key: str = "m_2", *, minutes: int = 11, author: str = PAGE, **more: object) -> object:
    moment = NOON + timedelta(minutes=minutes)
    return {
        "id": key, "created_time": f"{moment:%Y-%m-%dT%H:%M:%S+0000}", "from": {"id": author},
        "to": {"data": [{"id": STUDENT if author == PAGE else PAGE}]},
        "message": "À huit  heures.", **more,
    }  # fmt: skip


def conversation(*messages: object, **more: object) -> dict[str, object]:
    return {"id": "t_1", "updated_time": "2026-10-01T12:11:00+0000",
            "messages": {"data": list(messages)}, **more}  # fmt: skip


def test_answer_that_went_out_is_found_by_its_words() -> None:
    http = graph({"data": [conversation(message())]})
    found = MESSENGER.find(ANSWER, http)
    assert found is not None
    assert (found.external, found.sent_at) == ("m_2", NOON + timedelta(minutes=11))
    assert allowed(http)


@pytest.mark.parametrize(
    "other", [message(minutes=9), message(author=STUDENT), message(message="At nine.")]
)
def test_earlier_or_other_words_are_not_the_answer(other: object) -> None:
    before = message("m_0", minutes=0, author=STUDENT)
    assert MESSENGER.find(ANSWER, graph({"data": [conversation(other, before)]})) is None


def test_looking_that_must_wait_is_done_later() -> None:
    with pytest.raises(BusyError):
        MESSENGER.find(ANSWER, graph(refusal(613), status=400))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, refusal(200)),
        (200, {"data": []}),
        (200, {"data": [conversation(*[message(f"m{n}", message="x") for n in range(25)])]}),
    ],
    ids=["refused", "nothing", "not far enough"],
)
def test_where_nobody_can_tell_a_person_looks(status: int, answer: object) -> None:
    with pytest.raises(UnsureError, match="Marie"):
        MESSENGER.find(ANSWER, graph(answer, status=status))


def test_comment_that_went_out_is_found_under_what_it_answers() -> None:
    http = graph({"data": [message("4242_1_11")]})
    found = FACEBOOK.find(COMMENTED, http)
    assert found is not None
    assert found.external == "4242_1_11"
    assert allowed(http)


def test_remark_that_went_out_is_found() -> None:
    ours = {"id": "18", "text": "À huit heures.", "timestamp": "2026-10-01T12:11:00+0000",
            "from": {"id": ACCOUNT}}  # fmt: skip
    http = graph({"data": [ours]})
    assert INSTAGRAM.find(replace(COMMENTED, facts={UNDER: "179"}), http) is not None
    assert allowed(http)


def test_answer_to_a_mention_cannot_be_looked_for() -> None:
    with pytest.raises(UnsureError):
        INSTAGRAM.find(MENTIONED, graph())


def test_private_answer_needs_no_looking_since_meta_takes_one() -> None:
    assert FACEBOOK.find(PRIVATE, graph()) is None


# ── what was missed ───────────────────────────────────────────────────────────────────


def fetched(channel: MetaChannel, http: Scripted, position: str = "") -> list[Brought]:
    return list(channel.fetch(position, http))


def test_first_look_goes_back_a_week_and_the_next_from_there() -> None:
    recent, old = message("m_1", author=STUDENT), message("m_0", minutes=-60 * 24 * 8)
    http = graph({"data": [conversation(recent, old)]})
    (brought,) = fetched(MESSENGER, http)
    assert only(MESSENGER, brought.body).key == "m_1"
    assert json.loads(brought.position)["since"] == (NOON + timedelta(minutes=5)).isoformat()
    assert allowed(http)


def test_what_was_missed_is_the_same_message_as_what_is_told() -> None:
    http = graph({"data": [conversation(message("m_1", author=STUDENT, minutes=0))]})
    (brought,) = fetched(MESSENGER, http)
    missed = only(MESSENGER, brought.body)
    assert (missed.key, missed.thread, missed.said_at) == ("m_1", STUDENT, NOON)


def test_message_without_a_date_is_refused_by_itself() -> None:
    odd = {"id": "m_9", "from": {"id": STUDENT}, "to": {"data": [{"id": PAGE}]}, "message": "?"}
    http = graph({"data": [conversation(odd, message("m_1", author=STUDENT))]})
    (brought,) = fetched(MESSENGER, http)
    received = MESSENGER.receive(brought.body)
    assert ([one.key for one in received.messages], len(received.unread)) == (["m_1"], 1)


def test_nothing_new_is_no_payload_and_moves_on() -> None:
    (brought,) = fetched(MESSENGER, graph({"data": []}))
    assert (brought.body, bool(brought.position)) == (b"", True)


def test_walk_that_was_cut_off_goes_on_where_it_was() -> None:
    more = {"cursors": {"after": "next"}, "next": "https://graph.facebook.com/x"}
    http = graph({"data": [conversation(message())], "paging": more},
                 {"data": [conversation(message("m_3"))]})  # fmt: skip
    walk = MESSENGER.fetch("", http)
    place = next(walk).position
    resumed = graph({"data": []})
    (last,) = fetched(MESSENGER, resumed, place)
    assert resumed.asked[0].params["after"] == "next"
    assert "cursor" not in json.loads(last.position)


def test_long_conversation_is_read_to_where_we_were() -> None:
    more = {"cursors": {"after": "older"}, "next": "https://graph.facebook.com/x"}
    long = conversation(message("m_3"))
    long["messages"] = {"data": [message("m_3")], "paging": more}
    http = graph({"data": [long]}, {"data": [message("m_2"), message("m_1")]})
    (brought,) = fetched(MESSENGER, http)
    assert len(MESSENGER.receive(brought.body).messages) == 3
    assert allowed(http)


def test_comments_that_were_missed_are_asked_for() -> None:
    said = {"id": "4242_1_10", "created_time": "2026-10-01T12:00:00+0000", "message": "Open?",
            "from": {"id": STUDENT, "name": "Marie"}}  # fmt: skip
    post = {"id": "4242_1", "created_time": "2026-01-01T12:00:00+0000", "message": "Hello",
            "permalink_url": "https://www.facebook.com/1",
            "comments": {"data": [said]}}  # fmt: skip
    naming = {"id": "6789_3", "created_time": "2026-10-01T12:00:00+0000", "message": "Thanks!"}
    http = graph({"data": [post]}, {"data": [naming]})
    (brought,) = fetched(FACEBOOK, http)
    comment, mention = FACEBOOK.receive(brought.body).messages
    assert (comment.key, comment.kind, mention.kind) == ("4242_1_10", "comment", "mention")
    assert comment.post is not None
    assert comment.post.words == "Hello"
    assert allowed(http)


def test_remarks_and_their_answers_that_were_missed_are_asked_for() -> None:
    def said(key: str, **more: object) -> dict[str, object]:
        return {"id": key, "text": "Open?", "timestamp": "2026-10-01T12:00:00+0000",
                "from": {"id": STUDENT, "username": "marie"}, **more}  # fmt: skip

    answers = {"data": [said("180", parent_id="179")]}
    post = {"id": "178", "caption": "Hello", "permalink": "https://www.instagram.com/p/1",
            "timestamp": "2026-01-01T12:00:00+0000",
            "comments": {"data": [said("179", replies=answers)]}}  # fmt: skip
    marked = {"id": "181", "caption": "At @northfield", "timestamp": "2026-10-01T12:00:00+0000",
              "username": "bob", "permalink": "https://www.instagram.com/p/2"}  # fmt: skip
    http = graph({"data": [post]}, {"data": [marked]})
    (brought,) = fetched(INSTAGRAM, http)
    first, answer, mention = INSTAGRAM.receive(brought.body).messages
    assert (first.key, answer.facts[UNDER], mention.words) == ("179", "179", "At @northfield")
    assert allowed(http)


# ── what is only numbered ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("channel", "node"), [(MESSENGER, "User"), (DIRECT, "InstagramUser")], ids=["page", "account"]
)
def test_person_is_asked_for_by_name(channel: Messenger | InstagramDirect, node: str) -> None:
    http = graph({"name": "Marie Durand", "username": "marie"})
    told = channel.introduce(Author(network=channel.network, address=STUDENT), http)
    assert told.name == "Marie Durand"
    # The list of an Instagram person has no name; its documentation does.
    fields = dict(http.asked[0].params)["fields"].replace("name,username", "username")
    assert problems(node, None, {"fields": fields}) == []


@pytest.mark.parametrize(("channel", "post"), [(FACEBOOK, "4242_1"), (INSTAGRAM, "178")])
def test_post_is_asked_for_by_its_words(channel: Channel, post: str) -> None:
    http = graph({"message": "Hello", "caption": "Hello", "permalink": "https://example.org/"})
    assert channel.shown(PublicPost(network="facebook", post=post), http).words == "Hello"
    assert allowed(http)


@pytest.mark.parametrize("value", [{"media_id": "178"}, {"media_id": "178", "comment_id": "179"}])
def test_mention_is_completed_and_then_read(value: dict[str, str]) -> None:
    media = {"id": "178", "caption": "At @northfield", "permalink": "https://example.org/",
             "timestamp": "2026-10-01T12:00:00+0000", "username": "marie"}  # fmt: skip
    remark = {"id": "179", "text": "@northfield ?", "timestamp": "2026-10-01T12:00:00+0000",
              "username": "marie", "media": media}  # fmt: skip
    http = graph({"mentioned_media": media, "mentioned_comment": remark, "id": ACCOUNT})
    body = INSTAGRAM.complete(instagram_changes({"field": "mentions", "value": value}), http)
    assert body is not None
    mention = only(INSTAGRAM, body)
    assert (mention.kind, mention.author.shown) == ("mention", "marie")
    assert "@northfield" in mention.words
    assert mention.facts["media"] == "178"
    assert allowed(http)


def test_payload_that_says_all_is_not_completed() -> None:
    assert INSTAGRAM.complete(instagram_changes(), graph()) is None


# ── how far back a look goes ──────────────────────────────────────────────────────────


def posts(*minutes: int, more: bool) -> object:
    """Return a page of posts of the page, by when they were published."""
    moments = [(minute, NOON + timedelta(minutes=minute)) for minute in minutes]
    items = [
        {"id": f"4242_{-one}", "created_time": f"{at:%Y-%m-%dT%H:%M:%S+0000}", "message": "News"}
        for one, at in moments
    ]
    return {"data": items, **({"paging": {"cursors": {"after": "c"}, "next": "n"}} if more else {})}


def looks(*pages: object) -> list[Brought]:
    http = graph(*pages, {"data": []})
    since = NOON - timedelta(hours=1)
    position = json.dumps({"since": since.isoformat(), "begun": since.isoformat()})
    found = list(FACEBOOK.fetch(position, http))
    assert http.answers == []
    return found


def test_look_after_an_outage_goes_on_until_the_last_good_one() -> None:
    recent = [posts(*range(-25, 0), more=True)] * 5
    assert len(looks(*recent, posts(-90, more=True))) == 6


def test_usual_look_ends_with_the_hundred_latest_posts() -> None:
    old = posts(*range(-5000, -4975), more=True)
    assert len(looks(old, old, old, old)) == 4


def test_look_that_must_end_too_soon_says_so_in_the_journal() -> None:
    found = looks(*[posts(-5, more=True)] * 40)
    assert FACEBOOK.receive(found[-1].body).ignored == {"not_asked": 1}
