"""Facebook Insights, posts (until 2023)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import account_for_row, account_key, published
from vigie.collect.post_kinds import kind_of
from vigie.model import Post
from vigie.words import _

_STORIES = (
    "Lifetime Talking About This (Post) by action type - {0}"
    "|Lifetime Post Stories by action type - {0}"
)
_IDENTIFIER = re.compile(r"(?P<page>\d+)_(?P<post>\d+)")


class FacebookInsightsClassic(HeadedImporter):
    """Facebook posts from *Export data*, *Post data* of Page Insights, as it was until 2023.

    The line of descriptions under the header is left out, and of columns with one name the
    first counts. *Likes*, *comments* and *shares* are people who did so (*talking about
    this*), the only counts that this file has. ``Posted`` is written as in the United States,
    in the zone of the one who exported. The account is the one given, or ``facebook:`` and the
    page's identifier, the first half of *Post ID*.
    """

    label = _("Facebook Insights, posts (until 2023)")
    headings = Headings(
        required={
            "post": "Post ID",
            "url": "Permalink",
            "text": "Post Message",
            "published": "Posted",
        },
        also={
            "kind": "Type",
            "countries": "Countries",
            "languages": "Languages",
            "targeting": "Audience Targeting",
            "reach": "Lifetime Post Total Reach",
            "organic_reach": "Lifetime Post organic reach",
            "impressions": "Lifetime Post Total Impressions",
            "engaged": "Lifetime Engaged Users",
            "clicks": "Lifetime Post Consumptions by type - link clicks|link clicks",
            "likes": _STORIES.format("like"),
            "comments": _STORIES.format("comment"),
            "shares": _STORIES.format("share"),
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row; nothing for a line of descriptions."""
        if cells.name("post") is None and cells.name("published") is None:
            return
        identifier = cells.identifier("post")
        parts = _IDENTIFIER.fullmatch(identifier)
        if context.account is None and parts is not None:
            account = account_key("facebook", parts["page"])
        else:
            account = account_for_row(context, "facebook", column=cells.places["post"])
        yield Post(
            network="facebook",
            post=parts["post"] if parts else identifier,
            account=account,
            **published(self, context, cells.moment("published", context, day_first=False)),
            kind=kind_of(cells.name("kind")),
            text=cells.text("text"),
            url=cells.name("url"),
            is_repost=(cells.name("kind") or "").startswith("Shared"),
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            clicks=cells.count("clicks"),
            impressions=cells.count("impressions"),
            reach=cells.count("reach"),
        )
