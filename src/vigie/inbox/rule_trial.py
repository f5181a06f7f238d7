"""Rules before past conversations, and how often the classifier was right: what people did counts.

Where people sent a conversation is the last service that a person chose for it, or, where nobody
chose, the service from which it was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from vigie.inbox.models import Conversation, Message, Passage, Rule, Suggestion
from vigie.inbox.routing import Facts, Past, Trial, taken_by, tried, understood
from vigie.inbox.routing import Rule as Routed
from vigie.inbox.understanding import Understand, Understood, nothing
from vigie.inbox.visible import Eyes, visible
from vigie.measure.uncertainty import wilson_of
from vigie.register.models import Institution

MOST = 3_000
"""Conversations that are looked at, the newest first."""
THOUGHT = frozenset({"intent", "office", "language", "urgency"})
"""What rules may ask that the classifiers answer."""
MOST_JUDGED = 1_000
"""Suggestions that are judged, the newest first: more would say the same."""
AUTOMATIC = ("rule ", "box ", "classifier", "escalation")
"""How the assignments begin that no person made."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a rule, in its place among the others, would have done."""

    days: int
    trial: Trial
    seen: int
    """Past conversations that were looked at."""
    is_cut: bool
    """There were more; the newest were looked at."""
    differing: tuple[tuple[Conversation, int], ...] = ()
    """Those that people sent elsewhere, with the key of that service."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """How often the classifier's suggestions were right, with the interval of the first one."""

    n: int
    first: float | None = None
    low: float | None = None
    high: float | None = None
    either: float | None = None
    """The share of those where one of the two was right."""


def try_rule(rule: Rule, eyes: Eyes, *, understand: Understand, now: datetime, days: int) -> Tried:
    """Say what a rule would have done with the conversations of late that these eyes may see."""
    rows = _of_late(eyes, rule.institution, since=now - timedelta(days=days))
    sent = sent_by_people(rows[:MOST])
    own, ordered = routed(rule), _in_order(rule)
    asked = {condition.field for one in ordered for condition in one.conditions}
    # Nobody waits for the classifiers where no rule asks them.
    past = _past(rows[:MOST], sent, understand if asked & THOUGHT else nothing)
    taken = taken_by(own, ordered, past)
    trial = tried([own], taken)
    known = {row.pk: row for row in rows}
    return Tried(
        days=days,
        trial=Trial(
            total=trial.total,
            agreed=trial.agreed,
            elsewhere=trial.elsewhere,
            untouched=len(past) - len(taken),
        ),
        seen=len(past),
        is_cut=len(rows) > MOST,
        differing=tuple((known[key], sent[key]) for key in trial.elsewhere),
    )


def routed(rule: Rule) -> Routed:
    """Return a kept rule as routing reads it."""
    return Routed(
        rule=rule.pk or 0,
        name=rule.name,
        conditions=understood(rule.conditions),
        service=rule.service_id,
        urgency=rule.urgency,
    )


def _in_order(rule: Rule) -> list[Routed]:
    """Return the rules that count and this one, in their order."""
    rows = Rule.objects.filter(institution=rule.institution_id).filter(
        Q(is_on=True) | Q(pk=rule.pk)
    )
    return [routed(rule if row.pk == rule.pk else row) for row in rows]


def _of_late(eyes: Eyes, institution: Institution, *, since: datetime) -> list[Conversation]:
    rows = visible(eyes).filter(
        box__institution=institution, merged_into__isnull=True, opened_at__gte=since
    )
    found = rows.exclude(service=None).select_related("box", "service", "contact")
    return list(found.order_by("-opened_at", "-pk")[: MOST + 1])


def sent_by_people(rows: Iterable[Conversation]) -> dict[int, int]:
    """Return where people sent each conversation; one that no person touched is left out."""
    known = {row.pk: row for row in rows}
    sent = {
        key: row.service_id
        for key, row in known.items()
        if row.answered_at is not None and row.service_id is not None
    }
    passages = Passage.objects.filter(conversation__in=known, service__isnull=False)
    for key, service, by in passages.order_by("at", "pk").values_list(
        "conversation_id", "service_id", "by"
    ):
        if service is not None and not by.startswith(AUTOMATIC):
            sent[key] = service
    return sent


def _past(
    rows: Sequence[Conversation], sent: Mapping[int, int], understand: Understand
) -> list[Past]:
    """Return conversations as rules would find them today, read anew from their first message."""
    chosen = [row for row in rows if row.pk in sent]
    firsts = _first_messages(chosen)
    texts = [_words(row, firsts.get(row.pk)) for row in chosen]
    return [
        Past(
            conversation=row.pk,
            facts=_facts(row, firsts.get(row.pk), text, said),
            service=sent[row.pk],
        )
        for row, text, said in zip(chosen, texts, understand(texts), strict=True)
    ]


def _first_messages(rows: Sequence[Conversation]) -> dict[int, Message]:
    found: dict[int, Message] = {}
    messages = Message.objects.filter(
        conversation__in=[row.pk for row in rows], direction="in", is_automatic=False
    ).select_related("handle")
    for message in messages.order_by("conversation_id", "said_at", "pk"):
        found.setdefault(message.conversation_id, message)
    return found


def _words(row: Conversation, first: Message | None) -> str:
    return f"{row.subject} {first.words if first else ''}".strip()


def _facts(row: Conversation, first: Message | None, text: str, said: Understood) -> Facts:
    network = first.handle.network if first and first.handle else row.box.channel
    return Facts(
        channel=row.box.channel,
        box=row.box.name,
        network=network,
        kind=row.kind,
        is_public=row.is_public,
        language=row.language or said.language,
        intents=said.intents or tuple(row.intents),
        offices=said.offices,
        urgency="high" if said.is_urgent else "normal",
        words=text,
    )


def record_of(eyes: Eyes, *, since: datetime) -> Record:
    """Return how often the classifier's first suggestion was where people sent a conversation."""
    rows = list(
        visible(eyes)
        .filter(opened_at__gte=since, suggestion__isnull=False, merged_into__isnull=True)
        .exclude(suggestion__services=[])
        .order_by("-opened_at")[:MOST_JUDGED]
    )
    sent = sent_by_people(rows)
    suggested = dict(
        Suggestion.objects.filter(conversation__in=sent).values_list("conversation_id", "services")
    )
    judged = [([key for key, _sure in suggested[one]], sent[one]) for one in suggested]
    n = len(judged)
    if not n:
        return Record(n=0)
    first = sum(thought[0] == went for thought, went in judged) / n
    low, high = wilson_of(first, n)
    either = sum(went in thought[:2] for thought, went in judged) / n
    return Record(n=n, first=first, low=low, high=high, either=either)
