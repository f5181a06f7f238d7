"""What a domain itself says of its accounts, at the addresses kept for that (``.well-known``)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from vigie.collect.address import Address, parse_addresses
from vigie.collect.discovery import GUESS, Found
from vigie.collect.nested import Item
from vigie.collect.web_site import Site
from vigie.collect.webfinger import PATH as WEBFINGER

ATPROTO = "/.well-known/atproto-did"
HOST_META = "/.well-known/host-meta"
OPEN_SERVER = "mastodon.social"
"""Where anybody may take any name that is free: the likeliest place of a double."""
MOST_GUESSES = 3
_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[A-Za-z0-9._:%-]+)")
_TEMPLATE = re.compile(r"""template\s*["']?\s*[=:]\s*["'](https?://[^"'\s<>]*\{uri\}[^"'\s<>]*)""")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{1,28}[a-z0-9])")


def did_said(body: bytes, url: str) -> Found | None:
    """Return the account that a domain gives as its own on Bluesky; a web page is no answer."""
    text = body[:2048].decode("utf-8", "replace").strip()
    if not _DID.fullmatch(text):
        return None
    return _found(f"https://bsky.app/profile/{text}", "domain", url)


def resources(site: Site) -> list[str]:
    """Return the names that a domain may have given to its account on the fediverse."""
    domain = site.domain
    return [f"acct:{name}@{domain}" for name in (domain.partition(".")[0], domain)]


def webfinger_url(host_meta: bytes | None, origin: str, resource: str) -> str:
    """Return where to ask about a name: where the domain's host-meta says, else at the domain."""
    text = (host_meta or b"")[: 1 << 16].decode("utf-8", "replace")
    template = _TEMPLATE.search(text)
    if template is None:
        return f"{origin}{WEBFINGER}?resource={quote(resource, safe='')}"
    return template[1].replace("{uri}", quote(resource, safe=""))


def account_said(body: bytes, url: str) -> Found | None:
    """Return the account of the fediverse that an answer of WebFinger names."""
    try:
        answer = Item(json.loads(body))
    except (ValueError, RecursionError):
        return None
    subject = answer.name("subject") or ""
    if not subject.startswith("acct:"):
        return None
    return _found(f"@{subject.removeprefix('acct:')}", "domain", url)


def guesses(found: Sequence[Found], site: Site) -> list[Found]:
    """Return accounts that may bear the same name on networks open to all, to be looked up.

    The site's domain as a handle first, which only who runs the domain can have; then the
    handles that the site links to elsewhere, which anybody can have taken.
    """
    handles = dict.fromkeys((one.address.handle or "").casefold() for one in found)
    names = [name for name in handles if _NAME.fullmatch(name)][:MOST_GUESSES]
    domain = [] if site.path else [f"https://bsky.app/profile/{site.domain}"]
    tried = [
        *domain,
        *(f"https://bsky.app/profile/{name.replace('_', '-')}.bsky.social" for name in names),
        *(f"@{name.replace('-', '_')}@{OPEN_SERVER}" for name in names),
    ]
    read = (_found(address, GUESS, site.url) for address in tried)
    known = {one.account for one in found}
    return [one for one in read if one is not None and one.account not in known]


def is_of_domain(address: Address, site: Site) -> bool:
    """Say whether a handle lies in the site's domain: only who runs the domain can give it."""
    handle = address.handle or ""
    if site.path:
        # The domain is that of a whole of which the institution is a part.
        return address.network == "rss" and site.holds(address.url)
    if address.network == "bluesky":
        return site.covers(handle.lower())
    if address.network == "mastodon":
        return site.covers(handle.rpartition("@")[2].lower())
    return address.network == "rss" and site.holds(address.url)


def origin_of(url: str) -> str:
    """Return the scheme and the host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _found(address: str, kind: str, page: str) -> Found | None:
    read = parse_addresses(address).found
    return Found(address=read[0], kind=kind, page=page) if read else None
