"""Sprout Social, post performance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context, Parsed
from vigie.collect.observed import account_for_row, account_key, published, times_remark
from vigie.collect.post_addresses import PostAddress, read_post_address
from vigie.collect.post_kinds import kind_of
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _


class SproutSocial(HeadedImporter):
    """Posts from *Post Performance* of Sprout Social, of several networks in one file.

    Network and identifier are read from the post's address (*Link*). The account is in the
    address, or is *Profile* where that is a name with ``@``, or else the one given: what
    Sprout shows for pages is a title, not a handle. Dates are written as in the United
    States, in the zone of the workspace. The order of columns was seen in a public reader of
    these files; *Post ID* and *Sent by* are inferred and are not needed.
    """

    label = _("Sprout Social, post performance")
    headings = Headings(
        required={
            "published": "Date",
            "network": "Network",
            "profile": "Profile",
            "url": "Link",
            "text": "Post",
            "form": "Post Type",
        },
        also={
            "post": "Post ID",
            "kind": "Content Type",
            "impressions": "Impressions",
            "organic": "Organic Impressions",
            "reach": "Reach",
            "interactions": "Engagements",
            "reactions": "Reactions",
            "likes": "Likes",
            "comments": "Comments",
            "shares": "Shares",
            "saves": "Saves",
            "clicks": "Post Link Clicks",
            "views": "Video Views",
        },
    )

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Read the posts and say in which zone their times were."""
        parsed = super().parse(batch, context)
        return replace(parsed, remarks=(*parsed.remarks, times_remark(context)))

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row."""
        url = cells.name("url")
        address = read_post_address(url)
        if address is None:
            raise RowError(
                _("The address {url} does not say which post it is, nor where.", url=url or "–"),
                column=cells.places["url"],
            )
        form = (cells.name("form") or "").casefold()
        reactions = cells.count("reactions")
        yield Post(
            network=address.network,
            post=address.post,
            account=_account(cells, address, context),
            **published(self, context, cells.moment("published", context, day_first=False)),
            kind=kind_of(cells.name("kind")),
            text=cells.text("text"),
            url=url,
            is_repost=form in {"share", "repost", "retweet"},
            is_reply=form in {"reply", "comment", "@reply"},
            likes=cells.count("likes") if reactions is None else reactions,
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            saves=cells.count("saves"),
            clicks=cells.count("clicks"),
            views=cells.count("views"),
            impressions=cells.count("impressions"),
            reach=cells.count("reach"),
        )


def _account(cells: Cells, address: PostAddress, context: Context) -> str:
    profile = cells.name("profile") or ""
    if address.handle:
        return account_key(address.network, address.handle)
    if profile.startswith("@"):
        return account_key(address.network, profile)
    return account_for_row(context, address.network, column=cells.places["profile"])
