"""Which contacts are suggested to be one person, and those a person said are two."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import Prefetch

from vigie.errors import InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.contacts import require_change, write
from vigie.inbox.looking_up import seen_by
from vigie.inbox.models import Contact, Handle, Message, NotTheSame
from vigie.inbox.pairs import Known, Pair, suggested
from vigie.inbox.visible import Eyes, visible
from vigie.words import _

MOST_COMPARED = 5_000
"""Contacts, those who wrote last, among which pairs are looked for."""
MOST_READ = 20_000
"""Messages with an address in them, the newest, in which signatures are looked for."""
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def pairs(eyes: Eyes) -> list[Pair]:
    """Return pairs of contacts that may be one person, without those told apart by a person."""
    recent = seen_by(eyes).filter(forgotten_at__isnull=True).order_by("-seen_at", "-pk")
    rows = list(recent.prefetch_related(Prefetch("handles"))[:MOST_COMPARED])
    written = _written(rows, eyes)
    apart = set(NotTheSame.objects.values_list("first_id", "second_id"))
    found = suggested(_known(row, written) for row in rows)
    return [pair for pair in found if (pair.first, pair.second) not in apart]


def _written(rows: list[Contact], eyes: Eyes) -> dict[int, set[str]]:
    """Return the addresses that each handle wrote, in conversations these eyes may see."""
    handles = {handle.pk for row in rows for handle in row.handles.all()}
    seen = visible(eyes).values("pk")
    messages = Message.objects.filter(
        direction="in", words__contains="@", handle__isnull=False, conversation__in=seen
    )
    found: dict[int, set[str]] = {}
    newest = messages.order_by("-pk").values_list("handle_id", "words")[:MOST_READ]
    for handle, words in newest.iterator(chunk_size=2000):
        if handle in handles:
            found.setdefault(handle, set()).update(one.casefold() for one in MAIL.findall(words))
    return found


def _known(row: Contact, written: dict[int, set[str]]) -> Known:
    handles: list[Handle] = list(row.handles.all())
    own = {handle.address.casefold() for handle in handles}
    wrote = {mail for handle in handles for mail in written.get(handle.pk, ())}
    return Known(
        contact=row.pk,
        name=row.name,
        handles=tuple((one.network, one.address, one.shown) for one in handles),
        mentioned=tuple(sorted(wrote - own)),
    )


def tell_apart(first: Contact, second: Contact, *, hand: Hand) -> None:
    """Remember that two contacts are two people: they are not suggested again."""
    for contact in (first, second):
        require_change(contact, hand)
    if first.pk == second.pk:
        raise InboxError(_("Choose two different contacts."))
    one, other = sorted((first.pk, second.pk))
    with transaction.atomic():
        _row, is_new = NotTheSame.objects.get_or_create(
            first_id=one,
            second_id=other,
            defaults={"by": hand.eyes.author.name, "at": hand.now},
        )
        if is_new:
            write("contact.tell_apart", first, hand, other=second.pk)


def suggest_again(row: NotTheSame, *, hand: Hand) -> None:
    """Let two contacts be suggested once more."""
    for contact in (row.first, row.second):
        require_change(contact, hand)
    with transaction.atomic():
        NotTheSame.objects.filter(pk=row.pk).delete()
        write("contact.suggest_again", row.first, hand, other=row.second_id)
