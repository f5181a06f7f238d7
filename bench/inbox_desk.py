"""The desk at 200,000 conversations and 1,000,000 messages, over SQLite and over PostgreSQL.

Run: python -m bench.inbox_desk [sqlite|postgresql] [--conversations 200000 --messages 1000000]
[--kept FOLDER]: filled databases are left there, and copied the next time (a minute less of each).
Aims (server time of the whole page, warm, 95th): the first page of the list, and every filter of
it, with its total, under 60 ms; a search for a common word and for an absent one, with its total,
under 100 ms; one conversation under 20 ms; what to link or merge it with, suggested or looked for,
under 100 ms; 500 messages a second taken in, every payload flushed to the disk and in the journal
before the mailbox is told how far it was read.
It fails where one is missed, and says which. Seen last on two quiet cores (load 1 to 2), 95th:
over SQLite lists and filters 28 ms, searches 52, one conversation 11 to 12, what to link or merge
43, and 634 to 676 messages a second;
over PostgreSQL lists and filters 40 ms, words 72, a phrase of two common words 96 (half of which is
fetching the words of 4,500 conversations that may hold it), one conversation 18 (of which 12 of our
own processor: the closest of all), what to link or merge 79, 573 to 654 messages a second.
Peers: BrightBean over SQLite (200,000 messages; search shows 50 rows without a total) and FreeScout
over PostgreSQL (201,000 conversations), one user each.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.over_databases import Measurement, Size, main

if TYPE_CHECKING:
    from django.test import Client

TIMES, WARMING = 40, 4
MAILS = 1500
MAILS_PER_SECOND = 500
LIMITS = {"list": 60.0, "filter": 60.0, "search": 100.0, "conversation": 20.0, "picker": 100.0}
PEERS: Mapping[str, Mapping[str, float]] = {
    "sqlite": {"list": 117, "filter": 42, "search": 139, "conversation": 21, "ingest": 81},
    "postgresql": {"list": 240, "search": 2400, "conversation": 310, "ingest": 21},
}
"""BrightBean and FreeScout: milliseconds, and messages or conversations a second."""
PAGES = {
    "list": {
        "the first page": "/inbox/",
        "the newest first": "/inbox/?order=newest",
        "any state": "/inbox/?state=any",
    },
    "filter": {
        "a service": "/inbox/?service=service-3",
        "nobody's": "/inbox/?service=nobody",
        "closed, a service": "/inbox/?state=closed&service=service-5",
        "a common kind": "/inbox/?state=any&kind=mail&order=newest",
        "a rare kind": "/inbox/?state=any&kind=review",
        "mine": "/inbox/?mine=1&state=any",
        "late": "/inbox/?late=1",
        "waiting": "/inbox/?state=waiting",
    },
    "search": {
        "a word of one in five": "/inbox/?state=any&q=inscription",
        "a word of nearly all": "/inbox/?state=any&q=bonjour",
        "an absent word": "/inbox/?state=any&q=xylophone",
        "two words, open": "/inbox/?q=inscription+étudiant",
        "a phrase": "/inbox/?state=any&q=%22bonjour+inscription%22",
        "a beginning": "/inbox/?state=any&q=inscri*",
        "a name": "/inbox/?state=any&q=person4711",
    },
    "conversation": {"of five messages, another each": "/inbox/{number}/"},
    "picker": {
        "what may belong with it": "/inbox/{number}/related/",
        "a word of one in five": "/inbox/{number}/related/?q=inscription",
        "an absent word": "/inbox/{number}/related/?q=xylophone",
        "two words": "/inbox/{number}/related/?q=bonjour+inscription",
    },
}


def _fill(size: Size) -> None:
    from bench.desk_rows import fill

    begun = time.perf_counter()
    fill(size, now=datetime.now(UTC))
    print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)


def _measure(database: str, size: Size) -> bool:
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    print(f"\n{database}: {size.conversations} conversations, {size.messages} messages; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    client = _signed_in()
    held = True
    for kind, pages in PAGES.items():
        for name, address in pages.items():
            held &= _page(database, kind, name, partial(_ask, client, address))
    done = _ingest(database)
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    return done and held


def _signed_in():  # type: ignore[no-untyped-def]  # Django's client, importable once it is set up
    from django.test import Client

    from vigie.inbox.models import Conversation
    from vigie.register.people import add_person
    from vigie.web.warming import settle

    person = add_person("erin", "a lamp on the north tower", role="answerer")
    mine = Conversation.objects.filter(pk__lte=3000).exclude(service__isnull=True)
    mine.filter(pk__in=range(0, 3000, 7)).update(person=person)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.user)
    for address in ("/inbox/", "/inbox/3/"):
        client.get(address)
    # As a server does once its first pages are made.
    settle()
    return client


def _ask(client: Client, address: str, number: int):  # type: ignore[no-untyped-def]  # as above
    # Every twelfth belongs to the confidential service, and is not found.
    return client.get(address.format(number=3 + number * 12))


def _page(database: str, kind: str, name: str, ask: Callable[[int], Any]) -> bool:
    times, busy, response = [], [], None
    for number in range(WARMING + TIMES):
        begun, worked = time.perf_counter(), time.process_time()
        response = ask(number)
        if number >= WARMING:
            times.append((time.perf_counter() - begun) * 1000)
            busy.append((time.process_time() - worked) * 1000)
    assert response.status_code == 200, response.status_code
    times.sort()
    at95, median = times[int(len(times) * 0.95)], times[len(times) // 2]
    heading = re.search(r"<h1>([\d,]+)", response.text)
    total = heading[1] if heading else None
    peer = PEERS[database].get(kind)
    ratio = f"; peer {peer:.0f} ms: {peer / median:.1f} times quicker" if peer else ""
    missed = "" if at95 < LIMITS[kind] else "  AIM MISSED"
    print(f"{kind:>13} {name:<24} least {times[0]:6.1f}, median {median:6.1f}, 95th {at95:6.1f} "
          f"ms, own processor {sum(busy) / len(busy):5.1f} ms, total {total or '–'}{ratio}{missed}",
          flush=True)  # fmt: skip
    return at95 < LIMITS[kind]


def _ingest(database: str) -> bool:
    """Put payloads and take them in, as the work of the site does."""
    from django.conf import settings

    from vigie.inbox.boxes import office_of
    from vigie.inbox.channels.mail import Mail
    from vigie.inbox.intake import put_all, take_waiting
    from vigie.inbox.models import Box, Message
    from vigie.inbox.working import MOST_PUT

    box = Box.objects.get(name="mail")
    now, home = datetime.now(UTC), Path(settings.CONFIGURED.home)
    office = office_of(box, settings=settings.CONFIGURED, now=now)
    channel = Mail({}, address="hello@northfield.example")
    # A worker that was just started reads the words of its rules with the first message.
    put_all(box, [_mail(number) for number in range(MAILS, MAILS + 2)], home=home, now=now)
    take_waiting(box, channel, office)
    before = Message.objects.count()
    begun, worked = time.perf_counter(), time.process_time()
    for start in range(0, MAILS, MOST_PUT):
        together = [_mail(number) for number in range(start, min(start + MOST_PUT, MAILS))]
        put_all(box, together, home=home, now=now)
    safe = time.perf_counter() - begun
    take_waiting(box, channel, office)
    took, busy = time.perf_counter() - begun, time.process_time() - worked
    assert Message.objects.count() == before + MAILS
    assert _is_found(f"{MAILS - 1}")
    rate = MAILS / took
    peer = PEERS[database]["ingest"]
    print(f"       ingest {MAILS} mails in {took:.2f} s ({safe:.2f} s until safe; own processor "
          f"{busy:.2f} s): {rate:.0f} a second; peer {peer:.0f}: {rate / peer:.0f} times as many"
          f"{'' if rate >= MAILS_PER_SECOND else '  AIM MISSED'}")  # fmt: skip
    return rate >= MAILS_PER_SECOND


def _is_found(word: str) -> bool:
    """Whether what just came is found by its words."""
    from vigie.inbox.models import Conversation
    from vigie.inbox.searching import found
    from vigie.inbox.sought import sought

    return found(Conversation.objects.all(), sought(f"terminer {word}")).exists()


def _mail(number: int) -> bytes:
    thread = number // 2
    answers = f"In-Reply-To: <m{number - 1}@example.org>\r\n" if number % 2 else ""
    return (
        f"From: Person <new{thread}@example.org>\r\nTo: hello@northfield.example\r\n"
        f"Subject: =?utf-8?q?Inscription_=C3=A9tudiant_{thread}?=\r\n{answers}"
        f"Message-ID: <m{number}@example.org>\r\nDate: Thu, 01 Oct 2026 12:00:00 +0000\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Bonjour, comment terminer mon inscription ? {json.dumps(number)}\r\n" + "Merci. " * 40
    ).encode()


if __name__ == "__main__":
    sys.exit(main(Measurement(name="inbox_desk", fill=_fill, measure=_measure)))
