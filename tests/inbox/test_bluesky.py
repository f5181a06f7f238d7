"""Questions on Bluesky, and what in an answer leads somewhere, to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from tests.cast import NOON
from tests.collect.keyed import scripted
from vigie.collect.nested import Item
from vigie.errors import InboxError
from vigie.inbox.bluesky_account import Account
from vigie.inbox.bluesky_reading import payload, received, words_of
from vigie.inbox.bluesky_text import marked, whole
from vigie.inbox.bluesky_writing import name_of, rkey_of
from vigie.inbox.channel import Author, Enclosed, Incoming, Outgoing
from vigie.inbox.channels.bluesky import Bluesky, Place
from vigie.inbox.characters import graphemes

US, MARIE, PAUL = "did:plc:northfield", "did:plc:marie", "did:plc:paul"
BLUESKY = Bluesky(
    {"identifier": "northfield.test", "app_password": "CANARY", "pds": "https://pds.example"},
    address="northfield",
)
ANSWER = Outgoing(
    key="0a1b", thread="t", kind="mention", is_public=True,
    to=Author(network="bluesky", address=MARIE), words="At eight.", handed_in_at=NOON,
    facts={"uri": f"at://{MARIE}/app.bsky.feed.post/3k", "cid": "c",
           "root_uri": f"at://{US}/app.bsky.feed.post/2k", "root_cid": "r", "language": "fr"},
)  # fmt: skip
SIGNED = {"did": US, "accessJwt": "CANARY-access", "refreshJwt": "CANARY-renew"}
THERE = {"posts": [{"uri": ANSWER.facts["uri"], "viewer": {}}]}
PIECES = some.sampled_from(
    ["é", "👩‍👩‍👧", "🇫🇷", " ", "\n", "@marie.test", "@nobody.test", "#BU", "#été2026", "a#b", "(",
     "https://www.example.org/a/very/long/path?x=é", "https://example.org/a_(b)", "http://x.y.",
     ".", "word", "@", "https://", "ﷺ"]
)  # fmt: skip


def known(handle: str) -> str | None:
    return MARIE if handle == "marie.test" else None


def view(text: str, *, by: str = MARIE, rkey: str = "3k", reason: str = "mention",
         under: str = "", **more: Any) -> dict[str, Any]:  # fmt: skip
    """Return a notification of a post."""
    record: dict[str, Any] = {"text": text, "createdAt": "2026-10-01T12:00:00.000Z", **more}
    if under:
        reference = {"uri": under, "cid": "r"}
        record["reply"] = {"root": reference, "parent": reference}
    return {
        "uri": f"at://{by}/app.bsky.feed.post/{rkey}",
        "cid": "c",
        "author": {"did": by, "handle": f"{by[8:]}.test", "displayName": by[8:].title()},
        "reason": reason,
        "record": record,
        "indexedAt": "2026-10-01T12:00:01.000Z",
    }


def read(*views: dict[str, Any], **more: Any) -> tuple[Incoming, ...]:
    return received(payload(US, views, **more)).messages


@given(some.lists(PIECES, max_size=12).map("".join))
@example("déjà là : @marie.test et https://example.org/été. #BU")
def test_marks_stand_on_the_bytes_of_what_they_mark(words: str) -> None:
    text = marked(words, known)
    said, end = text.text.encode(), 0
    for facet in text.facets:
        start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert end <= start < stop <= len(said)
        (feature,) = facet["features"]
        shown, kind = said[start:stop].decode(), feature["$type"].rpartition("#")[2]
        if kind == "link":
            bare = feature["uri"].partition("//")[2].removeprefix("www.")
            assert bare.startswith(shown.rstrip("…"))
            assert feature["uri"] in words
        else:
            assert shown == {"mention": "@marie.test", "tag": f"#{feature.get('tag')}"}[kind]
        end = stop


@given(some.lists(PIECES, max_size=12).map("".join))
def test_links_that_were_shortened_are_whole_again_when_they_are_read(words: str) -> None:
    text = marked(words, known)
    links = [
        (one["index"]["byteStart"], one["index"]["byteEnd"], one["features"][0]["uri"])
        for one in text.facets
        if "uri" in one["features"][0]
    ]
    assert whole(text.text, links) == words


@given(some.text(max_size=60), some.integers(-5, 90), some.integers(-5, 90))
def test_marks_in_impossible_places_break_nothing(text: str, start: int, end: int) -> None:
    assert whole(text, [(start, end, "https://example.org/")]) is not None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("👩‍👩‍👧", 1), ("🇫🇷🇩🇪", 2), ("👍🏽!", 2),
        ("\r\n", 1), ("각", 1), ("\u1100\u1161\u11a8", 1), ("❤️", 1), ("1️⃣", 1), ("各", 1),
    ],
)  # fmt: skip
def test_characters_are_counted_as_a_reader_sees_them(text: str, count: int) -> None:
    assert graphemes(text) == count


@given(some.text(max_size=50), some.text(max_size=50))
def test_length_of_two_texts_is_at_most_that_of_both(first: str, second: str) -> None:
    assert graphemes(first + second) <= graphemes(first) + graphemes(second)


def test_link_ends_before_the_end_of_its_sentence() -> None:
    text = marked("See https://example.org/a_(b)). Bye", known)
    assert text.facets[0]["features"][0]["uri"] == "https://example.org/a_(b)"


def test_reply_is_a_matter_of_its_author_under_our_post() -> None:
    ours = f"at://{US}/app.bsky.feed.post/2k"
    first, second = read(
        view("Free?", under=ours, reason="reply"),
        view("When?", by=PAUL, under=ours, reason="reply"),
        above={ours: view("Open day", by=US, rkey="2k")},
    )
    assert (first.kind, first.post and first.post.words) == ("comment", "Open day")
    assert first.thread != second.thread


def test_own_reply_belongs_to_whom_it_answers() -> None:
    asked = view("When?")
    ours = {"uri": f"at://{US}/app.bsky.feed.post/4k", "cid": "o",
            "value": {"text": "At eight.", "createdAt": "2026-10-01T13:00:00Z",
                      "reply": {"root": {"uri": asked["uri"], "cid": "c"},
                                "parent": {"uri": asked["uri"], "cid": "c"}}}}  # fmt: skip
    question, answer = read(asked, own=[ours])
    assert (answer.is_ours, answer.thread) == (True, question.thread)


def test_thread_of_our_own_is_nobodys_question() -> None:
    ours = view("And on Sunday", by=US, rkey="5k", under=f"at://{US}/app.bsky.feed.post/2k")
    assert received(payload(US, own=[ours])).ignored == {"answers nobody": 1}


def test_post_that_claims_to_be_old_was_written_when_it_was_seen() -> None:
    old = view("Hello", createdAt="2015-01-01T00:00:00Z")
    (message,) = read(old)
    assert message.said_at == NOON + timedelta(seconds=1)


def test_shortened_link_of_others_is_read_in_full() -> None:
    facet = {"index": {"byteStart": 6, "byteEnd": 20},
             "features": [{"uri": "https://example.org/open-day"}]}  # fmt: skip
    record = {"text": "Voilà example.org/op…", "facets": [facet]}
    facet["index"] = {"byteStart": 7, "byteEnd": len("Voilà example.org/op…".encode())}
    assert words_of(Item(record)) == "Voilà https://example.org/open-day"


def test_picture_is_named_by_its_description() -> None:
    embed = {"$type": "app.bsky.embed.images", "images": [{"alt": "The form"}, {"alt": ""}]}
    assert words_of(Item({"text": "This?", "embed": embed})) == "This?\n[image: The form]\n[image]"


def test_name_of_an_answer_is_the_same_at_every_try_and_sorts_by_time() -> None:
    assert rkey_of(ANSWER) == rkey_of(replace(ANSWER, words="Other"))
    assert rkey_of(ANSWER) != rkey_of(replace(ANSWER, key="other"))
    names = [name_of(NOON + timedelta(microseconds=number)) for number in (0, 1, 40, 10**12)]
    assert names == sorted(names)
    assert {len(name) for name in names} == {13}


@pytest.fixture(autouse=True)
def _signed_out() -> None:
    Account._sessions.clear()


def test_answer_hangs_under_question_and_root_and_is_put_once() -> None:
    http = scripted(SIGNED, THERE, {"uri": "u", "cid": "c"})
    sent = BLUESKY.send(ANSWER, http)
    said = json.loads(http.asked[-1].body or b"")
    assert said["record"]["reply"]["parent"]["uri"] == ANSWER.facts["uri"]
    assert said["record"]["reply"]["root"]["uri"] == ANSWER.facts["root_uri"]
    assert (said["rkey"], said["swapRecord"]) == (rkey_of(ANSWER), None)
    assert sent.external == f"at://{US}/app.bsky.feed.post/{rkey_of(ANSWER)}"
    assert not any("CANARY" in repr(one) for one in http.asked)


def test_picture_goes_with_an_answer_and_its_words() -> None:
    blob = {"$type": "blob", "ref": {"$link": "bafk"}, "mimeType": "image/png", "size": 3}
    http = scripted(SIGNED, THERE, {"blob": blob}, {"uri": "u", "cid": "c"})
    plan = Enclosed(name="plan.png", content=b"PNG", media_type="image/png", alt="The way in")
    BLUESKY.send(replace(ANSWER, enclosed=(plan,)), http)
    kept, put = http.asked[-2:]
    assert (kept.body, kept.headers["content-type"]) == (b"PNG", "image/png")
    assert json.loads(put.body or b"")["record"]["embed"] == {
        "$type": "app.bsky.embed.images", "images": [{"image": blob, "alt": "The way in"}]
    }  # fmt: skip


def test_thread_that_lets_only_some_answer_says_so() -> None:
    closed = {"posts": [{"uri": ANSWER.facts["uri"], "viewer": {"replyDisabled": True}}]}
    with pytest.raises(InboxError, match="lets only some people reply"):
        BLUESKY.send(ANSWER, scripted(SIGNED, closed))


def test_answer_to_what_is_gone_says_so() -> None:
    with pytest.raises(InboxError, match="no longer there"):
        BLUESKY.send(ANSWER, scripted(SIGNED, {"posts": []}))


def test_too_long_answer_says_by_how_much() -> None:
    with pytest.raises(InboxError, match="7 characters too long"):
        BLUESKY.send(replace(ANSWER, words="é" * 307), scripted(SIGNED, THERE))


def test_long_address_counts_as_it_is_shown() -> None:
    words = "é" * 250 + " https://www.northfield.example/" + "a" * 200
    assert BLUESKY.send(replace(ANSWER, words=words), scripted(SIGNED, THERE, {})).external


def test_place_is_read_as_it_was_written() -> None:
    place = Place(at=NOON.isoformat(), seen=("a",), own="3k")
    assert Place.of(str(place)) == place


def test_other_account_is_read_from_the_beginning() -> None:
    assert Place.of(str(Place(us=PAUL, at=NOON.isoformat(), own="3k")), US) == Place(us=US)
