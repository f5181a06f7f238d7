"""Reads JSON Feed into articles."""

from __future__ import annotations

import json
from collections.abc import Mapping

from vigie.collect.articles import Article, Feed, kind_of, web_address
from vigie.collect.html_words import words_of


def json_feed(body: bytes, url: str) -> Feed | None:
    """Return the feed; none where this is other JSON."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version")):
        return None
    items = found.get("items")
    language = _text(found, "language")
    return Feed(
        articles=tuple(
            _json_article(item if isinstance(item, dict) else {}, language, url)
            for item in (items if isinstance(items, list) else [])
        ),
        older=web_address(url, _text(found, "next_url")),
    )


def _json_article(item: Mapping[str, object], language: str | None, url: str) -> Article:
    enclosed = item.get("attachments")
    types = [
        _text(one, "mime_type") or ""
        for one in (enclosed if isinstance(enclosed, list) else [])
        if isinstance(one, dict)
    ]
    return {
        "id": _text(item, "id"),
        "link": web_address(url, _text(item, "url") or _text(item, "external_url")),
        "title": _text(item, "title"),
        "summary": _text(item, "summary")
        or _text(item, "content_text")
        or words_of(_text(item, "content_html")),
        "dated": _text(item, "date_published") or _text(item, "date_modified"),
        "language": _text(item, "language") or language,
        "kind": kind_of(types),
        "comments": None,
    }


def _text(item: Mapping[str, object], name: str) -> str | None:
    value = item.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None
