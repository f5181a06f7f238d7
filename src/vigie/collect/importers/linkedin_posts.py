"""LinkedIn page, posts."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, published
from vigie.collect.post_addresses import read_post_address
from vigie.collect.post_kinds import kind_of
from vigie.collect.snowflakes import linkedin_moment
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _


class LinkedinPosts(HeadedImporter):
    """Posts of one page from *Content*, *All posts* of LinkedIn's page analytics.

    The file has no identifiers: a post's is the number in its address, and the exact moment is
    read from it; *Created date* gives the day only. Paid and organic rows of a post share one
    address and count as one post. The file does not say whose it is.
    """

    label = _("LinkedIn page, posts")
    needs_account = True
    headings = Headings(
        required={
            "text": "Post title",
            "url": "Post link",
            "published": "Created date",
            "impressions": "Impressions",
        },
        also={
            "type": "Post type",
            "campaign": "Campaign name",
            "author": "Posted by",
            "audience": "Audience",
            "views": "Views",
            "clicks": "Clicks",
            "likes": "Likes",
            "comments": "Comments",
            "shares": "Reposts",
            "followers": "Follows",
            "kind": "Content type|Content Type",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row."""
        url = cells.name("url")
        address = read_post_address(url)
        if address is None or address.network != "linkedin":
            raise RowError(
                _("The address {url} holds no number of a post of LinkedIn.", url=url or "–"),
                column=cells.places.get("url"),
            )
        when = linkedin_moment(address.post)
        yield Post(
            network="linkedin",
            post=address.post,
            account=given_account(context, "linkedin"),
            **published(self, context, when or cells.moment("published", context, day_first=False)),
            kind=kind_of(cells.name("kind")),
            text=cells.text("text"),
            url=url,
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            clicks=cells.count("clicks"),
            views=cells.count("views"),
            impressions=cells.count("impressions"),
        )
