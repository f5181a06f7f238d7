"""Reads account addresses of every shape: which network, which account, and a clean address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from vigie.collect.network_paths import (
    HANDLES,
    Address,
    account_key,
    not_a_handle,
    place_of,
    read_handle,
    read_place,
)
from vigie.collect.not_accounts import HOME, POST, SHARE
from vigie.words import Words, _

__all__ = ["Address", "Addresses", "Unreadable", "account_key", "parse_addresses"]

NETWORKS = (
    "bluesky", "mastodon", "x", "facebook", "instagram", "threads", "linkedin", "youtube",
    "tiktok", "flickr", "pinterest", "vimeo", "dailymotion", "github", "rss", "other",
)  # fmt: skip
"""The networks' names."""

_HOSTS = {
    "bsky.app": "bluesky",
    "twitter.com": "x",
    "x.com": "x",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "instagram.com": "instagram",
    "instagr.am": "instagram",
    "threads.net": "threads",
    "threads.com": "threads",
    "linkedin.com": "linkedin",
    "youtube.com": "youtube",
    "youtube-nocookie.com": "youtube",
    "tiktok.com": "tiktok",
    "flickr.com": "flickr",
    "vimeo.com": "vimeo",
    "dailymotion.com": "dailymotion",
    "github.com": "github",
}
_SHORT = {"youtu.be": POST, "dai.ly": POST, "flic.kr": POST, "pin.it": POST, "t.co": SHARE,
          "lnkd.in": SHARE, "vm.tiktok.com": SHARE, "vt.tiktok.com": SHARE}  # fmt: skip
_PINTEREST = re.compile(r"(?:[a-z]{2,3}\.)?pinterest(?:\.[a-z]{2,3}){0,2}")
_NOT_MASTODON = frozenset({"medium.com", "odysee.com", "rumble.com", "substack.com", "t.me"})
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|igshid|igsh|mc_cid|mc_eid)(?:=.*)?", re.I)

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e"
                        r"\u2060-\u2064\u2066-\u2069\ufeff]")  # fmt: skip
_BETWEEN = re.compile(
    r"[\s|]+|[;,](?=\s|$|https?:|www\.|@)|(?<=[^\s=/?&%#:])(?=https?://)", re.IGNORECASE
)
_JUNK = " \t\r\n'\"`«»“”‘’<>()[]{};,\\|"
_SCHEME = re.compile(r"(?:https?\s*[:;]*/+|https?[:;]+)+", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!did:)[a-z][a-z0-9+.\-]*:(?!\d+(?:/|$))", re.IGNORECASE)
_FEDIVERSE = re.compile(r"@?([A-Za-z0-9_][A-Za-z0-9_.\-]*)@([^@\s/]+\.[^@\s/.]+)/?")
_HOST = re.compile(r"(?:[\w\-]+\.)+[\w\-]{2,}|localhost")


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """An address that names no account we can follow, and why."""

    text: str
    reason: Words


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """What a cell said: the accounts found in it, and what could not be read."""

    found: tuple[Address, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def parse_addresses(cell: str | None, network: str | None = None) -> Addresses:
    """Read the accounts a cell names; ``network`` is what its column is about, if known.

    An address of another network than the column's is kept under its own.
    """
    found: dict[str, Address] = {}
    unreadable: list[Unreadable] = []
    for piece in _pieces(cell or "", network):
        read = _read(piece, network)
        if isinstance(read, Address):
            found.setdefault(read.account, read)
        else:
            unreadable.append(Unreadable(text=piece, reason=read))
    return Addresses(found=tuple(found.values()), unreadable=tuple(unreadable))


def _pieces(cell: str, network: str | None) -> list[str]:
    """Cut a cell into addresses; words around them are comments, alone they are unreadable."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", cell))
    while "&amp;" in text:
        text = text.replace("&amp;", "&")
    text = text.strip(_JUNK)
    if not text:
        return []
    parts = [part.strip(_JUNK) for part in _BETWEEN.split(text)]
    parts = [part for part in parts if part]
    addresses = [part for part in parts if _looks_like_an_address(part)]
    if addresses:
        return addresses
    listed = [part.strip(_JUNK) for part in re.split(r"[;,|\n]", text)]
    if network and all(listed) and not any(re.search(r"\s", part) for part in listed):
        return listed
    return [text]


def _looks_like_an_address(text: str) -> bool:
    if "://" in text or text.startswith("@") or _FEDIVERSE.fullmatch(text):
        return True
    host = text.lower().partition("/")[0]
    return host.startswith("www.") or ("/" in text and "." in host) or _network_of(host) is not None


def _read(piece: str, network: str | None) -> Address | Words:
    fediverse = _FEDIVERSE.fullmatch(piece)
    # Without a first @ it is an e-mail address, but in a column about the fediverse.
    if fediverse and (network == "mastodon" or piece.startswith("@")):
        return _mastodon(fediverse[1], _host(fediverse[2]))
    scheme = _SCHEME.match(piece)
    if scheme:
        begin = "http" if scheme[0].lower().startswith("http:") else "https"
        return _read_url(f"{begin}://{piece[scheme.end() :]}", network)
    if piece.startswith("//"):
        return _read_url(f"https:{piece}", network)
    if _OTHER_SCHEME.match(piece):
        return _("{address} is not an address of the web (https://…).", address=piece)
    if _is_bare(piece, network):
        return _read_bare(piece.rstrip("/"), network)
    return _read_url(f"https://{piece}", network)


def _is_bare(piece: str, network: str | None) -> bool:
    text = piece.rstrip("/")
    if "/" in text or text.lower().startswith("www."):
        return False
    if text.startswith("@") or "." not in text:
        return True
    has_dots = network in {"facebook", "instagram", "threads", "tiktok", "bluesky"}
    return has_dots and _network_of(text.lower()) is None


def _read_bare(text: str, network: str | None) -> Address | Words:
    if network is None or network in {"other", "rss"}:
        return _("{address} is not an address. Write it in full (https://…).", address=text)
    if network == "mastodon":
        return _(
            "{address} does not say on which server the account is. Write it as name@server.",
            address=text,
        )
    read = not_a_handle(network, text) if re.search(r"\s", text) else read_handle(network, text)
    # A word that means something else in an address of this network (a post's number, "search")
    # is no handle: its address says so.
    return _read_url(read.url, network) if isinstance(read, Address) else read


def _read_url(url: str, network: str | None) -> Address | Words:
    try:
        parts = urlsplit(url)
    except ValueError:
        return _("{address} is not an address.", address=url)
    host = _host(parts.netloc.rpartition("@")[2].partition(":")[0])
    if not _HOST.fullmatch(host) or ".." in host:
        return _("{address} is not an address.", address=url)
    if network == "rss":
        return _page("rss", url, host)
    if host in _SHORT:
        return _SHORT[host]
    own = _network_of(host)
    path, query = parts.path, parts.query
    if parts.fragment.startswith("!"):
        # What the addresses of 2010 looked like: twitter.com/#!/name.
        path, _mark, query = parts.fragment[1:].partition("?")
    if own == "bluesky" and host.endswith(".bsky.social"):
        return read_handle("bluesky", host)
    if own is not None:
        return read_place(own, place_of(path, query))
    return _read_elsewhere(url, host, parts.path, network)


def _read_elsewhere(url: str, host: str, path: str, network: str | None) -> Address | Words:
    """Read an address of no network we know by its host: a server of the fediverse, or a page."""
    segments = [part for part in place_of(path, "").path if part != "web"]
    name = segments[0] if segments else ""
    if name == "users" and len(segments) > 1 and network == "mastodon":
        name = f"@{segments[1]}"
    if name.startswith("@") and len(name) > 1 and host not in _NOT_MASTODON:
        if len(segments) > 1 and segments[1].isdigit():
            return POST
        local, _at, elsewhere = name[1:].partition("@")
        return _mastodon(local, _host(elsewhere) if elsewhere else host)
    if network == "other":
        page = _page("other", url, host)
        # A site of its own below a network's host, as name.tumblr.com, needs no path.
        is_own = len(host.removeprefix("www.").split(".")) > 2
        return page if is_own or re.search(r"[/?]", page.identifier or "") else HOME
    if network == "mastodon":
        return _("{address} is not the address of an account of the fediverse.", address=url)
    if network is None:
        return _("{site} is not a network we know.", site=host)
    return _("{site} is not {network}.", site=host, network=network)


def _mastodon(name: str, host: str) -> Address | Words:
    pattern = HANDLES["mastodon"]
    is_server = _HOST.fullmatch(host) and ".." not in host and host.isprintable()
    is_other = _network_of(host) or host in _SHORT or host in _NOT_MASTODON
    if not pattern.fullmatch(name) or not is_server or is_other:
        return not_a_handle("mastodon", f"{name}@{host}")
    url = f"https://{host}/@{name}"
    return Address(network="mastodon", handle=f"{name}@{host}", identifier=None, url=url)


def _page(network: str, url: str, host: str) -> Address:
    """Return a feed or a page known by its whole address, without what only tracks readers."""
    parts = urlsplit(url)
    port = parts.netloc.rpartition("@")[2].partition(":")[2]
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair)]
    rest = parts.path.rstrip("/") + ("?" + "&".join(kept) if kept else "")
    rest = rest.rstrip(_JUNK + "/?&")
    named = host + (f":{port}" if port.isascii() and port.isdigit() else "") + rest
    scheme = parts.scheme
    return Address(network=network, handle=None, identifier=named, url=f"{scheme}://{named}")


def _network_of(host: str) -> str | None:
    name = host.removeprefix("www.")
    if name.endswith(".bsky.social"):
        return "bluesky"
    if _PINTEREST.fullmatch(name):
        return "pinterest"
    labels = name.split(".")
    for begin in range(len(labels) - 1):
        network = _HOSTS.get(".".join(labels[begin:]))
        if network is not None:
            return network
    return None


def _host(written: str) -> str:
    """Return a host as people write it: lower case, accents instead of ``xn--``."""
    host = unicodedata.normalize("NFC", written.strip().rstrip(".").lower())
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return host
    return host
