"""YouTube Studio, videos."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, published, start_of
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _

TOTAL = frozenset({"total", "totaux", "totals"})
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)


class YoutubeStudio(HeadedImporter):
    """Videos from *Advanced mode*, *Content* of YouTube Studio, in English or French.

    The *Total* line is passed over. The file gives the day a video appeared, not the hour, and
    does not say whose channel it is. Numbers may have narrow spaces (``7 646``) and dates be
    French (``28 sept. 2026``). Hours watched and revenue are left out, and *engaged views*:
    *views* are the plays.
    """

    label = _("YouTube Studio, videos")
    needs_account = True
    headings = Headings(
        required={
            "post": "Content|Contenu|Video|Vidéo",
            "text": "Video title|Titre de la vidéo",
            "published": "Video publish time|Heure de publication de la vidéo",
            "views": "Views|Vues",
        },
        also={
            "duration": "Duration|Durée",
            "engaged": "Engaged views|Vues engagées",
            "watched": "Watch time (hours)|Durée de visionnage (heures)",
            "followers": "Subscribers|Abonnés",
            "average": "Average view duration|Durée moyenne de visionnage",
            "impressions": "Impressions",
            "rate": "Impressions click-through rate (%)|Taux de clics par impression (%)",
            "likes": "Likes|J'aime|Mentions J'aime|Mentions « J'aime »",
            "comments": "Comments added|Commentaires ajoutés|Comments|Commentaires",
            "shares": "Shares|Partages",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the video of a row; nothing for the line of totals."""
        video = cells.name("post") or ""
        if video.casefold() in TOTAL:
            return
        if not _VIDEO.fullmatch(video):
            raise RowError(
                _("{cell} is not the identifier of a video.", cell=video or "–"),
                column=cells.places["post"],
            )
        day = cells.day("published", context)
        yield Post(
            network="youtube",
            post=video,
            account=given_account(context, "youtube"),
            **published(self, context, start_of(day, context)),
            kind="video",
            text=cells.text("text"),
            url=f"https://www.youtube.com/watch?v={video}",
            is_repost=False,
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            views=cells.count("views"),
            impressions=cells.count("impressions"),
        )
