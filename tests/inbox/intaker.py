"""Takes in messages until it is killed: ``python -m tests.inbox.intaker ROLE NUMBER``.

``bring`` says each message once it is safe, as the site answers a network; ``read`` reads what
waits, again and again; ``tell`` says what the inbox holds, as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from vigie.cli.records import open_records
from vigie.settings import load


def prepare() -> None:
    """Connect the page of Northfield."""
    from vigie.inbox.models import Box
    from vigie.register.models import Institution

    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    Box.objects.create(
        name="page", label="Page", channel="messenger", institution=northfield, address="4242",
        options={},
    )  # fmt: skip


def bring(number: int) -> None:
    """Hand over one message after the other, each told twice."""
    from tests.inbox.meta_told import event, page
    from vigie.cli import inbox_work

    for count in range(1_000_000):
        key = f"m_{number}_{count}"
        body = page(event(key, sender=f"{number}{count % 40:03}"))
        for _time in range(2):
            inbox_work.share("meta", body, datetime.now(UTC), settings=load())
        print(key, flush=True)


def read(once: bool) -> None:
    """Read what waits; the network tells nobody's name."""
    from tests.collect.keyed import Scripted
    from vigie.cli import inbox_work

    while True:
        http = Scripted(answers=[(404, {})] * 1000)
        inbox_work.read_brought(settings=load(), http=http, clock=lambda: datetime.now(UTC))
        print("read", flush=True)
        if once:
            return


def tell() -> None:
    """Say what the inbox holds."""
    from vigie.inbox.intake import journal
    from vigie.inbox.models import Arrival, Box, Contact, Conversation, Message

    found = journal(Box.objects.get())
    held = {
        "keys": sorted(Message.objects.values_list("key", flat=True)),
        "adds_up": found.adds_up,
        "waiting": found.waiting,
        "kept": found.kept,
        "refused": list(Arrival.objects.filter(state="refused").values_list("reason", flat=True)),
        "conversations": Conversation.objects.count(),
        "contacts": Contact.objects.count(),
        "lost": Message.objects.filter(conversation__isnull=True).count(),
    }
    print(json.dumps(held))


def main() -> None:
    """Do what is asked."""
    open_records()
    role, number = sys.argv[1], int(sys.argv[2])
    match role:
        case "prepare":
            prepare()
        case "bring":
            bring(number)
        case "read":
            read(once=number > 0)
        case "tell":
            tell()


if __name__ == "__main__":
    main()
