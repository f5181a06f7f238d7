"""An erasure among 1,000,000 kept payloads: how long to find those that speak of one person.

Run: python -m bench.erasing [--payloads 1000000]
Claim: under 5 s of CPU on SQLite, receipt and log included, though none of the payloads says in its
row of whom it speaks: sketches of their words tell which to open. The peer is opening each, as it
is done where there is no sketch: measured of some, and reckoned for all.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.inbox_desk import _mail
from bench.late_sweep import prepared

SECONDS, SPEAKING, OPENED = 5.0, 20, 2_000


def filled(home: Path, count: int, now: datetime) -> None:
    """Keep payloads, of which few are really there: what is not opened need not be."""
    from django.db import connection, transaction

    from vigie.inbox.intake import put_all
    from vigie.inbox.models import Box
    from vigie.inbox.sketching import sketch_all, sketch_of
    from vigie.register.models import Institution

    place = Institution.objects.create(slug="northfield", name="Northfield University")
    box = Box.objects.create(name="mail", label="Mail", channel="mail", institution=place)
    real = [_mail(number) for number in range(OPENED)]
    real += [
        b"From: zoe.tour@example.org\r\n" + _mail(-number) for number in range(1, SPEAKING + 1)
    ]
    put_all(box, real, home=home, now=now)
    sketch_all(home=home, should_stop=lambda: False)
    chance, usual = random.Random(1), sketch_of(_mail(0))
    first = len(real) + 1
    rows = range(first, count + 1)
    with transaction.atomic(), connection.cursor():
        write = connection.connection.executemany
        write("INSERT INTO inbox_arrival(id, box_id, digest, file, size, received_at, state, "
              "tries, seen, kept, duplicate, refused, ignored) "
              "VALUES (?, ?, ?, ?, 900, '2026-10-01 12:00:00', 'done', 0, 1, 1, 0, 0, 0)",
              ((n, box.pk, f"{n:064x}", f"arrivals/{n}") for n in rows))  # fmt: skip
        write("INSERT INTO inbox_sketch(arrival_id, words) VALUES (?, ?)",
              ((n, usual + chance.randbytes(160)) for n in rows))  # fmt: skip


def main() -> int:
    """Print the seconds; fail when the claim does not hold, or a payload was passed over."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--payloads", type=int, default=1_000_000)
    count = asked.parse_args().payloads
    with tempfile.TemporaryDirectory() as folder:
        home, now = Path(folder), datetime.now(UTC)
        prepared(home)
        filled(home, count, now)
        from vigie.inbox.erasing import forget
        from vigie.inbox.forgetting import marks
        from vigie.inbox.models import Arrival, Contact, Handle
        from vigie.inbox.payload_search import is_in, pattern_of
        from vigie.inbox.visible import Eyes
        from vigie.register.rights import COMMAND_LINE

        zoe = Contact.objects.create(name="Zoé", created_at=now, seen_at=now)
        Handle.objects.create(contact=zoe, network="mail", address="zoe.tour@example.org")
        person = pattern_of(["zoe.tour@example.org"])
        begun = time.process_time()
        for row in Arrival.objects.order_by("pk")[:OPENED]:
            is_in((home / row.file).read_bytes(), person)
        each = (time.process_time() - begun) / OPENED
        begun, passed = time.process_time(), time.perf_counter()
        receipt = forget(zoe, eyes=Eyes(author=COMMAND_LINE), mark=marks("k"), home=home, now=now)
        cpu, passed = time.process_time() - begun, time.perf_counter() - passed
    print(f"vigie: {receipt.payloads} of {count} payloads found and erased in {cpu:.1f} s of CPU "
          f"({passed:.1f} s passed); opening each: {each * count:.0f} s, "
          f"{each * count / cpu:.0f} times as long; load {os.getloadavg()[0]:.1f}; "
          f"claim: under {SECONDS} s")  # fmt: skip
    return 0 if receipt.payloads == SPEAKING and cpu < SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
