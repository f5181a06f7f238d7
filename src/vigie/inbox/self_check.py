"""Compares what the database keeps in step by itself with a real count, and mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction

from vigie.inbox import in_step

_BOTH = """FROM (
    SELECT service, state, kind, count AS kept, 0 AS real FROM inbox_tally
    UNION ALL SELECT coalesce(service_id, 0), state, kind, 0, 1
        FROM inbox_conversation WHERE merged_into_id IS NULL
) AS both_counts GROUP BY service, state, kind HAVING sum(kept) <> sum(real)"""
# One question, so that both are seen at the same moment, whoever writes.
_DIFFERENT = f"SELECT service, state, kind, sum(kept), sum(real) {_BOTH} ORDER BY 1, 2, 3"
_CORRECT = f"""INSERT INTO inbox_tally(service, state, kind, count)
    SELECT service, state, kind, sum(real) - sum(kept) {_BOTH}"""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A total that is not what counting gives."""

    service: int
    """0: nobody's."""
    state: str
    kind: str
    kept: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What is out of step."""

    totals: Sequence[Difference] = ()
    marks: int = 0
    """Conversations that a search takes for others: of another state, service or kind."""
    missing: Sequence[str] = field(default_factory=tuple)
    """Names of what the database should do by itself, and does not."""
    has_sound_words: bool = True
    """Whether the index of words holds what the words are."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.totals and not self.marks and not self.missing and self.has_sound_words


def check() -> Findings:
    """Count for real, and say each difference."""
    missing = sorted({*_wanted()} - _there())
    return Findings(
        totals=_differences(),
        marks=_marks_wrong(),
        missing=missing,
        has_sound_words=in_step.INDEX not in missing and _are_words_sound(),
    )


def mend(found: Findings) -> None:
    """Put right what was found, while others go on writing."""
    with transaction.atomic(), connection.cursor() as cursor:
        if found.missing or not found.has_sound_words:
            in_step.take_away(connection)
            in_step.install(connection)
            return
        if found.totals:
            _mend_totals(cursor)
        if found.marks:
            cursor.execute(in_step.MARK_ALL)


def _mend_totals(cursor) -> None:  # type: ignore[no-untyped-def]  # Django's own
    if connection.vendor == "postgresql":
        cursor.execute(_CORRECT)
        return
    # Over SQLite a total is one row, and who mends is the only one who writes.
    cursor.execute("DELETE FROM inbox_tally")
    cursor.execute(in_step.TAKE_STOCK)


def _differences() -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        return [
            Difference(service=service, state=state, kind=kind, kept=int(kept), counted=int(real))
            for service, state, kind, kept, real in cursor.fetchall()
        ]


def _marks_wrong() -> int:
    with connection.cursor() as cursor:
        cursor.execute(in_step.MARKS_WRONG)
        (count,) = cursor.fetchone()
        return int(count)


def _wanted() -> Mapping[str, str]:
    triggers = in_step.POSTGRESQL if connection.vendor == "postgresql" else in_step.SQLITE
    return {**triggers, in_step.INDEX: ""}


def _there() -> set[str]:
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
        "UNION SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def _are_words_sound() -> bool:
    """Whether the index of words is that of the words; PostgreSQL itself sees to that."""
    if connection.vendor == "postgresql":
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inbox_wording_index(inbox_wording_index, rank) "
                "VALUES ('integrity-check', 1)"
            )
    except DatabaseError:
        return False
    return True
