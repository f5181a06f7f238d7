"""Questions put to YouTube keep to Google's own description, and refusals have their words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import pytest

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.keyed import NOW, account, body_of, keyed, samples, scripted
from tests.collect.keyed import sample as sample_of
from tests.collect.keyed import walked as walked_with
from vigie.collect.connector import Ask, Page
from vigie.collect.connectors.youtube import Youtube
from vigie.collect.trail import Below, Trail
from vigie.collect.youtube_refusals import next_midnight
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.http import Request
from vigie.model import Post

DESCRIPTION = "discovery_cache/documents/youtube.v3.json"
CHANNEL = "UCnorthfield0000000000aa"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
BY_HANDLE, BY_NUMBER = account("youtube"), account("youtube", identifier=CHANNEL)
OLD_NAME = replace(BY_HANDLE, url="https://www.youtube.com/user/northfield")


def connector() -> Youtube:
    found = keyed("youtube")
    assert isinstance(found, Youtube)
    return found


ASKS = {
    "profile by handle": Ask(stream="profile", subject=BY_HANDLE),
    "profile by identifier": Ask(stream="profile", subject=BY_NUMBER),
    "profile by old name": Ask(stream="profile", subject=OLD_NAME),
    "posts, lookup": Ask(stream="posts", subject=BY_HANDLE),
    "posts, list": Ask(stream="posts", subject=BY_HANDLE, page=Trail(onward="UUx EAAa").text),
    "posts, videos": Ask(
        stream="posts", subject=BY_HANDLE, page=Trail(below=(Below(root="a,b"),)).text
    ),
    "comments, lookup": Ask(stream="comments", subject=BY_HANDLE),
    "comments": Ask(stream="comments", subject=BY_NUMBER, since=SINCE),
    "comments, page 2": Ask(
        stream="comments", subject=BY_NUMBER, page=Trail(onward=f"{CHANNEL} QUR").text
    ),
    "comments below": Ask(
        stream="comments",
        subject=BY_NUMBER,
        page=Trail(below=(Below(root="Ugx", token="t"),)).text,
    ),
    "search": connector().search("Northfield University", name="northfield"),
    "search since": replace(connector().search("Northfield", name="n"), since=SINCE, page="CDIQ"),
    "check": Ask(stream="check", subject=BY_HANDLE, posts=("a", "b")),
}


@cache
def description() -> dict[str, Any]:
    path = Path(googleapiclient.__file__).parent / DESCRIPTION
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def problems(request: Request) -> list[str]:
    """Return what is wrong with a question, by Google's description."""
    told = description()
    path = request.url.removeprefix("https://youtube.googleapis.com/")
    method = next(
        one["methods"]["list"]
        for one in told["resources"].values()
        if "list" in one.get("methods", {}) and one["methods"]["list"]["path"] == path
    )
    known = {**told["parameters"], **method["parameters"]}
    needed = [name for name, one in known.items() if one.get("required")]
    return [
        *(f"{name} is needed" for name in needed if name not in request.params),
        *(f"{name} is not known" for name in request.secret_params if name not in known),
        *(wrong for name, value in request.params.items() for wrong in _wrong(name, value, known)),
    ]


def _wrong(name: str, value: str, known: dict[str, Any]) -> Iterator[str]:
    if name not in known:
        yield f"{name} is not known"
        return
    one = known[name]
    if "enum" in one and value not in one["enum"]:
        yield f"{name} is one of {one['enum']}"
    if one["type"] == "integer" and not int(one["minimum"]) <= int(value) <= int(one["maximum"]):
        yield f"{name} is out of range"


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_question_keeps_to_the_description_of_google(ask: Ask) -> None:
    assert problems(connector().request(ask)) == []


@pytest.mark.parametrize(
    "wrong", [{"order": "newest"}, {"maxResults": "500"}, {"forHandles": "x"}], ids=str
)
def test_wrong_question_is_caught(wrong: dict[str, str]) -> None:
    request = connector().request(ASKS["search"])
    assert problems(replace(request, params={**request.params, **wrong})) != []


@pytest.mark.parametrize(
    "part", ["contentDetails", "id", "replies", "snippet", "statistics"], ids=str
)
def test_asked_part_is_a_property_of_what_is_asked_for(part: str) -> None:
    schemas = description()["schemas"]
    of = {
        "channels": "Channel",
        "videos": "Video",
        "playlistItems": "PlaylistItem",
        "commentThreads": "CommentThread",
        "comments": "Comment",
        "search": "SearchResult",
    }
    requests = [connector().request(ask) for ask in ASKS.values()]
    asked = [one for one in requests if part in one.params["part"].split(",")]
    assert asked
    assert all(part in schemas[of[one.url.rpartition("/")[2]]]["properties"] for one in asked)


def shape_problems(value: Any, schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield where an answer differs from Google's description of it."""
    if "$ref" in schema:
        schema = description()["schemas"][schema["$ref"]]
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if not isinstance(value, kinds.get(schema["type"], object)):
        yield f"{at} is not {schema['type']}"
    elif schema["type"] == "array":
        for one in value:
            yield from shape_problems(one, schema["items"], f"{at}[]")
    elif schema["type"] == "object" and "properties" in schema:
        for name, inner in value.items():
            if name not in schema["properties"]:
                yield f"{at}.{name} is not known"
            else:
                yield from shape_problems(inner, schema["properties"][name], f"{at}.{name}")


@pytest.mark.parametrize("path", samples("youtube"), ids=lambda path: path.stem)
def test_sample_has_the_shape_google_describes(path: Path) -> None:
    body = body_of(path)
    if "error" in body:
        assert set(body["error"]) >= {"code", "message", "errors"}
        return
    name = body["kind"].removeprefix("youtube#")
    assert list(shape_problems(body, {"$ref": name[0].upper() + name[1:]})) == []


def sample(stem: str) -> Any:
    return body_of(sample_of("youtube", stem))


def walked(stream: str, *bodies: Any) -> tuple[list[Page], list[str]]:
    http = scripted(*bodies)
    pages = walked_with(connector(), Ask(stream=stream, subject=BY_HANDLE), http)
    return pages, [request.url.rpartition("/")[2] for request in http.asked]


def test_videos_are_looked_up_listed_and_counted_in_turn() -> None:
    last = {key: value for key, value in sample("posts_listing").items() if key != "nextPageToken"}
    pages, asked = walked("posts", sample("posts_lookup"), sample("posts_listing"),
                          sample("posts_videos"), last, sample("posts_videos"))  # fmt: skip
    assert asked == ["channels", "playlistItems", "videos", "playlistItems", "videos"]
    assert [page.oldest for page in pages[:2]] == [None, None]
    assert sum(isinstance(one, Post) for page in pages for one in page.records) == 4


def test_walk_goes_below_a_long_discussion_before_it_says_how_old_it_is() -> None:
    last = {**sample("comments"), "nextPageToken": None, "items": []}
    pages, asked = walked("comments", sample("posts_lookup"), sample("comments"),
                          sample("comments_below"), last)  # fmt: skip
    assert asked == ["channels", "commentThreads", "comments", "commentThreads"]
    assert [page.oldest for page in pages[:2]] == [None, None]
    assert pages[2].oldest == datetime(2026, 11, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stem", "stream", "status"), [("comments_off", "comments", 403), ("posts_none", "posts", 404)]
)
def test_having_nothing_is_not_a_failure(stem: str, stream: str, status: int) -> None:
    http = scripted(sample(stem), status=status)
    ask = Ask(stream=stream, subject=BY_NUMBER, page=Trail(onward=CHANNEL).text)
    page = connector().parse(connector().fetch(ask, http), CONTEXT)
    assert (page.seen, page.next_page) == (0, None)


def refused(reason: str, message: str = "…") -> dict[str, object]:
    return {"error": {"message": message, "errors": [{"reason": reason, "domain": "youtube"}]}}


REFUSALS = {
    "day used up": (403, refused("quotaExceeded"), BusyError, "midnight in California"),
    "too fast": (403, refused("rateLimitExceeded"), BusyError, "asks to wait"),
    "bad key": (400, refused("badRequest", "API key not valid."), DeniedError, "enter it as key"),
    "not on": (403, refused("accessNotConfigured"), DeniedError, "switch on"),
    "restricted": (403, refused("forbidden", "IP address"), DeniedError, "restricted"),
    "no channel": (404, refused("channelNotFound"), MissingError, "does not have"),
    "bad page": (400, refused("invalidPageToken"), RefusedError, "refused the question"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(status: int, body: object, kind: type, said: str) -> None:
    with pytest.raises(kind, match=said):
        connector().fetch(ASKS["comments"], scripted(body, status=status))


def test_used_up_day_ends_at_midnight_in_california() -> None:
    with pytest.raises(BusyError) as caught:
        connector().fetch(ASKS["comments"], scripted(refused("quotaExceeded"), status=403))
    assert caught.value.until == datetime(2026, 11, 21, 8, tzinfo=UTC) == next_midnight(NOW)


@pytest.mark.parametrize(
    ("now", "midnight"),
    [("2026-10-31T20:00", "2026-11-01T07:00"), ("2026-11-01T08:30", "2026-11-02T08:00"),
     ("2026-07-01T06:59", "2026-07-01T07:00"), ("2026-07-01T07:00", "2026-07-02T07:00")],
)  # fmt: skip
def test_midnight_in_california_follows_its_clock(now: str, midnight: str) -> None:
    moment, expected = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (now, midnight))
    assert next_midnight(moment) == expected


def test_unknown_channel_is_missing_though_youtube_answers_200() -> None:
    nobody = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}
    with pytest.raises(MissingError, match="does not know northfield"):
        connector().fetch(ASKS["posts, lookup"], scripted(nobody))


def test_search_costs_a_hundred_units() -> None:
    assert [connector().cost(ASKS[name]) for name in ("search", "comments")] == [100, 1]


def test_hidden_subscribers_are_unknown_not_none() -> None:
    page = connector().parse(payload_of(sample_of("youtube", "profile_hidden")), CONTEXT)
    assert vars(page.records[0])["followers"] is None
    assert "followers" not in page.fields
