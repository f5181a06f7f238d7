"""An answer as a record of Bluesky, under a name that is known before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from vigie.inbox.bluesky_account import POSTS
from vigie.inbox.bluesky_text import Marked
from vigie.inbox.channel import Enclosed, Outgoing
from vigie.inbox.pictures import size_of

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""Names of posts are numbers in these letters, so that they sort by time."""


def record_of(
    outgoing: Outgoing, text: Marked, at: datetime, blobs: Sequence[object] = ()
) -> dict[str, Any]:
    """Return an answer as a record of the network."""
    facts = outgoing.facts
    record: dict[str, Any] = {
        "$type": POSTS,
        "text": text.text,
        "createdAt": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": {
            "root": {"uri": facts["root_uri"], "cid": facts["root_cid"]},
            "parent": {"uri": facts["uri"], "cid": facts["cid"]},
        },
    }
    if text.facets:
        record["facets"] = list(text.facets)
    if facts.get("language"):
        record["langs"] = [facts["language"]]
    if blobs:
        shown = [
            {"image": blob, "alt": one.alt, **_shape(one)}
            for blob, one in zip(blobs, outgoing.enclosed, strict=True)
        ]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": shown}
    return record


def _shape(picture: Enclosed) -> dict[str, Any]:
    """Say how wide and high a picture is: without that it is shown cut to a square."""
    size = size_of(picture.content)
    return {"aspectRatio": {"width": size[0], "height": size[1]}} if size else {}


def rkey_of(outgoing: Outgoing) -> str:
    """Return the name of an answer: when it was handed in, and ten bits of its key."""
    chance = int.from_bytes(sha256(outgoing.key.encode()).digest()[:2], "big") & 0x3FF
    return name_of(outgoing.handed_in_at, chance)


def name_of(at: datetime, chance: int = 0) -> str:
    """Return a moment as the network names what is made then: microseconds and ten bits."""
    number = (int(at.timestamp() * 1_000_000) << 10) | chance
    letters = [LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5)]
    return "".join(letters)
