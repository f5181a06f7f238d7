"""Reads profiles, posts, replies and figures as the Threads API answers them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from vigie.collect.graph import Reading, figures, first
from vigie.collect.instagram_items import has
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.post_kinds import kind_of
from vigie.errors import RowError
from vigie.model import AccountDay, Mention, Post, Snapshot
from vigie.words import _

REPOST = "REPOST_FACADE"
"""What Threads calls the shell around a post of someone else."""


@dataclass(frozen=True, kw_only=True)
class ThreadsReading(Reading):
    """Reads one item of an answer about a Threads account."""

    def profile(self, item: Item) -> Snapshot:
        """Read the number of followers, with what was said of the account a page before."""
        about = item.at("about")
        verified = about.at("is_verified").value
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.day(self.payload.received_at),
            followers=_figures_of(item).get("followers_count"),
            name=about.text("name"),
            description=about.text("threads_biography"),
            is_verified=verified if isinstance(verified, bool) else None,
            source=self.payload.connector,
            run=self.context.run,
        )

    def published(self, item: Item) -> Post:
        """Read a post, a repost or a reply of the account."""
        is_repost = item.name("media_type") == REPOST or item.at("reposted_post").value is not None
        found = {} if is_repost else figures(item)
        pictured = pictures(item)
        answers_to = item.name("replied_to", "id")
        return replace(
            self.post(item, when="timestamp"),
            kind=kind(item),
            text=item.text("text"),
            url=item.name("permalink"),
            is_repost=is_repost,
            is_reply=item.at("is_reply").value is True or answers_to is not None,
            answers_to=answers_to,
            thread=item.name("root_post", "id"),
            likes=first(found, "likes"),
            comments=first(found, "replies"),
            shares=first(found, "reposts"),
            impressions=first(found, "views"),
            images=None if pictured is None else len(pictured),
            images_described=None if pictured is None else described(pictured),
        )

    def said(self, item: Item) -> Mention | Skipped:
        """Read a reply in a conversation that the account began; its own come with its replies."""
        if item.at("is_reply_owned_by_me").value is True:
            return Skipped("own reply, read with the others")
        if item.name("hide_status") in ("HIDDEN", "BLOCKED", "RESTRICTED", "COVERED"):
            return Skipped("hidden by the account")
        return self._by_others(item, kind="reply")

    def named(self, item: Item) -> Mention:
        """Read a post that names the account."""
        return self._by_others(item, kind="mention")

    def found(self, item: Item) -> Mention:
        """Read a find of the search."""
        return self._by_others(item, kind="found")

    def _by_others(self, item: Item, *, kind: str) -> Mention:
        return replace(
            self.mention(item, when="timestamp", kind=kind, author=item.needed("username")),
            text=item.text("text"),
            url=item.name("permalink"),
            answers_to=item.name("replied_to", "id"),
            thread=item.name("root_post", "id"),
        )

    def account_day(self, item: Item, *, day: date) -> AccountDay:
        """Read the figures of one day; what Threads calls views are those of the profile."""
        found = _figures_of(item)
        if not found:
            raise RowError(_("None of the figures of this day is known."), column="data")
        return AccountDay(
            network=self.payload.network,
            account=self.payload.subject,
            day=day,
            observed_at=self.payload.received_at,
            profile_visits=first(found, "views"),
            likes=first(found, "likes"),
            comments=first(found, "replies"),
            shares=first(found, "reposts"),
            source=self.payload.connector,
            run=self.context.run,
        )


def _figures_of(item: Item) -> dict[str, int | None]:
    """Return the figures of a period: a sum, or values by day of which the period has one."""
    found: dict[str, int | None] = {}
    for one in item.at("data"):
        name = one.name("name")
        total = one.at("total_value", "value").value
        value = one.at("values", 0, "value").value if total is None else total
        if name and value is not None:
            found[name] = Item({name: value}).count(name)
    return found


def kind(item: Item) -> str | None:
    """Return what a post is made of."""
    written = item.name("media_type")
    return None if written == REPOST else kind_of(written)


def pictures(item: Item) -> list[Item] | None:
    """Return the pictures of a post; unknown where a carousel does not say what it holds."""
    written = item.name("media_type")
    parts = list(item.at("children", "data"))
    if written in (None, REPOST) or (written == "CAROUSEL_ALBUM" and not parts):
        return None
    return [one for one in parts or [item] if one.name("media_type") == "IMAGE"]


def described(images: list[Item]) -> int | None:
    """Return how many pictures carry an alternative text; unknown where Threads is silent."""
    if images and not any(has(one, "alt_text") for one in images):
        return None
    return sum(1 for one in images if one.text("alt_text"))
