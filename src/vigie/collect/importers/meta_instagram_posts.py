"""Meta Business Suite, Instagram posts."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, Headings
from vigie.collect.importer import Context
from vigie.collect.meta_posts import ALSO, REQUIRED, MetaPosts, caption, impressions, refuse_one_day
from vigie.collect.observed import account_key, published
from vigie.collect.post_kinds import kind_of
from vigie.model import Post
from vigie.words import _


class MetaInstagramPosts(MetaPosts):
    """Instagram posts from *Content* of Meta Business Suite, with lifetime figures.

    The account is the *Account username* of each row. A carousel is one post; how many images
    it has is not said. *Views* (since 2025) and *Impressions* (2024) are times shown; for a
    reel or a video *Views* or *Plays* are its plays too. Stories are kept, with their kind.
    A blank count is unknown, not zero, and figures drift: the day of the export is kept.

    The English headers of 2024 and 2025 were seen in real files. Of the French names,
    *Identifiant de la publication*, *Heure de publication*, *Permalien*, *Type de
    publication*, *Vues*, *Couverture*, *Commentaires* and *Partages* were (in the Facebook
    file); *Nom d'utilisateur du compte*, *Mentions J'aime* and *Enregistrements* are our best
    knowledge.
    """

    label = _("Meta Business Suite, Instagram posts")
    headings = Headings(
        required={
            **REQUIRED,
            "account": "Account username|Nom d'utilisateur du compte|Nom d'utilisateur",
        },
        also={
            **ALSO,
            "account_id": "Account ID|Identifiant du compte|ID du compte",
            "account_name": "Account name|Nom du compte",
            "likes": "Likes|Mentions J'aime|Mentions « J'aime »|J'aime",
            "saves": "Saves|Enregistrements",
            "followers": "Follows|Followers|Abonnements",
            "plays": "Plays|Lectures",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row."""
        refuse_one_day(cells)
        kind = kind_of(cells.name("kind"))
        shown = impressions(cells)
        plays = cells.count("plays" if "plays" in cells.places else "seen")
        yield Post(
            network="instagram",
            post=cells.identifier("post"),
            account=account_key("instagram", cells.identifier("account")),
            **published(
                self, context, cells.moment("published", context, day_first=self.day_first)
            ),
            kind=kind,
            text=caption(cells),
            url=cells.name("url"),
            is_repost=False,
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            saves=cells.count("saves"),
            views=plays if kind == "video" else None,
            impressions=shown,
            reach=cells.count("reach"),
        )
