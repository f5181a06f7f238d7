"""Questions to Meta keep to Meta's lists, are signed, and refusals say what to do."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.graph_contract import fields_of, problems
from tests.collect.keyed import (
    CANARY,
    NOW,
    account,
    body_of,
    keyed,
    sample,
    samples,
    scripted,
    with_body,
)
from vigie.collect.connector import Ask, Page, Subject
from vigie.collect.graph import Graph, signed
from vigie.collect.pacific import day_of, midnight
from vigie.collect.renewal import Renewal
from vigie.collect.trail import Below, Trail
from vigie.errors import (
    BusyError,
    DeniedError,
    GarbledError,
    MissingError,
    NetworkError,
    RefusedError,
)
from vigie.model import Account, AccountDay

OWNED = {"facebook": {}, "instagram": {"account": "17841400000000001"}, "threads": {}}
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def connector(network: str, **options: str) -> Graph:
    found = keyed(network, **{"own": "northfield", **OWNED[network], **options})
    assert isinstance(found, Graph)
    return found


def own(network: str) -> Subject:
    return account(network)


def others(network: str) -> Subject:
    return account(network, handle="southfield")


def below(*found: Below) -> str | None:
    return Trail(below=found, onward="QVF").text


PAGE, POST, MEDIA, COMMENT = "Page", "PagePost", "IGMedia", "IGComment"
QUESTIONS = {
    # network, question, kind of the node, its edge
    "page": (Ask(stream="profile", subject=own("facebook")), PAGE, None),
    "page of others": (Ask(stream="profile", subject=others("facebook")), PAGE, None),
    "posts": (Ask(stream="posts", subject=own("facebook"), since=SINCE), PAGE, "posts"),
    "posts, page 2": (Ask(stream="posts", subject=own("facebook"), page="QVF"), PAGE, "posts"),
    "posts of others": (Ask(stream="posts", subject=others("facebook")), PAGE, "posts"),
    "comments": (Ask(stream="comments", subject=own("facebook")), PAGE, "posts"),
    "comments below": (
        Ask(stream="comments", subject=own("facebook"), page=below(Below(root="1_2", token="t"))),
        POST,
        "comments",
    ),
    "tagged": (Ask(stream="mentions", subject=own("facebook")), PAGE, "tagged"),
    "page by day": (Ask(stream="insights", subject=own("facebook"), since=SINCE), PAGE, "insights"),
    "post there": (Ask(stream="check", subject=own("facebook"), posts=("1_2",)), POST, None),
    "account": (Ask(stream="profile", subject=own("instagram")), "IGUser", None),
    "account of others": (Ask(stream="profile", subject=others("instagram")), "IGUser", None),
    "media": (Ask(stream="posts", subject=own("instagram")), "IGUser", "media"),
    "media of others": (
        Ask(stream="posts", subject=others("instagram"), page="QVF"),
        "IGUser",
        None,
    ),
    "media comments": (Ask(stream="comments", subject=own("instagram")), "IGUser", "media"),
    "media comments below": (
        Ask(stream="comments", subject=own("instagram"), page=below(Below(root="1", token="t"))),
        MEDIA,
        "comments",
    ),
    "answers below": (
        Ask(
            stream="comments",
            subject=own("instagram"),
            page=below(Below(root="1", token="t", thread="2")),
        ),
        COMMENT,
        "replies",
    ),
    "tags": (Ask(stream="mentions", subject=own("instagram")), "IGUser", "tags"),
    "account by day": (Ask(stream="insights", subject=own("instagram")), "IGUser", "insights"),
    "media there": (Ask(stream="check", subject=own("instagram"), posts=("1",)), MEDIA, None),
}


@pytest.mark.parametrize(("ask", "kind", "edge"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_question_keeps_to_the_lists_of_meta(ask: Ask, kind: str, edge: str | None) -> None:
    request = connector(ask.subject.network).request(ask, now=NOW)
    assert (request.url.count("/") == 5) is (edge is not None)
    assert edge is None or request.url.endswith(f"/{edge}")
    assert problems(kind, edge, dict(request.params)) == []


@pytest.mark.parametrize(
    ("kind", "edge", "params", "said"),
    [
        ("IGUser", "media", {"fields": "id,likes_count"}, "IGMedia has no field likes_count"),
        ("Page", "fans", {}, "Page has no edge fans"),
        ("Page", "posts", {"until": "1"}, "posts does not take until"),
        ("Page", "insights", {"metrics": "x"}, "insights does not take metrics"),
        ("IGUser", "insights", {"metric": "x"}, "insights needs period"),
        ("Page", "posts", {"fields": "comments.sort(x){id}"}, "comments does not take sort"),
        ("Page", "posts", {"fields": "comments{from{id},words}"}, "Comment has no field words"),
    ],
)
def test_wrong_question_is_caught(kind: str, edge: str, params: dict[str, str], said: str) -> None:
    assert said in problems(kind, edge, params)


def test_fields_inside_fields_are_read() -> None:
    (found,) = fields_of("business_discovery.username(a.b_c){media.limit(5).after(QVF=){id,url}}")
    assert found.modifiers == ("username",)
    assert [one.name for one in found.inner[0].inner] == ["id", "url"]


def test_question_is_signed_with_the_secret_of_the_app() -> None:
    proof = hmac.new(b"secret", b"token", hashlib.sha256).hexdigest()
    assert signed("token", "secret") == {"access_token": "token", "appsecret_proof": proof}
    assert signed("token", "") == {"access_token": "token"}


def test_signature_is_the_one_github_publishes_for_the_same_construction() -> None:
    key, text = "It's a Secret to Everybody", "Hello, World!"
    assert signed(text, key)["appsecret_proof"] == (
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )


def test_permissions_are_asked_for_as_the_app() -> None:
    ask = Ask(stream="permissions", subject=own("facebook"))
    request = connector("facebook", app_id="1", app_secret="s3cret-s3cret").request(ask, now=NOW)
    assert request.secret_params == {"input_token": CANARY, "access_token": "1|s3cret-s3cret"}
    assert request.params == {}


def test_invalid_token_is_denied_though_meta_answers_200() -> None:
    said = {"data": {"is_valid": False, "error": {"message": "expired"}, "scopes": []}}
    ask = Ask(stream="permissions", subject=own("facebook"))
    with pytest.raises(DeniedError, match="no longer valid"):
        connector("facebook").fetch(ask, scripted(said))


def test_what_only_an_owner_sees_is_not_asked_of_others() -> None:
    ask = Ask(stream="insights", subject=others("facebook"))
    http = scripted()
    payload = connector("facebook").fetch(ask, http)
    assert (http.asked, connector("facebook").cost(ask)) == ([], 0)
    assert connector("facebook").parse(payload, CONTEXT) == Page()


@pytest.mark.parametrize(
    ("network", "choice", "handles"),
    [
        ("facebook", {}, ["northfield"]),
        ("facebook", {"others": "yes"}, ["northfield", "southfield"]),
        ("instagram", {}, ["northfield", "southfield"]),
        ("instagram", {"others": "no"}, ["northfield"]),
        ("threads", {}, ["northfield"]),
    ],
)
def test_accounts_of_others_are_asked_about_where_meta_allows(
    network: str, choice: dict[str, str], handles: list[str]
) -> None:
    register = [
        Account(account=f"{network}:{name}", institution=name, network=network, handle=name)
        for name in ("northfield", "southfield")
    ]
    found = connector(network, **choice).subjects(register, [])
    assert [subject.handle for subject in found] == handles


def test_figures_of_others_are_not_asked_with_their_posts() -> None:
    asks = [Ask(stream="posts", subject=of("facebook")) for of in (own, others)]
    fields = [connector("facebook").request(ask, now=NOW).params["fields"] for ask in asks]
    assert ["insights" in one for one in fields] == [True, False]


def test_figures_that_meta_retired_can_be_left_out() -> None:
    ask = Ask(stream="posts", subject=own("facebook"))
    chosen = connector("facebook", post_metrics="post_clicks").request(ask, now=NOW)
    none = connector("facebook", post_metrics="").request(ask, now=NOW)
    assert "insights.metric(post_clicks)" in chosen.params["fields"]
    assert "insights" not in none.params["fields"]


def error(code: int, message: str = "…", subcode: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    return {"error": found | ({"error_subcode": subcode} if subcode else {})}


REFUSALS: dict[str, tuple[int, object, type[NetworkError], str]] = {
    "expired": (400, error(190, "Session has expired", 463), DeniedError, "has expired"),
    "wrong token": (400, error(190, "Malformed access token"), DeniedError, "refused the token"),
    "app limit": (403, error(4, "(#4) Application request limit"), BusyError, "asks to wait"),
    "page limit": (400, error(32, "(#32) Page request limit"), BusyError, "asks to wait"),
    "user limit": (400, error(17), BusyError, "asks to wait"),
    "too fast": (400, error(613), BusyError, "asks to wait"),
    "business limit": (400, error(80002), BusyError, "asks to wait"),
    "permission named": (
        403,
        error(10, "(#10) This endpoint requires the 'pages_read_user_content' permission"),
        DeniedError,
        "has not granted pages_read_user_content",
    ),
    "permission unnamed": (403, error(200, "denied"), DeniedError, "not granted read_insights"),
    "review": (
        400,
        error(10, "(#10) requires the 'Page Public Content Access' feature"),
        DeniedError,
        "has not granted Page Public Content Access",
    ),
    "field": (
        400,
        error(100, "(#100) Tried accessing nonexisting field (fans) on node type (Page)"),
        GarbledError,
        "no longer has the field fans",
    ),
    "metric": (
        400,
        error(100, "(#100) The value must be a valid insights metric"),
        GarbledError,
        "out of the option post_metrics or account_metrics",
    ),
    "not there": (400, error(100, "Unsupported get request.", 33), MissingError, "northfield"),
    "no such name": (404, error(803, "(#803) Some of the aliases"), MissingError, "northfield"),
    "not professional": (400, error(110, "Invalid user id"), MissingError, "professional"),
    "bad parameter": (400, error(100, "(#100) Invalid parameter"), RefusedError, "refused"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(
    status: int, body: object, kind: type[NetworkError], said: str
) -> None:
    ask = Ask(stream="insights", subject=own("facebook"))
    with pytest.raises(kind, match=said):
        connector("facebook").fetch(ask, scripted(body, status=status))


USAGE = {"x-business-use-case-usage": json.dumps(
    {"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}
)}  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [(USAGE, 19), ({}, 60), ({"x-business-use-case-usage": "?"}, 60),
     ({"x-business-use-case-usage": "[]"}, 60)],
)  # fmt: skip
def test_wait_lasts_as_long_as_meta_estimates(headers: dict[str, str], minutes: int) -> None:
    http = scripted(error(32), status=400, **headers)
    with pytest.raises(BusyError) as caught:
        connector("facebook").fetch(Ask(stream="posts", subject=own("facebook")), http)
    assert caught.value.until == NOW + timedelta(minutes=minutes)


def test_post_that_is_gone_by_now_does_not_end_a_walk() -> None:
    ask = Ask(stream="comments", subject=own("facebook"), page=below(Below(root="1_2", token="t")))
    payload = connector("facebook").fetch(ask, scripted(error(100, subcode=33), status=400))
    page = connector("facebook").parse(payload, CONTEXT)
    assert (page.seen, page.next_page) == (0, Trail(onward="QVF").text)


def test_posts_of_others_are_not_checked() -> None:
    assert connector("facebook").check(["1_2"], others("facebook")) is None


def test_discussion_of_instagram_is_read_to_its_depth() -> None:
    bodies = {path.stem: body_of(path) for path in samples("instagram")}
    last = {"data": [], "paging": {}}
    http = scripted(bodies["comments"], bodies["comments_below"], bodies["comments_answers"], last)
    made, ask = connector("instagram"), Ask(stream="comments", subject=own("instagram"))
    pages = []
    for _step in range(4):
        pages.append(made.parse(made.fetch(ask, http), CONTEXT))
        ask = replace(ask, page=pages[-1].next_page)
    assert [request.url.rpartition("v25.0/")[2] for request in http.asked] == [
        "17841400000000001/media",
        "17900000000000001/comments",
        "18001/replies",
        "17841400000000001/media",
    ]
    assert [page.oldest is None for page in pages] == [True, True, False, True]
    assert pages[-1].next_page is None


@pytest.mark.parametrize("network", ["instagram", "threads"])
def test_figures_are_asked_for_day_by_day(network: str) -> None:
    made, ask = connector(network), Ask(stream="insights", subject=own(network))
    request = made.request(ask, now=NOW)
    day = datetime.fromtimestamp(int(request.params["since"]), UTC)
    assert day == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert int(request.params["until"]) - int(request.params["since"]) == 86_400
    path = sample(network, "insights")
    page = made.parse(payload_of(path), CONTEXT)
    assert (page.next_page, page.oldest) == ("2026-11-17", midnight(date(2026, 11, 18)))


def test_day_of_california_may_last_23_or_25_hours() -> None:
    hours = [
        (midnight(day + timedelta(days=1)) - midnight(day)) / timedelta(hours=1)
        for day in (date(2026, 3, 8), date(2026, 6, 1), date(2026, 11, 1))
    ]
    assert hours == [23, 24, 25]


def test_last_day_that_is_over_comes_first() -> None:
    assert day_of(None, datetime(2026, 11, 20, 7, 59, tzinfo=UTC)) == date(2026, 11, 18)
    assert day_of(None, datetime(2026, 11, 20, 8, 0, tzinfo=UTC)) == date(2026, 11, 19)


def test_figures_that_meta_no_longer_keeps_are_not_asked_for() -> None:
    path = sample("instagram", "insights")
    old = replace(payload_of(path), page="2024-11-01")
    assert connector("instagram").parse(old, CONTEXT).next_page is None


def test_day_of_a_page_is_the_one_that_ended() -> None:
    path = sample("facebook", "insights")
    records = connector("facebook").parse(payload_of(path), CONTEXT).records
    days = [record.day for record in records if isinstance(record, AccountDay)]
    assert days == [date(2026, 11, 18), date(2026, 11, 17)]


def test_followers_of_threads_come_with_what_the_account_says_of_itself() -> None:
    bodies = {path.stem: body_of(path) for path in samples("threads")}
    made, ask = connector("threads"), Ask(stream="profile", subject=own("threads"))
    http = scripted(bodies["profile"], bodies["profile_followers"])
    page = made.parse(made.fetch(ask, http), CONTEXT)
    page = made.parse(made.fetch(replace(ask, page=page.next_page), http), CONTEXT)
    (snapshot,) = page.records
    assert (vars(snapshot)["followers"], vars(snapshot)["name"]) == (4120, "Northfield University")
    assert page.next_page is None


@pytest.mark.parametrize(
    ("expires", "ends"),
    [
        ({}, None),
        ({"expires_at": 0, "data_access_expires_at": 0}, None),
        ({"expires_at": 0, "data_access_expires_at": 1_800_000_000}, 1_800_000_000),
        ({"expires_at": 1_790_000_000, "data_access_expires_at": 1_800_000_000}, 1_790_000_000),
        ({"expires_at": "soon"}, None),
    ],
)
def test_end_of_a_token_is_told_with_its_permissions(
    expires: dict[str, object], ends: int | None
) -> None:
    body = {"data": {"is_valid": True, "scopes": ["instagram_basic"], **expires}}
    page = connector("instagram").parse(
        with_body(sample("instagram", "permissions"), body), CONTEXT
    )
    assert page.ends_at == (None if ends is None else datetime.fromtimestamp(ends, UTC))


def test_token_of_threads_is_renewed_with_itself() -> None:
    http = scripted({"access_token": "new", "expires_in": 5_184_000})
    renewal = connector("threads").renew(http)
    assert renewal == Renewal(options={"token": "new"}, ends_at=NOW + timedelta(days=60))
    assert (http.asked[0].params, http.asked[0].secret_params) == (
        {"grant_type": "th_refresh_token"}, {"access_token": CANARY},
    )  # fmt: skip


@pytest.mark.parametrize("said", [{}, {"access_token": ""}, "<html>", [1]])
def test_answer_without_a_token_renews_nothing(said: object) -> None:
    with pytest.raises(GarbledError):
        connector("threads").renew(scripted(said))


def test_conversations_of_threads_are_asked_for_where_there_are_replies() -> None:
    bodies = {path.stem: body_of(path) for path in samples("threads")}
    made, ask = connector("threads"), Ask(stream="comments", subject=own("threads"), since=SINCE)
    http = scripted(bodies["comments"], bodies["comments_below"])
    page = made.parse(made.fetch(ask, http), CONTEXT)
    made.fetch(replace(ask, page=page.next_page), http)
    paths = [request.url.rpartition("v1.0/")[2] for request in http.asked]
    assert paths == ["me/threads", "18051/conversation"]


def test_threads_is_searched_without_an_account_of_the_register() -> None:
    ask = connector("threads").search("Northfield", name="northfield-name")
    http = scripted({"data": []})
    connector("threads").fetch(ask, http)
    assert http.asked[0].params["q"] == "Northfield"
