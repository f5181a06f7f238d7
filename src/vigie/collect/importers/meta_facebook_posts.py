"""Meta Business Suite, Facebook posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from vigie.collect.headings import Cells, Headings
from vigie.collect.importer import Context, Parsed
from vigie.collect.meta_posts import ALSO, REQUIRED, MetaPosts, caption, impressions, refuse_one_day
from vigie.collect.observed import account_key, given_account, published
from vigie.collect.post_kinds import kind_of
from vigie.model import Post
from vigie.words import _


class MetaFacebookPosts(MetaPosts):
    """Facebook posts from *Content* of Meta Business Suite, with lifetime figures.

    Exports have 32 to 34 columns depending on the month; the file is recognised by those that
    never change. Lifetime figures drift, so the day of the export is kept with them. A blank
    count is unknown, not zero: Meta hides low counts. *Likes* are reactions of every sort.
    *Views* are times shown (*impressions*); for a video they are its plays too. A row marked
    *Is share* is a repost; a crossposted video is a post of each page that published it.

    The account is the one given, or ``facebook:`` and the page's identifier: addresses of posts
    name the page in some rows and not in others. When a file holds several pages, each row
    goes to its own.

    The English header was seen in real files, as were in French *Identifiant de la
    publication*, *ID de la Page*, *Nom de la page*, *Titre*, *Description*, *Durée*, *Heure de
    publication*, *Permalien*, *Est un partage*, *Type de publication*, *Vues*, *Couverture*,
    *Réactions, commentaires et partages*, *Réactions*, *Commentaires*, *Partages* and *Total
    des clics*; other French names are our best knowledge. Dates are read with the day or the
    month first, whichever fits all of them.
    """

    label = _("Meta Business Suite, Facebook posts")
    headings = Headings(
        required={
            **REQUIRED,
            "page": "Page ID|Identifiant de la Page|ID de la Page|ID de page",
        },
        also={
            **ALSO,
            "page_name": "Page name|Nom de la Page",
            "caption_type": "Caption type|Type de légende",
            "crosspost": "Is crosspost|Est un crosspostage|Crosspostage",
            "share": "Is share|Est un partage",
            "total": "Reactions, Comments and Shares|Réactions, commentaires et partages",
            "likes": "Reactions|Réactions",
            "clicks": "Total clicks|Total des clics|Nombre total de clics",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row."""
        refuse_one_day(cells)
        kind = kind_of(cells.name("kind"))
        shown = impressions(cells)
        yield Post(
            network="facebook",
            post=cells.identifier("post").rpartition("_")[2],
            account=self._account(cells, context),
            **published(
                self, context, cells.moment("published", context, day_first=self.day_first)
            ),
            kind=kind,
            text=caption(cells),
            url=cells.name("url"),
            is_repost=cells.flag("share"),
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            clicks=cells.count("clicks"),
            views=shown if kind == "video" else None,
            impressions=shown,
            reach=cells.count("reach"),
        )

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Read the posts; the account given is left aside when there are several pages."""
        column = self.headings.column(tuple(batch.column_names), "page")
        if column is not None and len(batch.column(column).unique()) > 1:
            context = replace(context, account=None)
        return super().parse(batch, context)

    def _account(self, cells: Cells, context: Context) -> str:
        page = cells.identifier("page")
        if context.account is None:
            return account_key("facebook", page)
        return given_account(context, "facebook")
