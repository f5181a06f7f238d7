"""Reads the answers of Bluesky's servers: profiles, feeds, threads, quotes, finds, checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from vigie.collect.bluesky_posts import (
    NETWORK,
    Look,
    Seen,
    did_of,
    is_login_only,
    mention,
    moment_of_cursor,
    own_post,
    read_json,
    relations,
    repost,
    seen,
)
from vigie.collect.connector import Context, Page, Payload
from vigie.collect.items import Skipped, listed, page_of
from vigie.collect.moments import local_day
from vigie.collect.nested import Item
from vigie.model import Mention, Post, Record, Snapshot, Tombstone

QUOTES = " quotes"
"""After a post's identifier in ``page``: its quotes are asked for, not its thread."""
CHECKED = 25
"""Posts that one question may name."""
HIDDEN = Skipped("only for those who sign in")
GONE = Skipped("no longer there")


def profile_page(payload: Payload, context: Context) -> Page:
    """Return the audience of an account, and the handle it has now."""
    answer, look = _answer(payload), _look(payload, context)
    page = page_of([answer.value], lambda profile: _snapshot(profile, look))
    did, handle = answer.name("did"), answer.name("handle")
    return replace(page, handles={did: handle} if did and handle else {})


def _snapshot(profile: Item, look: Look) -> Record | Skipped:
    if is_login_only(profile):
        return HIDDEN
    profile.needed("did")
    return Snapshot(
        network=NETWORK,
        account=look.subject,
        observed_at=look.at,
        observed_on=local_day(look.at, look.context.zone),
        followers=profile.count("followersCount"),
        following=profile.count("followsCount"),
        posts=profile.count("postsCount"),
        name=profile.text("displayName"),
        description=profile.text("description"),
        website=profile.name("website"),
        is_verified=_is_verified(profile.at("verification")),
        source=NETWORK,
        run=look.context.run,
    )


def _is_verified(verification: Item) -> bool | None:
    if not verification:
        return None
    said = (verification.name("verifiedStatus"), verification.name("trustedVerifierStatus"))
    return "valid" in said


def posts_page(payload: Payload, context: Context) -> Page:
    """Return own posts, own replies and reposts, and how far back the feed was read."""
    answer, look = _answer(payload), _look(payload, context)
    entries = listed(answer.at("feed"), where="feed")
    page = page_of(entries, lambda entry: _entry(entry, look), next_page=answer.name("cursor"))
    if page.skipped.get(HIDDEN.why) == len(entries):
        return replace(page, next_page=None)
    return replace(page, oldest=moment_of_cursor(page.next_page) or _last(page, entries))


def _entry(entry: Item, look: Look) -> Record | Skipped:
    post, reason = entry.at("post"), entry.at("reason")
    is_repost = (reason.name("$type") or "").endswith("reasonRepost")
    if is_login_only(post.at("author")) or (is_repost and is_login_only(reason.at("by"))):
        return HIDDEN
    return repost(post, reason, look) if is_repost else own_post(seen(post), look)


def _last(page: Page, entries: list[object]) -> datetime | None:
    """Return when the last entry appeared: pages are ordered, and a pinned post stands first.

    The earliest would be wrong: a pinned post is older than what follows it.
    """
    pinned = {
        Item(entry).name("post", "uri")
        for entry in entries
        if (Item(entry).name("reason", "$type") or "").endswith("reasonPin")
    }
    dated = [
        record.published_at
        for record in page.records
        if isinstance(record, Post) and record.post not in pinned
    ]
    return dated[-1] if dated else None


def replies_page(payload: Payload, context: Context) -> Page:
    """Return what was answered to a post, or who quoted it, and the post itself as it is now."""
    uri, is_quotes = asked_post(payload.page, payload.posts)
    following = payload.posts[1] if len(payload.posts) > 1 else None
    if payload.status >= 400:
        return Page(skipped={GONE.why: 1}, next_page=following)
    answer, look, owner = _answer(payload), _look(payload, context), did_of(uri)
    if is_quotes:
        cursor = answer.name("cursor")
        quotes = listed(answer.at("posts"), where="posts")
        return replace(
            page_of(quotes, lambda post: _concerning(post, look, owner, kind="quote")),
            next_page=f"{uri}{QUOTES} {cursor}" if cursor and quotes else following,
            oldest=None,
        )
    root = answer.at("thread")
    page = page_of(_flat(root), lambda post: _concerning(post, look, owner, kind="reply"))
    is_quoted = bool(root.at("post", "quoteCount").value)
    return replace(page, next_page=f"{uri}{QUOTES}" if is_quoted else following, oldest=None)


def asked_post(page: str | None, posts: tuple[str, ...]) -> tuple[str, bool]:
    """Return the post that a page is about, and whether its quotes are meant."""
    uri, quotes, _cursor = (page or "").partition(QUOTES)
    return uri or (posts[0] if posts else ""), bool(quotes)


def _flat(thread: Item) -> Iterator[object]:
    """Yield the posts of a thread, whatever its depth; those not shown as they are."""
    waiting = [thread]
    while waiting:
        node = waiting.pop()
        yield node.at("post").value if node.at("post") else node.value
        waiting.extend(reversed(list(node.at("replies"))))


def _concerning(post: Item, look: Look, owner: str, *, kind: str) -> Record | Skipped:
    """Return a post by the owner as its own, and one by others as what it is to the owner."""
    form = post.name("$type") or ""
    if form.endswith("#notFoundPost"):
        return GONE
    if form.endswith("#blockedPost"):
        return Skipped("blocked")
    if is_login_only(post.at("author")):
        return HIDDEN
    found = seen(post)
    if found.author == owner:
        return own_post(found, look)
    return mention(found, look, kind=_kind(found, owner) or kind)


def _kind(post: Seen, owner: str) -> str | None:
    """Return what a post is to an account, the same wherever it is met."""
    return next((kind for who, kind in relations(post.record) if who == owner), None)


def found_page(payload: Payload, context: Context) -> Page:
    """Return what a search found: mentions of an account, or posts with some words."""
    answer, look = _answer(payload), _look(payload, context)
    asked = (_asked(payload).get("mentions") or [""])[0]
    posts = listed(answer.at("posts"), where="posts")
    page = page_of(posts, lambda post: _found(post, look, asked))
    dated = [record.published_at for record in page.records if isinstance(record, Mention)]
    return replace(
        page,
        next_page=answer.name("cursor") if posts else None,
        oldest=dated[-1] if dated else None,
    )


def _found(post: Item, look: Look, asked: str) -> Record | Skipped:
    if is_login_only(post.at("author")):
        return HIDDEN
    found = seen(post)
    if not asked:
        return mention(found, look, kind="found")
    if asked.casefold() in {found.author, (found.handle or "").casefold()}:
        return Skipped("own post")
    return mention(found, look, kind=_kind(found, asked) or "mention")


def check_page(payload: Payload, context: Context) -> Page:
    """Return a tombstone for each post that is gone, unless its account is out of sight as a whole.

    The first page is the account: one that is suspended or deactivated shows no posts, which
    are not gone for that.
    """
    if payload.page is None:
        if payload.status < 400:
            return Page(next_page="0")
        return Page(skipped={"the account is not shown": len(payload.posts)})
    start = int(payload.page) if payload.page.isdecimal() else 0
    there = {
        post.name("uri") for post in map(Item, listed(_answer(payload).at("posts"), where="posts"))
    }
    chosen = payload.posts[start : start + CHECKED]
    tombstones = [
        Tombstone(
            network=NETWORK,
            post=post,
            observed_at=payload.received_at,
            reason="absent",
            source=NETWORK,
            run=context.run,
        )
        for post in chosen
        if post not in there
    ]
    kept = len(chosen) - len(tombstones)
    return Page(
        records=tombstones,
        skipped={"still there": kept} if kept else {},
        next_page=str(start + CHECKED) if start + CHECKED < len(payload.posts) else None,
    )


def _answer(payload: Payload) -> Item:
    return Item(read_json(payload.body, payload.url))


def _look(payload: Payload, context: Context) -> Look:
    return Look(context=context, subject=payload.subject, at=payload.received_at)


def _asked(payload: Payload) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(payload.url).query)
