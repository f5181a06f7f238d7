"""Every question put to X keeps to X's own description, and every refusal has its words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tests.collect.answered import CONTEXT, payload_of, told
from tests.collect.keyed import (
    NOW,
    account,
    body_of,
    keyed,
    sample,
    samples,
    scripted,
    walked,
    with_body,
)
from tests.conftest import SHARED
from vigie.collect.connector import Ask
from vigie.collect.connectors.x import X
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    RefusedError,
    SettingError,
)
from vigie.http import Request

# X also lets people sign in with OAuth 1, which the library does not know; we do not use it.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type:UserWarning")

CONTRACT = SHARED / "contracts" / "x-openapi-2.167.json"
SINCE = datetime(2026, 11, 18, 7, tzinfo=UTC)
NUMBER = "2244990001"
PROBLEM = "https://api.x.com/2/problems/"
POSTS = tuple(str(number) for number in range(1, 26))
ASKS = {
    "profile by handle": Ask(stream="profile", subject=account("x")),
    "profile by number": Ask(stream="profile", subject=account("x", identifier=NUMBER)),
    "posts, first lookup": Ask(stream="posts", subject=account("x")),
    "posts": Ask(stream="posts", subject=account("x", identifier=NUMBER)),
    "posts since": Ask(stream="posts", subject=account("x", identifier=NUMBER), since=SINCE),
    "posts, page 2": Ask(stream="posts", subject=account("x"), page=f"user:{NUMBER}:7140dib"),
    "mentions": Ask(stream="mentions", subject=account("x", identifier=NUMBER), since=SINCE),
    "replies": Ask(stream="replies", subject=account("x"), posts=POSTS),
    "replies, page 2": Ask(stream="replies", subject=account("x"), posts=POSTS, page="2 b26v89"),
    "check": Ask(stream="check", subject=account("x"), posts=("1990000000000000007", "20")),
}


def connector(**options: str) -> X:
    found = keyed("x", **options)
    assert isinstance(found, X)
    return found


ASKS["search"] = connector().search('"Northfield University" OR #northfield', name="northfield")


@cache
def contract() -> OpenAPI:
    if not CONTRACT.is_file():
        pytest.skip("X's description (../shared/contracts) is not beside the project")
    # The file holds one value twice in a list and so fails the formal check of itself.
    return OpenAPI.from_dict(
        json.loads(CONTRACT.read_text("utf-8")), config=Config(spec_validator_cls=None)
    )


def as_openapi(request: Request) -> MockRequest:
    parts = urlsplit(request.url)
    return MockRequest(
        f"{parts.scheme}://{parts.netloc}",
        request.method,
        parts.path,
        args=dict(request.params),
        headers=dict(request.secret_headers),
    )


def in_new_names(request: Request) -> Request:
    """Say a question of the older naming with the newer names."""
    params = dict(request.params)
    if "tweet.fields" in params:
        fields = params.pop("tweet.fields").split(",")
        names = {"note_tweet": "note_post"}
        kept = [names.get(name, name) for name in fields if name not in BY_EXPANSION]
        params["post.fields"] = ",".join(kept)
        params["expansions"] += "".join(f",{BY_EXPANSION[n]}" for n in fields if n in BY_EXPANSION)
    return replace(request, params=params)


BY_EXPANSION = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets": "referenced_posts",
}
"""Fields of the older naming that the newer one has as expansions."""


def hold(request: Request) -> None:
    """Check a question; the library lets names pass that the description does not have."""
    contract().validate_request(as_openapi(request))
    assert set(request.params) <= parameters_of(urlsplit(request.url).path)


def parameters_of(path: str) -> set[str]:
    told = json.loads(CONTRACT.read_text("utf-8"))
    pattern = next(
        one for one in told["paths"]
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)
        and (one == path or path not in told["paths"])
    )  # fmt: skip
    components = told["components"]["parameters"]
    listed = told["paths"][pattern]["get"]["parameters"]
    return {(components[one["$ref"].split("/")[-1]] if "$ref" in one else one)["name"]
            for one in listed}  # fmt: skip


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_question_keeps_to_the_description_of_x(ask: Ask) -> None:
    hold(connector().request(ask, now=NOW))


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_question_in_the_older_naming_keeps_to_it_too(ask: Ask) -> None:
    request = connector(naming="tweet").request(ask, now=NOW)
    assert "post.fields" not in request.params
    hold(in_new_names(request))


def test_both_namings_ask_for_the_same() -> None:
    old, new = (
        connector(naming=one).request(ASKS["mentions"], now=NOW) for one in ("tweet", "post")
    )
    told = {name: set(value.split(",")) for name, value in in_new_names(old).params.items()}
    assert told == {name: set(value.split(",")) for name, value in new.params.items()}


@pytest.mark.parametrize("wrong", [{"post.fields": "tweet_count"}, {"tweet.fields": "text"}])
def test_wrong_name_is_caught(wrong: dict[str, str]) -> None:
    contract()
    request = connector().request(ASKS["posts"], now=NOW)
    with pytest.raises((OpenAPIError, AssertionError)):
        hold(replace(request, params={**request.params, **wrong}))


@pytest.mark.parametrize(
    "path", [path for path in samples("x") if "tweet" not in path.stem], ids=lambda path: path.stem
)
def test_sample_is_an_answer_that_x_describes(path: Path) -> None:
    parts = urlsplit(told(path)["payload"]["url"])
    answer = MockResponse(json.dumps(body_of(path)).encode())
    asked = MockRequest(f"{parts.scheme}://{parts.netloc}", "get", parts.path)
    contract().validate_response(asked, answer)


def test_account_without_a_number_is_looked_up_once_and_then_walked() -> None:
    lookup, first, second = (body_of(path) for path in (
        sample("x", "posts_lookup"), sample("x", "posts"), sample("x", "posts_tweet")))  # fmt: skip
    http = scripted(lookup, first, second)
    pages = walked(connector(), ASKS["posts, first lookup"], http)
    assert [urlsplit(request.url).path for request in http.asked] == [
        "/2/users/by/username/northfield",
        f"/2/users/{NUMBER}/tweets",
        f"/2/users/{NUMBER}/tweets",
    ]
    assert "pagination_token" not in http.asked[1].params
    assert http.asked[2].params["pagination_token"] == first["meta"]["next_token"]
    assert [page.seen for page in pages] == [1, 7, 5]


def test_two_namings_of_one_answer_read_alike() -> None:
    new, old = (
        connector().parse(payload_of(sample("x", stem)), CONTEXT)
        for stem in ("posts", "posts_tweet")
    )
    assert list(new.records[:5]) == list(old.records)


def test_edited_post_is_known_by_its_first_edition() -> None:
    page = connector().parse(payload_of(sample("x", "posts")), CONTEXT)
    assert vars(page.records[0])["post"] == "1990000000000000005"


def test_search_further_back_than_a_week_asks_for_all_there_is() -> None:
    ask = replace(ASKS["search"], since=datetime(2026, 10, 1, tzinfo=UTC))
    assert "start_time" not in connector().request(ask, now=NOW).params


def test_more_than_a_hundred_posts_are_checked_in_turn() -> None:
    posts = [str(number) for number in range(1, 251)]
    ask = connector().check(posts, account("x"))
    assert ask is not None
    http = scripted(*[{"data": [{"id": "1", "text": ""}]}] * 3)
    pages = walked(connector(), ask, http)
    assert [len(request.params["ids"].split(",")) for request in http.asked] == [100, 100, 50]
    assert sum(page.seen for page in pages) == 250


def test_nothing_to_check_asks_nothing() -> None:
    assert connector().check([], account("x")) is None


REFUSALS = {
    "wrong token": (401, {"title": "Unauthorized", "detail": "Unauthorized"}, DeniedError,
                    "bearer_token"),
    "no credits": (402, {"title": "CreditsDepleted", "detail": "No credits."}, BusyError,
                   "credits for X are used up"),
    "not allowed": (403, {"title": "Client Forbidden", "detail": "Project required."}, DeniedError,
                    "Project required"),
    "month used up": (429, {"title": "UsageCapExceeded", "detail": "Monthly"}, BusyError,
                      "in this month"),
    "too fast": (429, {"title": "Too Many Requests"}, BusyError, "asks to wait"),
    "bad question": (400, {"title": "Invalid Request"}, RefusedError, "refused the question"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(status: int, body: object, kind: type, said: str) -> None:
    with pytest.raises(kind, match=said):
        connector().fetch(ASKS["posts"], scripted(body, status=status))


def test_wait_lasts_until_x_says() -> None:
    http = scripted({"title": "Too Many Requests"}, status=429, x_rate_limit_reset="1795167900")
    with pytest.raises(BusyError) as caught:
        connector().fetch(ASKS["posts"], http)
    assert caught.value.until == datetime.fromtimestamp(1795167900, UTC)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("resource-not-found", "does not know northfield"),
     ("resource-unavailable", "protected or suspended")],
)  # fmt: skip
@pytest.mark.parametrize("ask", ["profile by handle", "posts, first lookup"])
def test_unknown_account_is_missing_though_x_answers_200(ask: str, kind: str, said: str) -> None:
    body = {"errors": [{"type": PROBLEM + kind, "detail": "…", "value": "northfield"}]}
    with pytest.raises(MissingError, match=said):
        connector().fetch(ASKS[ask], scripted(body))


def test_answer_of_another_shape_is_garbled() -> None:
    with pytest.raises(GarbledError, match="network may have changed"):
        connector().parse(with_body(sample("x", "posts"), {"statuses": []}), CONTEXT)


def test_conversations_are_asked_for_ten_at_a_time() -> None:
    found = body_of(sample("x", "replies"))
    last = {"meta": {"result_count": 0}}
    http = scripted(found, last, last, last)
    walked(connector(), ASKS["replies"], http)
    counts = [request.params["query"].count("conversation_id:") for request in http.asked]
    tokens = [request.params.get("next_token") for request in http.asked]
    assert (counts, tokens) == ([10, 10, 10, 5], [None, found["meta"]["next_token"], None, None])


def test_longest_search_for_conversations_is_one_that_x_takes() -> None:
    posts = tuple(str(10**18 + number) for number in range(30))
    subject = account("x", handle="a_handle_of_15ch")
    request = connector().request(Ask(stream="replies", subject=subject, posts=posts), now=NOW)
    assert len(request.params["query"]) <= 512


def test_naming_that_cannot_be_is_refused() -> None:
    with pytest.raises(SettingError, match=r"post \| tweet"):
        connector(naming="toot").request(ASKS["posts"], now=NOW)
