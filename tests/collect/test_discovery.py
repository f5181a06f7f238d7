"""A page of a site names its accounts, wherever and however it does, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.discovery import Found, found_in
from vigie.collect.named_pages import moved_to, pages_named
from vigie.collect.same_as import same_as

SAMPLES = Path(__file__).parents[1] / "samples" / "discovery"
UNIVERSITY, SCHOOL = "https://www.southbridge.example/", "https://www.eastmere.example/"


def university() -> list[Found]:
    return found_in((SAMPLES / "universite.html").read_bytes(), UNIVERSITY)


def school() -> list[Found]:
    return found_in((SAMPLES / "school.html").read_bytes(), SCHOOL)


def one_link(address: str, **attributes: str) -> list[tuple[str, str]]:
    more = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    page = f'<a href="{address}" {more}>here</a>'.encode()
    return [(one.account, one.kind) for one in found_in(page, UNIVERSITY)]


def test_a_french_university_names_its_accounts() -> None:
    found = [one.account for one in university() if one.kind in ("link", "rel_me")]
    assert found == [
        "x:ministere_sup", "x:univ_southbridge", "facebook:univsouthbridge",
        "instagram:univ.southbridge", "instagram:bu_southbridge", "youtube:univsouthbridge",
        "mastodon:presse@social.southbridge.example", "bluesky:southbridge.example",
        "tiktok:univsouthbridge",
    ]  # fmt: skip


def test_an_old_school_site_names_its_accounts() -> None:
    assert {one.account for one in school() if one.kind != "post"} == {
        "x:eastmerebs", "facebook:123456789012345", "linkedin:eastmere-business-school",
        "youtube:eastmerebs", "flickr:eastmere",
    }  # fmt: skip


def test_both_names_of_a_network_are_one_account() -> None:
    named = [one for one in school() if one.address.network == "x" and one.kind == "link"]
    assert [one.account for one in named] == ["x:eastmerebs"]


def test_a_link_to_a_post_gives_its_account_as_weak_evidence() -> None:
    posts = [one.account for one in (*university(), *school()) if one.kind == "post"]
    assert posts == ["x:lejournal", "x:eastmeremba"]


def test_every_kind_of_evidence_is_kept() -> None:
    kinds = {one.kind for one in university() if one.account == "x:univ_southbridge"}
    assert kinds == {"link", "meta", "json_ld"}


def test_feeds_are_found_but_not_those_of_comments() -> None:
    assert [one.account for one in university() if one.kind == "feed"] == [
        "rss:www.southbridge.example/feed"
    ]


def test_what_a_person_has_elsewhere_is_not_the_institutions() -> None:
    assert "x:the_webmaster" not in {one.account for one in university()}


def test_where_on_the_page_it_stands_is_known() -> None:
    places = {one.account: one.place for one in university() if one.kind == "link"}
    assert (places["x:ministere_sup"], places["tiktok:univsouthbridge"]) == ("content", "footer")


def test_an_icon_says_what_those_hear_who_do_not_see_it() -> None:
    words = {one.account: one.words for one in university() if one.kind == "link"}
    assert words["x:univ_southbridge"] == ""
    assert words["facebook:univsouthbridge"] == "Facebook (nouvelle fenêtre)"
    assert words["instagram:univ.southbridge"] == "Instagram"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/sharer.php?u=https://www.southbridge.example/",
        "https://www.facebook.com/dialog/share?app_id=1",
        "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Ffacebook.com%2Fother",
        "https://twitter.com/intent/tweet?text=Southbridge&amp;screen_name=other",
        "https://x.com/share?url=https://www.southbridge.example/",
        "https://x.com/en/privacy",
        "https://www.linkedin.com/shareArticle?url=x",
        "https://www.linkedin.com/cws/share?url=x",
        "https://www.linkedin.com/sharing/share-offsite/?url=x",
        "https://bsky.app/intent/compose?text=x",
        "https://www.threads.net/intent/post?text=x",
        "https://www.pinterest.fr/pin/create/button/?url=x",
        "https://developers.facebook.com/docs",
        "https://help.instagram.com/155833707900388",
        "https://www.tiktok.com/legal/privacy-policy",
        "https://www.instagram.com/",
        "https://www.southbridge.example/@contact",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "mailto:someone@southbridge.example",
        "javascript:void(0)",
        "http://[broken/",
    ],
)
def test_what_shares_explains_or_leads_nowhere_names_nobody(address: str) -> None:
    assert one_link(address) == []


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("https://twitter.com/intent/follow?screen_name=Northfield", "x:northfield"),
        ("//www.instagram.com/northfield/?igshid=x", "instagram:northfield"),
        ("https://mobile.twitter.com/Northfield?lang=fr", "x:northfield"),
        ("https://www.facebook.com/northfield/?utm_source=site", "facebook:northfield"),
        ("https://fr.linkedin.com/company/northfield", "linkedin:northfield"),
        ("https://social.southbridge.example/@a", "mastodon:a@social.southbridge.example"),
    ],
)  # fmt: skip
def test_addresses_as_people_write_them(address: str, account: str) -> None:
    assert one_link(address) == [(account, "link")]


def test_a_link_marked_as_ones_own_says_so() -> None:
    marked = one_link("https://social.example/@northfield", rel="nofollow ME")
    assert marked == [("mastodon:northfield@social.example", "rel_me")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"sameAs": "https://x.com/a"}', ["https://x.com/a"]),
        ('[{"a": {"b": [{"sameAs": ["https://x.com/a", 1, null]}]}}]', ["https://x.com/a"]),
        ('{"@graph": [{"sameAs": {"@id": "https://x.com/a"}}]}', ["https://x.com/a"]),
        ('<!-- {"sameAs": " https://x.com/a "} -->', ["https://x.com/a"]),
        ('//<![CDATA[\n{"sameAs": "https://x.com/a"}\n//]]>', ["https://x.com/a"]),
        ('{"name": "two\nlines", "sameAs": "https://x.com/a"}', ["https://x.com/a"]),
        ('{"@type": "http://schema.org/Person", "sameAs": "https://x.com/a"}', []),
        ('{"sameAs": ["https://x.com/a"],}', []),
        ("[" * 50_000, []),
        (None, []),
    ],
)
def test_descriptions_of_any_shape_are_read(text: str | None, named: list[str]) -> None:
    assert same_as(text) == named


def test_the_likeliest_pages_of_the_site_are_named_first() -> None:
    body = (SAMPLES / "universite.html").read_bytes()
    assert pages_named(body, UNIVERSITY, most=5) == [
        "https://www.southbridge.example/universite/suivez-nous",
        "https://www.southbridge.example/contact",
        "https://www.southbridge.example/mentions-l%C3%A9gales",
    ]


def test_pages_of_other_sites_are_not_followed() -> None:
    body = (SAMPLES / "school.html").read_bytes()
    assert pages_named(body, SCHOOL, most=5) == [
        "https://www.eastmere.example/en/contact.php",
        "https://www.eastmere.example/legal-notice/",
    ]
    assert len(pages_named(body, SCHOOL, most=1)) == 1


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ("0; url=/fr/", f"{UNIVERSITY}fr/"),
        ("0;URL='fr/accueil.html'", f"{UNIVERSITY}fr/accueil.html"),
        ("30", None),
        ("0; url=https://elsewhere.example/", None),
        ("0; url=/", None),
    ],
)
def test_a_page_that_only_leads_on_is_followed_on_its_site(sent: str, target: str | None) -> None:
    page = f'<meta http-equiv="Refresh" content="{sent}">'.encode()
    assert moved_to(page, UNIVERSITY) == target


PIECES = st.sampled_from(
    ["<a href='", "https://x.com/", "//[", "'>", "<base href='", "<meta http-equiv='refresh'",
     "<script type='application/ld+json'>", '{"sameAs":', "[", "]", "}", '"', "\x00", "é",
     "</script>", "<meta name='twitter:site' content='", "@", "<footer>", "%zz", "xn--\u00e9",
     "did:plc:", "<link rel='alternate' type='application/rss+xml' href='"]
)  # fmt: skip


@given(
    st.binary(max_size=400) | st.lists(PIECES, max_size=40).map(lambda all: "".join(all).encode())
)
def test_no_bytes_stop_the_reading(body: bytes) -> None:
    for url in (UNIVERSITY, "http://127.0.0.1:8000/a"):
        assert all(one.account for one in found_in(body, url))
        assert moved_to(body, url) != url
        assert url not in pages_named(body, url, most=5)
