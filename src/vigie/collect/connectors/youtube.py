"""YouTube, through its Data API with a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from vigie.collect.checking import checked, part_of
from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Stream,
    Subject,
    Syntax,
)
from vigie.collect.items import Skipped, listed, oldest_of, page_of
from vigie.collect.nested import Item
from vigie.collect.received import asked, body_of, received
from vigie.collect.rights import Rights
from vigie.collect.trail import Below, Trail, on_trail
from vigie.collect.youtube_items import Reading
from vigie.collect.youtube_refusals import is_nothing, meaning, unknown_channel
from vigie.http import Http, Request
from vigie.words import _

MOST = 50
"""Videos of one page, and videos that are counted with one question."""
MOST_COMMENTS = 100
SEARCH_UNITS = 100


class Youtube(Connector):
    """Channels, videos with their counts, comments, and search, with a key of Google.

    A channel is found by its identifier, its handle or its old user name. Its videos are listed
    fifty at a time, and counted in the question after. Subscribers are rounded by YouTube to
    three figures, and unknown where a channel hides them. A count that is missing (likes or
    comments switched off) is unknown. Comments come with the replies below them; an answer by
    the channel itself is kept as its own reply.

    Google allows 10,000 units a day, until midnight in California. A question costs one unit,
    a search a hundred.
    """

    label = _("YouTube")
    network = "youtube"
    streams = (
        Stream(name="profile", label=_("Channel and subscribers"), is_dated=False),
        Stream(name="posts", label=_("Videos")),
        Stream(name="comments", label=_("Comments by others")),
        Stream(name="search", label=_("Searches"), keeps_all=False),
    )
    syntax = Syntax(either="|", joins_words=False, folds_accents=True)
    rights = Rights(
        keep_counts_days=30,
        keep_words_days=30,
        keep_others_days=30,
        may_export_words=False,
        may_export_others=False,
        delete_within_hours=168,
        terms="https://developers.google.com/youtube/terms/developer-policies",
        read_on="2025-06",
        remarks=(
            _(
                "What was read with a key may be kept for 30 days; then it must be deleted or "
                "read again. Keeping counts for longer, to draw a series, needs Google's consent "
                "or the statistics of one's own channel."
            ),
            _("Counts of several channels must not be added up into one, nor altered."),
            _("Each shown video needs a link to YouTube, and the site a link to its terms."),
            _("The rules are told from what was known in June 2025: read them again."),
        ),
    )
    options = (
        Option(name="key", label=_("API key"), is_secret=True, is_needed=True),
        Option(
            name="service",
            label=_("Address of the service"),
            default="https://youtube.googleapis.com",
        ),
    )
    allowance = Allowance(per=timedelta(days=1), calls=10_000)
    guide = _(
        "1. Sign in at https://console.cloud.google.com and create a project. "
        "2. Under “APIs and services”, switch on “YouTube Data API v3”. "
        "3. Under “Credentials”, create an API key. "
        "4. Restrict it to this API, and to the address of this server. "
        "5. Enter the key here. It costs nothing; 10,000 units a day are enough for about 100 "
        "channels."
    )
    posts_per_page = MOST

    def cost(self, ask: Ask) -> int:
        """Return the units of a question: a search takes a hundred."""
        return SEARCH_UNITS if ask.stream == "search" else 1

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Put one question; a channel without comments or videos answers that it has none."""
        request = self.request(ask)
        answer = asked(request, http, network=self.label, meaning=meaning, is_nothing=is_nothing)
        if request.url.endswith("/channels") and answer.status == 200:
            unknown_channel(ask, Item(answer.json()))
        return received(ask, request, answer, connector="youtube")

    def request(self, ask: Ask) -> Request:
        """Return the question in Google's words."""
        resource, params = _question(ask)
        service = self.chosen["service"].rstrip("/")
        return Request(
            url=f"{service}/youtube/v3/{resource}",
            params=params,
            secret_params={"key": self.chosen["key"]},
        )

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read an answer: a list, of what its kind says."""
        body, trail = body_of(payload), Trail.read(payload.page)
        if payload.status >= 400:
            return on_trail(Page(), replace(trail, below=trail.below[1:], onward=None))
        items = listed(body.at("items"), where="items")
        reading = Reading(payload=payload, context=context)
        match (body.name("kind") or "").removeprefix("youtube#"):
            case "channelListResponse":
                return _channel_page(items, reading)
            case "playlistItemListResponse":
                return _listing_page(items, body, trail)
            case "videoListResponse" if payload.stream == "check":
                there = {Item(one).name("id") for one in items}
                return checked(payload, context, there=there, most=MOST)
            case "videoListResponse":
                page = page_of(items, reading.video)
                return on_trail(page, replace(trail.after(None), oldest=page.oldest))
            case "commentThreadListResponse":
                return _threads_page(items, reading, body, trail)
            case "commentListResponse":
                video = trail.first.thread if trail.first else ""
                spoken = [{"comment": one, "video": video} for one in items]
                return on_trail(
                    page_of(spoken, reading.said), trail.after(body.name("nextPageToken"))
                )
        return page_of(items, reading.found, next_page=body.name("nextPageToken"))

    def search(self, words: str, *, name: str) -> Ask:
        """Ask for videos with these words, the newest first: a hundred units a page."""
        subject = Subject(subject=name, network=self.network, words=words)
        return Ask(stream="search", subject=subject)

    def check(self, posts: Sequence[str], subject: Subject) -> Ask | None:
        """Ask for videos by their identifiers, fifty at a time; own comments are not videos."""
        videos = tuple(post for post in posts if VIDEO.fullmatch(post))
        return Ask(stream="check", subject=subject, posts=videos) if videos else None


VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)


def _question(ask: Ask) -> tuple[str, dict[str, str]]:
    trail = Trail.read(ask.page)
    if ask.stream == "check":
        return "videos", {"part": "id", "id": ",".join(part_of(ask.posts, ask.page, most=MOST))}
    if ask.stream == "search":
        return "search", _search(ask)
    if ask.stream == "profile":
        return "channels", _lookup(ask.subject)
    if ask.stream == "posts":
        return _videos(ask, trail)
    return _comments(ask, trail)


def _videos(ask: Ask, trail: Trail) -> tuple[str, dict[str, str]]:
    if trail.first:
        return "videos", {"part": "id,snippet,statistics", "id": trail.first.root}
    if trail.onward is None:
        return "channels", _lookup(ask.subject)
    playlist, _space, token = trail.onward.partition(" ")
    params = {"part": "contentDetails", "playlistId": playlist, "maxResults": str(MOST)}
    return "playlistItems", params | ({"pageToken": token} if token else {})


def _comments(ask: Ask, trail: Trail) -> tuple[str, dict[str, str]]:
    most = {"maxResults": str(MOST_COMMENTS), "textFormat": "plainText"}
    if below := trail.first:
        page = {"pageToken": below.token} if below.token else {}
        return "comments", {"part": "id,snippet", "parentId": below.root, **most, **page}
    place = trail.onward or ask.subject.identifier or ""
    channel, _space, token = place.partition(" ")
    if not CHANNEL.fullmatch(channel):
        return "channels", _lookup(ask.subject)
    page = {"pageToken": token} if token else {}
    about = {"allThreadsRelatedToChannelId": channel, "order": "time"}
    return "commentThreads", {"part": "id,replies,snippet", **about, **most, **page}


def _search(ask: Ask) -> dict[str, str]:
    since = {}
    if ask.since:
        since["publishedAfter"] = ask.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = {"pageToken": ask.page} if ask.page else {}
    about = {"part": "snippet", "type": "video", "order": "date", "maxResults": str(MOST)}
    return {**about, "q": ask.subject.words or "", **since, **page}


def _lookup(subject: Subject) -> dict[str, str]:
    """Ask for a channel by its identifier, its handle, or its user name of before 2013."""
    part = {"part": "contentDetails,id,snippet,statistics"}
    if CHANNEL.fullmatch(subject.identifier or ""):
        return {**part, "id": subject.identifier or ""}
    if "/user/" in (subject.url or ""):
        return {**part, "forUsername": subject.handle or ""}
    return {**part, "forHandle": f"@{subject.handle}"}


def _channel_page(items: list[object], reading: Reading) -> Page:
    """Read the channel; another stream goes on with the identifiers that are now known."""
    page = page_of(items, reading.channel)
    channel = Item(items).at(0)
    uploads = channel.name("contentDetails", "relatedPlaylists", "uploads")
    onward = {"posts": uploads, "comments": channel.name("id")}.get(reading.payload.stream)
    handle = (channel.name("snippet", "customUrl") or "").removeprefix("@")
    identifier = channel.name("id")
    return replace(
        page,
        next_page=Trail(onward=onward).text,
        handles={identifier: handle} if identifier and handle else {},
    )


def _listing_page(items: list[object], body: Item, trail: Trail) -> Page:
    """Leave the list of videos aside: each is read, with its counts, on the page after."""
    videos = [Item(one).name("contentDetails", "videoId") for one in items]
    page = page_of(items, lambda item: Skipped("read on the next page"))
    asked_next = ",".join(video for video in videos if video)
    below = (Below(root=asked_next),) if asked_next else ()
    return on_trail(page, replace(trail, below=below, onward=_further(trail, body)))


def _threads_page(items: list[object], reading: Reading, body: Item, trail: Trail) -> Page:
    """Read comments and the replies beside them; those that have more are asked for next."""
    page = page_of([one for item in items for one in _spoken(Item(item))], reading.said)
    below = tuple(
        Below(root=root, thread=thread.name("snippet", "videoId") or "")
        for thread in map(Item, items)
        if _has_more(thread) and (root := thread.name("id"))
    )
    beginnings = [one for one in page.records if vars(one).get("answers_to") == vars(one)["thread"]]
    oldest = oldest_of(beginnings)
    return on_trail(page, replace(trail, below=below, onward=_further(trail, body), oldest=oldest))


def _has_more(thread: Item) -> bool:
    total = thread.at("snippet", "totalReplyCount").value
    return isinstance(total, int) and total > len(thread.at("replies", "comments"))


def _spoken(thread: Item) -> Iterator[dict[str, object]]:
    video = thread.name("snippet", "videoId")
    for one in (thread.at("snippet", "topLevelComment"), *thread.at("replies", "comments")):
        yield {"comment": one.value, "video": video}


def _further(trail: Trail, body: Item) -> str | None:
    """Return the next page of a list: what it is of, and YouTube's token."""
    token = body.name("nextPageToken")
    return f"{(trail.onward or '').partition(' ')[0]} {token}" if token else None
