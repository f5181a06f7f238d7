"""Finds the pages of a site on which institutions say where else they are."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from urllib.parse import unquote, urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser

from vigie.collect.articles import web_address
from vigie.collect.discovery import MOST_BYTES, MOST_LINKS, base_of, words_of_link

SUBJECTS = (
    r"suivez|reseaux.?sociaux|retrouvez.?nous|social.?(?:media|networks?|hub|wall)|follow.?us|"
    r"connect.?with.?us|nos.?reseaux",
    r"contact|nous.?(?:joindre|ecrire)",
    r"mentions?.?legales|legal.?(?:notice|information|mentions?)|imprint|impressum",
    r"presse?\b|newsroom|medias?\b|communication",
)
"""What such pages are called, the likeliest first."""
_SUBJECTS = tuple(re.compile(subject) for subject in SUBJECTS)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|svg|webp|mp[34]|ics|xml)$", re.I)
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?\s*(?P<url>[^'\"\s]+)", re.I)


def pages_named(html: bytes, url: str, *, most: int) -> list[str]:
    """Return the pages of the same host that a page names as contact, legal and the like."""
    tree = LexborHTMLParser(html[:MOST_BYTES])
    base, found = base_of(tree, url), dict[str, int]()
    for link in islice(tree.css("a[href]"), MOST_LINKS):
        whole = web_address(base, link.attributes.get("href"))
        if whole is None:
            continue
        target = urldefrag(whole).url
        rank = _rank(words_of_link(link), target)
        if rank is not None and _is_another_page(target, url):
            found[target] = min(rank, found.get(target, rank))
    return sorted(found, key=lambda page: found[page])[:most]


def moved_to(html: bytes, url: str) -> str | None:
    """Return where a page sends its readers at once, on the same site; none where it does not."""
    tree = LexborHTMLParser(html[:MOST_BYTES])
    for meta in tree.css("meta[http-equiv][content]"):
        if (meta.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        sent = _REFRESH.match(meta.attributes.get("content") or "")
        target = web_address(base_of(tree, url), sent["url"]) if sent else None
        if target is not None and _is_another_page(target, url):
            return target
    return None


def _is_another_page(target: str, url: str) -> bool:
    one, other = urlsplit(target), urlsplit(url)
    is_here = one.path.rstrip("/") == other.path.rstrip("/") and one.query == other.query
    return _bare(one.netloc) == _bare(other.netloc) and not is_here and not _FILE.search(one.path)


def _bare(place: str) -> str:
    return place.lower().removeprefix("www.")


def _rank(words: str, url: str) -> int | None:
    parts = urlsplit(url)
    text = f"{_folded(words)} {_folded(unquote(parts.path))}"
    return next((rank for rank, one in enumerate(_SUBJECTS) if one.search(text)), None)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
