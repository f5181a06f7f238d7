"""Bluesky: what is asked, what a refusal means, what answers say beside their samples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.collect.answered import CONTEXT, SAMPLES, payload_of
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Connector, Page, Payload, Subject
from vigie.collect.nested import Item
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
    RefusedError,
    SearchError,
)
from vigie.http import Answer, Http, Request
from vigie.http.opening import refusal
from vigie.model import Mention, Post

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DID = "did:plc:northfieldaaaaaaaaaaaaaa"
NORTHFIELD = Subject(
    subject="bluesky:northfield.test", network="bluesky", handle="northfield.test", identifier=DID
)
FIRST, SECOND = f"at://{DID}/app.bsky.feed.post/3k1", f"at://{DID}/app.bsky.feed.post/3k2"


@dataclass(kw_only=True)
class Scripted(Http):
    """Answers in turn what it was given, and remembers what it was asked."""

    agent: str = "test"
    answers: list[tuple[int, object]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        status, said = self.answers.pop(0) if self.answers else (200, {})
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        answer = Answer(url=request.shown, status=status, headers={}, body=body, at=NOW)
        if status >= 400:
            raise refusal(answer)
        return answer


def bluesky(**options: str) -> Connector:
    return connect(
        "bluesky", settings={f"bluesky_{name}": value for name, value in options.items()}
    )


def signed_in() -> Connector:
    return connect(
        "bluesky",
        settings={"bluesky_identifier": "northfield.test"},
        secrets={"app_password": "CANARY-password"},
    )


def ask(stream: str, **more: Any) -> Ask:
    return Ask(stream=stream, subject=NORTHFIELD, **more)


def question(asked: Ask, connector: Connector | None = None) -> str:
    """Return what is asked, after the address of the server."""
    http = Scripted()
    (connector or bluesky()).fetch(asked, http)
    return http.asked[-1].shown.partition("/xrpc/app.bsky.")[2]


def sample(name: str) -> Payload:
    return payload_of(SAMPLES / "bluesky" / f"{name}.json")


def page_of_sample(name: str) -> Page:
    return bluesky().parse(sample(name), CONTEXT)


def posts(page: Page) -> list[Post]:
    return [record for record in page.records if isinstance(record, Post)]


def mentions(page: Page) -> list[Mention]:
    return [record for record in page.records if isinstance(record, Mention)]


def post_with(words: str) -> Post:
    return next(post for post in posts(page_of_sample("posts")) if words in (post.text or ""))


def feed(*entries: Mapping[str, Any], cursor: str | None = None) -> Page:
    body = {"feed": entries, **({"cursor": cursor} if cursor else {})}
    payload = replace(sample("posts"), body=json.dumps(body).encode(), received_at=NOW)
    return bluesky().parse(payload, CONTEXT)


def entry(name: str = "3k1", *, made: str, seen: str, **more: Any) -> dict[str, Any]:
    record = {"text": "The library opens at eight.", "createdAt": made}
    uri = f"at://{DID}/app.bsky.feed.post/{name}"
    author = {"did": DID, "handle": "northfield.test"}
    return {"post": {"uri": uri, "author": author, "record": record, "indexedAt": seen}, **more}


# What is asked.


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ask("profile"), f"actor.getProfile?actor={DID.replace(':', '%3A')}"),
        (ask("posts", page="7__x"), "&limit=100&filter=posts_with_replies&cursor=7__x"),
        (ask("replies", posts=(FIRST, SECOND)), "3k1&depth=1000&parentHeight=0"),
        (ask("replies", posts=(FIRST, SECOND), page=SECOND), "3k2&depth=1000&parentHeight=0"),
        (ask("replies", posts=(FIRST,), page=f"{FIRST} quotes"), "3k1&limit=100"),
        (ask("replies", posts=(FIRST,), page=f"{FIRST} quotes c7"), "3k1&limit=100&cursor=c7"),
        (ask("replies", posts=(FIRST,), page=SECOND), "3k1&depth=1000&parentHeight=0"),
        (ask("check", posts=(FIRST,)), f"actor.getProfile?actor={DID.replace(':', '%3A')}"),
    ],
)
def test_a_question_says_what_is_wanted(asked: Ask, expected: str) -> None:
    assert question(asked).endswith(expected)


def test_mentions_are_searched_by_handle_and_identifier() -> None:
    asked = ask("mentions", since=datetime(2026, 11, 1, tzinfo=UTC))
    said = question(asked, bluesky(service="https://appview.example"))
    assert "q=%40northfield.test&mentions=did%3Aplc" in said
    assert "&sort=latest&since=2026-11-01T00%3A00%3A00Z&limit=100" in said


def test_an_account_without_identifier_is_asked_for_by_handle() -> None:
    by_handle = Ask(stream="profile", subject=replace(NORTHFIELD, identifier=None))
    assert question(by_handle) == "actor.getProfile?actor=northfield.test"


def test_an_account_known_by_its_key_alone_is_asked_for_by_it() -> None:
    bare = Subject(subject=f"bluesky:{DID}", network="bluesky")
    assert question(Ask(stream="profile", subject=bare)).endswith(DID.replace(":", "%3A"))


def test_a_check_names_twenty_five_posts_at_a_time() -> None:
    many = tuple(f"{FIRST}{place}" for place in range(30))
    assert question(ask("check", posts=many, page="0")).count("uris=") == 25
    assert question(ask("check", posts=many, page="25")).count("uris=") == 5


def test_a_replies_payload_holds_its_post_and_the_next() -> None:
    asked = ask("replies", posts=("a", FIRST, SECOND, "d"), page=FIRST)
    assert bluesky().fetch(asked, Scripted()).posts == (FIRST, SECOND)


# What a refusal means.


def said(error: str, message: str) -> dict[str, str]:
    return {"error": error, "message": message}


@pytest.mark.parametrize(
    ("stream", "status", "body", "kind", "words"),
    [
        ("profile", 400, said("InvalidRequest", "Profile not found"), MissingError, "register"),
        ("profile", 400, said("AccountTakedown", "suspended"), MissingError, "suspended"),
        ("profile", 400, said("AccountDeactivated", "x"), MissingError, "by its owner"),
        ("posts", 400, said("BlockedByActor", "x"), DeniedError, "block each other"),
        ("posts", 400, said("InvalidToken", "bad"), DeniedError, "app_password (bad)"),
        ("posts", 403, "<html>Forbidden</html>", DeniedError, "needs no key"),
        ("posts", 429, said("RateLimitExceeded", "x"), BusyError, "wait"),
        ("posts", 400, said("InvalidRequest", "Malformed cursor"), RefusedError, "cursor"),
        ("mentions", 403, "<html>Forbidden</html>", SearchError, "sign in"),
    ],
)
def test_a_refusal_says_what_to_do(
    stream: str, status: int, body: object, kind: type[NetworkError], words: str
) -> None:
    with pytest.raises(kind, match=words.replace("(", r"\(").replace(")", r"\)")):
        bluesky().fetch(ask(stream), Scripted(answers=[(status, body)]))


def test_a_post_that_is_gone_does_not_stop_the_others() -> None:
    gone = (400, said("NotFound", f"Post not found: {FIRST}"))
    payload = bluesky().fetch(ask("replies", posts=(FIRST, SECOND)), Scripted(answers=[gone]))
    page = bluesky().parse(payload, CONTEXT)
    assert (page.next_page, page.skipped) == (SECOND, {"no longer there": 1})


def test_an_answer_that_is_no_json_is_garbled() -> None:
    with pytest.raises(GarbledError, match="option service"):
        bluesky().parse(replace(sample("posts"), body=b"<html>"), CONTEXT)


# Signing in.


def test_without_signing_in_there_are_no_searches_on_the_public_server() -> None:
    assert {"mentions", "search"}.isdisjoint(stream.name for stream in bluesky().streams)
    with pytest.raises(SearchError, match="identifier and app_password"):
        bluesky().search("northfield", name="q")


def test_another_server_may_be_searched_by_anybody() -> None:
    found = bluesky(service="https://appview.example").search("northfield", name="q")
    assert (found.stream, found.subject.words) == ("search", "northfield")


def test_one_sign_in_serves_many_searches() -> None:
    http = Scripted(answers=[(200, {"accessJwt": "CANARY-token"})])
    connector = signed_in()
    for _time in range(3):
        connector.fetch(ask("mentions"), http)
    assert [request.method for request in http.asked] == ["POST", "GET", "GET", "GET"]


def test_a_token_that_ran_out_is_renewed_once() -> None:
    http = Scripted(
        answers=[
            (200, {"accessJwt": "CANARY-token-1"}),
            (400, said("ExpiredToken", "Token has expired")),
            (200, {"accessJwt": "CANARY-token-2"}),
            (200, {"posts": []}),
        ]
    )
    signed_in().fetch(ask("mentions"), http)
    assert http.asked[-1].secret_headers == {"authorization": "Bearer CANARY-token-2"}


def test_a_wrong_password_is_not_tried_again_and_again() -> None:
    wrong = (401, said("AuthenticationRequired", "Invalid identifier or password"))
    http = Scripted(answers=[wrong, wrong, wrong])
    with pytest.raises(DeniedError, match="app password"):
        signed_in().fetch(ask("mentions"), http)
    assert len(http.asked) <= 2


def test_neither_token_nor_password_is_in_a_payload() -> None:
    http = Scripted(
        answers=[(200, {"accessJwt": "CANARY-token"}), (200, {"posts": [], "x": "CANARY-token"})]
    )
    payload = signed_in().fetch(ask("mentions"), http)
    assert "CANARY" not in f"{payload}{payload.body!r}{http.asked}"


# What answers say.


def test_a_repost_does_not_meet_the_original() -> None:
    page = page_of_sample("posts")
    (repost,) = [post for post in posts(page) if post.is_repost]
    assert "/app.bsky.feed.repost/" in repost.post
    assert repost.likes is None


def test_a_repost_of_an_older_server_still_has_a_key_of_its_own() -> None:
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": {"did": DID},
        "indexedAt": "2026-11-10T08:00:00Z",
    }
    passed_on = entry(made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:01Z", reason=reason)
    (post,) = posts(feed(passed_on))
    assert post.post == f"{FIRST}#{DID}"
    assert post.published_at == datetime(2026, 11, 10, 8, tzinfo=UTC)


def test_a_pinned_post_does_not_end_the_walk() -> None:
    pin = {"$type": "app.bsky.feed.defs#reasonPin"}
    page = feed(
        entry("3k0", made="2020-01-01T00:00:00Z", seen="2020-01-01T00:00:00Z", reason=pin),
        entry("3k9", made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:00Z"),
        entry("3k8", made="2026-11-08T08:00:00Z", seen="2026-11-08T08:00:00Z"),
    )
    assert page.oldest == datetime(2026, 11, 8, 8, tzinfo=UTC)
    assert len(posts(page)) == 3


@pytest.mark.parametrize("cursor", ["1793951696789__bafy", "2026-11-06T07:54:56.789Z"])
def test_the_cursor_says_how_far_a_feed_was_read(cursor: str) -> None:
    post = entry(made="2019-01-01T00:00:00Z", seen="2026-11-09T08:00:00Z")
    expected = datetime(2026, 11, 6, 7, 54, 56, 789_000, tzinfo=UTC)
    assert feed(post, cursor=cursor).oldest == expected


def test_a_cursor_that_is_a_place_says_nothing_about_time() -> None:
    post = entry(made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:00Z")
    assert feed(post, cursor="25").oldest == datetime(2026, 11, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("2019-03-01T09:00:00Z", datetime(2019, 3, 1, 9, tzinfo=UTC)),
        ("2031-01-01T00:00:00Z", datetime(2026, 11, 9, 8, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 9, 8, tzinfo=UTC)),
    ],
)
def test_a_post_counts_from_the_earlier_of_made_and_seen(made: str, expected: datetime) -> None:
    (post,) = posts(feed(entry(made=made, seen="2026-11-09T08:00:00Z")))
    assert post.published_at == expected


def test_a_post_before_all_networks_is_refused_alone() -> None:
    page = feed(
        entry(made="0001-01-01T00:00:00Z", seen="2026-11-09T08:00:00Z"),
        entry("3k2", made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:00Z"),
    )
    assert (len(page.records), [one.field for one in page.unread]) == (1, ["record.createdAt"])


def test_a_reply_to_oneself_goes_on_a_thread() -> None:
    assert post_with("every day in June").is_reply is False
    assert post_with("Yes, from ten").is_reply is True
    assert post_with("May we reprint it").is_reply is True


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("library opens", "text"),
        ("reading room", "carousel"),
        ("portes ouvertes", "link"),
        ("boat race", "video"),
        ("our neighbours", "image"),
    ],
)
def test_a_post_is_of_the_kind_of_what_is_beside_its_words(words: str, kind: str) -> None:
    assert post_with(words).kind == kind


def test_images_are_described_where_their_text_is_not_blank() -> None:
    post = post_with("reading room")
    assert (post.images, post.images_described) == (2, 1)


def test_an_address_with_a_broken_handle_names_the_identifier() -> None:
    broken = entry(made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:00Z")
    broken["post"]["author"]["handle"] = "handle.invalid"
    (post,) = posts(feed(broken))
    assert post.url == f"https://bsky.app/profile/{DID}/post/3k1"


def test_a_thread_gives_own_answers_as_posts_and_others_as_mentions() -> None:
    page = page_of_sample("replies")
    assert len(posts(page)) == 3
    assert {mention.kind for mention in mentions(page)} == {"reply"}
    assert all(mention.thread == sample("replies").posts[0] for mention in mentions(page))


def test_no_stranger_is_named() -> None:
    found = [*page_of_sample("replies").records, *page_of_sample("mentions").records]
    others = [record for record in found if isinstance(record, Mention)]
    assert others
    assert not any("charlie" in f"{other.author}{other.url}{other.post}" for other in others)


def test_who_wants_signed_in_readers_only_is_left_aside() -> None:
    assert page_of_sample("profile_login_only").records == []
    assert page_of_sample("posts_login_only").next_page is None
    assert page_of_sample("replies").skipped == {"only for those who sign in": 1}


def test_a_label_that_was_taken_back_hides_nobody() -> None:
    shown = entry(made="2026-11-09T08:00:00Z", seen="2026-11-09T08:00:00Z")
    shown["post"]["author"]["labels"] = [{"val": "!no-unauthenticated", "neg": True}]
    assert len(feed(shown).records) == 1


def test_blocked_and_missing_parts_of_a_thread_are_counted() -> None:
    body = json.loads(sample("replies").body)
    body["thread"]["replies"] = [
        {"$type": "app.bsky.feed.defs#blockedPost", "uri": SECOND, "blocked": True},
        {"$type": "app.bsky.feed.defs#notFoundPost", "uri": SECOND, "notFound": True},
    ]
    page = bluesky().parse(replace(sample("replies"), body=json.dumps(body).encode()), CONTEXT)
    assert page.skipped == {"blocked": 1, "no longer there": 1}


def test_quotes_come_before_the_next_post() -> None:
    page = page_of_sample("replies_quoted")
    assert page.next_page is not None
    assert page.next_page.endswith(" quotes")


def test_a_quote_is_a_quote_wherever_it_is_met() -> None:
    (quote,) = mentions(page_of_sample("replies_quotes"))
    assert quote.kind == "quote"


def test_the_handle_of_the_moment_is_noticed() -> None:
    page = page_of_sample("profile")
    assert list(page.handles.values()) == ["northfield.test"]


def test_a_profile_gives_its_audience() -> None:
    (snapshot,) = page_of_sample("profile").records
    assert Item(vars(snapshot)).count("followers") == 2


def test_posts_of_a_deactivated_account_are_not_called_deleted() -> None:
    page = page_of_sample("check_deactivated")
    assert (page.records, page.next_page) == ((), None)


def test_a_check_finds_what_is_gone() -> None:
    page = page_of_sample("check")
    assert [Item(vars(record)).name("reason") for record in page.records] == ["absent"]
    assert page.seen == len(sample("check").posts)


def test_a_check_goes_on_after_twenty_five() -> None:
    many = tuple(f"{FIRST}{place}" for place in range(30))
    page = bluesky().parse(replace(sample("check"), posts=many, page="0"), CONTEXT)
    assert (page.next_page, len(page.records)) == ("25", 25)
