"""Reads feeds of every kind: RSS 0.9 to 2.0, Atom, JSON Feed; finds those a page names."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from vigie.collect.articles import Feed, web_address
from vigie.collect.feed_elements import feed_of
from vigie.collect.feed_json import json_feed
from vigie.collect.feed_xml import HEAD, local, root_of

KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json",
                   "application/rdf+xml"})  # fmt: skip
"""What a page says that its feeds are."""
ROOTS = frozenset({"rss", "RDF", "feed", "channel"})
_BEGINS = re.compile(rb"<(?:(rss|feed|rdf:rdf|channel)|!doctype\s+html|html)[\s>]", re.IGNORECASE)


def read_feed(body: bytes, *, url: str, content_type: str = "") -> Feed | None:
    """Return the feed; none where this is no feed."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return json_feed(body, url)
    if is_page(body):
        return None
    root = root_of(body, url=url, content_type=content_type)
    return None if root is None or local(root) not in ROOTS else feed_of(root)


def is_page(body: bytes) -> bool:
    """Say whether this is a page for people instead of a feed."""
    begins = _BEGINS.search(body[:HEAD])
    return begins is not None and begins[1] is None


def feeds_of_page(body: bytes, *, url: str) -> list[str]:
    """Return the addresses of the feeds that a page says it has."""
    tree = LexborHTMLParser(body)
    base = tree.css_first("base[href]")
    start = web_address(url, base.attributes.get("href") if base is not None else None) or url
    found = []
    for link in tree.css("link[rel~=alternate][href]"):
        kind = (link.attributes.get("type") or "").partition(";")[0].strip().lower()
        whole = web_address(start, link.attributes.get("href"))
        if kind in KINDS and whole is not None:
            found.append(whole)
    return list(dict.fromkeys(found))
