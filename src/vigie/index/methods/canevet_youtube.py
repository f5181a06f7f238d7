"""Views, subscribers and engagement of YouTube channels, as Canévet listed them each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.index.checking import check_ranks, select, worked_example
from vigie.index.method import Entry, Fact, Listing, Method, Verdict
from vigie.index.sums import Scores, figure, on_network
from vigie.words import _

NAME = "canevet_youtube"


class CanevetYoutube(Method):
    """Three lists for YouTube channels: views, subscribers, and engagement.

    Engagement is (comments + likes + dislikes) / views, in per cent. Since December 2021
    dislikes are no longer public; where they are unknown they are left out of the sum.
    Published yearly from 2016.

    In the Index the views, comments and likes are those of the videos published in the month, not
    of the whole life of the channel.
    """

    label = _("Canévet, YouTube")
    author = "Manuel Canévet"
    since = "2016-04"
    source_url = "http://www.manuelcanevet.fr/2016/04/18/youtube-universites-grandes-ecoles/"
    needs = frozenset({"views", "followers", "comments", "likes"})
    network = "youtube"

    def listings(self, entries: Sequence[Entry]) -> Sequence[Listing]:
        """List views, subscribers and engagement of the channels."""
        return [
            Listing(
                name="views",
                label=_("Views on YouTube"),
                scores=on_network(entries, "youtube", "views"),
                unit=_("views"),
            ),
            Listing(
                name="subscribers",
                label=_("Subscribers on YouTube"),
                scores=on_network(entries, "youtube", "followers"),
                unit=_("people"),
            ),
            Listing(
                name="engagement",
                label=_("Engagement on YouTube"),
                scores=_engagement(entries),
                unit=_("%"),
            ),
        ]

    def check(self, facts: Sequence[Fact]) -> Iterator[Verdict]:
        """Re-rank the printed lists by their figures, and work the engagement formula."""
        for date, category, metrics in (
            ("", "universities", ("views", "views_approx")),
            ("2019-01-18", "all", ("subscribers_approx",)),
        ):
            table = [
                fact
                for metric in metrics
                for fact in select(
                    facts,
                    publisher="Canévet et associés",
                    network="youtube",
                    date=date,
                    category=category,
                    metric=metric,
                )
            ]
            yield from check_ranks(NAME, table)
        yield _nantes(facts)


def engagement(
    *, comments: float, likes: float, views: float, dislikes: float | None = None
) -> float:
    """Return reactions per hundred views."""
    return 100.0 * (comments + likes + (dislikes or 0.0)) / views


def _engagement(entries: Sequence[Entry]) -> Scores:
    found: Scores = {}
    for entry in entries:
        if entry.network != "youtube" or not entry.is_present:
            continue
        views, comments, likes = (figure(entry, name) for name in ("views", "comments", "likes"))
        found[entry.institution] = (
            None
            if not views or comments is None or likes is None
            else engagement(
                comments=comments, likes=likes, views=views, dislikes=figure(entry, "dislikes")
            )
        )
    return found


def _nantes(facts: Sequence[Fact]) -> Verdict:
    """Only Nantes' own counts are printed, without its rate: the formula is worked on them."""
    printed = {
        fact.metric: fact.value
        for fact in select(facts, network="youtube", institution="Université de Nantes", date="")
    }
    comments, likes, dislikes, views = (
        printed.get(name) or default
        for name, default in (
            ("comments", 647.0),
            ("likes", 6_232.0),
            ("dislikes", 413.0),
            ("views_approx", 1_500_000.0),
        )
    )
    rate = engagement(comments=comments, likes=likes, views=views, dislikes=dislikes)
    return worked_example(
        NAME,
        "Université de Nantes: (647 + 6 232 + 413) / 1 500 000",
        expected="0.486 %",
        computed=f"{rate:.3f} %",
        source_url=next(
            (
                f.source_url
                for f in facts
                if f.institution == "Université de Nantes" and f.metric == "likes"
            ),
            CanevetYoutube.source_url,
        ),
    )
