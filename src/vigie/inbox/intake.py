"""What comes in: safe on the disk before it is acknowledged, then read; its journal adds up.

A payload that cannot be read is put aside with its reason after a few tries, and never stands in
the way of the next one. Whatever is delivered twice, out of order or after a crash is one message.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.models import Count, Q, QuerySet, Sum

from vigie.errors import VigieError
from vigie.inbox import own_reading
from vigie.inbox.admission import Admitted, Came, Office
from vigie.inbox.admitting import MOST_AT_ONCE, admit
from vigie.inbox.channel import Channel, Received
from vigie.inbox.models import Arrival, Box, FormerWords, Sketch
from vigie.inbox.owing import Terms
from vigie.inbox.returning import take_returned
from vigie.inbox.safe_files import write_all
from vigie.inbox.withdrawing import let_go_of_withdrawals, withdraw
from vigie.words import LANGUAGES, Words, _, say

FOLDER = "arrivals"
OWN = ".vigie"
"""How the file of a payload ends that we wrote ourselves: no network can name its own so."""
MOST_BYTES_AT_ONCE = 4 << 20
"""Of payloads that are read together."""
MOST_TRIES = 5
"""Times a payload is tried that broke us before it goes into quarantine."""
PASSING = ("SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_READONLY")
PASSING_STATES = frozenset({"08", "40", "53", "57"})
"""Of PostgreSQL: no connection, a deadlock, no room, shut down."""
COUNTS = ("seen", "kept", "duplicate", "refused", "ignored")

_log = logging.getLogger("vigie.inbox")


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What came in by a box: *seen = kept + duplicate + refused + ignored*."""

    payloads: int
    waiting: int
    refused_payloads: int
    seen: int
    kept: int
    duplicate: int
    refused: int
    ignored: int

    @property
    def adds_up(self) -> bool:
        """Whether nothing is missing."""
        return self.seen == self.kept + self.duplicate + self.refused + self.ignored


def put(box: Box, body: bytes, *, home: Path, now: datetime, is_own: bool = False) -> Arrival:
    """Keep a payload; once this returns it is on the disk and in the journal, whatever happens.

    Raises ``OSError`` when the disk is full: then nothing was acknowledged, and it comes again.
    """
    put_all(box, [body], home=home, now=now, is_own=is_own)
    return Arrival.objects.get(box=box, digest=_digest(body))


def put_all(
    box: Box, bodies: Iterable[bytes], *, home: Path, now: datetime, is_own: bool = False
) -> None:
    """Keep payloads; once this returns all are on the disk and in the journal.

    Waiting for the disk takes hardly longer for many than for one. Raises ``OSError`` when it is
    full: then none was acknowledged, and all come again.
    """
    named = {_digest(body): body for body in bodies}
    known = Arrival.objects.filter(box=box, digest__in=list(named))
    for digest in known.values_list("digest", flat=True):
        del named[digest]
    folder = Path(FOLDER) / box.name / f"{now:%Y-%m-%d}"
    ending = OWN if is_own else ""
    write_all(home / folder, {f"{digest}{ending}": body for digest, body in named.items()})
    Arrival.objects.bulk_create(
        [
            Arrival(box=box, digest=digest, file=f"{folder / digest}{ending}", size=len(body),
                    received_at=now)
            for digest, body in named.items()
        ],
        # Somebody else may be brought the same payload in the same moment.
        ignore_conflicts=True,
    )  # fmt: skip


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def take_waiting(
    box: Box, channel: Channel, office: Office, *, but: Collection[int] = ()
) -> list[Admitted]:
    """Read every payload of a box that waits, oldest first, but for those that must wait longer."""
    done: list[Admitted] = []
    while True:
        rows = waiting_in(box).exclude(pk__in=but)
        waiting = list(_not_too_many(rows[:MOST_AT_ONCE]))
        if not waiting:
            return done
        done += _together(box, channel, waiting, office) or [
            admitted
            for arrival in waiting
            for admitted in [_alone(box, channel, arrival, office)]
            if admitted is not None
        ]


def _not_too_many(rows: Iterable[Arrival]) -> Iterator[Arrival]:
    """Yield payloads until they are as large as may be held at once; one at least."""
    size = 0
    for row in rows:
        size += row.size
        if size > MOST_BYTES_AT_ONCE and size > row.size:
            return
        yield row


def waiting_in(box: Box) -> QuerySet[Arrival]:
    """Return the payloads of a box that wait to be read, oldest first."""
    return Arrival.objects.filter(box=box, state="waiting").order_by("received_at", "id")


def _together(
    box: Box, channel: Channel, arrivals: Sequence[Arrival], office: Office
) -> list[Admitted]:
    """Take many payloads in one transaction; nothing when one of them stands in the way."""
    try:
        return [_admitted(box, channel, arrivals, office)]
    except (VigieError, DatabaseError, ValueError, OSError) as error:
        _log.info("Payloads of %s are read one by one: %s", box.name, type(error).__name__)
        return []


def _alone(box: Box, channel: Channel, arrival: Arrival, office: Office) -> Admitted | None:
    try:
        return _admitted(box, channel, [arrival], office)
    except VigieError as error:
        put_aside(arrival, error.words, now=office.now)
    except FileNotFoundError:
        put_aside(arrival, _("Its file is gone. Nothing more is known of it."), now=office.now)
    except (DatabaseError, ValueError) as error:
        if _passes(error):
            raise
        _tried(arrival, error, office)
    return None


def _passes(error: Exception) -> bool:
    """Whether the payload has no part in it: the disk is full, the database busy or away."""
    cause = error.__cause__
    named, state = getattr(cause, "sqlite_errorname", ""), getattr(cause, "sqlstate", None) or ""
    return str(named).startswith(PASSING) or str(state)[:2] in PASSING_STATES


def _tried(arrival: Arrival, error: Exception, office: Office) -> None:
    tries = arrival.tries + 1
    Arrival.objects.filter(pk=arrival.pk).update(tries=tries)
    if tries >= MOST_TRIES or isinstance(error, ValueError):
        reason = _("Reading it broke: {kind}. Report this, then read it again.",
                   kind=type(error).__name__)  # fmt: skip
        put_aside(arrival, reason, now=office.now)


def put_aside(arrival: Arrival, reason: Words, *, now: datetime) -> None:
    """Put a payload into quarantine, with the reason."""
    said = {language: say(reason, language) for language in LANGUAGES}
    Arrival.objects.filter(pk=arrival.pk, state="waiting").update(
        state="refused", reason=said, seen=1, refused=1, handled_at=now
    )


def _admitted(box: Box, channel: Channel, arrivals: Sequence[Arrival], office: Office) -> Admitted:
    """Admit all that payloads hold, and say in the journal what became of it: both, or neither."""
    read = {one.pk: _said_by(one, channel, office.home) for one in arrivals}
    came = [
        Came(arrival=arrival, message=message)
        for arrival in arrivals
        for message in read[arrival.pk].messages
    ]
    with transaction.atomic():
        waiting = Arrival.objects.filter(pk__in=[one.pk for one in arrivals], state="waiting")
        locked = waiting.select_for_update().order_by("pk").values_list("pk", flat=True)
        # By its rows: to have them counted would lock none.
        if len(list(locked)) != len(arrivals):
            # Another worker was quicker: it has them, or has had them.
            return Admitted()
        admitted = admit(box, came, office)
        ours: dict[int, int] = {}
        for key, received in read.items():
            withdraw(box, received.withdrawn, home=office.home, terms=_terms(office))
            ours[key] = take_returned(box, received.returned, _terms(office))
        _note(arrivals, read, admitted, ours, office)
    return admitted


def _said_by(arrival: Arrival, channel: Channel, home: Path) -> Received:
    """Read a payload as its channel does; what we wrote ourselves is read the same everywhere."""
    body = (home / arrival.file).read_bytes()
    own = own_reading.read(body) if is_own(arrival) else None
    return own or channel.receive(body)


def is_own(arrival: Arrival) -> bool:
    """Whether a payload is a conversation that we wrote ourselves."""
    return arrival.file.endswith(OWN)


def _terms(office: Office) -> Terms:
    return replace(office.terms, now=office.now)


def _note(
    arrivals: Iterable[Arrival],
    read: Mapping[int, Received],
    admitted: Admitted,
    ours: Mapping[int, int],
    office: Office,
) -> None:
    kept, duplicate, ignored = (
        Counter(admitted.kept), Counter(admitted.duplicate), Counter(admitted.ignored)
    )  # fmt: skip
    rows = []
    for arrival in arrivals:
        received = read[arrival.pk]
        arrival.seen = received.seen
        strange = len(received.returned) - ours[arrival.pk]
        arrival.kept = kept[arrival.pk] + len(received.withdrawn) + ours[arrival.pk]
        arrival.duplicate = duplicate[arrival.pk]
        arrival.refused = len(received.unread)
        arrival.ignored = ignored[arrival.pk] + sum(received.ignored.values()) + strange
        arrival.state = _state(arrival)
        arrival.reason = _reason(received, strange=strange)
        arrival.handled_at = office.now
        rows.append(arrival)
    # As an upsert: an update of many rows by cases takes longer to write down than to do.
    Arrival.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*COUNTS, "state", "reason", "handled_at"],
    )


def _state(arrival: Arrival) -> str:
    if arrival.refused:
        return "refused"
    return "ignored" if arrival.ignored and arrival.ignored == arrival.seen else "done"


def _reason(received: Received, *, strange: int) -> dict[str, str] | None:
    if received.unread:
        words = received.unread[0].reason
        return {language: say(words, language) for language in LANGUAGES}
    names = {*received.ignored, *(("bounce",) if strange else ())}
    if names:
        named = ", ".join(sorted(names))
        return dict.fromkeys(LANGUAGES, named)
    return None


def read_again(arrival: Arrival) -> bool:
    """Let a payload in quarantine be read once more; false when its file was let go."""
    if not arrival.file:
        return False
    Arrival.objects.filter(pk=arrival.pk, state="refused").update(
        state="waiting", tries=0, reason=None, seen=0, kept=0, duplicate=0, refused=0, ignored=0
    )
    return True


def journal(box: Box, *, since: datetime | None = None) -> Journal:
    """Return what came in by a box, and what became of it."""
    rows = Arrival.objects.filter(box=box)
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    summed = rows.aggregate(
        payloads=Count("id"),
        waiting=Count("id", filter=Q(state="waiting")),
        refused_payloads=Count("id", filter=Q(state="refused")),
        **{f"{name}_sum": Sum(name, default=0) for name in COUNTS},
    )
    return Journal(
        payloads=summed["payloads"],
        waiting=summed["waiting"],
        refused_payloads=summed["refused_payloads"],
        **{name: summed[f"{name}_sum"] for name in COUNTS},
    )


def let_go(*, home: Path, before: datetime) -> int:
    """Delete the files of payloads that were read long ago; what they said stays in the journal.

    What messages said before their authors changed them goes with that.
    """
    let_go_of_withdrawals(before=before)
    FormerWords.objects.filter(at__lt=before).delete()
    old = Arrival.objects.filter(received_at__lt=before).exclude(state="waiting").exclude(file="")
    count = 0
    for arrival in old.iterator(chunk_size=500):
        (home / arrival.file).unlink(missing_ok=True)
        Arrival.objects.filter(pk=arrival.pk).update(file="")
        count += 1
    Sketch.objects.filter(arrival__file="").delete()
    return count
