"""Reads pages, posts, comments and daily figures as LinkedIn's interface answers them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC

from vigie.collect.cells import clean_text
from vigie.collect.graph import Reading
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.post_kinds import kind_of, kind_of_images
from vigie.errors import RowError
from vigie.model import AccountDay, Mention, Post, Snapshot
from vigie.words import _

POST = re.compile(r"urn:li:(share|ugcPost):(\d+)", re.ASCII)
"""What LinkedIn calls a post: the same number may not be asked for under the other name."""
COUNTS = ("likeCount", "commentCount", "shareCount", "clickCount", "impressionCount",
          "uniqueImpressionsCount")  # fmt: skip
_NAMED = re.compile(r"@\[((?:[^\]\\]|\\.)*)\]\((?:[^)\\]|\\.)*\)")
_HASHTAG = re.compile(r"\{hashtag\|\\?#\|((?:[^}\\]|\\.)*)\}")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")


def number_of(urn: str | None) -> str | None:
    """Return the number of a post, by which its address and the exported files name it too."""
    found = POST.fullmatch(urn or "")
    return found[2] if found else None


def words_of(commentary: str | None) -> str | None:
    """Return the words of a post without LinkedIn's signs for names, hashtags and brackets."""
    text = _HASHTAG.sub(r"#\1", _NAMED.sub(r"\1", commentary or ""))
    return clean_text(_ESCAPED.sub(r"\1", text))


@dataclass(frozen=True, kw_only=True)
class LinkedinReading(Reading):
    """Reads one item of an answer about an organisation's page."""

    def profile(self, item: Item) -> Snapshot:
        """Read the number of followers, with what was said of the page one question before."""
        about = item.at("about")
        followers = item.count("firstDegreeSize")
        if followers is None:
            raise RowError(_("{where} is missing.", where="firstDegreeSize"),
                           column="firstDegreeSize")  # fmt: skip
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.day(self.payload.received_at),
            followers=followers,
            name=about.text("name"),
            description=about.text("description"),
            website=about.name("website"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def published(self, item: Item, *, counts: Item) -> Post | Skipped:
        """Read a post with its figures: likes, comments, shares, clicks, views, people reached."""
        urn = item.needed("id")
        number = number_of(urn)
        if number is None:
            raise RowError(_("{cell} is not the name of a post.", cell=urn), column="id")
        if item.name("lifecycleState") not in (None, "PUBLISHED"):
            return Skipped("not published")
        if item.name("distribution", "feedDistribution") == "NONE":
            return Skipped("shown as an advertisement only")
        text = words_of(item.text("commentary"))
        images, described = pictures(item.at("content"))
        figures = {name: counts.count(urn, place) for place, name in enumerate(COUNTS)}
        return replace(
            self.post(item, when=published_when(item)),
            post=number,
            kind=kind(item),
            text=text,
            url=f"https://www.linkedin.com/feed/update/{urn}/",
            is_repost=item.at("reshareContext").value is not None and text is None,
            likes=figures["likeCount"],
            comments=figures["commentCount"],
            shares=figures["shareCount"],
            clicks=figures["clickCount"],
            impressions=figures["impressionCount"],
            reach=figures["uniqueImpressionsCount"],
            images=images,
            images_described=described,
        )

    def comment(self, item: Item, *, under: str, org: str) -> Mention | Post:
        """Read what was said under a post: the organisation's own answers are its posts."""
        thread = number_of(under) or under
        answers_to = item.name("parentComment") or thread
        name = item.name("commentUrn") or item.needed("id")
        moment = item.at("created").value
        spoken = Item({"id": name, "created": Item(moment).name("time")})
        text = words_of(item.text("message", "text"))
        likes = item.count("likesSummary", "aggregatedTotalLikes")
        comments = item.count("commentsSummary", "aggregatedTotalComments")
        if item.name("actor") == f"urn:li:organization:{org}":
            own = self.answer(spoken, when="created", answers_to=answers_to, thread=thread)
            return replace(own, text=text, likes=likes, comments=comments)
        return replace(
            self.mention(spoken, when="created", kind="reply", author=item.name("actor")),
            text=text,
            answers_to=answers_to,
            thread=thread,
            likes=likes,
            comments=comments,
        )

    def account_day(self, item: Item, *, gains: Mapping[str, int | None]) -> AccountDay | Skipped:
        """Read the figures of one day, with the followers gained that were told before."""
        begun = item.when("timeRange", "start")
        counted = item.at("totalShareStatistics")
        gained_then = gains.get(item.needed("timeRange", "start"))
        if gained_then is None and all(counted.count(name) is None for name in COUNTS):
            return Skipped("no figures of this day")
        return AccountDay(
            network=self.payload.network,
            account=self.payload.subject,
            day=begun.astimezone(UTC).date(),
            observed_at=self.payload.received_at,
            impressions=counted.count("impressionCount"),
            reach=counted.count("uniqueImpressionsCount"),
            clicks=counted.count("clickCount"),
            likes=counted.count("likeCount"),
            comments=counted.count("commentCount"),
            shares=counted.count("shareCount"),
            followers_gained=gained_then,
            source=self.payload.connector,
            run=self.context.run,
        )


def published_when(item: Item) -> str:
    """Return where a post says when it appeared; old ones say only when they were made."""
    return "createdAt" if item.at("publishedAt").value is None else "publishedAt"


def gained(item: Item) -> int | None:
    """Return the followers a day brought, of themselves and by advertisement."""
    organic = item.count("followerGains", "organicFollowerGain")
    paid = item.count("followerGains", "paidFollowerGain")
    return None if organic is None or paid is None else organic + paid


def has_answers(item: Item) -> bool:
    """Whether a comment has answers of its own."""
    answers = item.at("commentsSummary", "aggregatedTotalComments").value
    return isinstance(answers, int) and answers > 0


def localized(item: Item) -> str | None:
    """Return a text that LinkedIn keeps in several languages, in the one it prefers."""
    language = (
        f"{item.name('preferredLocale', 'language')}_{item.name('preferredLocale', 'country')}"
    )
    return item.text("localized", language)


def kind(item: Item) -> str | None:
    """Return what a post is made of, by what is attached."""
    content = item.at("content")
    if content.value is None:
        return "text" if item.at("reshareContext").value is None else None
    images = content.at("multiImage", "images")
    if images:
        return kind_of_images(len(images))
    made = content.name("media", "id")
    if made is not None:
        return kind_of(made.removeprefix("urn:li:").partition(":")[0])
    forms = content.value if isinstance(content.value, dict) else {}
    return next((found for name in forms if (found := kind_of(name))), None)


def pictures(content: Item) -> tuple[int | None, int | None]:
    """Return how many pictures are attached, and how many carry an alternative text."""
    if content.value is None:
        return 0, 0
    found = list(content.at("multiImage", "images"))
    if (content.name("media", "id") or "").startswith("urn:li:image:"):
        found = [content.at("media")]
    return len(found), sum(1 for one in found if one.text("altText"))
