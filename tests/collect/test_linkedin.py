"""Questions to LinkedIn are written as Rest.li wants them, and steps carry what they learned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT, payload_of
from tests.collect.keyed import NOW, account, body_of, keyed, sample, scripted, walked
from tests.collect.loopback import Asked, Said, impatient, serving
from vigie.collect.connector import Ask
from vigie.collect.connectors.linkedin import Linkedin
from vigie.collect.linkedin_items import words_of
from vigie.collect.restli import encoded, query
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.model import Account, AccountDay, Mention, Post, Snapshot

BY_NAME = account("linkedin")
BY_NUMBER = account("linkedin", identifier="2414183")
SHARE = "urn:li:share:7265001112223334445"


def connector(**options: str) -> Linkedin:
    found = keyed("linkedin", own="northfield", **options)
    assert isinstance(found, Linkedin)
    return found


def answer(stem: str) -> Any:
    return body_of(sample("linkedin", stem))


# What LinkedIn's own client (linkedin-api-client 0.3.0) writes for the same parameters.
WRITTEN = {
    "urn": ({"author": "urn:li:organization:1"}, "author=urn%3Ali%3Aorganization%3A1"),
    "list": (
        {"ids": ["urn:li:share:1", "urn:li:ugcPost:2"]},
        "ids=List(urn%3Ali%3Ashare%3A1,urn%3Ali%3AugcPost%3A2)",
    ),
    "object": (
        {"timeIntervals": {"timeRange": {"start": 1, "end": 2}, "timeGranularityType": "DAY"}},
        "timeIntervals=(timeGranularityType:DAY,timeRange:(end:2,start:1))",
    ),
    "brackets in a name": (
        {"x": "urn:li:comment:(urn:li:activity:1,2)"},
        "x=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29",
    ),
    "signs and accents": ({"y": ["a,b(c)'é"]}, "y=List(a%2Cb%28c%29%27%C3%A9)"),
    "nothing": ({"z": []}, "z=List()"),
}


@pytest.mark.parametrize(("params", "written"), WRITTEN.values(), ids=WRITTEN.keys())
def test_parameters_are_written_as_the_client_of_linkedin_does(params: Any, written: str) -> None:
    assert query(params) == written


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_sign_of_a_text_is_taken_for_structure(text: str) -> None:
    assert not set(encoded(text)) & set("(),:'&=? ")


ASKS = {
    "profile": (BY_NUMBER, "profile", None, "organizations/2414183"),
    "posts": (
        BY_NUMBER,
        "posts",
        None,
        "posts?q=author&author=urn%3Ali%3Aorganization%3A2414183&start=0&count=50&sortBy=CREATED",
    ),
    "lookup": (BY_NAME, "comments", None, "organizations?q=vanityName&vanityName=northfield"),
    "figures": (
        BY_NAME,
        "posts",
        f'{{"org":"1","posts":["{SHARE}"],"waiting":["share"]}}',
        "organizationalEntityShareStatistics?q=organizationalEntity"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A1"
        "&shares=List(urn%3Ali%3Ashare%3A7265001112223334445)",
    ),
    "insights": (
        BY_NUMBER,
        "insights",
        None,
        "organizationalEntityFollowerStatistics?q=organizationalEntity"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A2414183&timeIntervals="
        "(timeGranularityType:DAY,timeRange:(end:1795132800000,start:1763596800000))",
    ),
}


@pytest.mark.parametrize(("subject", "stream", "page", "asked"), ASKS.values(), ids=ASKS.keys())
def test_question_is_put_so(subject: Any, stream: str, page: str | None, asked: str) -> None:
    request = connector().request(Ask(stream=stream, subject=subject, page=page), now=NOW)
    assert request.url == f"https://api.linkedin.com/rest/{asked}"


def test_version_and_protocol_go_with_every_question() -> None:
    request = connector(version="202610").request(Ask(stream="posts", subject=BY_NAME), now=NOW)
    assert request.headers == {"LinkedIn-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}


def test_posts_are_asked_for_in_a_batch() -> None:
    page = f'{{"org":"1","posts":["{SHARE}"],"waiting":[]}}'
    request = connector().request(Ask(stream="posts", subject=BY_NAME, page=page), now=NOW)
    assert request.headers["X-RestLi-Method"] == "BATCH_GET"


def test_posts_are_checked_by_their_own_numbers() -> None:
    ask = connector().check(["urn:li:activity:1", SHARE, "urn:li:ugcPost:2"], BY_NAME)
    assert ask is not None
    request = connector().request(ask, now=NOW)
    assert request.url.endswith("/posts?ids=List(urn%3Ali%3Ashare%3A7265001112223334445,"
                                "urn%3Ali%3AugcPost%3A2)")  # fmt: skip
    assert request.headers["X-RestLi-Method"] == "BATCH_GET"
    assert connector().check(["urn:li:activity:1"], BY_NAME) is None


def test_answer_that_says_nothing_of_a_post_takes_none_down() -> None:
    ask = connector().check([SHARE], BY_NAME)
    assert ask is not None
    payload = connector().fetch(ask, scripted({"results": {}}))
    page = connector().parse(payload, CONTEXT)
    assert (page.records, page.skipped) == ([], {"not shown to us": 1})


def test_escapes_reach_the_server_as_they_were_written() -> None:
    def say(asked: Asked) -> Said:
        return Said(body=b'{"firstDegreeSize": 5}', headers={"content-type": "application/json"})

    ask = Ask(stream="profile", subject=BY_NAME, page='{"org":"1","about":{}}')
    with serving(say) as server:
        connector(service=server.url).fetch(ask, impatient())
    assert server.asked[0].path == "/rest/networkSizes/urn%3Ali%3Aorganization%3A1"


def test_followers_come_with_the_name_told_a_question_before() -> None:
    http = scripted(answer("profile_by_name"), answer("profile"))
    pages = walked(connector(), Ask(stream="profile", subject=BY_NAME), http)
    look = pages[-1].records[0]
    assert isinstance(look, Snapshot)
    assert (look.name, look.followers) == ("Northfield University", 219145)


def test_posts_are_found_counted_and_read_in_turn() -> None:
    steps = ("posts_lookup", "posts_list", "posts_figures", "posts_figures_ugc", "posts")
    empty = {"elements": [], "paging": {"start": 50, "count": 50, "links": []}}
    http = scripted(*map(answer, steps), empty)
    pages = walked(connector(), Ask(stream="posts", subject=BY_NAME), http)
    posts = [one for page in pages for one in page.records if isinstance(one, Post)]
    assert [(post.likes, post.reach) for post in posts][:2] == [(88, 1900), (40, 800)]
    assert "start=50" in http.asked[-1].url


def test_post_without_figures_has_unknown_ones() -> None:
    page = connector().parse(payload_of(sample("linkedin", "posts")), CONTEXT)
    old = page.records[3]
    assert isinstance(old, Post)
    assert (old.likes, old.comments, old.impressions) == (None, None, None)


def test_walk_goes_below_discussions_before_it_says_how_old_it_is() -> None:
    steps = ("comments_list", "comments", "comments_answers", "comments_gone")
    http = scripted(*map(answer, steps))
    http.answers[-1] = (404, answer("comments_gone"))
    pages = walked(connector(), Ask(stream="comments", subject=BY_NUMBER), http)
    assert [page.oldest for page in pages[:-1]] == [None] * 3
    assert pages[-1].oldest == datetime(2026, 11, 18, 9, tzinfo=UTC)
    kinds = [type(one) for page in pages for one in page.records]
    assert kinds == [Mention, Post, Post]


def test_days_have_followers_gained_and_figures() -> None:
    http = scripted(answer("insights_gains"), answer("insights"))
    pages = walked(connector(), Ask(stream="insights", subject=BY_NUMBER), http)
    day = pages[-1].records[0]
    assert isinstance(day, AccountDay)
    assert (day.followers_gained, day.impressions) == (25, 2744)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A \\(new\\) lab {hashtag|\\#|Lab}", "A (new) lab #Lab"),
        ("With @[City \\(North\\)](urn:li:organization:1)!", "With City (North)!"),
        ("100 \\% \\_fine\\_", "100 \\% _fine_"),
        ("", None),
        (None, None),
    ],
)
def test_words_are_read_without_the_signs_of_linkedin(
    written: str | None, read: str | None
) -> None:
    assert words_of(written) == read


def test_only_own_pages_are_asked_about() -> None:
    accounts = [
        Account(account=f"linkedin:{name}", institution=name, network="linkedin", handle=name)
        for name in ("northfield", "southbridge")
    ]
    assert [one.handle for one in connector().subjects(accounts, [])] == ["northfield"]


REFUSALS = {
    "expired": (401, {"message": "The token has expired"}, DeniedError, "lasts 60 days"),
    "not granted": (403, {"message": "ACCESS_DENIED"}, DeniedError, "r_organization_social"),
    "unknown": (404, {"message": "Not found"}, MissingError, "does not know northfield"),
    "used up": (429, {"message": "limit reached"}, BusyError, "midnight UTC"),
    "old version": (426, {"code": "NONEXISTENT_VERSION"}, RefusedError, "newer one"),
}


@pytest.mark.parametrize(("status", "body", "kind", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_says_what_to_do(status: int, body: object, kind: type, said: str) -> None:
    with pytest.raises(kind, match=said):
        connector().fetch(Ask(stream="posts", subject=BY_NAME), scripted(body, status=status))


def test_day_that_is_used_up_ends_at_midnight() -> None:
    with pytest.raises(BusyError) as caught:
        connector().fetch(Ask(stream="posts", subject=BY_NAME), scripted({}, status=429))
    assert caught.value.until == datetime(2026, 11, 21, tzinfo=UTC)


def test_unknown_page_is_missing_though_linkedin_answers_200() -> None:
    with pytest.raises(MissingError, match="does not know northfield"):
        connector().fetch(Ask(stream="posts", subject=BY_NAME), scripted({"elements": []}))
