"""What leaves of a conversation beside its words: how it stands, and how it came to that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from vigie.inbox.assigning import CAME_BACK
from vigie.inbox.models import Conversation, ConversationLink, Passage
from vigie.register.models import Person

Links = Mapping[int, Sequence[Mapping[str, object]]]
"""Of each conversation those that stand beside it, as they are written."""
RELATED = ("person__user", "satisfaction")
"""What is read with a conversation."""
PREFETCHED = ("passages__service", "passages__person__user")


def links_among(part: Sequence[int], keys: Collection[int]) -> Links:
    """Return the links of some conversations with any that leave in the same file, and no other."""
    rows = ConversationLink.objects.filter(Q(first__in=part) | Q(second__in=part))
    ends = [(row, end, other) for row in rows for end, other in _both(row) if other in keys]
    others = Conversation.objects.filter(pk__in={other for _row, _end, other in ends})
    threads = {row.pk: thread_of(row) for row in others.select_related("box")}
    found: dict[int, list[Mapping[str, object]]] = defaultdict(list)
    for row, end, other in sorted(ends, key=lambda one: threads[one[2]]):
        told = {"thread": threads[other], "by": row.by, "at": row.at.isoformat()}
        found[end].append(told)
    return found


def _both(row: ConversationLink) -> tuple[tuple[int, int], tuple[int, int]]:
    return (row.first_id, row.second_id), (row.second_id, row.first_id)


def thread_of(row: Conversation) -> str:
    """Return the name of a matter that no other box gives."""
    return f"{row.box.name}/{row.thread}"


def history(row: Conversation, links: Links) -> dict[str, object]:
    """Return how a conversation stands, and how it came to that."""
    return {
        "standing": {
            "person": person(row.person),
            "snoozed_until": _moment(row.snoozed_until),
            "delayed_until": _moment(row.delayed_until),
            "reopened": row.reopened,
            "response_minutes": row.response_minutes,
            "resolution_minutes": row.resolution_minutes,
        },
        "passages": [_passage(one) for one in row.passages.all() if one.by != CAME_BACK],
        "links": list(links.get(row.pk, ())),
        "satisfaction": _satisfaction(row),
    }


def person(row: Person | None) -> dict[str, str] | None:
    """Return a colleague by what they are known by elsewhere: their sign-in name, or address."""
    if row is None:
        return None
    sign_in = row.user.get_username() if row.user else ""
    return {"name": str(row), "sign_in": sign_in, "mail": "" if sign_in else row.mail}


def _passage(row: Passage) -> dict[str, object]:
    return {
        "at": row.at.isoformat(),
        "by": row.by,
        "service": row.service.slug if row.service else "",
        "service_name": row.service.name if row.service else "",
        "person": person(row.person),
        "reason": row.reason,
    }


def _satisfaction(row: Conversation) -> dict[str, object] | None:
    found = getattr(row, "satisfaction", None)
    if found is None:
        return None
    return {
        "asked_at": found.asked_at.isoformat(),
        "answered_at": _moment(found.answered_at),
        "score": found.score,
        "words": found.words,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
