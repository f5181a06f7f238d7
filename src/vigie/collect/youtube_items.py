"""Reads channels, videos and comments as YouTube's Data API answers them."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date, datetime

from vigie.collect.cells import clean_text
from vigie.collect.connector import Context, Payload
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.model import Mention, Post, Snapshot


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is needed to read one item of an answer."""

    payload: Payload
    context: Context

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.context.zone).date()

    def channel(self, item: Item) -> Snapshot:
        """Read a channel: a hidden number of subscribers is unknown."""
        counted = item.at("statistics")
        is_hidden = counted.at("hiddenSubscriberCount").value is True
        item.needed("id")
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self._day(self.payload.received_at),
            followers=None if is_hidden else counted.count("subscriberCount"),
            posts=counted.count("videoCount"),
            views=counted.count("viewCount"),
            name=item.text("snippet", "title"),
            description=item.text("snippet", "description"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def video(self, item: Item) -> Post | Skipped:
        """Read a video with its counts; one that is only announced is left aside."""
        if item.name("snippet", "liveBroadcastContent") == "upcoming":
            return Skipped("announced")
        published = item.when("snippet", "publishedAt")
        counted = item.at("statistics")
        video = item.needed("id")
        return Post(
            network=self.payload.network,
            post=video,
            account=self.payload.subject,
            published_at=published,
            published_on=self._day(published),
            observed_at=self.payload.received_at,
            kind="video",
            text=item.text("snippet", "title"),
            url=f"https://www.youtube.com/watch?v={video}",
            language=item.name("snippet", "defaultAudioLanguage")
            or item.name("snippet", "defaultLanguage"),
            is_repost=False,
            is_reply=False,
            likes=counted.count("likeCount"),
            comments=counted.count("commentCount"),
            views=counted.count("viewCount"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def said(self, item: Item) -> Mention | Post:
        """Read a comment under a video: the channel's own answers are its posts."""
        comment = item.at("comment")
        author = comment.needed("snippet", "authorChannelId", "value")
        if author == comment.name("snippet", "channelId"):
            return self._own(item, comment)
        return self._others(item, comment, author)

    def _own(self, item: Item, comment: Item) -> Post:
        published = comment.when("snippet", "publishedAt")
        video = self._video_of(item)
        return Post(
            network=self.payload.network,
            post=comment.needed("id"),
            account=self.payload.subject,
            published_at=published,
            published_on=self._day(published),
            observed_at=self.payload.received_at,
            kind="text",
            text=comment.text("snippet", "textDisplay"),
            url=_address(video, comment),
            is_repost=False,
            is_reply=True,
            answers_to=comment.name("snippet", "parentId") or video,
            thread=video,
            likes=comment.count("snippet", "likeCount"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def _others(self, item: Item, comment: Item, author: str) -> Mention:
        published = comment.when("snippet", "publishedAt")
        video = self._video_of(item)
        return Mention(
            network=self.payload.network,
            post=comment.needed("id"),
            subject=self.payload.subject,
            kind="reply",
            author=self.context.pseudonym(self.payload.network, author),
            published_at=published,
            published_on=self._day(published),
            observed_at=self.payload.received_at,
            text=comment.text("snippet", "textDisplay"),
            url=_address(video, comment),
            answers_to=comment.name("snippet", "parentId") or video,
            thread=video,
            likes=comment.count("snippet", "likeCount"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def _video_of(self, item: Item) -> str | None:
        return item.name("video") or item.name("comment", "snippet", "videoId")

    def found(self, item: Item) -> Mention:
        """Read a find of the search, whose words come with HTML's ways of writing."""
        published = item.when("snippet", "publishedAt")
        video = item.needed("id", "videoId")
        author = item.needed("snippet", "channelId")
        parts = (item.name("snippet", name) for name in ("title", "description"))
        return Mention(
            network=self.payload.network,
            post=video,
            subject=self.payload.subject,
            kind="found",
            author=self.context.pseudonym(self.payload.network, author),
            published_at=published,
            published_on=self._day(published),
            observed_at=self.payload.received_at,
            text=clean_text("\n\n".join(html.unescape(part) for part in parts if part)),
            url=f"https://www.youtube.com/watch?v={video}",
            source=self.payload.connector,
            run=self.context.run,
        )


def _address(video: str | None, comment: Item) -> str | None:
    return f"https://www.youtube.com/watch?v={video}&lc={comment.needed('id')}" if video else None
