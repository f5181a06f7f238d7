"""What the two exports of X have in common: the address of a post says who wrote it."""

from __future__ import annotations

from datetime import datetime

from vigie.collect.headings import Cells
from vigie.collect.importer import Context
from vigie.collect.observed import account_for_row, account_key, start_of
from vigie.collect.post_addresses import read_post_address
from vigie.collect.snowflakes import x_moment
from vigie.errors import RowError
from vigie.words import _


def own_post(cells: Cells, context: Context) -> tuple[str, str]:
    """Return a post's identifier and account; refuse an identifier its address contradicts.

    A spreadsheet keeps fifteen digits of the nineteen and says nothing; the address, being
    text, keeps them all.
    """
    post = cells.identifier("post")
    address = read_post_address(cells.name("url"))
    if address is None or address.network != "x":
        return post, account_for_row(context, "x", column=cells.places["url"])
    if address.post != post:
        raise RowError(
            _(
                "The identifier {post} is not the one in the address {url}: a spreadsheet "
                "rounded it. Export the file again and do not open it before importing it.",
                post=post,
                url=cells.name("url"),
            ),
            column=cells.places["post"],
        )
    if address.handle is None:
        return post, account_for_row(context, "x", column=cells.places["url"])
    return post, account_key("x", address.handle)


def moment_of_day(cells: Cells, context: Context, post: str) -> datetime:
    """Return when a post appeared: the file gives the day, its identifier the moment."""
    day = cells.day("published", context)
    exact = x_moment(post)
    if exact is None:
        return start_of(day, context)
    if abs((exact.date() - day).days) > 1:
        raise RowError(
            _(
                "The identifier {post} was made on {made}, not on {day}. "
                "Export the file again and do not open it before importing it.",
                post=post,
                made=exact.date(),
                day=day,
            ),
            column=cells.places.get("post"),
        )
    return exact


def is_repost(text: str | None) -> bool:
    """Return whether a text repeats someone else's: it begins with ``RT @``."""
    return (text or "").startswith("RT @")


def is_reply(text: str | None) -> bool:
    """Return whether a text answers someone: it begins with a name."""
    return (text or "").startswith("@")
