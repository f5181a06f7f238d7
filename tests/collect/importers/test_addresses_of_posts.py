"""The address of a post tells the network, the identifier, whose it is, and when it appeared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.post_addresses import read_post_address
from vigie.collect.snowflakes import linkedin_moment, tiktok_moment, x_moment


@pytest.mark.parametrize(
    ("url", "network", "post", "handle"),
    [
        ("https://twitter.com/rOpenSci/status/1465712230054432768", "x", "1465712230054432768",
         "rOpenSci"),
        ("http://twitter.com/rOpenSci/statuses/1465712230054432768", "x", "1465712230054432768",
         "rOpenSci"),
        ("https://x.com/i/web/status/1465712230054432768", "x", "1465712230054432768", None),
        ("https://mobile.twitter.com/a_b/status/12?s=20", "x", "12", "a_b"),
        ("https://www.instagram.com/p/DPabc-_3/", "instagram", "DPabc-_3", None),
        ("https://www.instagram.com/northfield.u/reel/DPabc/", "instagram", "DPabc",
         "northfield.u"),
        ("https://www.tiktok.com/@northfield/video/7552433000000000001", "tiktok",
         "7552433000000000001", "northfield"),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:7112233445566778899", "linkedin",
         "7112233445566778899", None),
        ("https://www.linkedin.com/posts/northfield_open-day-activity-7112233445566778899-abCD",
         "linkedin", "7112233445566778899", None),
        ("https://www.youtube.com/watch?v=CeWu-DMt838", "youtube", "CeWu-DMt838", None),
        ("https://youtu.be/CeWu-DMt838", "youtube", "CeWu-DMt838", None),
        ("https://www.facebook.com/102030/posts/1019000000000001", "facebook",
         "1019000000000001", "102030"),
        ("https://www.facebook.com/northfield/posts/pfbid0abc", "facebook", "pfbid0abc",
         "northfield"),
        ("https://www.facebook.com/northfield/photos/a.12.34/567/", "facebook", "567",
         "northfield"),
        ("https://www.facebook.com/reel/1019", "facebook", "1019", None),
        ("https://www.facebook.com/permalink.php?story_fbid=77&id=102030", "facebook", "77", None),
        ("https://www.facebook.com/watch/?v=1019", "facebook", "1019", None),
        ("https://bsky.app/profile/northfield.example/post/3k1", "bluesky",
         "at://northfield.example/app.bsky.feed.post/3k1", "northfield.example"),
    ],
)  # fmt: skip
def test_address_of_a_post_is_read(url: str, network: str, post: str, handle: str | None) -> None:
    found = read_post_address(url)
    assert found is not None
    assert (found.network, found.post, found.handle) == (network, post, handle)


@pytest.mark.parametrize(
    "url",
    [None, "", "https://example.org/x.com/a/status/1", "https://notx.com/a/status/1",
     "https://www.tiktok.com/@northfield", "https://www.facebook.com/northfield"],
)  # fmt: skip
def test_other_addresses_are_not_of_posts(url: str | None) -> None:
    assert read_post_address(url) is None


@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    read_post_address(text)


def test_identifier_of_x_holds_its_moment() -> None:
    assert x_moment("1465712230054432768") == datetime(2021, 11, 30, 16, 0, 1, 918000, tzinfo=UTC)


@pytest.mark.parametrize("identifier", ["20", "29700859247", "abc", "", "٣٤"])
def test_old_or_strange_identifier_of_x_holds_none(identifier: str) -> None:
    assert x_moment(identifier) is None


@given(st.integers(1_451_606_400, 2_051_222_400))
def test_identifiers_of_linkedin_and_tiktok_hold_their_moments(seconds: int) -> None:
    when = datetime.fromtimestamp(seconds, UTC)
    assert linkedin_moment(str(seconds * 1000 << 22)) == when
    assert tiktok_moment(str(seconds << 32)) == when


def test_an_endless_identifier_holds_no_moment() -> None:
    assert linkedin_moment("9" * 60) is None
