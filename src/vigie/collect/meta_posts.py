"""What the two exports of posts of Meta Business Suite have in common."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa

from vigie.collect.day_order import is_day_first
from vigie.collect.headings import Cells, HeadedImporter, folded
from vigie.collect.importer import Context, Parsed
from vigie.collect.observed import times_remark
from vigie.errors import RowError
from vigie.words import _

REQUIRED = {
    "post": "Post ID|Identifiant de la publication|ID de la publication|ID de publication",
    "published": "Publish time|Heure de publication|Date de publication",
    "url": "Permalink|Permalien|Lien permanent",
}
ALSO = {
    "title": "Title|Titre",
    "description": "Description",
    "duration": "Duration (sec)|Duration (secs)|Durée (s)|Durée (secondes)|Durée",
    "kind": "Post type|Type de publication",
    "remark": "Data comment|Commentaire sur les données|Commentaire de données",
    "scope": "Date",
    "seen": "Views|Vues",
    "impressions": "Impressions",
    "reach": "Reach|Couverture|Portée",
    "comments": "Comments|Commentaires",
    "shares": "Shares|Partages",
}


class MetaPosts(HeadedImporter):
    """Posts of Meta Business Suite: dates in either order, lifetime figures, two captions."""

    day_first: bool | None = False
    """The English export writes the month first; the French one is judged by its dates."""

    def parse(self, batch: pa.Table, context: Context) -> Parsed:
        """Look at all dates of the batch to tell the day from the month, then read its rows."""
        column = self.headings.column(tuple(batch.column_names), "published")
        if column is None:
            return super().parse(batch, context)
        latest = context.observed_at.date() + timedelta(days=1)
        order = is_day_first(batch.column(column).to_pylist(), latest=latest)
        reader = copy(self)
        if order is not None or folded(column) != "publish time":
            reader.day_first = order
        parsed = super(MetaPosts, reader).parse(batch, context)
        return replace(parsed, remarks=(*parsed.remarks, times_remark(context)))


def refuse_one_day(cells: Cells) -> None:
    """Refuse a row that counts one day of a post's life: ``Date`` says *Lifetime* otherwise."""
    scope = cells.raw("scope") or ""
    if any(letter.isdigit() for letter in scope):
        raise RowError(
            _(
                "This row counts what the post received on {day} only. "
                "Export the file again and choose lifetime figures.",
                day=scope,
            ),
            column=cells.places.get("scope"),
        )


def caption(cells: Cells) -> str | None:
    """Return the words of a post: they stand in one of two columns, the other repeats a part."""
    return max(cells.text("title"), cells.text("description"), key=lambda text: len(text or ""))


def impressions(cells: Cells) -> int | None:
    """Return times shown: *Views* since 2025, *Impressions* before."""
    return cells.count("seen") if "seen" in cells.places else cells.count("impressions")
