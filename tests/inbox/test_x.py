"""Questions on X keep to its own description, answers to its length, and both to the purse."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from tests.cast import NOON
from tests.collect.keyed import Scripted, scripted
from tests.conftest import SHARED
from vigie.errors import BusyError, DeniedError, InboxError
from vigie.http import Request
from vigie.inbox.channel import Author, Incoming, Outgoing
from vigie.inbox.channels.x import Place, X
from vigie.inbox.x_reading import payload, received
from vigie.inbox.x_signature import Keys
from vigie.inbox.x_text import squeezed, weight

# X also lets people sign in with OAuth 1, which the library does not know.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type:UserWarning")

CONTRACT = SHARED / "contracts" / "x-openapi-2.167.json"
US, MARIE = "2244990001", "550002"
OPTIONS = {
    "api_key": "CANARY-key", "api_secret": "CANARY-s1", "access_token": f"{US}-CANARY",
    "access_secret": "CANARY-s2",
}  # fmt: skip
CHANNEL = X(OPTIONS, address="northfield")
REPLY = Outgoing(
    key="0a1b", thread="t", kind="mention", is_public=True,
    to=Author(network="x", address=MARIE), words="At eight.", handed_in_at=NOON,
    facts={"id": "1990100000000000001", "kind": "post"},
)  # fmt: skip
DIRECT = replace(
    REPLY, is_public=False, kind="direct",
    facts={"id": "77", "kind": "direct", "with": MARIE, "conversation": f"{US}-{MARIE}"},
)  # fmt: skip


def post(number: str, text: str, *, by: str = MARIE, **more: Any) -> dict[str, Any]:
    return {"id": number, "author_id": by, "text": text, "created_at": "2026-10-01T11:00:00.000Z",
            "conversation_id": number, "lang": "en", **more}  # fmt: skip


def event(number: str, text: str, *, by: str = MARIE) -> dict[str, Any]:
    return {"id": number, "event_type": "MessageCreate", "text": text, "sender_id": by,
            "dm_conversation_id": f"{US}-{MARIE}",
            "created_at": "2026-10-01T11:00:00.000Z"}  # fmt: skip


def said(*items: dict[str, Any], token: str = "", **includes: Any) -> dict[str, Any]:
    meta = {"result_count": len(items), **({"next_token": token} if token else {})}
    people = [{"id": MARIE, "username": "marie", "name": "Marie"}]
    return {"data": list(items), "includes": {"users": people, **includes}, "meta": meta}


NOTHING: dict[str, Any] = {"meta": {"result_count": 0}}


def read(*items: dict[str, Any], kind: str = "posts", **includes: Any) -> tuple[Incoming, ...]:
    return received(payload(US, kind, said(*items, **includes))).messages


# ── what X says of itself ────────────────────────────────────────────────────────────────


@cache
def contract() -> OpenAPI:
    if not CONTRACT.is_file():
        pytest.skip("X's description (../shared/contracts) is not beside the project")
    # The file holds one value twice in a list and so fails the formal check of itself.
    return OpenAPI.from_dict(
        json.loads(CONTRACT.read_text("utf-8")), config=Config(spec_validator_cls=None)
    )


def hold(request: Request) -> None:
    """Check a question; who asks is proved in a way that the library does not know."""
    parts = urlsplit(request.url)
    contract().validate_request(
        MockRequest(
            f"{parts.scheme}://{parts.netloc}",
            request.method,
            parts.path,
            args=dict(request.params),
            headers={"Authorization": "Bearer t"},
            data=request.body,
            content_type="application/json",
        )
    )


def asked_in(http: Scripted) -> list[Request]:
    assert http.asked
    return http.asked


def test_every_question_of_a_first_look_keeps_to_the_description_of_x() -> None:
    http = scripted(said(post("5", "Free?")), said(event("6", "psst")), NOTHING)
    list(CHANNEL.fetch("", http))
    for request in asked_in(http):
        hold(request)


def test_every_question_of_a_later_look_keeps_to_it_too() -> None:
    place = Place(us=US, mentions="5", direct="6", own="7", month="2026-10")
    http = scripted(said(post("9", "x"), token="b26v89"), NOTHING, NOTHING, NOTHING)
    list(CHANNEL.fetch(str(place), http))
    for request in asked_in(http):
        hold(request)


@pytest.mark.parametrize(
    ("outgoing", "answer"),
    [
        (REPLY, {"data": {"id": "9", "text": "At eight."}}),
        (DIRECT, {"data": {"dm_conversation_id": "c", "dm_event_id": "9"}}),
    ],
)
def test_answers_keep_to_it_and_are_asked_for_once(
    outgoing: Outgoing, answer: dict[str, Any]
) -> None:
    http = scripted(answer)
    sent = CHANNEL.send(outgoing, http)
    (request,) = asked_in(http)
    hold(request)
    assert not request.is_repeatable
    assert sent.external.endswith("9")
    assert "CANARY" not in repr(request)


@pytest.mark.parametrize("outgoing", [REPLY, DIRECT])
def test_search_for_what_may_have_gone_out_keeps_to_it(outgoing: Outgoing) -> None:
    http = scripted(NOTHING)
    assert CHANNEL.find(outgoing, http) is None
    hold(asked_in(http)[0])


def test_post_that_was_found_is_asked_for_as_x_describes() -> None:
    http = scripted(said(post("5", "Free?")))
    (message,) = CHANNEL.receive(CHANNEL.fetch_post("5", http)).messages
    hold(asked_in(http)[0])
    assert (message.kind, message.key) == ("found", "5")
    assert message.post is not None


def test_the_check_of_questions_can_fail() -> None:
    wrong = Request(url="https://api.x.com/2/dm_events", params={"max_results": "500"})
    with pytest.raises(OpenAPIError):
        hold(wrong)


def test_signature_is_that_of_the_example_of_the_specification() -> None:
    # OAuth Core 1.0, appendix A.5.
    keys = Keys(
        api_key="dpf43f3p2l4k3l03",
        api_secret="kd94hf93k423kf44",
        access_token="nnch734d00sl2jdk",
        access_secret="pfkkdhi9sl3r4s00",
    )
    params = {
        "file": "vacation.jpg",
        "size": "original",
        "oauth_consumer_key": keys.api_key,
        "oauth_nonce": "kllo9940pd9333jh",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1191242096",
        "oauth_token": keys.access_token,
        "oauth_version": "1.0",
    }
    signed = keys.signature("get", "http://photos.example.net/photos", params)
    assert signed == "tR3+Ty81lMeYAr/Fid0kMTYa/WM="


# ── reading ──────────────────────────────────────────────────────────────────────────────


def test_reply_says_who_asks_what_under_which_post() -> None:
    asked = post("9", "@northfield free?", in_reply_to_user_id=US, conversation_id="5",
                 referenced_posts=[{"type": "replied_to", "id": "5"}])  # fmt: skip
    (message,) = read(asked, posts=[post("5", "Open day", by=US)])
    assert message.author == Author(network="x", address=MARIE, shown="@marie", name="Marie")
    assert (message.kind, message.thread) == ("comment", f"5 {MARIE}")
    assert message.post is not None
    assert message.post.words == "Open day"


def test_own_reply_belongs_to_whom_it_answers() -> None:
    asked = post("9", "free?")
    ours = post("10", "@marie Yes", by=US, in_reply_to_user_id=MARIE, conversation_id="9")
    question, answer = read(asked, ours)
    assert (answer.is_ours, answer.thread) == (True, question.thread)


def test_own_post_and_repost_are_nobodys_question() -> None:
    repost = post("9", "RT", referenced_posts=[{"type": "retweeted", "id": "5"}])
    found = received(payload(US, "posts", said(repost, post("10", "Hello", by=US))))
    assert found.ignored == {"repost": 1, "answers nobody": 1}


def test_short_links_are_read_in_full() -> None:
    links = [{"url": "https://t.co/a", "expanded_url": "https://northfield.example/"}]
    (message,) = read(post("9", "See https://t.co/a", entities={"urls": links}))
    assert message.words == "See https://northfield.example/"


def test_private_message_and_our_answer_are_one_private_matter() -> None:
    first, second = read(event("9", "I failed"), event("10", "Come", by=US), kind="direct")
    assert (first.kind, first.is_public, first.key) == ("direct", False, "dm:9")
    assert (second.is_ours, second.thread) == (True, first.thread)


# ── sending ──────────────────────────────────────────────────────────────────────────────


def test_what_was_asked_in_private_is_never_answered_in_public() -> None:
    http = scripted({"data": {"dm_conversation_id": "c", "dm_event_id": "9"}})
    CHANNEL.send(replace(DIRECT, facts={**DIRECT.facts, "kind": "post"}), http)
    assert "/dm_conversations/" in asked_in(http)[0].url


@pytest.mark.parametrize("outgoing", [REPLY, DIRECT])
def test_refused_answer_says_why_and_what_else_can_be_done(outgoing: Outgoing) -> None:
    http = scripted({"detail": "You cannot reply to this."}, status=403)
    with pytest.raises(InboxError, match="Answer another way"):
        CHANNEL.send(outgoing, http)


def test_refused_keys_say_where_new_ones_are() -> None:
    with pytest.raises(DeniedError, match="developer console"):
        CHANNEL.send(REPLY, scripted({"title": "Unauthorized"}, status=401))


def test_busy_network_is_answered_later() -> None:
    with pytest.raises(BusyError):
        CHANNEL.send(REPLY, scripted({"title": "Too Many Requests"}, status=429))


def test_answer_that_may_have_gone_out_is_found_by_its_words() -> None:
    ours = post("12", "@marie At  eight!", by=US,
                referenced_posts=[{"type": "replied_to", "id": REPLY.facts["id"]}])  # fmt: skip
    ours["created_at"] = "2026-10-01T12:00:10.000Z"
    found = CHANNEL.find(REPLY, scripted(said(ours)))
    assert found is not None
    assert found.external == "12"


def test_private_answer_that_may_have_gone_out_is_found_by_its_words() -> None:
    ours = event("12", "At eight.", by=US) | {"created_at": "2026-10-01T12:00:10.000Z"}
    found = CHANNEL.find(DIRECT, scripted(said(ours)))
    assert found is not None
    assert found.external == "dm:12"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("👩‍👩‍👧", 2), ("🇫🇷", 2),
        ("…", 2), ("“a”", 3), ("https://www.northfield.example/" + "a" * 99, 23), ("1️⃣", 2),
        ("❤️", 2), ("a https://x.y b", 27),
    ],
)  # fmt: skip
def test_length_is_that_of_x(text: str, length: int) -> None:
    assert weight(text) == length


@given(some.text(alphabet=some.characters(max_codepoint=0xFF, categories=["L", "N", "Zs"])))
def test_western_letters_count_as_one(text: str) -> None:
    assert weight(text) == len(text)


@given(some.text(max_size=40), some.text(max_size=40))
def test_more_words_are_never_shorter(first: str, second: str) -> None:
    assert weight(f"{first} {second}") >= max(weight(first), 0)


@given(some.text(max_size=40))
def test_names_before_an_answer_change_nothing(text: str) -> None:
    plain = text.lstrip().lstrip("@")
    assert squeezed(f"@marie @paul {plain}") == squeezed(plain)


def test_too_long_answer_says_by_how_much() -> None:
    with pytest.raises(InboxError, match="20 characters too long"):
        CHANNEL.send(replace(REPLY, words="日" * 150), scripted())


# ── the purse ────────────────────────────────────────────────────────────────────────────


def test_what_is_read_is_counted() -> None:
    late = {"created_at": "2026-11-19T11:00:00.000Z"}
    http = scripted(said(post("5", "a", **late), post("4", "b", **late)), NOTHING, NOTHING)
    (brought,) = CHANNEL.fetch("", http)
    assert Place.of(brought.position, NOON, US).mentions == "5"
    assert json.loads(brought.position)["posts"] == 2


def test_nothing_is_asked_for_once_a_month_is_used_up() -> None:
    channel = X({**OPTIONS, "most_posts": "10"}, address="northfield")
    http = scripted()
    month = f"{http.clock():%Y-%m}"
    with pytest.raises(InboxError, match="used up"):
        list(channel.fetch(str(Place(month=month, posts=10)), http))
    assert http.asked == []


def test_new_month_begins_with_nothing_spent() -> None:
    assert Place.of(str(Place(month="2026-09", posts=10, own="7")), NOON) == Place(
        month="2026-10", own="7"
    )


def test_other_account_is_read_from_the_beginning_and_what_was_spent_stays() -> None:
    before = Place(us="7", mentions="99", month="2026-10", posts=5)
    assert Place.of(str(before), NOON, US) == Place(us=US, month="2026-10", posts=5)


def test_outage_is_caught_up_with_oldest_page_first() -> None:
    newest = said(post("9", "c"), post("8", "b"), token="b26v89")
    http = scripted(newest, said(post("7", "a")), NOTHING, NOTHING)
    place = Place(us=US, mentions="6", month="2026-10")
    brought = list(CHANNEL.fetch(str(place), http))
    keys = [[one.key for one in CHANNEL.receive(part.body).messages] for part in brought]
    assert keys == [["7"], ["9", "8"]]
    assert [json.loads(part.position)["mentions"] for part in brought] == ["7", "9"]
