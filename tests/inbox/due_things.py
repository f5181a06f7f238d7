"""A few hundred things that are due in an inbox, of every kind, and what became of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model

from vigie.inbox.asking import Asked, written
from vigie.inbox.intake import journal, put
from vigie.inbox.models import (
    AnswerLink,
    Arrival,
    Box,
    Capacity,
    Contact,
    Conversation,
    Handle,
    Mailing,
    Message,
    Passage,
    Satisfaction,
)
from vigie.register.log import verify
from vigie.register.models import Institution, LogEntry, Person, Role, Service

NOW = datetime(2026, 10, 7, 6, 0, tzinfo=UTC)
"""Eight o’clock on a Wednesday in Paris: digests are due."""
EACH = 12
HOUR = timedelta(hours=1)
AGO = dict.fromkeys(("opened_at", "asked_at", "incoming_at", "touched_at"), NOW - 48 * HOUR)


class Due:
    """Northfield, with two forms on its site, and much to do."""

    def __init__(self, home: Path) -> None:
        self.home, self.number = home, count(1)
        self.northfield = Institution.objects.create(slug="northfield", name="Northfield")
        self.form, self.other = self._box("form"), self._box("other")
        words = {"words": {"en": "Hello"}, "when": "always", "since": ""}
        Box.objects.filter(pk=self.form.pk).update(greeting=words)

    def _box(self, name: str) -> Box:
        return Box.objects.create(name=name, label=name, channel="form", state="working",
                                  institution=self.northfield)  # fmt: skip

    def _service(self, name: str, **given: Any) -> Service:
        return Service.objects.create(institution=self.northfield, name=name, slug=name,
                                      asks_by_mail="always", **given)  # fmt: skip

    def _person(self, name: str) -> Person:
        return Person.objects.create(name=name, mail=f"{name}@northfield.example")

    def _contact(self) -> Contact:
        name = f"student{next(self.number)}"
        made = Contact.objects.create(name=name, created_at=NOW, seen_at=NOW)
        Handle.objects.create(contact=made, network="mail", address=f"{name}@example.org")
        return made

    def _asked(self, contact: Contact | None = None, **given: Any) -> Conversation:
        whose, key = contact or self._contact(), f"q{next(self.number)}"
        known = {"box": self.form, "thread": key, "kind": "form", "contact": whose}
        row = Conversation.objects.create(**{**known, **AGO, **given})
        self._said(row, key, direction="in", handle=whose.handles.first(), state="received")
        return row

    def _said(self, row: Conversation, key: str, **given: Any) -> None:
        at = row.opened_at
        Message.objects.create(conversation=row, box=row.box, key=key, words="Is it open?",
                               said_at=at, received_at=at, **given)  # fmt: skip

    def to_ask_and_to_escalate(self) -> None:
        """Ask librarians by mail; of some questions a tenth of the time is left, or a quarter."""
        deputy = self._person("deputy")
        for number in range(EACH):
            librarian = self._person(f"librarian{number}")
            library = self._service(f"library{number}", correspondent=librarian, deputy=deputy)
            for hours in (None, 1, 8):
                ends = {"expires_at": NOW + hours * HOUR} if hours else {}
                self._asked(service=library, **ends)

    def to_share_out(self) -> None:
        """Give to three people, who together have room for three quarters of what waits."""
        for name in ("admissions", "housing"):
            office = self._service(name)
            for number in range(3):
                user = get_user_model().objects.create(username=f"{name}{number}")
                person = Person.objects.create(user=user)
                Role.objects.create(person=person, service=office, name="answerer")
                Capacity.objects.create(service=office, person=person, most=EACH // 4)
            for _one in range(EACH):
                self._asked(service=office)

    def to_send_to_greet_and_to_wake(self) -> None:
        """Answer, greet, ask once whether they were helped, and open what was put aside."""
        for number in range(EACH):
            answered = {"answered_at": NOW - 5 * HOUR, "outgoing_at": NOW - 5 * HOUR}
            whose = self._contact()
            for _twice in range(2):
                self._asked(whose, state="closed", closed_at=NOW - 3 * HOUR, **answered)
            self._asked(state="snoozed", snoozed_until=NOW - HOUR)
            self._asked(opened_at=NOW - HOUR / 2)
            row = self._asked(state="waiting", outgoing_at=NOW)
            self._said(row, f"r{number}", direction="out", state="due", next_try_at=NOW)

    def to_take_in(self) -> None:
        """Bring what the same people ask by both forms, in another order."""
        for number in range(EACH):
            for box, place in ((self.form, number), (self.other, EACH - 1 - number)):
                asked = Asked(words="When?", mail=f"asker{place}@example.org")
                body = written(asked, key=f"{box.name}{number}", at=NOW)
                put(box, body, home=self.home, now=NOW)


def prepare(home: Path) -> None:
    """Write down all that is due."""
    due = Due(home)
    due.to_ask_and_to_escalate()
    due.to_share_out()
    due.to_send_to_greet_and_to_wake()
    due.to_take_in()


def told_twice(mails: Path) -> dict[str, list[str]]:
    """Return what was done more than once, by what it is; nothing else is in it."""
    left = [json.loads(line) for line in mails.read_text("utf-8").splitlines()]
    log = LogEntry.objects.values_list("action", "subject")
    found = {
        "mails": _twice(f"{mail['to']} {mail['mark']}" for mail in left),
        "questions": _twice(AnswerLink.objects.values_list("conversation", "person")),
        "entries of the log": _twice(log.filter(action__in=("inbox.share", "inbox.escalate"))),
        "passages": _twice(Passage.objects.values_list("conversation", "by")),
        "helped": _twice(Satisfaction.objects.values_list("conversation__contact")),
        "askers": _twice(Handle.objects.values_list("network", "address")),
    }
    return {what: twice for what, twice in found.items() if twice}


def _twice(named: Iterable[object]) -> list[str]:
    return sorted(str(one) for one, times in Counter(named).items() if times > 1)


def became() -> dict[str, object]:
    """Return how much of everything was done."""
    states = Message.objects.filter(direction="out").values_list("state", "tries")
    people = Conversation.objects.filter(person__isnull=False).values_list("person", flat=True)
    kinds = Counter(Mailing.objects.filter(sent_at__isnull=False).values_list("kind", flat=True))
    return {
        "asked": AnswerLink.objects.filter(mailing__kind="ask").count(),
        "deputies": kinds["deputy"],
        "escalated": LogEntry.objects.filter(action="inbox.escalate").count(),
        "carried": set(Counter(people).values()),
        "shared": len(people),
        "helped": Satisfaction.objects.count(),
        "snoozed": Conversation.objects.filter(state="snoozed").count(),
        "replies": set(states),
        "greeted": Message.objects.filter(key__startswith="greet").count(),
        "arrivals": set(Arrival.objects.values_list("state", "tries")),
        "kept": sum(journal(box).kept for box in Box.objects.all()),
        "unsent": Mailing.objects.filter(sent_at__isnull=True).count(),
        "is whole": verify().is_whole,
    }
