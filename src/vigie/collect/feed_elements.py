"""Reads the elements of RSS and Atom into articles."""

from __future__ import annotations

import re

from lxml import etree

from vigie.collect.articles import Article, Feed, kind_of, web_address
from vigie.collect.feed_xml import XML, Parts, child, first, local, parts_of, space, words
from vigie.collect.html_words import words_of

DUBLIN = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w{1,32};")


def feed_of(root: etree._Element) -> Feed:
    """Return the feed that a document is."""
    head = child(root, "channel") if local(root) in {"rss", "RDF"} else root
    parts = parts_of(root if head is None else head)
    language = _language(parts) or root.get(f"{XML}lang")
    items = root.iter("{*}item", "{*}entry")
    articles = tuple(_article(item, language) for item in items)
    links = {rel: link for link in parts.get("link", []) for rel in _rels(link)}
    older = links.get("next", links.get("prev-archive"))
    return Feed(
        articles=articles,
        older=None if older is None else web_address(older.base or "", older.get("href")),
    )


def _article(item: etree._Element, language: str | None) -> Article:
    parts, own = parts_of(item), space(item)
    guid = first(parts, "guid", own)
    named = words(first(parts, "id", own) if guid is None else guid)
    link = _link(parts)
    if link is None and guid is not None and guid.get("isPermaLink", "true") != "false":
        link = web_address("", named)
    return {
        "id": named,
        "link": link,
        "title": _spoken(first(parts, "title", own)),
        "summary": _spoken(_summary(parts)),
        "dated": _dated(parts),
        "language": _language(parts) or item.get(f"{XML}lang") or language,
        "kind": _enclosed(parts),
        "comments": _comments(parts),
    }


def _summary(parts: Parts) -> etree._Element | None:
    """Return what tells of an article; what its media files say of themselves does not."""
    for name in ("description", "summary", "encoded", "content"):
        for found in parts.get(name, []):
            if "mrss" not in space(found) and words(found):
                return found
    return None


def _rels(link: etree._Element) -> list[str]:
    return (link.get("rel") or "alternate").lower().split()


def _link(parts: Parts) -> str | None:
    """Return where an article is: the text of RSS's link, or Atom's ``href``."""
    for link in parts.get("link", []):
        href = link.get("href")
        if href is not None and "alternate" in _rels(link):
            return web_address(link.base or "", href)
        if href is None and (text := words(link)):
            return web_address(link.base or "", text)
    return None


def _spoken(element: etree._Element | None) -> str | None:
    """Return words without markup: RSS writes HTML where it should write text, twice escaped."""
    if element is None:
        return None
    if len(element) and element.get("type") == "xhtml":
        return words_of(etree.tostring(element, encoding="unicode", with_tail=False))
    text = words(element)
    if text is None or not _MARKUP.search(text):
        return text
    is_text = "Atom" in space(element) and element.get("type", "text") == "text"
    return text if is_text else words_of(text)


def _dated(parts: Parts) -> str | None:
    """Return when an article appeared, as written; when it changed where nothing else is said."""
    for name in ("pubDate", "published", "issued", "created", "date", "updated", "modified"):
        for found in parts.get(name, []):
            if text := words(found):
                return text
    return None


def _language(parts: Parts) -> str | None:
    for found in parts.get("language", []):
        if not space(found) or space(found) in DUBLIN or "rss" in space(found):
            return words(found)
    return None


def _enclosed(parts: Parts) -> str | None:
    """Return what an article carries along: ``audio`` of a podcast, ``video``."""
    types = [found.get("type") or "" for found in parts.get("enclosure", [])]
    types += [
        link.get("type") or "" for link in parts.get("link", []) if "enclosure" in _rels(link)
    ]
    return kind_of(types) if types else None


def _comments(parts: Parts) -> str | None:
    """Return how many comments an article has (``slash:comments``, ``thr:total``)."""
    for found in (*parts.get("comments", []), *parts.get("total", [])):
        text = words(found) or ""
        if text.isascii() and text.isdigit() and len(text) < 10:
            return text
    return None
