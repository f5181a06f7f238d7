"""Finding conversations by their words, and keeping those words in step with what is written.

Whoever writes, renames or erases words calls ``note_words`` in the same transaction. The index over
them is the database's own business: full text of PostgreSQL, FTS5 of SQLite.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from vigie.inbox import marks
from vigie.inbox.marks import Marked
from vigie.inbox.models import Conversation, Handle, Message, Wording
from vigie.inbox.routing import folded
from vigie.inbox.sought import Sought, Term, for_postgresql, for_sqlite

MOST_LETTERS = 300_000
"""Of one conversation, the newest kept: PostgreSQL indexes less than a megabyte of one text."""
AT_ONCE = 500
WALKED = 400
"""So many rows of an order are looked at for words before the index is asked."""
LETTERS_OF_A_PAIR = 4
"""Of its second word, which may be the beginning of what stands there (``inbox.in_step``)."""
SEPARATOR = " zzqzz "
"""A word that nobody writes: signs would not keep the end of one message from the next."""
EVERYTHING = Marked(but=())

SQLITE = "SELECT {what} FROM inbox_wording_index WHERE inbox_wording_index MATCH %s"
POSTGRESQL = """SELECT {what} FROM inbox_wording
    WHERE inbox_said(words, marks) @@ (to_tsquery('simple', %s) && %s::tsquery){phrases}"""
PHRASE = """ AND (pairs & inbox_pairs(%s)) = inbox_pairs(%s)
    AND strpos(' ' || words || ' ', %s) > 0"""
"""Its own check of places would make each of its texts into a list of words again, and to fetch the
words of all that may hold a phrase takes long: most are told by the pairs that stand in their row.
"""

BY_ONE = "SET LOCAL max_parallel_workers_per_gather = 0"
"""Until the end of the transaction, or of this statement: the planner thinks words dear and would
begin further processes, which takes a third as long as one alone takes to answer."""


def found(
    rows: QuerySet[Conversation], asked: Sought, *, among: Marked = EVERYTHING
) -> QuerySet[Conversation]:
    """Return those of these conversations in which everything sought is said.

    Marks that all of them bear spare the index those which bear none.
    """
    if not asked.terms:
        return rows.none() if asked.text else rows
    if among.is_empty:
        return rows.none()
    name = "conversation_id" if connection.vendor == "postgresql" else "rowid"
    statement, given = _statement(asked, among, what=name)
    return rows.filter(pk__in=RawSQL(statement, given))


def among(keys: Sequence[int]) -> RawSQL:
    """Return keys as what is sought among, in one piece: thousands by themselves take long."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def first_said(ordered: QuerySet[Conversation], asked: Sought, *, most: int) -> list[int]:
    """Return the keys of the first so many of rows, in their order, in which everything is said.

    What is said in many is soon met among the first; what is said in few is asked of the index,
    which names them all. It is never left to the database to guess how many there will be.
    """
    if not asked.terms:
        return []
    passed = list(ordered.values_list("pk", flat=True)[:WALKED])
    holding = holding_words(passed, asked)
    met = [key for key in passed if key in holding][:most]
    if len(met) == most or len(passed) < WALKED:
        return met
    keys = named(asked)
    rows = ordered.filter(pk__in=among(keys)) if keys else ordered.none()
    return list(rows.values_list("pk", flat=True)[:most])


def named(asked: Sought, *, among: Marked = EVERYTHING) -> list[int]:
    """Return the keys of all conversations with these marks in which everything sought is said."""
    if among.is_empty or not asked.terms:
        return []
    name = "conversation_id" if connection.vendor == "postgresql" else "rowid"
    return [key for (key,) in _answered(*_statement(asked, among, what=name))]


def count_said(asked: Sought, *, among: Marked) -> int:
    """Return in how many conversations with these marks everything sought is said."""
    if among.is_empty or not asked.terms:
        return 0
    ((count,),) = _answered(*_statement(asked, among, what="count(*)"))
    return int(count)


def _answered(statement: str, given: Sequence[str]) -> list[tuple[int]]:
    """Return what the index answers, as one process of the database finds it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{BY_ONE}; {statement}", given)
            cursor.nextset()
        else:
            cursor.execute(statement, given)
        return list(cursor.fetchall())


def _statement(asked: Sought, among: Marked, *, what: str) -> tuple[str, list[str]]:
    if connection.vendor != "postgresql":
        return SQLITE.format(what=what), [marks.for_sqlite(for_sqlite(asked), among)]
    phrases = [term for term in asked.terms if len(term.words) > 1]
    statement = POSTGRESQL.format(what=what, phrases=PHRASE * len(phrases))
    given = [for_postgresql(asked), marks.for_postgresql(among)]
    return statement, [*given, *(one for term in phrases for one in _asked_of_phrase(term))]


def _asked_of_phrase(term: Term) -> tuple[str, str, str]:
    """Return words of which all pairs are surely there, twice, and the phrase as it stands."""
    is_short = term.is_beginning and len(term.words[-1]) < LETTERS_OF_A_PAIR
    sure = " ".join(term.words[:-1] if is_short else term.words)
    return sure, sure, _spelled(term)


def _spelled(term: Term) -> str:
    """Return a term as it stands in the words of a conversation."""
    return f" {' '.join(term.words)}{'' if term.is_beginning else ' '}"


def holding_words(conversations: Collection[int], asked: Sought) -> set[int]:
    """Return those in which everything sought is said, each looked at by itself, not the index.

    For some hundreds of them, that is the quicker way.
    """
    kind = TextField()
    text = Concat(Value(" "), F("words"), Value(" "), output_field=kind)
    spelled = (Value(_spelled(term), output_field=kind) for term in asked.terms)
    held = [GreaterThan(StrIndex(text, one), 0) for one in spelled]
    rows = Wording.objects.filter(*held, conversation__in=conversations)
    return set(rows.values_list("conversation_id", flat=True))


def note_words(conversations: Iterable[int]) -> None:
    """Write down anew by which words these conversations are found."""
    keys = sorted(set(conversations))
    for start in range(0, len(keys), AT_ONCE):
        _note(keys[start : start + AT_ONCE])


def note_words_of(contacts: Iterable[int]) -> None:
    """Write down anew by which words the conversations of contacts are found: their names count."""
    note_words(Conversation.objects.filter(contact__in=contacts).values_list("pk", flat=True))


def _note(keys: list[int]) -> None:
    rows = (
        Conversation.objects.filter(pk__in=keys)
        .select_related("contact")
        .only("contact__name", "subject", "state", "kind", "service_id", "merged_into_id")
    )
    handles = _handles({row.contact_id for row in rows})
    said = _said(keys)
    Wording.objects.bulk_create(
        [
            Wording(
                conversation=row,
                words=joined(
                    [row.subject, row.contact.name, *handles[row.contact_id], *said[row.pk]]
                ),
                marks=marks.marks_of(
                    state=row.state,
                    kind=row.kind,
                    service=row.service_id,
                    is_merged=row.merged_into_id is not None,
                ),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["conversation"],
        # The marks of what is there already are the database's to write.
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
