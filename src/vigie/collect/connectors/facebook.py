"""Facebook pages, through Meta's Graph API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
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
from vigie.collect.facebook_items import FacebookReading, by_day
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
    said_under,
)
from vigie.collect.items import listed, page_of
from vigie.collect.meta_news import MetaNews
from vigie.collect.nested import Item
from vigie.collect.news import STREAM
from vigie.collect.trail import Below, Trail, on_trail
from vigie.words import _

MOST = 50
"""Posts of one page: Meta refuses more when each brings its counts."""
MOST_COMMENTS = 100
MOST_DISCUSSIONS, MOST_INSIDE = 25, 25
"""Posts of one page that come with what is said under them, and how much of it."""
LONGEST = timedelta(days=90)
"""Days of figures that one question may be about."""
PROFILE = "id,name,username,about,website,followers_count,fan_count,verification_status"
COUNTED = (
    "reactions.limit(0).summary(total_count),comments.limit(0).filter(stream).summary(total_count)"
)
POST = (
    "id,created_time,message,story,permalink_url,parent_id,shares,"
    f"attachments{{media_type,subattachments.limit(20){{media_type,type}}}},{COUNTED}"
)
COMMENT = (
    "id,created_time,message,from{id},parent{id},like_count,comment_count,permalink_url,is_hidden"
)
TAGGED = f"id,created_time,message,from{{id}},permalink_url,{COUNTED}"


class Facebook(Graph):
    """Facebook pages: followers, posts with their counts, comments, and the days of a page.

    *Likes* are reactions of every kind; *comments* count answers to comments too. *Impressions*
    are what Meta calls views since 2025. Where a page counts no followers, those who like it
    are taken. Days are days in California. Meta leaves the number of shares out where there are
    none: that is a zero. It often does not say who wrote a comment: each such comment counts as
    another person's.

    Your own pages are asked for everything; pages of others only for what is public, and only
    once Meta has granted *Page Public Content Access* and the option ``others`` says yes.
    """

    label = _("Facebook")
    network = "facebook"
    streams = (
        Stream(name="profile", label=_("Page and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="comments", label=_("Comments by others")),
        Stream(name="mentions", label=_("Posts that name the page"), keeps_all=False),
        Stream(name="insights", label=_("Figures of the page by day")),
        Stream(name="permissions", label=_("Permissions granted"), is_dated=False),
    )
    public_streams = frozenset({"profile", "posts"})
    hears: ClassVar[bool] = True
    posts_per_page: ClassVar[int] = MOST
    rights = meta_rights(
        _("Most permissions need Meta's review of the app, and a verified institution."),
        _("Meta shows daily figures for two years back, and for pages with 100 likes."),
    )
    permissions = (
        Permission(
            name="pages_show_list",
            reason=_("to find the pages of the person who makes the token"),
        ),
        Permission(
            name="pages_read_engagement",
            reason=_("to read the page's own posts, their counts and its followers"),
            streams=("profile", "posts"),
        ),
        Permission(
            name="pages_read_user_content",
            reason=_("to read comments under the page's posts, and posts that name the page"),
            streams=("comments", "mentions"),
        ),
        Permission(
            name="read_insights",
            reason=_("to read how often posts were seen and clicked, and the days of the page"),
            streams=("posts", "insights"),
        ),
    )
    options = (
        TOKEN,
        OWN,
        APP_SECRET,
        APP_ID,
        Option(
            name="others",
            label=_("Ask about other institutions' pages: yes, once Meta has allowed it, or no"),
            default="no",
        ),
        Option(
            name="post_metrics",
            label=_("Figures asked for of your own posts; empty: none"),
            default="post_media_view,post_total_media_view_unique,post_clicks",
        ),
        Option(
            name="account_metrics",
            label=_("Figures asked for of your own page by day"),
            default="page_media_view,page_total_media_view_unique,page_post_engagements,"
            "page_views_total,page_daily_follows_unique,page_daily_unfollows_unique,"
            "page_video_views",
        ),
        VERSION,
        SERVICE,
    )
    allowance = Allowance(per=timedelta(hours=1), calls=200)
    guide = _(
        "1. Sign in at https://developers.facebook.com with an account that manages the page, and "
        "create an app of the kind “Business”. "
        "2. In Meta Business Suite, add the app and the page to the institution's portfolio. "
        "3. Create a system user there, give it the page, and make a token for the app that does "
        "not expire, with the permissions listed here. "
        "4. Ask for the page's own token with it: me/accounts in the Graph API Explorer. "
        "5. Enter that token here, with the app's ID and secret, and the page's name. "
        "Without a review all this works for pages whose managers have a role in the app; "
        "docs/how-to/meta-app-review.md has what the review asks for."
    )

    def question(self, ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
        """Return the node or edge of the page, and what is asked of it."""
        page = ask.subject.identifier or ask.subject.handle or ""
        turn = {"after": ask.page} if ask.page else {}
        match ask.stream:
            case "posts":
                fields = POST + (self._of_posts() if self.is_own(ask.subject) else "")
                return f"{page}/posts", {"fields": fields, "limit": str(MOST), **turn}
            case "mentions":
                return f"{page}/tagged", {"fields": TAGGED, "limit": str(MOST), **turn}
            case "insights":
                return f"{page}/insights", self._days(ask, now)
            case "comments":
                return _comments(page, Trail.read(ask.page))
            case "check":
                return "".join(part_of(ask.posts, ask.page, most=1)), {"fields": "id"}
        return page, {"fields": PROFILE}

    def _of_posts(self) -> str:
        names = ",".join(self.metrics("post_metrics"))
        return f",insights.metric({names})" if names else ""

    def _days(self, ask: Ask, now: datetime) -> dict[str, str]:
        """Ask for whole days; the day that is not over has no figures yet."""
        since = max(ask.since or now - LONGEST, now - LONGEST)
        return {
            "metric": ",".join(self.metrics("account_metrics")),
            "period": "day",
            "since": f"{since:%Y-%m-%d}",
            "until": f"{now:%Y-%m-%d}",
        }

    def read(self, payload: Payload, body: Item, context: Context) -> Page:
        """Read an answer about a page, its posts or what was said under them."""
        reading = FacebookReading(payload=payload, context=context)
        if payload.stream == STREAM:
            return MetaNews(reading=reading, entry=body).facebook()
        if payload.stream == "check":
            is_there = payload.status < 400 and body.name("id") is not None
            there = part_of(payload.posts, payload.page, most=1) if is_there else ()
            return checked(payload, context, there=there, most=1)
        if payload.stream == "profile":
            return page_of([body.value], reading.profile)
        trail = Trail.read(payload.page)
        if payload.status >= 400:
            return on_trail(Page(), trail.after(None))
        items = listed(body.at("data"), where="data")
        if payload.stream == "insights":
            return page_of(by_day(body), reading.account_day)
        if payload.stream == "comments" and trail.first:
            spoken = [said_under(trail.first.root, one) for one in items]
            return on_trail(page_of(spoken, reading.comment), trail.after(after(body)))
        if payload.stream == "comments":
            return _discussions(items, reading, after(body))
        read = reading.published if payload.stream == "posts" else reading.tagged
        return page_of(items, read, next_page=after(body))

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts one by one; those of others cannot be told from those we may not see."""
        if not posts or not self.is_own(subject):
            return None
        return Ask(stream="check", subject=subject, posts=tuple(posts))


def _comments(page: str, trail: Trail) -> tuple[str, dict[str, str]]:
    """Ask for posts with what is said under each, then for the rest of long discussions."""
    if below := trail.first:
        edge = {"fields": COMMENT, "filter": "stream", "limit": str(MOST_COMMENTS)}
        return f"{below.root}/comments", {**edge, "after": below.token}
    inner = f"comments.filter(stream).limit({MOST_INSIDE}){{{COMMENT}}}"
    fields = f"id,created_time,{inner}"
    turn = {"after": trail.onward} if trail.onward else {}
    return f"{page}/posts", {"fields": fields, "limit": str(MOST_DISCUSSIONS), **turn}


def _discussions(items: list[object], reading: FacebookReading, cursor: str | None) -> Page:
    """Read what is said under each post; discussions that go on are asked for next."""
    posts = [Item(one) for one in items]
    spoken = [
        said_under(post.name("id") or "", one.value)
        for post in posts
        for one in post.at("comments", "data")
    ]
    below = tuple(
        Below(root=root, token=token)
        for post in posts
        if (root := post.name("id")) and (token := after(post.at("comments")))
    )
    trail = Trail(below=below, onward=cursor, oldest=oldest(posts, when="created_time"))
    return on_trail(page_of(spoken, reading.comment), trail)
