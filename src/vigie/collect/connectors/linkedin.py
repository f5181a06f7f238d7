"""LinkedIn pages of organisations, through the Community Management API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from vigie.collect import linkedin_refusals
from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Permission,
    Stream,
    Subject,
)
from vigie.collect.graph import OWN, TOKEN, oldest
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.linkedin_items import COUNTS, POST, LinkedinReading, gained, published_when
from vigie.collect.linkedin_walk import Place, at, days, onward
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked, body_of, received
from vigie.collect.restli import HEADER, VERSION, Value, encoded, query
from vigie.collect.rights import Rights
from vigie.collect.trail import Below, Trail
from vigie.errors import RefusedError
from vigie.http import Http, Request
from vigie.model import Account, Institution
from vigie.words import _

MOST = 50
"""Posts of one page, and posts whose figures one question asks for."""
MOST_COMMENTS = 100
MOST_CHECKED = 25
KINDS = {"share": "shares", "ugcPost": "ugcPosts"}
"""What LinkedIn calls posts, and the list in which their figures are asked for."""
Question = tuple[str, Mapping[str, Value]]


class Linkedin(Connector):
    """Pages of one's own organisation on LinkedIn: followers, posts, comments, and its days.

    Posts take three questions each fifty: which there are, their figures, and their words.
    *Shares* are reposts, *reach* is LinkedIn's *unique impressions*. Figures are organic and
    cover the last twelve months; those of older posts are unknown. The followers gained in a
    day include those won by advertisements. Days are days in UTC, and the last two may be
    missing. What LinkedIn only shows as an advertisement is left aside. Pages of others are not
    asked about: LinkedIn tells their figures to nobody else.

    LinkedIn publishes no description of this interface that a machine can read. These
    questions and answers are made from its documentation and were not seen against the real
    service: of all connectors this is the least certain.
    """

    label = _("LinkedIn")
    network = "linkedin"
    streams = (
        Stream(name="profile", label=_("Page and followers"), is_dated=False),
        Stream(name="posts", label=_("Posts")),
        Stream(name="comments", label=_("Comments by others")),
        Stream(name="insights", label=_("Figures of the page by day")),
    )
    posts_per_page: ClassVar[int] = MOST
    rights = Rights(
        keep_others_days=2,
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=24,
        terms="https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements",
        read_on="2025-06",
        remarks=(
            _(
                "What members wrote (comments) may be kept for 48 hours only, and may neither be "
                "exported nor combined with other knowledge about them."
            ),
            _("Figures and posts of one's own page may be kept while the access lasts."),
            _("LinkedIn reviews the app and the institution before it grants this access."),
            _(
                "The rules are told from memory of June 2025 and not from the text itself: read "
                "them before you rely on them."
            ),
        ),
    )
    permissions = (
        Permission(
            name="r_organization_social",
            reason=_("to read the page's posts and the comments under them"),
            streams=("posts", "comments", "check"),
        ),
        Permission(
            name="rw_organization_admin",
            reason=_("to read the page, its followers, and the figures of its posts and days"),
            streams=("profile", "posts", "insights"),
        ),
    )
    options = (
        TOKEN,
        replace(OWN, label=_("Your own pages: their names or numbers, by commas")),
        Option(
            name="version",
            label=_("Version of the interface, as year and month"),
            default="202606",
        ),
        Option(
            name="service", label=_("Address of the service"), default="https://api.linkedin.com"
        ),
    )
    allowance = Allowance(per=timedelta(days=1), calls=500)
    guide = _(
        "1. Sign in at https://www.linkedin.com/developers as an administrator of the page, create "
        "an app for it, and have the page verify it. "
        "2. Under Products, ask for “Community Management API”; LinkedIn reviews the request, "
        "first for development, then for regular use. "
        "3. Under Auth, OAuth 2.0 tools, make a token with the permissions listed here. "
        "4. Enter the token and the page's name, as in linkedin.com/company/name. "
        "5. A token lasts 60 days: make a new one before they are over."
    )

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the pages that the person who made the token administers."""
        return [one for one in super().subjects(accounts, institutions) if self._is_own(one)]

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question; a post that is gone in the meantime has no comments."""
        request = self.request(ask, now=http.clock())

        def meaning(refusal: Refusal) -> RefusedError | None:
            needed = [one for one in self.permissions if ask.stream in one.streams]
            return linkedin_refusals.meaning(refusal, ask=ask, permissions=needed)

        def is_nothing(refusal: Refusal) -> bool:
            place = Place.of(ask)
            return refusal.status == 404 and place is not None and place.trail.first is not None

        answer = asked(request, http, network=self.label, meaning=meaning, is_nothing=is_nothing)
        if Place.of(ask) is None and ask.stream != "check":
            linkedin_refusals.unknown_page(ask, Item(answer.json()))
        return received(ask, request, answer, connector="linkedin")

    def request(self, ask: Ask, *, now: datetime) -> Request:
        """Return the question in LinkedIn's words."""
        path, params = _question(ask, now)
        method = {"X-RestLi-Method": "BATCH_GET"} if "ids" in params else {}
        address = f"{self.chosen['service'].rstrip('/')}/rest/{path}"
        return Request(
            url=f"{address}?{query(params)}" if params else address,
            headers={"LinkedIn-Version": self.chosen["version"], HEADER: VERSION, **method},
            secret_headers={"authorization": f"Bearer {self.chosen['token']}"},
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer: of the stream, and of the step in it that its page names."""
        body, place = body_of(payload), Place.of(payload)
        reading = LinkedinReading(payload=payload, context=context)
        if payload.stream == "check":
            return _check_page(payload, body, context)
        if payload.stream == "profile":
            return _profile_page(body, place, reading)
        if place is None:
            return _lookup_page(body)
        match payload.stream:
            case "posts":
                return _posts_page(body, place, reading)
            case "comments":
                return _comments_page(payload, body, place, reading)
        return _insights_page(body, place, reading)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for posts by their numbers, some at a time; own comments cannot be asked for so."""
        numbers = tuple(post for post in posts if post.isascii() and post.isdigit())
        return Ask(stream="check", subject=subject, posts=numbers) if numbers else None

    def _is_own(self, subject: Subject) -> bool:
        own = {name.strip().casefold() for name in self.chosen["own"].split(",")} - {""}
        handle = (subject.handle or "").casefold()
        return bool(own & {handle, handle.rpartition("/")[2], subject.identifier or ""})


def _question(ask: Ask, now: datetime) -> Question:
    if ask.stream == "check":
        numbers = part_of(ask.posts, ask.page, most=MOST_CHECKED)
        return "posts", {"ids": [f"urn:li:{kind}:{one}" for one in numbers for kind in KINDS]}
    place = Place.of(ask)
    if place is None:
        vanity = (ask.subject.handle or "").rpartition("/")[2]
        return "organizations", {"q": "vanityName", "vanityName": vanity}
    match ask.stream:
        case "posts":
            return _posts(place)
        case "comments":
            return _comments(place)
        case "insights":
            return _insights(place, ask, now)
    if ask.page is None:
        return f"organizations/{place.org}", {}
    followed: dict[str, Value] = {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}
    return f"networkSizes/{encoded(place.urn)}", followed


def _posts(place: Place) -> Question:
    """Ask which posts there are, then for their figures, then for the posts themselves."""
    if place.waiting:
        kind = place.waiting[0]
        named = [urn for urn in place.posts if urn.startswith(f"urn:li:{kind}:")]
        return "organizationalEntityShareStatistics", {**_of(place), KINDS.get(kind, kind): named}
    if place.posts:
        return "posts", {"ids": place.posts}
    return _listing(place, start=place.start)


def _listing(place: Place, *, start: int) -> Question:
    """Ask for the posts of a page, the newest first."""
    paged: dict[str, Value] = {"start": start, "count": MOST, "sortBy": "CREATED"}
    return "posts", {"q": "author", "author": place.urn, **paged}


def _comments(place: Place) -> Question:
    """Ask which posts there are, then for what is said under each."""
    trail = place.trail
    if below := trail.first:
        paged: dict[str, Value] = {"start": below.token or "0", "count": MOST_COMMENTS}
        return f"socialActions/{encoded(below.root)}/comments", paged
    return _listing(place, start=int(trail.onward or 0))


def _insights(place: Place, ask: Ask, now: datetime) -> Question:
    """Ask for the followers gained by day, then for the figures of the same days."""
    told = place.told.at("range")
    begin, end = told.count("start"), told.count("end")
    asked_for: Mapping[str, Value] = {**days(ask, now)}
    if begin is not None and end is not None:
        asked_for = {"timeRange": {"start": begin, "end": end}}
    kind = "Share" if place.told.at("gains").value is not None else "Follower"
    intervals: Value = {**asked_for, "timeGranularityType": "DAY"}
    return f"organizationalEntity{kind}Statistics", {**_of(place), "timeIntervals": intervals}


def _of(place: Place) -> dict[str, Value]:
    return {"q": "organizationalEntity", "organizationalEntity": place.urn}


def _lookup_page(body: Item) -> Page:
    """Go on with the number of the page that was found by its name."""
    org = body.name("elements", 0, "id")
    page = page_of(listed(body.at("elements"), where="elements"), _left("read with the profile"))
    return replace(page, next_page=None if org is None else at(org))


def _left(why: str) -> Callable[[Item], Skipped]:
    def read(item: Item) -> Skipped:
        item.needed("id")
        return Skipped(why)

    return read


def _profile_page(body: Item, place: Place | None, reading: LinkedinReading) -> Page:
    """Carry what the page says of itself to the question that tells its followers."""
    if reading.payload.page is not None:
        told = place.told.at("about").value if place else None
        size = body.at("firstDegreeSize").value
        return page_of([{"about": told, "firstDegreeSize": size}], reading.profile)
    found = [body.value]
    if place is None and body.at("id").value is None:
        found = listed(body.at("elements"), where="elements")
    page = page_of(found, _left("read with the followers"))
    item = Item(found).at(0)
    org = item.name("id")
    about = {
        "name": item.text("localizedName"),
        "description": item.text("localizedDescription") or localized(item.at("description")),
        "website": item.name("localizedWebsite") or localized(item.at("website")),
    }
    handle = item.name("vanityName")
    return replace(
        page,
        next_page=None if org is None else at(org, about=about),
        handles={org: handle} if org and handle else {},
    )


def _posts_page(body: Item, place: Place, reading: LinkedinReading) -> Page:
    if place.waiting:
        return _figures_page(body, place)
    further = place.told.count("onward")
    following = None if further is None else at(place.org, start=further)
    if place.posts:
        results = body.at("results")
        counts = place.told.at("counts")
        found = [one.value for urn in place.posts if (one := results.at(urn)).value is not None]
        page = page_of(found, lambda item: reading.published(item, counts=counts))
        return replace(page, next_page=following)
    items = listed(body.at("elements"), where="elements")
    page = page_of(items, _left("read with its figures"))
    named = [urn for one in map(Item, items) if POST.fullmatch(urn := one.name("id") or "")]
    kinds = [kind for kind in KINDS if any(f":{kind}:" in urn for urn in named)]
    rest = onward(body)
    if not named:
        return replace(page, next_page=None if rest is None else at(place.org, start=rest))
    return replace(page, next_page=at(place.org, posts=named, waiting=kinds, onward=rest))


def _figures_page(body: Item, place: Place) -> Page:
    """Carry the figures of posts to the question that tells the posts themselves."""
    told = place.told.at("counts").value
    counts: dict[str, object] = dict(told) if isinstance(told, dict) else {}

    def read(item: Item) -> Skipped:
        urn = item.name("share") or item.needed("ugcPost")
        counted = item.at("totalShareStatistics")
        counts[urn] = [counted.count(name) for name in COUNTS]
        return Skipped("figures, read with the posts")

    page = page_of(listed(body.at("elements"), where="elements"), read)
    rest = {"posts": place.posts, "waiting": place.waiting[1:], "counts": counts}
    return replace(page, next_page=at(place.org, **rest, onward=place.told.count("onward")))


def _comments_page(payload: Payload, body: Item, place: Place, reading: LinkedinReading) -> Page:
    trail, below = place.trail, place.trail.first
    if payload.status >= 400:
        return _on(place, Page(), trail.after(None))
    items = listed(body.at("elements"), where="elements")
    rest = onward(body)
    if below is None:
        posts = [Item(one) for one in items]
        deeper = tuple(Below(root=urn) for one in posts if (urn := one.name("id")))
        begun = min((day for one in posts if (day := oldest([one], when=published_when(one)))),
                    default=None)  # fmt: skip
        further = None if rest is None else str(rest)
        page = page_of(items, _left("read with its comments"))
        return _on(place, page, Trail(below=deeper, onward=further, oldest=begun))
    under = below.thread or below.root
    page = page_of(items, lambda item: reading.comment(item, under=under, org=place.org))
    after = trail.after(None if rest is None else str(rest))
    answered = () if below.thread else tuple(_answered(items, under))
    return _on(place, page, replace(after, below=(*answered, *after.below)))


def _answered(items: Sequence[object], post: str) -> Iterator[Below]:
    """Yield the comments that have answers of their own."""
    for item in map(Item, items):
        urn = item.name("commentUrn")
        if urn and has_answers(item):
            yield Below(root=urn, thread=post)


def _on(place: Place, page: Page, trail: Trail) -> Page:
    """Say where a page leads, and how far back it goes once its discussions are read."""
    text = trail.text
    reached = None if trail.below else trail.oldest
    return replace(page, next_page=text and at(place.org, trail=text), oldest=reached)


def _insights_page(body: Item, place: Place, reading: LinkedinReading) -> Page:
    """Carry the followers gained to the question that tells the other figures of these days."""
    items = listed(body.at("elements"), where="elements")
    known = place.told.at("gains")
    if known.value is None:
        page, gains = _gains(items)
        return replace(page, next_page=at(place.org, gains=gains, range=_range(gains)))
    told = known.value if isinstance(known.value, dict) else {}
    gains = {name: known.count(name) for name in told}
    seen = {Item(one).name("timeRange", "start") for one in items}
    alone = [{"timeRange": {"start": start}} for start in gains if start not in seen]
    return page_of([*items, *alone], lambda item: reading.account_day(item, gains=gains))


def _check_page(payload: Payload, body: Item, context: Context) -> Page:
    """Look for each post under both names; what LinkedIn refuses to tell is not taken for gone."""
    results = {number_of(name) for name in names(body.at("results"))}
    errors = body.at("errors")
    refused = {number_of(name) for name in names(errors) if errors.count(name, "status") != 404}
    return checked(payload, context, there=results, hidden=refused, most=MOST_CHECKED)
