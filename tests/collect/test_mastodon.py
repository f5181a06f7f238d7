"""Mastodon: what is asked, of which server, with which token, and what a refusal means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.collect.answered import CONTEXT
from tests.collect.keyed import Scripted, account, scripted, walked
from tests.conftest import SHARED
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Connector, Subject
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
    RefusedError,
    SearchError,
)
from vigie.http import Request
from vigie.model import Account, Mention, Post, Snapshot, Tombstone

CONTRACT = SHARED / "contracts" / "mastodon" / "openapi-4.7.0.json"
NORTHFIELD = account("mastodon", "northfield@social.example")
HOME = "https://social.example"
LOOKED_UP = {"id": "7", "acct": "northfield", "username": "northfield", "fields": []}
WEBFINGER = {
    "links": [{"rel": "self", "type": "application/activity+json",
               "href": "https://fedi.example/users/northfield"}]
}  # fmt: skip
NO_RECORD = {"error": "Record not found"}
NOBODY: dict[str, object] = {"ancestors": [], "descendants": []}
TOKEN = "a-token-of-social"


def mastodon(**options: str) -> Connector:
    return connect("mastodon", secrets=options)


def ask(stream: str, *posts: str, page: str | None = None) -> Ask:
    return Ask(stream=stream, subject=NORTHFIELD, posts=posts, page=page)


def own(number: int) -> str:
    return f"{HOME}/users/northfield/statuses/{number}"


def status(number: int, **more: object) -> dict[str, object]:
    return {
        "id": str(number), "uri": own(number), "created_at": "2026-11-18T08:00:00Z",
        "visibility": "public", "content": "<p>x</p>", "account": LOOKED_UP, **more,
    }  # fmt: skip


def urls(http: Scripted) -> list[str]:
    return [request.shown for request in http.asked]


def answers(*pairs: tuple[int, object]) -> Scripted:
    made = scripted()
    made.answers = list(pairs)
    return made


def refused(kind: type[NetworkError], what: Ask, http: Scripted, **options: str) -> str:
    with pytest.raises(kind) as caught:
        walked(mastodon(**options), what, http)
    return str(caught.value)


def test_account_is_looked_up_and_then_read_page_by_page_to_its_end() -> None:
    http = scripted(LOOKED_UP, [status(9), status(8)], [status(7)], [])
    walked(mastodon(), ask("posts"), http)
    assert urls(http) == [
        f"{HOME}/api/v1/accounts/lookup?acct=northfield",
        f"{HOME}/api/v1/accounts/7/statuses?limit=40",
        f"{HOME}/api/v1/accounts/7/statuses?limit=40&max_id=8",
        f"{HOME}/api/v1/accounts/7/statuses?limit=40&max_id=7",
    ]


def test_server_that_knows_no_pages_is_not_asked_for_ever() -> None:
    http = scripted(LOOKED_UP, [status(9), status(8)], [status(9), status(8)])
    assert len(walked(mastodon(), ask("posts"), http)) == 3


@pytest.mark.parametrize(
    "first", [(404, "<html>"), (403, "blocked"), (200, "<html>"), (404, NO_RECORD)]
)
def test_account_that_lives_elsewhere_is_found_by_webfinger(first: tuple[int, object]) -> None:
    http = answers(first, (200, WEBFINGER), (200, LOOKED_UP))
    (found,) = walked(mastodon(), ask("profile"), http)[-1].records
    assert isinstance(found, Snapshot)
    assert urls(http)[1:] == [
        f"{HOME}/.well-known/webfinger?resource=acct%3Anorthfield%40social.example",
        "https://fedi.example/api/v1/accounts/lookup?acct=northfield",
    ]


def test_unknown_handle_is_to_be_corrected_in_the_register() -> None:
    http = answers((404, NO_RECORD), (404, "not found"))
    words = "social.example does not know northfield@social.example. Correct it in the register."
    assert refused(MissingError, ask("profile"), http) == words


def test_account_that_moved_says_where() -> None:
    http = scripted({**LOOKED_UP, "moved": {"acct": "n", "url": "https://new.example/@n"}})
    words = refused(MissingError, ask("profile"), http)
    assert words == (
        "northfield@social.example has moved to https://new.example/@n. Correct it in the register."
    )


def test_posts_of_an_account_that_moved_are_still_read() -> None:
    http = scripted({**LOOKED_UP, "moved": {"acct": "n"}}, [status(9)], [])
    assert [len(page.records) for page in walked(mastodon(), ask("posts"), http)] == [0, 1, 0]


def test_suspended_account_gives_no_count_of_zero() -> None:
    http = scripted({**LOOKED_UP, "suspended": True, "followers_count": 0})
    assert "suspended by its server" in refused(MissingError, ask("profile"), http)


@pytest.mark.parametrize(
    ("code", "body"),
    [(401, {"error": "This API requires an authenticated user"}), (403, "no"),
     (422, {"error": "This method requires an authenticated user"})],
)  # fmt: skip
def test_closed_server_says_where_to_enter_a_token(code: int, body: object) -> None:
    http = answers((200, LOOKED_UP), (code, body))
    words = refused(DeniedError, ask("posts"), http)
    assert "social.example answers only those with a token" in words


def test_refused_token_is_to_be_made_anew_and_is_not_repeated() -> None:
    http = answers((200, LOOKED_UP), (401, {"error": f"The token {TOKEN} is invalid"}))
    words = refused(DeniedError, ask("posts"), http, token=f"social.example={TOKEN}")
    assert "Make a new one there" in words
    assert TOKEN not in words


def test_token_is_shown_to_its_server_only() -> None:
    http = scripted(NOBODY, NOBODY)
    posts = (own(9), "https://town.example/users/northfield/statuses/8")
    walked(mastodon(token=f"other.example=b, social.example={TOKEN}"), ask("replies", *posts), http)
    shown = [dict(request.secret_headers) for request in http.asked]
    assert shown == [{"Authorization": f"Bearer {TOKEN}"}, {}]


def test_token_is_in_nothing_that_is_kept() -> None:
    http = scripted({**LOOKED_UP, "note": TOKEN})
    payload = mastodon(token=f"social.example={TOKEN}").fetch(ask("profile"), http)
    assert TOKEN not in repr(payload) + repr(http.asked)


def test_busy_server_is_left_alone() -> None:
    assert refused(BusyError, ask("profile"), answers((429, {"error": "Throttled"})))


def test_replies_are_asked_post_by_post_and_go_on_past_one_that_is_gone() -> None:
    http = answers((200, NOBODY), (404, NO_RECORD), (200, NOBODY))
    pages = walked(mastodon(), ask("replies", own(9), own(8), own(7)), http)
    assert urls(http) == [f"{HOME}/api/v1/statuses/{one}/context" for one in (9, 8, 7)]
    assert pages[1].skipped == {"no longer there": 1}


def test_replies_cut_short_go_on_at_the_same_post_though_newer_ones_came() -> None:
    first = ask("replies", own(9), own(8))
    page = mastodon().parse(mastodon().fetch(first, scripted(NOBODY)), CONTEXT)
    http = scripted(NOBODY)
    walked(mastodon(), ask("replies", own(10), own(9), own(8), page=page.next_page), http)
    assert urls(http) == [f"{HOME}/api/v1/statuses/8/context"]


def test_several_posts_are_checked_with_one_question() -> None:
    http = scripted([status(9), status(7)])
    (page,) = walked(mastodon(), ask("check", own(9), own(8), own(7)), http)
    gone = [record.post for record in page.records if isinstance(record, Tombstone)]
    assert gone == [own(8)]
    assert urls(http) == [f"{HOME}/api/v1/statuses?id[]=9&id[]=8&id[]=7"]


def test_posts_of_more_than_a_page_are_checked_twenty_at_a_time() -> None:
    posts = [own(number) for number in range(45, 0, -1)]
    batches = (range(45, 25, -1), range(25, 5, -1), range(5, 0, -1))
    http = scripted(*([status(number) for number in batch] for batch in batches))
    pages = walked(mastodon(), ask("check", *posts), http)
    assert [len(page.records) for page in pages] == [20, 20, 5]


@pytest.mark.parametrize("first", [(404, NO_RECORD), (405, ""), (422, {"error": "x"}), (200, [])])
def test_server_that_cannot_show_several_is_asked_one_by_one(first: tuple[int, object]) -> None:
    http = answers(first, (200, status(9)), (404, NO_RECORD))
    pages = walked(mastodon(), ask("check", own(9), own(8)), http)
    found = [type(record) for page in pages for record in page.records]
    assert found == [Post, Tombstone]


def test_missing_web_page_is_no_proof_that_a_post_was_taken_down() -> None:
    http = answers((404, "<html>not found</html>"))
    assert refused(GarbledError, ask("check", own(9)), http)


def test_closed_server_is_no_proof_that_a_post_was_taken_down() -> None:
    http = answers((401, {"error": "This API requires an authenticated user"}))
    assert refused(DeniedError, ask("check", own(9)), http)


def test_post_whose_server_names_it_otherwise_is_checked_at_its_own_address() -> None:
    post = "https://pleroma.example/objects/0a1b2c3d"
    http = answers((200, "<html>a post</html>"))
    (page,) = walked(mastodon(), ask("check", post), http)
    assert (urls(http), page.skipped) == ([post], {"still there": 1})


def test_nothing_is_asked_about_no_posts() -> None:
    assert mastodon().check((), NORTHFIELD) is None


def test_edited_post_gives_a_new_look_with_the_new_words() -> None:
    http = scripted([status(9, content="<p>new</p>", edited_at="2026-11-19T08:00:00Z"), status(8)])
    (page,) = walked(mastodon(), ask("check", own(9), own(8)), http)
    (first, *_others) = page.records
    assert isinstance(first, Post)
    assert first.text == "new"


def test_words_are_searched_only_with_a_token() -> None:
    with pytest.raises(SearchError, match=r"mastodon\.social searches words only"):
        mastodon().search("northfield", name="q")
    assert mastodon(token="mastodon.social=t").search("northfield", name="q").stream == "search"


def test_hashtag_is_searched_without_a_token() -> None:
    http = scripted([])
    walked(mastodon(), mastodon().search("#Journée", name="q"), http)
    assert urls(http) == ["https://mastodon.social/api/v1/timelines/tag/Journ%C3%A9e?limit=40"]


def test_accounts_on_servers_left_out_are_not_asked_about() -> None:
    accounts = [
        Account(account=f"mastodon:{handle}", institution="n", network="mastodon", handle=handle)
        for handle in ("a@social.example", "b@closed.example")
    ]
    found = mastodon(left_out="closed.example, other.example").subjects(accounts, [])
    assert [one.handle for one in found] == ["a@social.example"]


def test_person_has_one_pseudonym_whichever_server_shows_them() -> None:
    def author(acct: str, host: str) -> str:
        clara = {"id": "1", "acct": acct, "url": "https://town.example/@clara"}
        http = scripted(
            [status(1, account=clara, uri="https://town.example/users/clara/statuses/1")]
        )
        ask = mastodon(service=host).search("#x", name="q")
        payload = mastodon(service=host).fetch(ask, http)
        (found,) = mastodon().parse(payload, CONTEXT).records
        assert isinstance(found, Mention)
        return found.author

    assert author("clara", "https://town.example") == author("clara@town.example", HOME)


# What the vendor publishes: the description of the interface, and answers of a real server.


@cache
def contract() -> dict[str, object]:
    if not CONTRACT.is_file():
        pytest.skip("Mastodon's description (../shared/contracts) is not beside the project")
    found: dict[str, object] = json.loads(CONTRACT.read_text("utf-8"))["paths"]
    return found


def parameters_of(path: str) -> set[str] | None:
    """Return the parameters of a question that the description has, by the most exact path."""
    known: dict[str, object] = contract()
    shapes = [one for one in known if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
    if not shapes:
        return None
    asked = known[min(shapes, key=lambda one: one.count("{"))]["get"]  # type: ignore[index]
    return {one["name"] for one in asked["parameters"] if one["in"] == "query"}


QUESTIONS = {
    "profile": ask("profile"),
    "posts": ask("posts"),
    "posts, first page": ask("posts", page='{"server": "https://social.example", "account": "7"}'),
    "posts, next page": ask(
        "posts", page='{"server": "https://social.example", "account": "7", "before": "9"}'
    ),
    "replies": ask("replies", own(9)),
    "check several": ask("check", own(9), own(8)),
    "check one": ask("check", own(9)),
    "hashtag": mastodon().search("#OpenDay", name="q"),
    "words": mastodon(token="mastodon.social=t").search("open day", name="q"),
    "words, next page": Ask(
        stream="search",
        subject=Subject(subject="q", network="mastodon", words="open day"),
        page='{"offset": 40}',
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_in_the_description_of_the_interface(name: str) -> None:
    request: Request = mastodon().request(QUESTIONS[name])  # type: ignore[attr-defined]
    parts = urlsplit(request.whole)
    known = parameters_of(parts.path)
    assert known is not None, parts.path
    assert {key.removesuffix("[]") for key, _value in parse_qsl(parts.query)} <= known


def test_the_check_of_questions_can_fail() -> None:
    assert parameters_of("/api/v1/accounts/7/posts") is None


RECORDINGS = SHARED / "contracts" / "mastodon" / "recordings"
READABLE = {
    r"/api/v1/accounts/(lookup|\d+)": "profile",
    r"/api/v1/statuses/\d+/context": "replies",
    r"/api/v1/timelines/tag/\w+": "search",
    r"/api/v2/search": "search",
    r"/api/v1/statuses": "check",
}


@cache
def exchanges() -> list[dict[str, Any]]:
    """Return what a real server was asked and answered."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings (../shared/contracts) are not beside the project")
    files = sorted(RECORDINGS.glob("*.yaml"))
    read = [yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) for file in files]
    return [
        one
        for recording in read
        for one in recording["interactions"]
        if one["response"]["status"]["code"] == 200
    ]


def bodies() -> list[object]:
    return [json.loads(one["response"]["body"]["string"]) for one in exchanges()]


def recorded() -> list[tuple[str, str, str]]:
    """Return the exchanges that are like ours: stream, address, body."""
    found = []
    for one in exchanges():
        url = one["request"]["uri"]
        stream = stream_of(url)
        is_read = one["request"]["method"] == "GET" or stream == "check"
        if stream and is_read:
            found.append((stream, url, one["response"]["body"]["string"]))
    return found


def stream_of(url: str) -> str | None:
    path = urlsplit(url).path
    return next((READABLE[shape] for shape in READABLE if re.fullmatch(shape, path)), None)


def test_every_recorded_answer_of_a_real_server_is_read_whole() -> None:
    streams = {"profile": 0, "replies": 0, "search": 0, "check": 0}
    for stream, url, body in recorded():
        http = answers((200, body))
        payload = mastodon().fetch(as_asked(stream, json.loads(body)), http)
        page = mastodon().parse(payload, CONTEXT)
        assert page.unread == (), url
        assert page.seen == counted(stream, json.loads(body)), url
        streams[stream] += 1
    assert min(streams.values()) >= 1, streams


def as_asked(stream: str, body: object) -> Ask:
    """Return the question that a recorded answer answers."""
    writer = body["account"] if isinstance(body, dict) and "account" in body else LOOKED_UP
    handle = f"{writer['acct']}@localhost"
    subject = account("mastodon", handle)
    if stream == "search":
        words = "#x" if isinstance(body, list) else "x"
        return Ask(stream="search", subject=Subject(subject="q", network="mastodon", words=words))
    posts = (str(body.get("uri", own(9))),) if isinstance(body, dict) else ()
    return Ask(stream=stream, subject=subject, posts=posts)


def counted(stream: str, body: object) -> int:
    if stream == "search":
        return len(body if isinstance(body, list) else body["statuses"])  # type: ignore[index]
    if stream == "replies":
        return len(body["descendants"]) + len(body["ancestors"])  # type: ignore[index]
    return 1


def within(found: object, *, has: set[str]) -> Iterator[dict[str, object]]:
    """Yield every object of an answer that has these fields, however deep."""
    if isinstance(found, dict):
        if has <= set(found):
            yield found
        for value in found.values():
            yield from within(value, has=has)
    elif isinstance(found, list):
        for value in found:
            yield from within(value, has=has)


def test_every_recorded_status_wherever_it_stands_is_read() -> None:
    fields = {"uri", "visibility", "content", "account"}
    found = [one for body in bodies() for one in within(body, has=fields)]
    http = scripted(found)
    page = mastodon().parse(mastodon().fetch(mastodon().search("#x", name="q"), http), CONTEXT)
    assert (page.unread, page.seen >= 90) == ((), True)


def test_every_recorded_account_wherever_it_stands_is_read() -> None:
    fields = {"acct", "followers_count", "fields"}
    found = [one for body in bodies() for one in within(body, has=fields)]
    pages = [walked(mastodon(), ask("profile"), scripted(one))[0] for one in found]
    assert len(pages) >= 100
    assert all(isinstance(page.records[0], Snapshot) for page in pages)


def test_recorded_pages_of_a_hashtag_give_every_post_once() -> None:
    pages = [
        json.loads(body) for _stream, url, body in recorded()
        if "/timelines/tag/" in url and "min_id" not in url
    ]  # fmt: skip
    http = scripted(*pages[:4])
    found = walked(mastodon(), mastodon().search("#x", name="q"), http)
    words = [
        record.text for page in found for record in page.records if isinstance(record, Mention)
    ]
    assert [text.split("!")[0] for text in words if text] == [
        f"Toot number {number}" for number in range(29, -1, -1)
    ]


def test_recorded_unknown_account_is_told_from_a_wrong_address() -> None:
    http = answers((404, NO_RECORD), (404, ""))
    with pytest.raises(RefusedError, match="does not know"):
        mastodon().fetch(ask("profile"), http)
