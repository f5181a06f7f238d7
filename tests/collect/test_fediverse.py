"""What the fediverse writes: posts in HTML, and identifiers that say where a post lives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect.fediverse import (
    address_of,
    local_id,
    name_and_server,
    read_json,
    without_emoji,
)
from vigie.collect.html_words import first_link, words_of
from vigie.errors import GarbledError, MissingError

ULID = "01J8ZQ4W7V5N3X2C1B0A9Z8Y7X"
LINK = (
    '<a href="https://example.com/page/that/is/long"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.com/page</span><span class="invisible">/that/is/long</span></a>'
)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two<br />three</p>", "One\nTwo\nthree"),
        (f"<p>See {LINK}.</p>", "See https://example.com/page/that/is/long."),
        ('<p><a class="mention hashtag">#<span>OpenDay</span></a></p>', "#OpenDay"),
        ('<p><span class="h-card"><a>@<span>clara</span></a></span> yes</p>', "@clara yes"),
        ('<p class="quote-inline">RE: <a>x</a></p><p>Indeed</p>', "Indeed"),
        ("<p>5 &lt; 6 &amp; 7&nbsp;&gt; 6</p>", "5 < 6 & 7 > 6"),
        ("<ul><li>one</li><li>two</li></ul>after", "one\ntwo\nafter"),
        ("<p>a\n  b</p><script>c()</script>", "a b"),
        ("plain\nwords", "plain\nwords"),
        ("<p>a :blobcat: b</p>", "a :blobcat: b"),
        ("<p></p>", None),
        ("", None),
        (None, None),
    ],
)
def test_html_becomes_the_words_a_reader_sees(html: str | None, words: str | None) -> None:
    assert words_of(html) == words


@given(st.text() | st.text(alphabet="<>/&;pbra \n\ud800\ue000"))
def test_no_html_breaks_the_reading(html: str) -> None:
    words = words_of(html)
    assert words is None or words == words.strip() != ""


def test_tags_within_tags_a_thousand_deep_are_read() -> None:
    assert words_of("<div>" * 20_000 + "deep") == "deep"


@pytest.mark.parametrize(
    ("html", "link"),
    [
        (
            '<a href="https://northfield.example" rel="me">northfield</a>',
            "https://northfield.example",
        ),
        ("https://northfield.example", "https://northfield.example"),
        ('<a href="javascript:alert(1)">x</a>', None),
        ("toasty", None),
        (None, None),
    ],
)
def test_link_of_a_profile_field(html: str | None, link: str | None) -> None:
    assert first_link(html) == link


@pytest.mark.parametrize(
    ("post", "identifier"),
    [
        ("https://social.example/users/ada/statuses/113500000000000012", "113500000000000012"),
        ("https://social.example/ap/users/117020565/statuses/1135", "1135"),
        (f"https://gts.example/users/ada/statuses/{ULID}", ULID),
        ("https://pixelfed.example/p/ada/702", "702"),
        ("https://social.example/@ada/1135", "1135"),
        ("https://pleroma.example/objects/0a1b2c3d-1111-2222-3333-444455556666", None),
        ("https://blog.example/?p=20", None),
        ("https://[broken/users/a/statuses/1", None),
    ],
)
def test_identifier_of_a_post_on_its_own_server(post: str, identifier: str | None) -> None:
    assert local_id(post) == identifier


def test_handle_without_a_server_is_refused_with_what_to_do() -> None:
    with pytest.raises(MissingError, match="name@server"):
        name_and_server("northfield")


def test_server_with_accents_is_asked_in_letters_that_travel() -> None:
    assert address_of("université.example") == "https://xn--universit-j4a.example"


def test_only_the_pictures_of_the_server_leave_a_name() -> None:
    assert without_emoji("Ada :verified: 10:30:00 :x:", {"verified"}) == "Ada 10:30:00 :x:"


def test_half_a_letter_becomes_one_that_can_be_kept() -> None:
    assert read_json(rb'{"a": "\ud83d"}', "x") == {"a": "?"}


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a":', b"[" * 100_000])
def test_an_answer_that_is_no_json_is_garbled(body: bytes) -> None:
    with pytest.raises(GarbledError):
        read_json(body, "https://social.example")
