"""The journal of boxes as people read it: day by day, why what was left aside, how it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from vigie.inbox.intake import COUNTS, Journal
from vigie.inbox.models import Arrival, Box
from vigie.words import Words, _

ASIDE_WORDS: Mapping[str, Words] = {
    "loop": _("our own mail that came back"),
    "bounce": _("a notice that a mail could not be delivered"),
    "no author": _("a mail without a sender"),
    "echo": _("our own answer, repeated by the network"),
    "read": _("a receipt: they read a message"),
    "delivery": _("a receipt: a message reached them"),
    "reaction": _("a reaction to a message"),
    "postback": _("a button that was pressed"),
    "referral": _("a link that was followed to the conversation"),
    "feed.reaction": _("a like or another reaction"),
    "feed.like": _("a like or another reaction"),
    "feed.share": _("a post that was shared"),
    "our own post": _("a post of our own"),
    "another account": _("news of another account"),
    "mention without words": _("a mention, whose words were asked for and came apart"),
    "taken back": _("a message that its author took back"),
    "call": _("a call"),
    "not_asked": _(
        "a look after an outage that ended at the thousand latest posts: what was said "
        "under older ones is not known"
    ),
    "empty": _("a message without words or files"),
    "": _("automatic or our own, opening no conversation; or from someone who was erased"),
}
"""Why something is left aside on purpose; what is not here is shown as the channel calls it."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """What came in one day."""

    day: date
    journal: Journal


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What is not read: payloads."""

    waiting: int
    refused_payloads: int
    """In quarantine."""


def set_aside(box: Box) -> Aside:
    """Return what of a box waits to be read or could not be, whenever it came."""
    rows = Arrival.objects.filter(box=box, state__in=("waiting", "refused")).order_by()
    found = dict(rows.values_list("state").annotate(Count("id")))
    return Aside(waiting=found.get("waiting", 0), refused_payloads=found.get("refused", 0))


def days(box: Box, *, since: datetime, zone: ZoneInfo) -> Sequence[Day]:
    """Return what came in by a box each day, the newest first."""
    sums = {f"{name}_sum": Sum(name, default=0) for name in COUNTS}
    rows = (
        Arrival.objects.filter(box=box, received_at__gte=since)
        .annotate(day=TruncDate("received_at", tzinfo=zone))
        .values("day")
        .annotate(
            payloads=Count("id"),
            waits=Count("id", filter=Q(state="waiting")),
            aside=Count("id", filter=Q(state="refused")),
            **sums,
        )
        .order_by("-day")
        .values_list("day", "payloads", "waits", "aside", *sums)
    )
    return [
        Day(
            day=day,
            journal=Journal(
                payloads=payloads,
                waiting=waits,
                refused_payloads=aside,
                **dict(zip(COUNTS, counts, strict=True)),
            ),
        )
        for day, payloads, waits, aside, *counts in rows
    ]


def left_aside(box: Box, *, since: datetime, language: str) -> list[tuple[str, int]]:
    """Return why payloads were left aside on purpose, the commonest first."""
    rows = Arrival.objects.filter(box=box, received_at__gte=since, ignored__gt=0)
    found: Counter[str] = Counter()
    for reason, count in rows.values_list("reason", "ignored"):
        kept = reason if isinstance(reason, dict) else {}
        found[str(kept.get(language) or next(iter(kept.values()), ""))] += count
    return found.most_common()
