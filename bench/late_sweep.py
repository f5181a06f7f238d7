"""Overdue sweep: 500 conversations that are late at once, three people to tell.

Run: python -m bench.late_sweep
Claim: under a second on SQLite, deciding, passages, links and log included, and one mail a person.
The peer, BrightBean, took 6.2 s for the same 500 and sent 500 mails (measured here).
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

COUNT, SECONDS, PEER_SECONDS, PEER_MAILS = 500, 1.0, 6.2, 500
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def prepared(home: Path) -> None:
    """Make a database with late conversations of one service, and its people."""
    import os

    os.environ["VIGIE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def asked() -> None:
    """Ask 500 questions that are due by now; half of them are told to the deputy."""
    from vigie.inbox.models import Box, Contact, Conversation
    from vigie.register.models import Institution, Person, Service
    from vigie.register.people import add_person

    place = Institution.objects.create(slug="northfield", name="Northfield University")
    alice, bob = (Person.objects.create(name=name, mail=f"{name}@northfield.example")
                  for name in ("alice", "bob"))  # fmt: skip
    library = Service.objects.create(institution=place, name="Library", slug="library",
                                     correspondent=alice, deputy=bob)  # fmt: skip
    for name in ("erin", "frank"):
        person = add_person(name, "long enough to be one", role="answerer")
        Person.objects.filter(pk=person.pk).update(mail=f"{name}@northfield.example")
    box = Box.objects.create(name="mail", label="Mail", channel="mail", institution=place)
    contact = Contact.objects.create(name="Marie", created_at=NOW, seen_at=NOW)
    early = NOW - timedelta(hours=8)
    Conversation.objects.bulk_create(
        Conversation(box=box, thread=f"<{number}>", kind="mail", contact=contact, service=library,
                     subject=f"Question {number}", opened_at=early, asked_at=early,
                     incoming_at=early, touched_at=early, due_at=NOW,
                     expires_at=NOW + timedelta(hours=number % 2 * 2))
        for number in range(COUNT)
    )  # fmt: skip


def main() -> int:
    """Print the seconds and the mails; fail when the claim does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        prepared(Path(folder))
        asked()
        from vigie.inbox.escalating import escalate_due
        from vigie.inbox.models import Mailing
        from vigie.inbox.owing import terms

        begun, spent = time.perf_counter(), time.process_time()
        told = escalate_due(terms(zone=ZoneInfo("Europe/Paris"), now=NOW))
        took, cpu = time.perf_counter() - begun, time.process_time() - spent
        mails = Mailing.objects.count()
        again = escalate_due(terms(zone=ZoneInfo("Europe/Paris"), now=NOW))
    print(f"vigie: {told} conversations in {took:.2f} s ({cpu:.2f} s of CPU), {mails} mails, "
          f"{again} told twice")  # fmt: skip
    print(f"BrightBean: {PEER_SECONDS} s, {PEER_MAILS} mails; claim: under {SECONDS} s, 3 mails")
    return 0 if (told, mails, again) == (COUNT, 3, 0) and took < SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
