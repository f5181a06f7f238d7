"""How boxes are spoken of: how one stands, and why something was left aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template

from vigie.inbox.box_changes import is_behind, is_whole
from vigie.inbox.boxes import member_of
from vigie.inbox.journals import ASIDE_WORDS
from vigie.inbox.models import Box
from vigie.web.sentences import ago, said
from vigie.words import Words, _

register = template.Library()

STATES: Mapping[str, Words] = {
    "new": _("not read yet"),
    "working": _("works"),
    "broken": _("cannot be read"),
    "paused": _("paused"),
}
LOOKS: Mapping[str, str] = {"working": "working", "broken": "failing"}
"""States that look otherwise than plain."""


@register.filter
def state_of_box(box: Box) -> str:
    """Say how a box stands, in a word."""
    if box.state == "paused" and not is_whole(box):
        return said(_("disconnected"))
    return said(STATES[box.state])


@register.filter
def look_of_box(box: Box) -> str:
    """Return how the badge of a box looks."""
    return LOOKS.get(box.state, "")


@register.filter
def channel_of_box(box: Box) -> str:
    """Say which channel a box is of."""
    return said(member_of(box).label)


def stands(box: Box, *, waiting: int, now: datetime) -> Words:
    """Say how far a box is read, and what that means for what came meanwhile."""
    member = member_of(box)
    if box.state == "paused":
        return _("It is paused: nothing is read, and replies wait, until it is resumed.")
    if waiting:
        return _(
            "Payloads that are safe and wait to be read: {count}. They are next.", count=waiting
        )
    if not member.is_fetched:
        return _("The network brings what comes; nothing waits.")
    if box.read_at is None:
        return _("It has not been read yet. The next turn of a worker reads it.")
    if box.state == "broken":
        return _(
            "It could be read to the end {when} for the last time. What comes meanwhile is fetched "
            "once it answers again, as far back as the channel still has it.",
            when=ago(box.read_at),
        )
    if is_behind(box, member, now=now):
        return _(
            "Read to the end {when}. What came since is fetched at the next turn, as far back as "
            "the channel still has it.",
            when=ago(box.read_at),
        )
    return _("Read to the end {when}.", when=ago(box.read_at))


@register.filter
def aside_words(name: str) -> str:
    """Say why something was left aside: reasons of a channel by their name, others as kept."""
    parts = [part.strip() for part in name.split(",")]
    if all(part in ASIDE_WORDS for part in parts):
        return ", ".join(said(ASIDE_WORDS[part]) for part in parts)
    return name
