"""Reads the address of a post: on which network it is, its identifier, and often whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHAPES = tuple(
    (network, re.compile(rf"(?:https?://)?(?:[\w-]+\.)*?{shape}", re.IGNORECASE))
    for network, shape in (
        ("x", r"(?:twitter|x)\.com/(?P<handle>\w+)(?:/web)?/status(?:es)?/(?P<post>\d+)"),
        ("instagram", r"instagram\.com/(?:(?P<handle>[\w.]+)/)?(?:p|reels?|tv)/(?P<post>[\w-]+)"),
        (
            "tiktok",
            r"tiktok\.com/(?:@(?P<handle>[\w.]+)/)?(?P<form>video|photo|v)/(?P<post>\d+)",
        ),
        ("linkedin", r"linkedin\.com/.*?(?:activity|ugcpost|share)[:-](?P<post>\d{15,20})"),
        ("youtube", r"(?:youtube\.com/(?:watch\?v=|shorts/|live/)|youtu\.be/)(?P<post>[\w-]{11})"),
        (
            "facebook",
            r"facebook\.com/(?:(?P<handle>[\w.-]+)/)?(?:posts|videos|reel|photos/[^/]+)/"
            r"(?:[^/?]*/)?(?P<post>\w+)",
        ),
        ("facebook", r"facebook\.com/[^?]*\?(?:.*&)?(?:fbid|story_fbid|v)=(?P<post>\w+)"),
        ("bluesky", r"bsky\.app/profile/(?P<handle>[\w.:-]+)/post/(?P<post>\w+)"),
    )
)
_NOT_HANDLES = frozenset({"i", "watch", "reel", "share", "story.php", "permalink.php"})


@dataclass(frozen=True, kw_only=True)
class PostAddress:
    """What the address of a post says."""

    network: str
    post: str
    handle: str | None
    form: str | None = None
    """``video`` or ``photo`` on TikTok."""


def read_post_address(url: str | None) -> PostAddress | None:
    """Return what an address says of a post; unknown where it is not one of a post."""
    for network, shape in _SHAPES:
        found = shape.match((url or "").strip())
        if found:
            parts = found.groupdict()
            handle = parts.get("handle")
            if handle and handle.casefold() in _NOT_HANDLES:
                handle = None
            return PostAddress(
                network=network,
                post=_full_identifier(network, parts["post"] or "", handle),
                handle=handle,
                form=parts.get("form"),
            )
    return None


def _full_identifier(network: str, post: str, handle: str | None) -> str:
    return f"at://{handle}/app.bsky.feed.post/{post}" if network == "bluesky" else post
