"""What a feed says, whatever its kind: articles, and where older ones are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

Article = Mapping[str, str | None]
"""id, link, title, summary, dated, language, kind, comments: as the feed has them, or unknown."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed as it was read."""

    articles: tuple[Article, ...]
    older: str | None = None
    """Address of the page with older articles (RFC 5005)."""


def kind_of(types: Iterable[str]) -> str | None:
    """Return what the media types of an article's files make it: ``audio`` of a podcast, video."""
    named = {kind.partition("/")[0].strip().lower() for kind in types}
    return next((kind for kind in ("video", "audio") if kind in named), None)


def web_address(base: str, written: str | None) -> str | None:
    """Return an address of the web in full; none where it is not one."""
    text = (written or "").strip()
    try:
        whole = text if text.startswith(("https://", "http://")) else urljoin(base, text)
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if text and parts.scheme in {"http", "https"} and parts.netloc else None


def last_in_order(dates: Sequence[datetime]) -> datetime | None:
    """Return the date that a feed in order ends with.

    Feeds go from the newest to the oldest, but for an old article that is pinned to the top;
    a few go the other way.
    """
    if not dates:
        return None
    falls = sum(one >= two for one, two in pairwise(dates))
    return dates[-1] if falls * 2 >= len(dates) - 1 else dates[0]
