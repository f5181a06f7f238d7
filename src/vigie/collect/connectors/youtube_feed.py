"""YouTube, the public feed of a channel, without a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from lxml import etree

from vigie.collect.connector import Ask, Connector, Context, Option, Page, Payload, Stream
from vigie.collect.fediverse import appeared
from vigie.collect.feed_xml import child, local, parts_of, root_of, words
from vigie.collect.items import Skipped, page_of
from vigie.collect.nested import Item
from vigie.collect.received import received
from vigie.collect.rights import Rights
from vigie.errors import GarbledError, MissingError, RowError, SearchError
from vigie.http import Http, Request
from vigie.model import Post
from vigie.words import _

SERVICE = "https://www.youtube.com"
CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_OWN = re.compile(
    r'"externalId":"(UC[\w-]{22})"'
    r"|<(?:link|meta)\b[^<>]{0,200}?"
    r'(?:rel="canonical"|itemprop="(?:identifier|channelId)"|property="og:url")'
    r'[^<>]{0,200}?"(?:https?://[\w.:-]{1,60}/channel/)?(UC[\w-]{22})"',
    re.ASCII,
)
"""Where the page of a channel names its own identifier; other channels stand elsewhere in it."""


class YoutubeFeed(Connector):
    """The public feed of a YouTube channel: its fifteen latest videos, without a key.

    A video is kept with its title, its plays and its likes. The feed does not
    give followers, comments, shares, or anything older than fifteen videos: the connector YouTube,
    with a key, does, and both know videos and channels by the same names, so that their looks come
    together. Where a channel hides its likes the feed says 0: if no video of a feed has a like,
    likes are unknown. Shorts and streams are in the feed like other videos.

    Of a channel known by its name (``@name``) the identifier is looked up on its page, with one
    more question; write the identifier (``UC…``) in the register to spare it.
    """

    label = _("YouTube, public feed")
    network = "youtube"
    stands_in_for = "youtube"
    streams = (Stream(name="posts", label=_("Videos"), every=timedelta(hours=12), keeps_all=False),)
    rights = Rights(
        terms="https://www.youtube.com/t/terms",
        read_on="2025-01",
        remarks=(
            _(
                "The feed is public and needs no account, but YouTube documents it only for "
                "notifications and promises nothing: at times it answers 404 for hours. The "
                "terms of service forbid automated access beyond what YouTube offers; the "
                "connector YouTube, with a key, is the sure way."
            ),
            _("These terms were not read again for this version."),
        ),
    )
    options = (Option(name="service", label=_("Address of YouTube (for tests)"), default=SERVICE),)

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Ask for the feed of the channel; where only its name is known, for its page."""
        request = self._request(ask)
        try:
            answer = http.ask(request)
        except MissingError as error:
            raise _unknown(error, ask) from error
        payload = received(ask, request, answer, connector="youtube_feed")
        return replace(payload, url=answer.url)

    def _request(self, ask: Ask) -> Request:
        service = self.chosen.get("service") or SERVICE
        channel = ask.page or ask.subject.identifier or ask.subject.handle or ""
        if CHANNEL.fullmatch(channel):
            return Request(url=f"{service}/feeds/videos.xml", params={"channel_id": channel})
        path = urlsplit(ask.subject.url or "").path
        if path.startswith("/user/"):
            name = unquote(path.removeprefix("/user/").partition("/")[0])
            return Request(url=f"{service}/feeds/videos.xml", params={"user": name})
        return Request(url=f"{service}{path if path.strip('/') else f'/@{channel}'}")

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read the videos of a feed; of a channel's page, which channel it is."""
        kind = payload.headers.get("content-type", "")
        root = root_of(payload.body, url=payload.url, content_type=kind)
        if root is None or local(root) != "feed":
            return _channel_of(payload)
        videos = [_video(entry) for entry in parts_of(root).get("entry", [])]
        shows_likes = any(video["likes"] not in (None, "0") for video in videos)
        return page_of(videos, _reader(payload, context, shows_likes=shows_likes))

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: a feed is read, not searched."""
        raise SearchError(
            _(
                "The public feeds of YouTube cannot be searched. The connector YouTube can, with "
                "a key."
            )
        )


def _unknown(error: MissingError, ask: Ask) -> MissingError:
    return MissingError(
        _(
            "YouTube has no channel or no feed for {account} ({status}). Its feeds fail for some "
            "hours now and then; if it lasts, correct the account in the register.",
            account=ask.subject.subject,
            status=error.status,
        ),
        status=error.status,
        said=error.said,
    )


def _channel_of(payload: Payload) -> Page:
    """Go on to the feed of the channel whose page this is."""
    found = _OWN.search(payload.body.decode("utf-8", "replace"))
    if found is None or payload.page is not None:
        raise GarbledError(
            _(
                "YouTube's page for {account} does not say which channel it is: it may ask for "
                "consent first. Write the channel's identifier (UC and 22 characters) in the "
                "register.",
                account=payload.subject,
            )
        )
    return Page(skipped={"page that names the channel": 1}, next_page=found[1] or found[2])


def _video(entry: etree._Element) -> Mapping[str, str | None]:
    """Return what the feed says of a video."""
    group = child(entry, "group")
    community = None if group is None else child(group, "community")
    rating = None if community is None else child(community, "starRating")
    statistics = None if community is None else child(community, "statistics")
    return {
        "video": words(child(entry, "videoId")),
        "title": words(child(entry, "title")),
        "published": words(child(entry, "published")),
        "likes": None if rating is None else rating.get("count"),
        "views": None if statistics is None else statistics.get("views"),
    }


def _reader(
    payload: Payload, context: Context, *, shows_likes: bool
) -> Callable[[Item], Post | Skipped]:
    seen: set[str] = set()

    def read(item: Item) -> Post | Skipped:
        video = item.needed("video")
        if not _VIDEO.fullmatch(video):
            raise RowError(
                _("{cell} is not the identifier of a video.", cell=video), column="video"
            )
        if video in seen:
            return Skipped("twice in the feed")
        post = Post(
            network="youtube",
            post=video,
            account=payload.subject,
            **appeared(payload, context, item.when("published")),
            kind="video",
            text=item.text("title"),
            url=f"https://www.youtube.com/watch?v={video}",
            is_repost=False,
            is_reply=False,
            likes=item.count("likes") if shows_likes else None,
            views=item.count("views"),
        )
        seen.add(video)
        return post

    return read
