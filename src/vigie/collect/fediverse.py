"""What the servers of the fediverse have in common: names, identifiers of posts, forms of media."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import TypedDict
from urllib.parse import SplitResult, urlsplit

from vigie.collect.connector import Context, Payload
from vigie.collect.moments import EARLIEST, TOLERANCE, local_day
from vigie.collect.post_kinds import kind_of_images
from vigie.errors import GarbledError, MissingError, RowError
from vigie.words import _

NETWORK = "mastodon"
"""The network of every account of the fediverse, whichever program its server runs."""
_LOCAL = re.compile(
    r"/(?:users/[^/]+/statuses|ap/users/[^/]+/statuses|@[^/]+|p/[^/]+)/(?P<id>\d+|[0-9A-Z]{26})"
)
"""Mastodon, GoToSocial (26 letters and digits) and Pixelfed name posts by their own identifier."""
_SHORTCODE = re.compile(r":([a-zA-Z0-9_]{2,}):")


class Appeared(TypedDict):
    """What a post or a mention carries besides its own words and counts."""

    published_at: datetime
    published_on: date
    observed_at: datetime
    source: str
    run: str | None


def appeared(payload: Payload, context: Context, when: datetime) -> Appeared:
    """Return when something appeared, on which day for the institution, and who saw it.

    A moment that no network can have known is refused.
    """
    if when > payload.received_at + TOLERANCE or when.date() < EARLIEST:
        raise RowError(
            _(
                "This post is dated {day}, and it was seen on {seen}.",
                day=when.date(),
                seen=payload.received_at.date(),
            ),
            column="published",
        )
    return Appeared(
        published_at=when,
        published_on=local_day(when, context.zone),
        observed_at=payload.received_at,
        source=payload.connector,
        run=context.run or None,
    )


def name_and_server(handle: str) -> tuple[str, str]:
    """Return the two halves of ``name@server``."""
    name, at, server = handle.lstrip("@").partition("@")
    if not name or not at or not server:
        raise MissingError(
            _(
                "{handle} does not say on which server the account is. "
                "Write it as name@server in the register.",
                handle=handle,
            ),
            status=404,
        )
    return name, server


def address_of(server: str) -> str:
    """Return the address of a server by its name, accents and all."""
    try:
        return f"https://{server.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"https://{server}"


def handle_of(subject: str) -> str:
    """Return the handle in an account's key."""
    return subject.partition(":")[2]


def local_id(post: str) -> str | None:
    """Return the identifier that a post has on its author's own server, where its address says."""
    found = _LOCAL.fullmatch(_parts(post).path)
    return found["id"] if found else None


def server_of(address: str) -> str:
    """Return the beginning of an address: scheme and host."""
    parts = _parts(address)
    return f"{parts.scheme}://{parts.netloc}"


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def post_id(identifier: str) -> str:
    """Return how a post is identified: a boost of Mastodon like the post that it is."""
    return identifier.removesuffix("/activity")


def without_emoji(name: str | None, shortcodes: Collection[str]) -> str | None:
    """Return a display name without the shortcodes that stand for a server's own pictures."""
    shown = _SHORTCODE.sub(lambda code: "" if code[1] in shortcodes else code[0], name or "")
    return " ".join(shown.split()) or None


def kind_of_post(media: Collection[str], *, is_poll: bool, is_link: bool) -> str:
    """Return the kind of a post with these media: image, video, audio or anything else."""
    if is_poll:
        return "poll"
    moving = next((form for form in ("video", "audio") if form in media), None)
    kind = moving or kind_of_images(sum(form == "image" for form in media))
    return "link" if kind == "text" and is_link else kind


def read_json(body: bytes, url: str) -> object:
    """Return the JSON of an answer; half a letter, which no text may hold, becomes a ``?``."""
    try:
        found: object = json.loads(body)
        if rb"\ud" in body or rb"\uD" in body:
            text = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
            found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GarbledError(
            _("{url} answered something that is not JSON. Is this a server of Mastodon?", url=url)
        ) from error
    return found


def is_json_object(body: bytes) -> bool:
    """Return whether a server answered in JSON, as its interface does and a web page does not."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
