"""Fills an inbox with invented conversations, as many and as unequal as a large one has.

The n-th word of the vocabulary comes 1/n as often as the first. Nine conversations of ten are
closed; one service of twelve is confidential; a conversation holds five messages on average. The
rows are the same for the same arguments.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.core.management.color import no_style
from django.db import connection, models, transaction

from bench.over_databases import Size
from vigie.inbox import in_step
from vigie.inbox.marks import marks_of
from vigie.inbox.models import (
    Box,
    Contact,
    Conversation,
    Handle,
    Hours,
    Message,
    Passage,
    Target,
    Wording,
)
from vigie.inbox.searching import joined
from vigie.register.models import Institution, Service

SERVICES = 12
VOCABULARY = 40_000
TEXTS = 40_000
"""Different texts, of which every message is one."""
SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "ha", "jé", "ki", "lo", "mu", "na", "pè", "qui", "ro", "su", "ta",
    "ve", "xi", "zo", "cha", "tion", "ment", "eur", "oir", "ou", "ique",
)  # fmt: skip
PLACED = {0: "bonjour", 1: "de", 2: "la", 3: "merci", 60: "inscription", 90: "étudiant"}
STATES = ("closed", "open", "waiting", "snoozed")
STATE_SHARES = (0.89, 0.06, 0.04, 0.01)
KINDS = ("mail", "direct", "comment", "mention", "review", "form", "found")
KIND_SHARES = (0.55, 0.2, 0.12, 0.08, 0.001, 0.039, 0.01)


def fill(size: Size, *, now: datetime) -> None:
    """Write everything, in one transaction a table; what the database keeps itself, at the end."""
    in_step.take_away(connection)
    chance = random.Random(1)
    services = _services()
    box = Box.objects.create(name="mail", label="Questions", channel="mail",
                             institution=Institution.objects.get())  # fmt: skip
    texts = _texts()
    contacts = size.conversations // 3
    people = (
        (n, f"{texts[n % TEXTS].split()[0].title()} {n}", "", "", "[]", "unknown", now, now)
        for n in range(1, contacts + 1)
    )
    names = ("id", "name", "sought", "language", "tags", "consent", "created_at", "seen_at")
    _put(Contact, names, people)
    handles = ((n, n, "mail", f"person{n}@example.org", "") for n in range(1, contacts + 1))
    _put(Handle, ("id", "contact_id", "network", "address", "shown"), handles)
    opened = [now - timedelta(minutes=chance.randrange(60, 2 * 365 * 1440))
              for _n in range(size.conversations)]  # fmt: skip
    rows = list(_conversations(opened, box.pk, contacts, services, texts, now))
    _put(Conversation, CONVERSATION, rows)
    marks = [_marks(dict(zip(CONVERSATION, row, strict=True))) for row in rows]
    passed = ((n, n, services[n % SERVICES], at, "rule", "{}") for n, at in enumerate(opened, 1))
    _put(Passage, ("id", "conversation_id", "service_id", "at", "by", "reason"), passed)
    _messages(size, opened, box.pk, contacts, texts, marks)
    in_step.install(connection)
    _reset()


def _marks(row: Mapping[str, Any]) -> str:
    return marks_of(
        state=row["state"], kind=row["kind"], service=row["service_id"], is_merged=False
    )


def _services() -> list[int]:
    institution = Institution.objects.create(slug="northfield", name="Northfield University")
    return [
        Service.objects.create(institution=institution, name=f"Service {n}", slug=f"service-{n}",
                               is_confidential=n == 0).pk
        for n in range(SERVICES)
    ]  # fmt: skip


def _texts() -> list[str]:
    """Invent texts of words as unequally frequent as words are."""
    chance = np.random.default_rng(1)
    words = np.array([
        "".join(chance.choice(SYLLABLES, size=2 + n % 3)) for n in range(VOCABULARY)
    ], dtype=object)  # fmt: skip
    for place, word in PLACED.items():
        words[place] = word
    weights = 1 / np.arange(2, VOCABULARY + 2)
    lengths = chance.poisson(24, size=TEXTS) + 3
    drawn = chance.choice(words, size=int(lengths.sum()), p=weights / weights.sum())
    ends = lengths.cumsum()
    return [" ".join(drawn[end - length : end]) for length, end in zip(lengths, ends, strict=True)]


CONVERSATION = (
    "id", "box_id", "thread", "kind", "is_public", "contact_id", "subject", "language", "intents",
    "urgency", "state", "snoozed_until", "service_id", "opened_at", "asked_at", "incoming_at",
    "answered_at", "outgoing_at", "closed_at", "reopened", "touched_at", "due_at", "expires_at",
    "escalated",
)  # fmt: skip


def _conversations(
    opened: Sequence[datetime], box: int, contacts: int, services: Sequence[int],
    texts: Sequence[str], now: datetime,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    chance = np.random.default_rng(2)
    states = chance.choice(STATES, size=len(opened), p=STATE_SHARES)
    kinds = chance.choice(KINDS, size=len(opened), p=KIND_SHARES)
    hour = timedelta(hours=1)
    for number, at in enumerate(opened, 1):
        state, kind = str(states[number - 1]), str(kinds[number - 1])
        is_owed = state in ("open", "snoozed")
        is_urgent = is_owed and number % 400 == 0
        due = now + ((number % 400) - 40) * hour if is_owed and number % 3 else None
        subject = " ".join(texts[number % TEXTS].split()[:5]) if kind in ("mail", "form") else ""
        service = services[number % SERVICES] if number % 20 else None
        yield (number, box, f"t{number}", kind, kind in ("comment", "mention", "review"),
               1 + number % contacts, subject, "fr", '["question"]',
               "high" if is_urgent else "normal", state,
               now + hour if state == "snoozed" else None, service, at, at, at,
               None if is_owed else at + hour, None if is_owed else at + hour,
               at + 30 * hour if state == "closed" else None, 0, at + 30 * hour, due, due,
               0)  # fmt: skip


MESSAGE = (
    "id", "conversation_id", "box_id", "direction", "key", "external", "answers_to", "handle_id",
    "words", "url", "is_automatic", "said_at", "received_at", "facts", "is_withdrawn", "state",
    "approved_by", "tries", "sent_at",
)  # fmt: skip


def _messages(
    size: Size,
    opened: Sequence[datetime],
    box: int,
    contacts: int,
    texts: Sequence[str],
    marks: Sequence[str],
) -> None:
    chance = np.random.default_rng(3)
    counts = 1 + chance.poisson(size.messages / size.conversations - 1, size=size.conversations)
    counts[0] += max(size.messages - int(counts.sum()), 0)
    picked = chance.integers(0, TEXTS, size=int(counts.sum()))
    starts = counts.cumsum() - counts

    def messages() -> Iterator[tuple[Any, ...]]:
        number = 0
        for conversation, (at, count) in enumerate(zip(opened, counts, strict=True), 1):
            for place in range(int(count)):
                number += 1
                said = at + timedelta(minutes=17 * place)
                is_in = place % 2 == 0
                yield (number, conversation, box, "in" if is_in else "out", f"k{number}", "", "",
                       1 + conversation % contacts if is_in else None,
                       texts[picked[number - 1]], "", False, said, said, "{}", False,
                       "received" if is_in else "sent", "", 0, None if is_in else said)  # fmt: skip

    def wordings() -> Iterator[tuple[Any, ...]]:
        for conversation, (start, count) in enumerate(zip(starts, counts, strict=True), 1):
            contact = 1 + conversation % contacts
            said = [texts[text] for text in picked[start : start + count]]
            words = joined([f"person{contact}@example.org", *said])
            yield conversation, words, marks[conversation - 1]

    _put(Message, MESSAGE, messages())
    _put(Wording, ("conversation_id", "words", "marks"), wordings())


def _put(model: type[models.Model], columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Write rows as fast as the database takes them."""
    table, names = model._meta.db_table, ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        connection.connection.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", map(_for_sqlite, rows)
        )


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime)
        else value
        for value in row
    )  # fmt: skip


def _reset() -> None:
    """Let new rows be numbered after these, and the planner know what there is."""
    known = [Contact, Handle, Conversation, Passage, Message]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), known):
            cursor.execute(statement)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def give_hours(now: datetime) -> None:
    """Let every service but one keep hours, and owe an answer within a day of them."""
    week = {str(day): [["09:00", "12:00"], ["14:00", "17:00"]] for day in range(5)}
    for service in Service.objects.all()[1:]:
        Hours.objects.create(service=service, week=week, changed_at=now)
    Target.objects.create(response_minutes=480)
