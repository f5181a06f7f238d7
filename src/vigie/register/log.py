"""The log of changes: every entry carries the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from vigie.register.models import LogEntry
from vigie.register.rights import READ_LOG, Author, require
from vigie.words import Words, _

BEGINNING = "0" * 64
"""What the first entry is chained to."""

LONGEST_SUBJECT = 500
"""Characters: an index of PostgreSQL holds no longer one."""

Facts = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be remembered of a change."""

    action: str
    subject: str
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the log is whole, and where it is not."""

    entries: int
    last: str
    """Digest of the last entry: noted elsewhere, it also shows that the end was cut off."""
    broken: tuple[Words, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every entry is as it was written."""
        return not self.broken


def write(changes: Iterable[Change], *, by: Author, at: datetime | None = None) -> None:
    """Add entries at the end of the log, inside the transaction of the changes themselves."""
    with transaction.atomic():
        # Writers queue at the first entry, so that each reads the last one only in its turn.
        LogEntry.objects.select_for_update().filter(number=1).first()
        last = LogEntry.objects.order_by("-number").first()
        number, previous = (last.number, last.digest) if last else (0, BEGINNING)
        moment = at or timezone.now()
        entries = []
        for change in changes:
            number += 1
            entry = LogEntry(
                number=number,
                at=moment,
                by=by.name,
                action=change.action,
                subject=change.subject[:LONGEST_SUBJECT],
                facts=dict(change.facts),
                previous=previous,
            )
            entry.digest = previous = digest_of(entry)
            entries.append(entry)
        LogEntry.objects.bulk_create(entries, batch_size=1000)


def digest_of(entry: LogEntry) -> str:
    """Return the digest of an entry and of the one before it."""
    text = json.dumps(
        [
            entry.number,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.by,
            entry.action,
            entry.subject,
            entry.facts,
            entry.previous,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def verify(known: Mapping[int, str] | None = None) -> Verdict:
    """Read the whole log and say where it was altered, if it was.

    ``known`` are digests that were noted elsewhere, by the number of their entry: with one of
    them even a log that was cut off, or written anew from the start, is found out.
    """
    broken: list[Words] = []
    number, previous, noted = 0, BEGINNING, dict(known or {})
    for entry in LogEntry.objects.order_by("number").iterator(chunk_size=2000):
        if noted.pop(entry.number, entry.digest) != entry.digest:
            broken.append(_("Entry {number} is not the one that was noted.", number=entry.number))
        if entry.number != number + 1:
            broken.append(
                _("Entries {first} to {last} are missing.", first=number + 1, last=entry.number - 1)
            )
        elif entry.previous != previous:
            broken.append(_("Entry {number} does not follow the one before.", number=entry.number))
        if entry.digest != digest_of(entry):
            broken.append(_("Entry {number} was altered.", number=entry.number))
        number, previous = entry.number, entry.digest
    broken += [_("Entry {number}, which was noted, is missing.", number=one) for one in noted]
    return Verdict(entries=number, last=previous, broken=tuple(broken))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries are asked for; empty: all."""

    by: str = ""
    action: str = ""
    """Its name, or what it begins with: ``contact.`` is every change of contacts."""
    subject: str = ""
    """What its subject contains."""
    of: str = ""
    """Its whole subject: every change of one conversation, and none of the others."""
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Wanted, *, by: Author) -> QuerySet[LogEntry]:
    """Return entries, the last one first."""
    require(by, READ_LOG)
    rows = LogEntry.objects.order_by("-number")
    if wanted.by:
        rows = rows.filter(by=wanted.by)
    if wanted.action.endswith("."):
        among = [name for name in actions() if name.startswith(wanted.action)]
        rows = rows.filter(action__in=among)
    elif wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.of:
        rows = rows.filter(subject=wanted.of)
    if wanted.subject:
        rows = rows.filter(subject__icontains=wanted.subject)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def actions() -> list[str]:
    """Return which kinds of change were ever made."""
    return _each("action")


def authors() -> list[str]:
    """Return who ever changed something."""
    return _each("by")


def _each(column: str) -> list[str]:
    """Return each value of a column once: by steps along its index, not by reading every entry."""
    table, name = (connection.ops.quote_name(one) for one in (LogEntry._meta.db_table, column))
    first = f"SELECT MIN({name}) FROM {table}"
    step = f"SELECT ({first} WHERE {name} > step.found) FROM step WHERE step.found IS NOT NULL"
    sql = f"WITH RECURSIVE step(found) AS ({first} UNION ALL {step}) SELECT found FROM step"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [found for (found,) in cursor.fetchall() if found is not None]


def export(*, by: Author, wanted: Wanted | None = None) -> Iterator[Mapping[str, object]]:
    """Yield the entries in order, as lines of JSON can hold them."""
    names: Sequence[str] = ("number", "by", "action", "subject", "facts", "previous", "digest")
    rows = entries(wanted or Wanted(), by=by).order_by("number")
    for entry in rows.iterator(chunk_size=2000):
        line = {name: getattr(entry, name) for name in names}
        yield {**line, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
