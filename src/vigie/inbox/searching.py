"""Finding conversations by their words, and keeping those words in step with what is written.

Whoever writes, renames or erases words calls ``note_words`` in the same transaction. The index over
them is the database's own business: full text of PostgreSQL, FTS5 of SQLite.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from vigie.inbox.models import Conversation, Handle, Message, Wording
from vigie.inbox.routing import folded
from vigie.inbox.sought import Sought, for_postgresql, for_sqlite

MOST_LETTERS = 300_000
"""Of one conversation, the newest kept: PostgreSQL indexes less than a megabyte of one text."""
AT_ONCE = 500
SEPARATOR = " zzqzz "
"""A word that nobody writes: signs would not keep the end of one message from the next."""

SQLITE = "SELECT rowid FROM inbox_wording_index WHERE inbox_wording_index MATCH %s"
POSTGRESQL = """SELECT conversation_id FROM inbox_wording
    WHERE inbox_words(words) @@ to_tsquery('simple', %s) OFFSET 0"""
"""``OFFSET 0``: its index is asked first, whatever the order of the list tempts the planner to."""


def found(rows: QuerySet[Conversation], asked: Sought) -> QuerySet[Conversation]:
    """Return those of these conversations in which everything sought is said."""
    if not asked.terms:
        return rows.none() if asked.text else rows
    if connection.vendor == "postgresql":
        return rows.filter(pk__in=RawSQL(POSTGRESQL, [for_postgresql(asked)]))
    return rows.filter(pk__in=RawSQL(SQLITE, [for_sqlite(asked)]))


def note_words(conversations: Iterable[int]) -> None:
    """Write down anew by which words these conversations are found."""
    keys = sorted(set(conversations))
    for start in range(0, len(keys), AT_ONCE):
        _note(keys[start : start + AT_ONCE])


def note_words_of(contacts: Iterable[int]) -> None:
    """Write down anew by which words the conversations of contacts are found: their names count."""
    note_words(Conversation.objects.filter(contact__in=contacts).values_list("pk", flat=True))


def _note(keys: list[int]) -> None:
    rows = Conversation.objects.filter(pk__in=keys).values_list(
        "pk", "contact_id", "contact__name", "subject"
    )
    handles = _handles({contact for _pk, contact, _name, _subject in rows})
    said = _said(keys)
    Wording.objects.bulk_create(
        [
            Wording(
                conversation_id=pk,
                words=joined([subject, name, *handles[contact], *said[pk]]),
            )
            for pk, contact, name, subject in rows
        ],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=["words"],
    )


def _handles(contacts: Iterable[int]) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    known = Handle.objects.filter(contact__in=contacts)
    for contact, address, shown in known.values_list("contact_id", "address", "shown"):
        names[contact] += [address, shown]
    return names


def _said(conversations: Iterable[int]) -> Mapping[int, list[str]]:
    """Return what was said in each conversation, the newest first."""
    said: dict[int, list[str]] = defaultdict(list)
    rows = Message.objects.filter(conversation__in=conversations).exclude(words="")
    kept = rows.exclude(state="withdrawn").order_by("-said_at", "-id")
    for conversation, words in kept.values_list("conversation_id", "words"):
        said[conversation].append(words)
    return said


def joined(texts: Iterable[str]) -> str:
    """Return texts as one, folded; a phrase does not reach from one into the next."""
    return folded(SEPARATOR.join(texts)).strip()[:MOST_LETTERS]
