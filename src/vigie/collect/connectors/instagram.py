"""Instagram's professional accounts, through Meta's Graph API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Context,
    Option,
    Page,
    Payload,
    Permission,
    Stream,
    Subject,
)
from vigie.collect.graph import (
    APP_ID,
    APP_SECRET,
    OWN,
    SERVICE,
    TOKEN,
    VERSION,
    Graph,
    after,
    meta_rights,
    oldest,
)
from vigie.collect.instagram_items import (
    InstagramReading,
    answers_below,
    spoken_under,
    with_answers,
)
from vigie.collect.items import listed, page_of
from vigie.collect.meta_news import MetaNews
from vigie.collect.nested import Item
from vigie.collect.news import STREAM
from vigie.collect.pacific import day_of, day_page, moments_of
from vigie.collect.trail import Below, Trail, on_trail
from vigie.words import _

MOST = 50
MOST_DISCUSSIONS, MOST_INSIDE = 25, 50
PROFILE = "id,username,name,biography,website,followers_count,follows_count,media_count"
MEDIA = "id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count"
OWN_MEDIA = f"{MEDIA},alt_text,children{{media_type,alt_text}}"
OTHERS_MEDIA = f"{MEDIA},view_count,children{{media_type}}"
ANSWER = "id,text,timestamp,username,like_count,parent_id"
COMMENT = f"{ANSWER},replies.limit({MOST_INSIDE}){{{ANSWER}}}"
TAGGED = "id,caption,media_type,permalink,timestamp,username,like_count,comments_count"


class Instagram(Graph):
    """Instagram: one's own account in full, and the public figures of other professional ones.

    Through one's own account, Meta shows the followers and posts of any business or creator
    account (*business discovery*): likes and comments, and plays of reels; not who follows, not
    what is said. Of one's own account come comments with the answers to them, posts on which it
    is marked, alternative texts, saves, shares, reach and the days of the account. *Impressions*
    are what Meta calls views since 2025. Days are days in California. Mentions in the words or
    comments of others are told by Meta only by a webhook, and cannot be asked for.
    """

    label = _("Instagram")
    network = "instagram"
    streams = (
        Stream(name="profile", label=_("Profile and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="comments", label=_("Comments by others")),
        Stream(name="mentions", label=_("Posts that mark the account"), keeps_all=False),
        Stream(name="insights", label=_("Figures of the account by day")),
        Stream(name="permissions", label=_("Permissions granted"), is_dated=False),
    )
    public_streams = frozenset({"profile", "posts"})
    hears: ClassVar[bool] = True
    posts_per_page: ClassVar[int] = MOST
    rights = meta_rights(
        _("Most permissions need Meta's review of the app, and a verified institution."),
    )
    permissions = (
        Permission(
            name="instagram_basic",
            reason=_("to read the account, its posts and the public figures of others"),
            streams=("profile", "posts", "mentions"),
        ),
        Permission(
            name="instagram_manage_comments",
            reason=_("to read comments under the account's posts"),
            streams=("comments",),
        ),
        Permission(
            name="instagram_manage_insights",
            reason=_("to read how often posts were seen and kept, and the days of the account"),
            streams=("posts", "insights"),
        ),
        Permission(
            name="pages_read_engagement",
            reason=_("to reach the account through the page it is linked to"),
            streams=("profile", "posts", "comments", "mentions", "insights"),
        ),
        Permission(
            name="pages_show_list",
            reason=_("to find the page that the account is linked to"),
        ),
    )
    options = (
        TOKEN,
        Option(
            name="account",
            label=_("Number of your own Instagram account in the Graph API"),
            is_needed=True,
        ),
        replace(OWN, label=_("Your own account: its handle")),
        APP_SECRET,
        APP_ID,
        Option(
            name="others",
            label=_("Ask about other institutions' accounts: yes or no"),
            default="yes",
        ),
        Option(
            name="post_metrics",
            label=_("Figures asked for of your own posts; empty: none"),
            default="views,reach,saved,shares",
        ),
        Option(
            name="account_metrics",
            label=_("Figures asked for of your own account by day"),
            default="reach,views,total_interactions,likes,comments,shares,saves,profile_links_taps",
        ),
        VERSION,
        SERVICE,
    )
    allowance = Allowance(per=timedelta(hours=1), calls=200)
    guide = _(
        "1. Make the Instagram account a professional one and link it to the institution's "
        "Facebook page. "
        "2. Create the app, the system user and the token as for Facebook, with the permissions "
        "listed here. "
        "3. Find the account's number: PAGE?fields=instagram_business_account in the Graph API "
        "Explorer. "
        "4. Enter the token, this number and the handle. "
        "Without a review all this works for accounts whose managers have a role in the app; "
        "docs/how-to/meta-app-review.md has what the review asks for."
    )

    def question(self, ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
        """Return the node or edge of our own account, through which others are seen too."""
        account = self.chosen["account"]
        turn = {"after": ask.page} if ask.page else {}
        if not self.is_own(ask.subject):
            return account, {"fields": _discovery(ask)}
        match ask.stream:
            case "posts":
                fields = OWN_MEDIA + self._of_posts()
                return f"{account}/media", {"fields": fields, "limit": str(MOST), **turn}
            case "mentions":
                return f"{account}/tags", {"fields": TAGGED, "limit": str(MOST), **turn}
            case "insights":
                return f"{account}/insights", self._day(day_of(ask.page, now))
            case "comments":
                return _comments(account, Trail.read(ask.page))
            case "check":
                return "".join(part_of(ask.posts, ask.page, most=1)), {"fields": "id"}
        return account, {"fields": PROFILE}

    def _of_posts(self) -> str:
        names = ",".join(self.metrics("post_metrics"))
        return f",insights.metric({names})" if names else ""

    def _day(self, day: date) -> dict[str, str]:
        return {
            "metric": ",".join(self.metrics("account_metrics")),
            "metric_type": "total_value",
            "period": "day",
            **moments_of(day),
        }

    def read(self, payload: Payload, body: Item, context: Context) -> Page:
        """Read an answer about an account, its posts or what was said under them."""
        reading = InstagramReading(payload=payload, context=context)
        if payload.stream == STREAM:
            return MetaNews(reading=reading, entry=body).instagram()
        match payload.stream:
            case "check":
                is_there = payload.status < 400 and body.name("id") is not None
                there = part_of(payload.posts, payload.page, most=1) if is_there else ()
                return checked(payload, context, there=there, most=1)
            case "comments":
                return _comments_page(payload, body, reading)
            case "insights":
                return _day_page(payload, body, reading)
            case "profile":
                seen = body.at("business_discovery")
                return page_of([seen.value or body.value], reading.profile)
            case "posts":
                seen = body.at("business_discovery", "media")
                media = seen if seen.value is not None else body
                items = listed(media.at("data"), where="data")
                return page_of(items, reading.published, next_page=_further(media, body))
        items = listed(body.at("data"), where="data")
        return page_of(items, reading.tagged, next_page=after(body))

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts one by one; those of others cannot be told from those we may not see."""
        if not posts or not self.is_own(subject):
            return None
        return Ask(stream="check", subject=subject, posts=tuple(posts))


def _discovery(ask: Ask) -> str:
    """Ask for what is public of another professional account."""
    if ask.stream == "profile":
        asked = PROFILE
    else:
        turn = f".after({ask.page})" if ask.page else ""
        asked = f"media.limit({MOST}){turn}{{{OTHERS_MEDIA}}}"
    return f"business_discovery.username({ask.subject.handle}){{{asked}}}"


def _comments(account: str, trail: Trail) -> tuple[str, dict[str, str]]:
    """Ask for posts with what is said under each, then for the rest of long discussions."""
    if below := trail.first:
        edge, fields = ("replies", ANSWER) if below.thread else ("comments", COMMENT)
        return f"{below.root}/{edge}", {"fields": fields, "limit": "50", "after": below.token}
    fields = f"id,timestamp,username,comments.limit({MOST_INSIDE}){{{COMMENT}}}"
    turn = {"after": trail.onward} if trail.onward else {}
    return f"{account}/media", {"fields": fields, "limit": str(MOST_DISCUSSIONS), **turn}


def _comments_page(payload: Payload, body: Item, reading: InstagramReading) -> Page:
    trail = Trail.read(payload.page)
    if payload.status >= 400:
        return on_trail(Page(), trail.after(None))
    items = listed(body.at("data"), where="data")
    found = [Item(one) for one in items]
    owner = payload.subject.partition(":")[2]
    if below := trail.first:
        media = below.thread or below.root
        spoken = [one for item in found for one in with_answers(media, item, owner=owner)]
        more = () if below.thread else tuple(answers_below(media, iter(found)))
        onward = trail.after(after(body))
        return on_trail(
            page_of(spoken, reading.comment), replace(onward, below=(*more, *onward.below))
        )
    spoken = [one for media in found for one in spoken_under(media)]
    long = [
        Below(root=root, token=token)
        for media in found
        if (root := media.name("id")) and (token := after(media.at("comments")))
    ]
    deep = [
        one
        for media in found
        for one in answers_below(media.name("id") or "", iter(media.at("comments", "data")))
    ]
    begun = oldest(found, when="timestamp")
    trail = Trail(below=(*long, *deep), onward=after(body), oldest=begun)
    return on_trail(page_of(spoken, reading.comment), trail)


def _day_page(payload: Payload, body: Item, reading: InstagramReading) -> Page:
    """Read one day; the page after it is the day before."""
    day = day_of(payload.page, payload.received_at)
    items = [body.value] if listed(body.at("data"), where="data") else []
    page = page_of(items, lambda item: reading.account_day(item, day=day))
    return day_page(page, day, now=payload.received_at)


def _further(media: Item, body: Item) -> str | None:
    """Return the next page; a list inside another has cursors but not always an address."""
    if media.value is body.value:
        return after(body)
    return media.name("paging", "cursors", "after")
