"""What stands beside what was said in a conversation: notes, passages, links, what is suggested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from vigie.inbox import joining
from vigie.inbox.changes import Hand
from vigie.inbox.clock import Span, counted
from vigie.inbox.delayed import delayed_about
from vigie.inbox.models import Conversation, Mailing
from vigie.inbox.needing_time import asked_until
from vigie.inbox.visible import visible
from vigie.register.models import Service


def beside(found: Conversation, hand: Hand, has: Collection[str]) -> dict[str, object]:
    """Return what stands beside what was said."""
    asked: Mapping[str, tuple[str, Callable[[], Iterable[object]]]] = {
        "notes": ("notes", lambda: found.notes.select_related("by")),
        "passages": ("passages", lambda: found.passages.select_related("service", "person")),
        "suggested": ("suggestion", lambda: _suggested(found)),
        "unreached": ("mailings", lambda: _unreached(found)),
        "delayed": ("mailings", lambda: delayed_about(found, now=hand.now)),
        "called_in": (
            "called_in",
            lambda: (row.person for row in found.called_in.select_related("person")),
        ),
        "merges": ("merges", lambda: found.merges.filter(undone_at__isnull=True)),
    }
    linked = joining.linked(found, hand.eyes) if "links" in has else []
    known = {other.pk for _link, other in linked}
    earlier = _earlier(found, hand) if "others" in has else []
    return {
        "counted": _counted(found, hand),
        "delayed_day": asked_until(found, hand.terms),
        "linked": linked,
        "earlier": [row for row in earlier if row.pk not in known],
        **{name: list(ask()) for name, (what, ask) in asked.items() if what in has},
    }


def _unreached(found: Conversation) -> list[Mailing]:
    """Return mails about it that did not arrive, and that none to the same person made good."""
    rows = Mailing.objects.filter(links__conversation=found).select_related("to").distinct()
    last = {row.to_id: row for row in rows.order_by("pk") if row.sent_at or row.failure}
    return [row for row in last.values() if row.failure]


def _counted(found: Conversation, hand: Hand) -> Sequence[Span]:
    if found.due_at is None:
        return ()
    return counted(hand.terms.hours_of(found.service_id), found.asked_at, found.due_at)


def _suggested(found: Conversation) -> list[tuple[Service, float]]:
    known = getattr(found, "suggestion", None) if found.service_id is None else None
    if known is None:
        return []
    services = Service.objects.in_bulk([key for key, _certainty in known.services])
    return [(services[key], sure) for key, sure in known.services if key in services]


def _earlier(found: Conversation, hand: Hand) -> list[Conversation]:
    rows = visible(hand.eyes).filter(contact=found.contact_id, merged_into__isnull=True)
    others = rows.exclude(pk=found.pk).only("subject", "touched_at", "contact_id")
    earlier = list(others.order_by("-touched_at")[:5])
    for other in earlier:
        other.contact = found.contact
    return earlier
