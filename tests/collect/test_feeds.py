"""Feeds are read as they are found; they cost little, harm nothing, and are asked for politely."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.answered import CONTEXT, SAMPLES, payload_of
from tests.collect.loopback import Asked, Said, impatient, serving
from vigie.collect.articles import last_in_order
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Page, Payload, Subject
from vigie.collect.feed_xml import root_of, words
from vigie.collect.feeds import feeds_of_page, read_feed
from vigie.errors import GarbledError, MissingError
from vigie.model import Post

RSS = connect("rss")
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ITEM = (
    "<item><title>{0}</title><link>https://n.example/{0}</link>"
    "<pubDate>Thu, 19 Nov 2026 10:00:00 +0100</pubDate></item>"
)
FEED = '<rss version="2.0"><channel>{}</channel></rss>'
BODIES = [payload_of(path).body for path in sorted((SAMPLES / "rss").glob("*.json"))]


def payload(body: bytes, **more: str) -> Payload:
    return Payload(
        connector="rss", network="rss", stream="posts", subject="rss:n.example/feed", status=200,
        url="https://n.example/feed", received_at=AT, body=body, headers=more,
    )  # fmt: skip


def parsed(body: bytes, **more: str) -> Page:
    return RSS.parse(payload(body, **more), CONTEXT)


def understood(body: bytes) -> Page | None:
    """Return the page, or nothing where the whole answer is refused in words."""
    try:
        return parsed(body)
    except GarbledError:
        return None


def posts(page: Page) -> list[Post]:
    return [record for record in page.records if isinstance(record, Post)]


def dated(text: str) -> Post | None:
    item = f"<item><link>https://n.example/a</link><pubDate>{text}</pubDate></item>"
    return next(iter(posts(parsed(FEED.format(item).encode()))), None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Thu, 19 Nov 2026 10:00:00 +0100", "2026-11-19T09:00"),
        ("Thu, 19 Nov 26 10:00:00 GMT", "2026-11-19T10:00"),
        ("19 Nov 2026 10:00 EST", "2026-11-19T15:00"),
        ("Thu, 19 Nov 2026 10:00:00 CEST", "2026-11-19T09:00"),
        ("2026-11-19T10:00:00.123Z", "2026-11-19T10:00"),
        ("2026-11-19 10:00:00", "2026-11-19T09:00"),
        ("2026-11-19", "2026-11-18T23:00"),
        ("jeudi 19 novembre 2026 10:00", "2026-11-19T09:00"),
        ("Sept 19 2026 10:00", "2026-09-19T08:00"),
        ("03/04/2026", None),
        ("soon", None),
        ("Thu, 31 Dec 2026 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_date_of_an_article_is_read_in_any_form_or_refused(written: str, read: str | None) -> None:
    found = dated(written)
    assert (found and f"{found.published_at:%Y-%m-%dT%H:%M}") == read


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?><rss><t>été’</t></rss>'.encode(), ""),
        ('<?xml version="1.0" encoding="utf-8"?><rss><t>été’</t></rss>'.encode("cp1252"), ""),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><rss><t>été’</t></rss>'.encode("cp1252"), ""),
        ('<?xml version="1.0" encoding="utf-16"?><rss><t>été’</t></rss>'.encode("utf-16"), ""),
        ('<?xml version="1.0" encoding="utf-16"?><rss><t>été’</t></rss>'.encode(), ""),
        ('<?xml version="1.0" encoding="nonsense"?><rss><t>été’</t></rss>'.encode(), ""),
        ("<rss><t>été’</t></rss>".encode("cp1252"), "text/xml; charset=windows-1252"),
        ("\ufeff\n <rss><t>été’</t></rss>".encode(), "text/xml; charset=us-ascii"),
        (b"<rss><t>&eacute;t&#233;&rsquo;</t></rss>", ""),
    ],
)
def test_letters_are_right_whatever_the_encoding_says(body: bytes, content_type: str) -> None:
    root = root_of(body, url="https://n.example/", content_type=content_type)
    assert root is not None
    assert words(root) == "été’"


@pytest.mark.parametrize(
    "definition",
    [
        '<!ENTITY a "' + "a" * 100_000 + '">',
        '<!ENTITY b "' + "b" * 1000 + '"><!ENTITY a "' + "&b;" * 1000 + '">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;',
    ],
)
def test_entities_are_neither_expanded_nor_opened(definition: str) -> None:
    start = '<?xml version="1.0"?>\n<!DOCTYPE rss [\n'
    title = f"<item><title>x {'&a;' * 5000}</title></item>"
    tracemalloc.start()
    feed = read_feed(
        f"{start}{definition}]>{FEED.format(title)}".encode(), url="https://n.example/"
    )
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert feed is not None
    assert "root:" not in (feed.articles[0]["title"] or "")
    assert most < 2_000_000


@pytest.mark.parametrize(
    "body",
    [b"\n" * 100_000 + b"<rss", b"<" * 200_000, b"<rss><item>" + b"<a " * 50_000,
     b"<rss><item><title " + b'a="' * 30_000, b"<rss>" + b"<item><title>" * 20_000,
     b"<rss><title>" + b"<p>" * 40_000, b"<rss><item><title>" + b"&" * 300_000,
     b"<html><head>" + b"<link rel=alternate " * 20_000, b"{" * 100_000,
     b"<rss>" + b"<img " * 50_000],
    ids=lambda body: body[:16].decode().strip() or "blank",
)  # fmt: skip
def test_file_built_to_take_long_does_not(body: bytes) -> None:
    begun = time.process_time()
    page = understood(body)
    assert page is None or not page.records
    assert time.process_time() - begun < 2


def test_huge_feed_is_read_in_moments() -> None:
    body = FEED.format("".join(ITEM.format(number) for number in range(20_000))).encode()
    begun = time.process_time()
    page = parsed(body)
    assert len(page.records) == 20_000
    assert time.process_time() - begun < 6


@given(body=st.sampled_from(BODIES), data=st.data())
def test_damaged_bytes_are_read_or_refused_in_words(body: bytes, data: st.DataObject) -> None:
    for _time in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.integers(0, 60))
        body = body[:start] + data.draw(st.binary(max_size=12)) + body[end:]
    page = understood(body)
    assert page is None or page.seen >= len(page.records)


@given(body=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    page = understood(body)
    assert page is None or page.seen >= 0


def test_dates_in_order_end_with_the_oldest_but_for_one_that_is_pinned() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (2, 20, 19, 18)]
    assert last_in_order(days) == datetime(2026, 1, 18, tzinfo=UTC)
    assert last_in_order(sorted(days)) == datetime(2026, 1, 2, tzinfo=UTC)
    assert last_in_order([]) is None


def test_feeds_of_a_page_are_those_it_names() -> None:
    page = (
        b'<html><head><base href="/a/"><link rel="alternate stylesheet" href="x.css">'
        b'<link rel=alternate type="application/atom+xml;charset=utf-8" href="f.xml">'
        b'<link rel="alternate" type="application/rss+xml" href="javascript:x">'
        b'<link rel="alternate" type="application/json+oembed" href="/o"></head></html>'
    )
    assert feeds_of_page(page, url="https://n.example/b/c") == ["https://n.example/a/f.xml"]


def test_long_summary_is_cut() -> None:
    item = ITEM.format("a").replace("</title>", f"</title><description>{'é' * 9000}</description>")
    (post,) = posts(parsed(FEED.format(item).encode()))
    assert len(post.text or "") == 5000 + len("a\n\n")
    assert (post.text or "").endswith("é…")


def asked_of(url: str, page: str | None = None, **validators: str) -> Ask:
    subject = Subject(subject="rss:n.example/feed", network="rss", url=url)
    return Ask(stream="posts", subject=subject, page=page, validators=validators)


def test_feed_that_did_not_change_is_not_sent_again() -> None:
    def answer(asked: Asked) -> Said:
        if asked.headers.get("if-none-match") == '"1"':
            return Said(status=304, headers={"ETag": '"1"'})
        return Said(body=FEED.format(ITEM.format("a")).encode(), headers={"ETag": '"1"'})

    with serving(answer) as server, impatient() as http:
        first = RSS.fetch(asked_of(server.url), http)
        validators = RSS.parse(first, CONTEXT).validators
        second = RSS.fetch(asked_of(server.url, **validators), http)
    assert (validators, second.status) == ({"etag": '"1"'}, 304)
    assert RSS.parse(second, CONTEXT) == Page()


def test_last_modified_is_told_where_there_is_no_etag() -> None:
    day = "Thu, 19 Nov 2026 10:00:00 GMT"
    with serving(lambda asked: Said(status=304)) as server, impatient() as http:
        RSS.fetch(asked_of(server.url, **{"last-modified": day}), http)
    assert server.asked[0].headers["if-modified-since"] == day
    assert server.asked[0].headers["user-agent"].startswith("Vigie/")


def walked(url: str) -> list[Page]:
    """Read a feed as the flow does: page after page."""
    pages: list[Page] = []
    page: str | None = None
    with impatient() as http:
        while not pages or page is not None:
            pages.append(RSS.parse(RSS.fetch(asked_of(url, page), http), CONTEXT))
            page = pages[-1].next_page
    return pages


def test_older_pages_are_followed_to_the_end() -> None:
    atom = 'xmlns:a="http://www.w3.org/2005/Atom"'

    def answer(asked: Asked) -> Said:
        number = int(asked.params.get("page", "1"))
        more = f'<a:link {atom} rel="next" href="/feed?page={number + 1}"/>' if number < 5 else ""
        return Said(body=FEED.format(more + ITEM.format(number)).encode())

    with serving(answer) as server:
        pages = walked(f"{server.url}/feed")
    assert [len(page.records) for page in pages] == [1, 1, 1, 1, 1]


def test_page_leads_to_the_feed_it_names_and_its_conditions_are_forgotten() -> None:
    html = b'<!doctype html><link rel=alternate type="application/rss+xml" href="/feed">'

    def answer(asked: Asked) -> Said:
        body = FEED.format(ITEM.format("a")).encode() if asked.path == "/feed" else html
        return Said(body=body, headers={"ETag": '"1"'})

    with serving(answer) as server:
        pages = walked(f"{server.url}/news")
    assert [len(page.records) for page in pages] == [0, 1]
    assert [page.validators for page in pages] == [{}, {}]


def test_page_that_names_a_page_is_refused() -> None:
    html = b'<!doctype html><link rel=alternate type="application/rss+xml" href="/other">'
    with serving(lambda asked: Said(body=html)) as server, pytest.raises(GarbledError):
        walked(f"{server.url}/news")


def test_feed_that_moved_is_read_and_its_links_are_of_where_it_is() -> None:
    item = ITEM.format("a").replace("https://n.example/", "/news/")

    def answer(asked: Asked) -> Said:
        if asked.path == "/old":
            return Said(status=301, headers={"Location": "/new/feed"})
        return Said(body=FEED.format(item).encode())

    with serving(answer) as server:
        (page,) = walked(f"{server.url}/old")
    assert [post.url for post in posts(page)] == [f"{server.url}/news/a"]


def test_feed_that_is_gone_is_said_to_be_with_its_address() -> None:
    with (
        serving(lambda asked: Said(status=410)) as server,
        impatient() as http,
        pytest.raises(MissingError, match=f"no feed at {server.url}/feed .410.*register"),
    ):
        RSS.fetch(asked_of(f"{server.url}/feed"), http)


def test_identifier_of_the_register_stands_for_a_missing_address() -> None:
    ask = asked_of("https://x.example/")
    ask = replace(ask, subject=replace(ask.subject, url=None, identifier="127.0.0.1:1/feed"))
    with impatient() as http, pytest.raises(Exception, match=r"127\.0\.0\.1"):
        RSS.fetch(ask, http)


def test_day_of_an_article_is_the_institutions() -> None:
    item = ITEM.format("a").replace("10:00:00 +0100", "23:30:00 +0000")
    there = replace(CONTEXT, zone=ZoneInfo("Pacific/Noumea"))
    (post,) = posts(RSS.parse(payload(FEED.format(item).encode()), there))
    assert post.published_on.isoformat() == "2026-11-20"
