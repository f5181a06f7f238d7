"""Where each network keeps the account in its addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from vigie.collect.not_accounts import HOME, NO_CHANNEL, NOT_ACCOUNTS, POST
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Address:
    """An account as its address names it."""

    network: str
    handle: str | None
    """As written, without @."""
    identifier: str | None
    """The network's own identifier, where the address has one instead of a handle."""
    url: str
    """The address, clean: reading it again gives the same account."""

    @property
    def account(self) -> str:
        """The account's key."""
        return account_key(self.network, handle=self.handle, identifier=self.identifier)


def account_key(network: str, *, handle: str | None, identifier: str | None = None) -> str:
    """Return ``network:handle``, the handle folded, or ``network:identifier`` without one."""
    return f"{network}:{handle.casefold() if handle else identifier or ''}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """What an address says after its host."""

    path: tuple[str, ...]
    """Decoded and without empty segments."""
    query: Mapping[str, str]


_PRINTED = re.compile(r"[^\s/?#<>\"{}|\\^`%@\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff]+")
HANDLES = {
    "x": re.compile(r"[A-Za-z0-9_]{1,30}"),
    "facebook": re.compile(r"[\w.\-]*\w[\w.\-]*"),
    "instagram": re.compile(r"(?=.*[A-Za-z0-9_])[A-Za-z0-9_.]{1,40}"),
    "threads": re.compile(r"(?=.*[A-Za-z0-9_])[A-Za-z0-9_.]{1,40}"),
    "tiktok": re.compile(r"(?=.*[A-Za-z0-9_])[A-Za-z0-9_.]{1,40}"),
    "bluesky": re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"),
    "mastodon": re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?"),
    "github": re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?"),
    "dailymotion": re.compile(r"[A-Za-z0-9_\-]+"),
    "vimeo": re.compile(r"[A-Za-z0-9_\-]+"),
    "pinterest": re.compile(r"[A-Za-z0-9_\-]+"),
    "flickr": re.compile(r"[A-Za-z0-9_\-]+"),
}
_WITHOUT_DOT = frozenset({"x", "github", "dailymotion", "vimeo", "pinterest", "flickr"})
_SUFFIX = re.compile(r"\.(?:fr|com|org|net|eu|de|ch|be|html?|php)$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r".*-(\d{8,})")
_CHANNEL = re.compile(r"UC[\w\-]{22}", re.ASCII)
_NSID = re.compile(r"\d+@N\d+", re.IGNORECASE)

_PLAIN_URLS = {
    "x": "https://x.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "threads": "https://www.threads.com/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "pinterest": "https://www.pinterest.com/{}/",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/{}",
    "github": "https://github.com/{}",
}


def place_of(path: str, query: str) -> Place:
    """Return the decoded segments and the query of an address."""
    segments = (unicodedata.normalize("NFC", unquote(part)).strip() for part in path.split("/"))
    pairs = (pair.partition("=") for pair in query.split("&"))
    return Place(
        path=tuple(part for part in segments if part),
        query={name.casefold(): unquote(value) for name, _equals, value in pairs if name},
    )


def read_place(network: str, place: Place) -> Address | Words:
    """Return the account an address of a network names, or why it names none."""
    first = place.path[0] if place.path else ""
    special = _SPECIAL.get(network)
    if special is not None:
        found = special(place)
        if found is not None:
            return found
    if not first:
        return HOME
    refused = NOT_ACCOUNTS.get(network, {})
    if first in refused or first.casefold() in refused:
        return refused.get(first) or refused[first.casefold()]
    return read_handle(network, first)


def read_handle(network: str, text: str) -> Address | Words:
    """Return the account a handle names on a network, or why it cannot be one."""
    named = text.lstrip("@").strip()
    if network == "facebook":
        return _facebook_page(named)
    if network == "linkedin":
        return _linkedin_page("company", named)
    if network == "youtube":
        return _youtube_channel(named) if _CHANNEL.fullmatch(named) else _youtube("@{}", named)
    if network == "bluesky":
        return _bluesky_profile(named)
    if network == "flickr":
        return _flickr_person(named)
    return _plain(network, named)


def not_a_handle(network: str, text: str) -> Words:
    """Say that a text cannot be the handle of an account on a network."""
    return _(
        "{address} cannot be the handle of an account on {network}.", address=text, network=network
    )


def _mended(network: str, named: str) -> str | None:
    """Return the handle without what was stuck to it, if what remains can be one."""
    pattern = HANDLES.get(network, _PRINTED)
    shorter = _SUFFIX.sub("", named)
    if network in _WITHOUT_DOT and shorter != named and pattern.fullmatch(shorter):
        return shorter
    for candidate in (named, named.rstrip(".,;:!?)'’»”")):
        if pattern.fullmatch(candidate):
            return candidate
    return None


def _plain(network: str, named: str) -> Address | Words:
    handle = _mended(network, named)
    if handle is None or network not in _PLAIN_URLS:
        return not_a_handle(network, named)
    url = _PLAIN_URLS[network].format(handle)
    return Address(network=network, handle=handle, identifier=None, url=url)


def _x(place: Place) -> Address | Words | None:
    if place.path[:1] == ("intent",) and place.query.get("screen_name"):
        return _plain("x", place.query["screen_name"].lstrip("@"))
    if len(place.path) > 1 and place.path[1].casefold() in {"status", "statuses"}:
        return POST
    return None


def _facebook(place: Place) -> Address | Words | None:
    path, number = place.path, place.query.get("id", "")
    first = path[0].casefold() if path else ""
    if first == "profile.php":
        if number.isascii() and number.isdigit():
            return _numbered("facebook", number)
        return not_a_handle("facebook", number)
    if first in {"pages", "people"} and len(path) > 2 and path[2].isascii() and path[2].isdigit():
        return _numbered("facebook", path[2])
    if first in {"pg", "pages", "p", "people"} and len(path) > 1:
        return _facebook_page(path[-1] if first == "pages" else path[1])
    if first == "groups" and len(path) > 1:
        group = _mended("facebook", path[1])
        return _group("facebook", group) if group else not_a_handle("facebook", path[1])
    if len(path) > 1 and path[1].casefold() in {"posts", "videos", "photos"} and len(path) > 2:
        return POST
    return None


def _facebook_page(named: str) -> Address | Words:
    number = _PAGE_NUMBER.fullmatch(named)
    if named.isascii() and named.isdigit():
        return _numbered("facebook", named)
    if number and number[1].isascii():
        return _numbered("facebook", number[1])
    handle = _mended("facebook", named)
    if handle is None:
        return not_a_handle("facebook", named)
    url = f"https://www.facebook.com/{_quoted(handle)}"
    return Address(network="facebook", handle=handle, identifier=None, url=url)


def _numbered(network: str, number: str) -> Address:
    urls = {"facebook": "https://www.facebook.com/{}"}
    return Address(
        network=network, handle=None, identifier=number, url=urls[network].format(number)
    )


def _group(network: str, group: str) -> Address:
    url = f"https://www.{network}.com/groups/{_quoted(group)}/"
    return Address(network=network, handle=f"groups/{group}", identifier=None, url=url)


def _linkedin(place: Place) -> Address | Words | None:
    path = list(place.path)
    kinds = {"company", "school", "company-beta", "showcase", "in", "edu", "groups", "pub"}
    while len(path) > 1 and path[0].casefold() in kinds and path[1].casefold() in kinds - {"in"}:
        if path[:2] == ["edu", "school"]:
            break
        path = path[1:]
    if not path or path[0].casefold() not in kinds:
        return None if path else HOME
    kind = path[0].casefold()
    if kind == "groups":
        return _linkedin_group(path[1:], place.query)
    if kind == "edu":
        return _linkedin_edu(path[1:], place.query)
    if len(path) < 2:
        return HOME
    if kind in {"in", "pub", "showcase"}:
        kind = "in" if kind == "pub" else kind
        return _linkedin_page(kind, path[1], prefix=f"{kind}/")
    return _linkedin_page("company" if kind == "company-beta" else kind, path[1])


def _linkedin_page(kind: str, named: str, *, prefix: str = "") -> Address | Words:
    handle = _mended("linkedin", named)
    if handle is None or not re.search(r"\w", handle):
        return not_a_handle("linkedin", named)
    url = f"https://www.linkedin.com/{kind}/{_quoted(handle)}/"
    if handle.isascii() and handle.isdigit() and not prefix:
        return Address(network="linkedin", handle=None, identifier=handle, url=url)
    return Address(network="linkedin", handle=prefix + handle, identifier=None, url=url)


def _linkedin_group(path: list[str], query: Mapping[str, str]) -> Address | Words:
    named = path[0] if path else query.get("gid", "")
    number = re.search(r"(\d+)$", named, re.ASCII)
    return _group("linkedin", number[1]) if number else not_a_handle("linkedin", named)


def _linkedin_edu(path: list[str], query: Mapping[str, str]) -> Address | Words:
    named = query.get("id", "") if path[:1] in ([], ["school"]) else path[0]
    number = re.search(r"(\d+)$", named, re.ASCII)
    if number is None:
        return not_a_handle("linkedin", named)
    url = f"https://www.linkedin.com/edu/school?id={number[1]}"
    return Address(network="linkedin", handle=None, identifier=f"edu/{number[1]}", url=url)


def _youtube_place(place: Place) -> Address | Words | None:
    path = place.path
    first = path[0].casefold() if path else ""
    if first == "channel":
        return _youtube_channel(path[1]) if len(path) > 1 else HOME
    if first in {"user", "c"}:
        return _youtube(first + "/{}", path[1]) if len(path) > 1 else HOME
    if first == "profile" and place.query.get("user"):
        return _youtube("user/{}", place.query["user"])
    if first == "feeds":
        return _youtube_channel(place.query.get("channel_id", ""))
    if first.startswith("@"):
        return _youtube("@{}", path[0][1:])
    if first and first not in NOT_ACCOUNTS["youtube"]:
        return _youtube("{}", path[0])
    return None


def _youtube(form: str, named: str) -> Address | Words:
    # Names of the time of /user/ have no dot; a ".fr" there was typed after the address.
    named = _SUFFIX.sub("", named) if form.startswith("user/") else named
    handle = _mended("youtube", named.lstrip("@"))
    if handle is None or not re.search(r"\w", handle):
        return not_a_handle("youtube", named)
    url = "https://www.youtube.com/" + form.format(_quoted(handle))
    return Address(network="youtube", handle=handle, identifier=None, url=url)


def _youtube_channel(named: str) -> Address | Words:
    channel = _CHANNEL.match(named)
    if channel is None:
        return NO_CHANNEL
    url = f"https://www.youtube.com/channel/{channel[0]}"
    return Address(network="youtube", handle=None, identifier=channel[0], url=url)


def _bluesky(place: Place) -> Address | Words | None:
    if place.path[:1] == ("profile",) and len(place.path) > 1:
        if len(place.path) > 2 and place.path[2] == "post":
            return POST
        return _bluesky_profile(place.path[1].lstrip("@"))
    return None


def _bluesky_profile(named: str) -> Address | Words:
    if re.fullmatch(r"did:(?:plc|web):[A-Za-z0-9._:\-]*[A-Za-z0-9]", named):
        url = f"https://bsky.app/profile/{named}"
        return Address(network="bluesky", handle=None, identifier=named, url=url)
    handle = _mended("bluesky", named)
    if handle is None:
        return not_a_handle("bluesky", named)
    url = f"https://bsky.app/profile/{handle}"
    return Address(network="bluesky", handle=handle, identifier=None, url=url)


def _flickr(place: Place) -> Address | Words | None:
    if place.path and place.path[0].casefold() in {"photos", "people"}:
        if len(place.path) < 2:
            return HOME
        if len(place.path) > 2 and place.path[2].isdigit():
            return POST
        return _flickr_person(place.path[1])
    return None


def _flickr_person(named: str) -> Address | Words:
    url = "https://www.flickr.com/photos/{}/"
    if _NSID.fullmatch(named):
        return Address(
            network="flickr", handle=None, identifier=named.upper(), url=url.format(named.upper())
        )
    handle = _mended("flickr", named)
    if handle is None:
        return not_a_handle("flickr", named)
    return Address(network="flickr", handle=handle, identifier=None, url=url.format(handle))


def _vimeo(place: Place) -> Address | Words | None:
    path = place.path
    if path and path[0].isdigit():
        return POST
    if len(path) > 1 and path[0] in {"channels", "groups"}:
        handle = _mended("vimeo", path[1])
        if handle is None:
            return not_a_handle("vimeo", path[1])
        named = f"{path[0]}/{handle}"
        url = f"https://vimeo.com/{named}"
        return Address(network="vimeo", handle=named, identifier=None, url=url)
    return None


def _below(network: str, word: str) -> Callable[[Place], Address | Words | None]:
    def read(place: Place) -> Address | Words | None:
        if len(place.path) > 1 and place.path[0].casefold() == word:
            return _plain(network, place.path[1].lstrip("@"))
        return None

    return read


def _tiktok(place: Place) -> Address | Words | None:
    return POST if len(place.path) > 2 and place.path[1] in {"video", "photo"} else None


def _quoted(handle: str) -> str:
    return quote(handle, safe="-_.~'&+!*()")


_SPECIAL: Mapping[str, Callable[[Place], Address | Words | None]] = {
    "x": _x,
    "facebook": _facebook,
    "linkedin": _linkedin,
    "youtube": _youtube_place,
    "bluesky": _bluesky,
    "flickr": _flickr,
    "vimeo": _vimeo,
    "tiktok": _tiktok,
    "dailymotion": _below("dailymotion", "user"),
    "github": _below("github", "orgs"),
    "instagram": _below("instagram", "_u"),
}
