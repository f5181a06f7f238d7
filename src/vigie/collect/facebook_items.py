"""Reads pages, posts, comments and daily figures as the Graph API answers them for Facebook."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.collect.graph import Reading, figures, first
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.pacific import PACIFIC
from vigie.collect.post_kinds import kind_of, kind_of_images
from vigie.errors import RowError
from vigie.model import AccountDay, Mention, Post, Snapshot
from vigie.words import _

VERIFIED = frozenset({"blue_verified", "gray_verified"})


@dataclass(frozen=True, kw_only=True)
class FacebookReading(Reading):
    """Reads one item of an answer about a Facebook page."""

    def profile(self, item: Item) -> Snapshot:
        """Read the page itself."""
        item.needed("id")
        standing = item.name("verification_status")
        followers = item.count("followers_count")
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.day(self.payload.received_at),
            followers=item.count("fan_count") if followers is None else followers,
            name=item.text("name"),
            description=item.text("about"),
            website=item.name("website"),
            is_verified=None if standing is None else standing in VERIFIED,
            source=self.payload.connector,
            run=self.context.run,
        )

    def published(self, item: Item) -> Post:
        """Read a post of the page."""
        found = figures(item)
        message = item.text("message")
        likes = item.count("reactions", "summary", "total_count")
        images = pictures(item)
        return replace(
            self.post(item, when="created_time"),
            kind=kind(item),
            text=message or item.text("story"),
            url=item.name("permalink_url"),
            is_repost=item.name("parent_id") is not None and message is None,
            likes=likes,
            comments=item.count("comments", "summary", "total_count"),
            shares=shares(item, is_counted=likes is not None),
            clicks=first(found, "post_clicks"),
            impressions=first(found, "post_media_view", "post_impressions"),
            reach=first(found, "post_total_media_view_unique", "post_impressions_unique"),
            views=first(found, "post_video_views"),
            images=images,
        )

    def comment(self, spoken: Item) -> Mention | Post | Skipped:
        """Read what was said under a post: the page's own answers are its posts."""
        post, item = spoken.needed("post"), spoken.at("comment")
        if item.at("is_hidden").value is True:
            return Skipped("hidden by the page")
        author = item.name("from", "id")
        answers_to = item.name("parent", "id") or post
        if author is not None and post.startswith(f"{author}_"):
            own = self.answer(item, when="created_time", answers_to=answers_to, thread=post)
            return replace(
                own,
                text=item.text("message"),
                url=item.name("permalink_url"),
                likes=item.count("like_count"),
                comments=item.count("comment_count"),
            )
        return replace(
            self.mention(item, when="created_time", kind="reply", author=author),
            text=item.text("message"),
            url=item.name("permalink_url"),
            answers_to=answers_to,
            thread=post,
            likes=item.count("like_count"),
            comments=item.count("comment_count"),
        )

    def tagged(self, item: Item) -> Mention:
        """Read a public post by someone else that names the page."""
        author = item.name("from", "id") or item.needed("id").partition("_")[0]
        return replace(
            self.mention(item, when="created_time", kind="tag", author=author),
            text=item.text("message"),
            url=item.name("permalink_url"),
            likes=item.count("reactions", "summary", "total_count"),
            comments=item.count("comments", "summary", "total_count"),
        )

    def account_day(self, item: Item) -> AccountDay:
        """Read the figures of one day, which Meta dates by when the day ended in California."""
        ended = item.when("end_time")
        found = {name: item.count("figures", name) for name in figure_names(item)}
        if not any(count is not None for count in found.values()):
            raise RowError(_("None of the figures of this day is known."), column="figures")
        return AccountDay(
            network=self.payload.network,
            account=self.payload.subject,
            day=(ended - timedelta(seconds=1)).astimezone(PACIFIC).date(),
            observed_at=self.payload.received_at,
            impressions=first(found, "page_media_view", "page_impressions"),
            reach=first(found, "page_total_media_view_unique", "page_impressions_unique"),
            views=first(found, "page_video_views"),
            interactions=first(found, "page_post_engagements"),
            profile_visits=first(found, "page_views_total"),
            followers_gained=first(found, "page_daily_follows_unique", "page_daily_follows"),
            followers_lost=first(found, "page_daily_unfollows_unique", "page_daily_unfollows"),
            source=self.payload.connector,
            run=self.context.run,
        )


def figure_names(item: Item) -> list[str]:
    """Return the names of the figures of a day."""
    found = item.at("figures").value
    return [name for name in found if isinstance(name, str)] if isinstance(found, dict) else []


def kind(item: Item) -> str | None:
    """Return what a post is made of, by its first attachment."""
    if "attachments" not in (item.value if isinstance(item.value, dict) else {}):
        return "text" if item.text("message") else None
    attached = item.at("attachments", "data", 0)
    parts = attached.at("subattachments", "data")
    return "carousel" if len(parts) > 1 else kind_of(attached.name("media_type"))


def pictures(item: Item) -> int | None:
    """Return how many pictures are attached; Meta does not say which are described."""
    attached = item.at("attachments", "data", 0)
    parts = list(attached.at("subattachments", "data")) or [attached]
    named = [part.name("media_type") or part.name("type") for part in parts]
    if attached.value is None:
        return 0 if kind(item) == "text" else None
    return sum(1 for name in named if kind_of_images(1) == kind_of(name))


def shares(item: Item, *, is_counted: bool) -> int | None:
    """Return how often a post was shared: Meta leaves the field out where nobody did."""
    if item.at("shares").value is None:
        return 0 if is_counted else None
    return item.count("shares", "count")


def by_day(body: Item) -> list[dict[str, object]]:
    """Turn figures with their days into days with their figures, the newest first."""
    days: dict[str, dict[str, object]] = defaultdict(dict)
    for metric in body.at("data"):
        name = metric.name("name")
        for value in metric.at("values"):
            ended = value.name("end_time") or ""
            if name:
                days[ended][name] = value.at("value").value
    return [{"end_time": ended, "figures": days[ended]} for ended in sorted(days, reverse=True)]
