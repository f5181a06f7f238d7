"""An automatic greeting: once to a person, never to a machine, and never so that two of them talk.

It is no answer: no clock stops, and figures leave it out. What it must not do stands here together
(RFC 3834): answer what a machine or a list wrote, answer ourselves, answer one person again within
a week, go on for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vigie.errors import InboxError
from vigie.inbox.answering import longest
from vigie.inbox.assigning import CAME_BACK
from vigie.inbox.changes import Hand
from vigie.inbox.clock import is_open
from vigie.inbox.models import Box, Conversation, Message, Passage
from vigie.inbox.owing import Terms, window_of
from vigie.inbox.saved_replies import check, fill
from vigie.inbox.searching import note_words
from vigie.register import log
from vigie.register.models import Person
from vigie.register.rights import CONNECT_INBOX, require
from vigie.settings import Settings
from vigie.words import LANGUAGES, Words, _

PLACEHOLDERS: Mapping[str, Words] = {
    "name": _("the name of the person"),
    "service": _("the public name of the service that answers"),
}
WHENS: Mapping[str, Words] = {
    "closed": _("Outside the hours of the service that is asked"),
    "always": _("At any time"),
}
KINDS = ("mail", "form", "direct")
"""Where people are greeted: never in public."""
WITHIN = timedelta(hours=1)
"""Later it is no greeting: what waited during an outage is answered by people."""
PERIOD = timedelta(days=7)
"""One person is greeted once in it, whatever they ask and wherever."""
MOST, AT_ALL = 3, timedelta(days=90)
"""One person is greeted so often in that time, and no more."""
MOST_AN_HOUR = 60
"""By one box: more are no people who ask, but a flood."""
KEY = "greet"
"""How the key of a greeting begins."""
NOBODY = frozenset({"root", "daemon", "www-data", "postmaster", "webmaster", "listserv"})
"""Names before the @ that no person answers to."""
NOBODYS = ("noreply", "no-reply", "donotreply", "do-not-reply", "nepasrepondre", "ne-pas-repondre",
           "mailer-daemon", "bounce", "majordomo", "owner-", "-request", "autoreply",
           "auto-reply")  # fmt: skip
"""Parts of addresses that no person reads."""


def put_greeting(box: Box, words: Mapping[str, str], *, when: str, hand: Hand) -> None:
    """Keep what a box greets with, in each language; without words it greets nobody."""
    require(hand.eyes.author, CONNECT_INBOX)
    said = {
        name: text.strip() for name, text in words.items() if name in LANGUAGES and text.strip()
    }
    if when not in WHENS:
        raise InboxError(_("Say when people are greeted."))
    for text in said.values():
        check(text, tuple(PLACEHOLDERS))
    since = box.greeting.get("since") or hand.now.isoformat()
    greeting = {"words": said, "when": when, "since": since} if said else {}
    with transaction.atomic():
        Box.objects.filter(pk=box.pk).update(greeting=greeting)
        facts = {"languages": sorted(said), "when": when if said else ""}
        change = log.Change(action="inbox.greeting", subject=f"box {box.name}", facts=facts)
        log.write([change], by=hand.eyes.author, at=hand.now)


def greet_due(settings: Settings, *, terms: Terms) -> int:
    """Greet whoever just wrote for the first time in a week; return how many."""
    boxes = {box.pk for box in Box.objects.exclude(greeting={}).exclude(state="paused")}
    if not boxes:
        return 0
    ours = _our_addresses(settings)
    return sum(_greet(row, ours, settings, terms) for row in to_greet(terms).filter(box__in=boxes))


def to_greet(terms: Terms) -> QuerySet[Conversation]:
    """Return what people just began in private, and nobody said anything to yet."""
    said = Message.objects.filter(conversation=OuterRef("pk"), direction="out")
    back = Passage.objects.filter(conversation=OuterRef("pk"), by=CAME_BACK)
    return (
        Conversation.objects.filter(
            ~Exists(said), ~Exists(back), state="open", kind__in=KINDS, is_public=False,
            answered_at__isnull=True, outgoing_at__isnull=True, merged_into__isnull=True,
            opened_at__gt=terms.now - WITHIN, contact__forgotten_at__isnull=True,
        )
        .select_related("box__institution", "via", "service", "contact")
        .order_by("pk")
    )  # fmt: skip


def _our_addresses(settings: Settings) -> set[str]:
    """Return the addresses that are our own: two of ours must not talk to each other."""
    boxes = Box.objects.exclude(address="").values_list("address", flat=True)
    return {one.casefold() for one in (*boxes, settings.mail_from) if one}


def _greet(row: Conversation, ours: set[str], settings: Settings, terms: Terms) -> bool:
    last = _asked(row)
    if last is None or not _is_person(last, ours) or not _is_time(row, terms):
        return False
    words, limit = _words(row, settings), longest(row)
    if not words or (limit is not None and len(words) > limit):
        return False
    with transaction.atomic():
        # One worker at a time counts how many a box has greeted.
        Box.objects.select_for_update(no_key=True).filter(pk=row.box_id).first()
        if _is_enough(row, terms):
            return False
        _made, is_new = Message.objects.get_or_create(
            box=last.box, key=f"{KEY}{row.pk}",
            defaults={"conversation": row, "direction": "out", "answers_to": last.key,
                      "words": words, "is_automatic": True, "said_at": terms.now,
                      "received_at": terms.now, "state": "due", "next_try_at": terms.now,
                      "facts": last.facts},
        )  # fmt: skip
        note_words([row.pk])
    return is_new


def _asked(row: Conversation) -> Message | None:
    """Return what began a conversation, where a person wrote it."""
    said = row.messages.filter(direction="in", handle__isnull=False).exclude(is_withdrawn=True)
    first = said.select_related("handle", "box").order_by("said_at", "id").first()
    return None if first is None or first.is_automatic else first


def _is_person(asked: Message, ours: set[str]) -> bool:
    """Whether someone reads what is written there, and it is none of us."""
    handle = asked.handle
    if handle is None or handle.address.casefold() in ours:
        return False
    if handle.network != "mail":
        return True
    local = handle.address.casefold().partition("@")[0]
    staff = Person.objects.filter(mail__iexact=handle.address)
    is_nobody = local in NOBODY or any(part in local for part in NOBODYS)
    return not is_nobody and not staff.exists()


def _is_time(row: Conversation, terms: Terms) -> bool:
    """Whether a box greets what was begun at that moment."""
    kept = row.box.greeting
    if row.opened_at.isoformat() < str(kept.get("since", "")):
        return False
    if not window_of(row, now=terms.now).is_open:
        return False
    return kept.get("when") == "always" or not is_open(
        terms.hours_of(row.service_id), row.opened_at
    )


def _is_enough(row: Conversation, terms: Terms) -> bool:
    """Whether this person was greeted lately, or too often, or the box greeted a flood."""
    greetings = Message.objects.filter(direction="out", is_automatic=True, key__startswith=KEY)
    theirs = greetings.filter(conversation__contact=row.contact_id)
    if theirs.filter(said_at__gt=terms.now - PERIOD).exists():
        return True
    if theirs.filter(said_at__gt=terms.now - AT_ALL).count() >= MOST:
        return True
    lately = greetings.filter(box=row.box_id, said_at__gt=terms.now - timedelta(hours=1))
    return lately.count() >= MOST_AN_HOUR


def _words(row: Conversation, settings: Settings) -> str:
    """Return the greeting in the person's language, else the site's, else any."""
    kept: Mapping[str, str] = row.box.greeting.get("words", {})
    wanted = (row.contact.language, row.language, settings.language, *kept)
    language = next((name for name in wanted if name in kept), None)
    if language is None:
        return ""
    service = str(row.service) if row.service else str(row.box.institution)
    return fill(kept[language], {"name": row.contact.name, "service": service})
