"""Words for Bluesky: what in them is a link, a name or a hashtag, and how long they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LINK = re.compile(r"(?<![\w@/.])https?://[^\s<>\"”»]+", re.IGNORECASE)
NAMED = re.compile(r"(?<![\w@/.])@([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)")
HASHTAG = re.compile(r"(?<![\w#/&])#([^\W\d_][\w]{0,63})(?!\w)")
SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
TRAILING = ".,;:!?'’…"
SHOWN_PATH = 15
"""Characters of the path of a link that are shown; all of it is behind it."""
FACET = "app.bsky.richtext.facet"
KNOW = Callable[[str], str | None]
"""Handle → identifier; none where nobody is called so."""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A text as it is published, and what of it leads somewhere."""

    text: str
    facets: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Something in a text that leads somewhere: where it stood, how it is shown, what it is."""

    start: int
    end: int
    shown: str
    feature: Mapping[str, str]


def marked(words: str, know: KNOW) -> Marked:
    """Return words with their links, names and hashtags marked; long addresses are shown short.

    Places are counted in bytes of UTF-8, as the network counts them.
    """
    text, facets, place = "", [], 0
    for part in _parts(words, know):
        text += words[place : part.start]
        begin = len(text.encode())
        text += part.shown
        index = {"byteStart": begin, "byteEnd": len(text.encode())}
        facets.append({"index": index, "features": [part.feature]})
        place = part.end
    return Marked(text=text + words[place:], facets=tuple(facets))


def _parts(words: str, know: KNOW) -> Iterator[_Part]:
    """Yield what leads somewhere, in order; nothing stands in two of them."""
    place = 0
    found = [*_links(words), *_names(words, know), *_hashtags(words)]
    for part in sorted(found, key=lambda one: one.start):
        if part.start >= place:
            yield part
            place = part.end


def _links(words: str) -> Iterator[_Part]:
    for match in LINK.finditer(words):
        address = _without_end(match[0])
        if not _has_host(address):
            continue
        yield _Part(
            start=match.start(),
            end=match.start() + len(address),
            shown=shortened(address),
            feature={"$type": f"{FACET}#link", "uri": address},
        )


def _without_end(address: str) -> str:
    """Return an address without the point that ends its sentence, or a bracket that is not its."""
    kept = address.rstrip(TRAILING)
    while kept.endswith(")") and kept.count("(") < kept.count(")"):
        kept = kept[:-1].rstrip(TRAILING)
    return kept


def _names(words: str, know: KNOW) -> Iterator[_Part]:
    for match in NAMED.finditer(words):
        handle = match[1]
        did = know(handle.casefold()) if "." in handle else None
        if did:
            feature = {"$type": f"{FACET}#mention", "did": did}
            yield _Part(start=match.start(), end=match.end(), shown=match[0], feature=feature)


def _hashtags(words: str) -> Iterator[_Part]:
    for match in HASHTAG.finditer(words):
        feature = {"$type": f"{FACET}#tag", "tag": match[1]}
        yield _Part(start=match.start(), end=match.end(), shown=match[0], feature=feature)


def shortened(address: str) -> str:
    """Return an address as it is shown: its host, and the beginning of what follows."""
    parts = urlsplit(address)
    rest = address.partition("//")[2][len(parts.netloc) :].rstrip("/")
    host = parts.netloc.removeprefix("www.")
    return host + (rest if len(rest) <= SHOWN_PATH else f"{rest[: SHOWN_PATH - 1]}…")


def _has_host(address: str) -> bool:
    try:
        return "." in (urlsplit(address).hostname or "").strip(".")
    except ValueError:
        return False


def whole(text: str, facets: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with the addresses behind its links in full; ``facets`` are in bytes.

    Places that cannot be are left alone: any program may have written them.
    """
    said, end = text.encode(), len(text.encode())
    for first, last, address in sorted(facets, reverse=True):
        if not 0 <= first < last <= end:
            continue
        shown = said[first:last].decode("utf-8", "replace")
        if address.startswith(("https://", "http://")) and shown != address:
            behind = address if _is_its_beginning(shown, address) else f"{shown} ({address})"
            said = said[:first] + behind.encode() + said[last:]
            end = first
    return said.decode("utf-8", "replace")


def _is_its_beginning(shown: str, address: str) -> bool:
    return _bare(address).startswith(_bare(shown.rstrip(".…")))


def _bare(address: str) -> str:
    return SCHEME.sub("", address).casefold()
