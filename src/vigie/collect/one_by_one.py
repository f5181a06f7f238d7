"""Goes through the posts of a question in turn: the name of a page says which, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vigie.collect.connector import Ask, Payload


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one question is about: a post or a few, and the page of what is said under them."""

    posts: Sequence[str]
    token: str | None = None


def turn_of(asked: Ask | Payload, *, most: int = 1) -> Turn:
    """Return whose turn it is; posts that are no longer asked about begin anew."""
    first, _space, token = (asked.page or "").partition(" ")
    if first not in asked.posts:
        return Turn(posts=asked.posts[:most])
    begin = asked.posts.index(first)
    return Turn(posts=asked.posts[begin : begin + most], token=token or None)


def narrowed(ask: Ask, *, most: int = 1) -> Ask:
    """Return the question with the posts of this turn and the one after: more is not kept."""
    turn = turn_of(ask, most=most)
    if ask.stream == "check" or not turn.posts:
        return ask
    begin = ask.posts.index(turn.posts[0])
    return replace(ask, posts=ask.posts[begin : begin + most + 1])


def next_turn(payload: Payload, token: str | None, *, most: int = 1) -> str | None:
    """Return the next page: more of these posts, or the posts after them."""
    turn = turn_of(payload, most=most)
    if not turn.posts:
        return None
    if token:
        return f"{turn.posts[0]} {token}"
    end = payload.posts.index(turn.posts[0]) + most
    return f"{payload.posts[end]} " if end < len(payload.posts) else None
