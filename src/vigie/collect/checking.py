"""Asks whether posts still exist, some at a time: one that is not answered is gone."""

from __future__ import annotations

from collections.abc import Container, Sequence

from vigie.collect.connector import Context, Page, Payload
from vigie.collect.items import Skipped, page_of
from vigie.collect.nested import Item
from vigie.model import Record, Tombstone

NONE: frozenset[str] = frozenset()


def part_of(posts: Sequence[str], page: str | None, *, most: int) -> Sequence[str]:
    """Return the posts that one question is about; its page is a place in the list."""
    begin = _place(page)
    return posts[begin : begin + most]


def checked(
    payload: Payload,
    context: Context,
    *,
    there: Container[str | None],
    hidden: Container[str | None] = NONE,
    most: int,
) -> Page:
    """Give a tombstone for each post of the question that is neither there nor hidden from us."""

    def read(item: Item) -> Record | Skipped:
        post = item.needed()
        if post in there:
            return Skipped("still there")
        if post in hidden:
            return Skipped("not shown to us")
        return Tombstone(
            network=payload.network,
            post=post,
            observed_at=payload.received_at,
            reason="absent",
            source=payload.connector,
            run=context.run,
        )

    end = _place(payload.page) + most
    return page_of(
        part_of(payload.posts, payload.page, most=most),
        read,
        next_page=str(end) if end < len(payload.posts) else None,
    )


def _place(page: str | None) -> int:
    return int(page) if page and page.isascii() and page.isdigit() else 0
