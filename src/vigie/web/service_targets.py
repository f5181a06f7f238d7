"""What a service's page shows of its targets."""

from __future__ import annotations

from django.http import HttpRequest

from vigie.inbox.changes import Hand
from vigie.inbox.channel import known_channels
from vigie.inbox.explaining import DueAt
from vigie.inbox.models import Target
from vigie.register.models import Service
from vigie.web.sentences import reader_language
from vigie.web.service_acts import Outcome
from vigie.web.service_now import now_of
from vigie.web.target_form import UNITS, URGENCY_WORDS, channel_words, lasting


def targets(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    """Show its targets, its own before those of all, and what is due by each."""
    own = [target for target in hand.terms.targets if target.service_id in (None, service.pk)]
    rows = [
        {
            "target": target,
            "is_own": target.service_id == service.pk,
            "channel": channel_words(target.channel),
            "urgency": URGENCY_WORDS[target.urgency],
            "response": lasting(target.response_minutes),
            "resolution": lasting(target.resolution_minutes) if target.resolution_minutes else None,
            "due": _due(service, hand, target),
        }
        for target in sorted(own, key=_order)
    ]
    return {
        "rows": rows,
        "form": request.POST.dict(),
        "units": {name: words for name, (_minutes, words) in UNITS.items()},
        "channels": {name: member.label for name, member in known_channels().items()},
        "urgencies": URGENCY_WORDS,
    }


def _order(target: Target) -> tuple[bool, str, str]:
    return target.service_id is None, target.channel, target.urgency


def _due(service: Service, hand: Hand, target: Target) -> str:
    found = now_of(service, hand.terms, language=reader_language(), target=target)
    return DueAt(found).spoken(reader_language()) if found else ""
