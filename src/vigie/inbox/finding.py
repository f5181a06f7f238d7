"""What listening found becomes a conversation: asked for anew by a box, read like what came."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F

from vigie.errors import InboxError
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import member_of, opened
from vigie.inbox.intake import put
from vigie.inbox.models import Box, Conversation, Message
from vigie.inbox.working import read_waiting
from vigie.present import naming
from vigie.register import log
from vigie.register.rights import ANSWER_INBOX, Author, require
from vigie.words import _

Post = tuple[str, str]
"""A network, and its own identifier of a post."""


def networks_that_find() -> frozenset[str]:
    """Return the networks of which a post that was found can be answered here."""
    return frozenset(member_of(box).network for box in _boxes())


def taken_up(posts: Iterable[Post]) -> dict[Post, int]:
    """Return the conversations that posts are in already, however they came."""
    wanted = set(posts)
    if not wanted:
        return {}
    boxes = {box.pk: member_of(box).network for box in _boxes()}
    keys = [post for _network, post in wanted]
    rows = Message.objects.filter(box__in=boxes, key__in=keys, direction="in")
    found = rows.values_list("box_id", "key", "conversation_id", "conversation__merged_into_id")
    known = {(boxes[box], key): merged or own for box, key, own, merged in found}
    return {post: number for post, number in known.items() if post in wanted}


def take_up(network: str, post: str, *, bench: Bench, by: Author) -> Conversation:
    """Make a conversation of a public post, once; it is the same when the network tells of it."""
    require(by, ANSWER_INBOX)
    known = taken_up([(network, post)])
    if not known:
        box = _box_of(network)
        body = opened(box, bench.settings).fetch_post(post, bench.http)
        put(box, body, home=bench.settings.home, now=bench.clock())
        read_waiting(box, bench)
        known = taken_up([(network, post)])
        if not known:
            raise InboxError(
                _("This post was not taken in: its author asked to be forgotten, or it cannot be "
                  "read. The journal of {box} says why.", box=box.label)
            )  # fmt: skip
        change = log.Change(action="inbox.found", subject=f"{network} {post}", facts={})
        log.write([change], by=by, at=bench.clock())
    return Conversation.objects.select_related("service").get(pk=known[network, post])


def _boxes(networks: Collection[str] = ()) -> list[Box]:
    """Return the boxes that can ask for a post; those of a whole institution first."""
    rows = Box.objects.exclude(state="paused").order_by(F("service").asc(nulls_first=True), "id")
    return [
        box
        for box in rows
        if member_of(box).finds and (not networks or member_of(box).network in networks)
    ]


def _box_of(network: str) -> Box:
    boxes = _boxes([network])
    if not boxes:
        raise InboxError(
            _("No box of {network} is connected: nothing can be answered there from here.",
              network=naming.network(network))
        )  # fmt: skip
    return boxes[0]
