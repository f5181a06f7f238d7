"""Which words a kept payload holds, in brief: an erasure opens only what may speak of a person.

Four bytes of each different word; it lives no longer than the payload itself. Where there is none
yet, the payload is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from zlib import crc32

from django.db.models import BinaryField, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan

from vigie.inbox.models import Arrival, Sketch
from vigie.inbox.payload_search import texts_of, wanted

AT_ONCE = 200
LONGEST = 1 << 20
"""A larger payload is opened each time: there are few."""
WORD = re.compile(r"\w+")


def sketch_of(body: bytes) -> bytes:
    """Return the sketch of a payload."""
    words = {word for text in texts_of(body) for word in WORD.findall(text)}
    return b"".join(sorted({_brief(word) for word in words}))


def sketch_all(*, home: Path, should_stop: Callable[[], bool]) -> int:
    """Sketch the payloads that have none; return how many."""
    Sketch.objects.filter(arrival__file="").delete()
    rows = Arrival.objects.exclude(file="").filter(sketch__isnull=True, size__lte=LONGEST)
    count, after = 0, 0
    while batch := list(rows.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        made = [Sketch(arrival=row, words=sketch_of(body)) for row, body in _bodies(batch, home)]
        Sketch.objects.bulk_create(made, ignore_conflicts=True)
        count, after = count + len(made), batch[-1].pk
        if should_stop():
            break
    return count


def _bodies(rows: Iterable[Arrival], home: Path) -> Iterable[tuple[Arrival, bytes]]:
    for row in rows:
        try:
            yield row, (home / row.file).read_bytes()
        except FileNotFoundError:
            continue


def may_speak_of(names: Iterable[str], among: QuerySet[Arrival]) -> QuerySet[Arrival]:
    """Return the payloads that hold every word of one of these names, or have no sketch."""
    asked = [WORD.findall(name) for name in wanted(names)]
    if not all(asked):
        return among
    held = Q(sketch__isnull=True)
    for words in asked:
        every = Q()
        for word in words:
            every &= Q(GreaterThan(_Held(F("sketch__words"), Value(_brief(word), _BYTES)), 0))
        held |= every
    return among.filter(held)


def _brief(word: str) -> bytes:
    return crc32(word.encode("utf-8", "surrogatepass")).to_bytes(4, "big")


_BYTES = BinaryField()


class _Held(Func):
    """Where some bytes stand among others; 0: nowhere."""

    function = "instr"
    output_field = IntegerField()

    def as_postgresql(self, compiler, connection, **more):  # type: ignore[no-untyped-def]  # Django's
        turned = self.copy()
        turned.set_source_expressions(turned.get_source_expressions()[::-1])
        return turned.as_sql(
            compiler, connection, template="position(%(expressions)s)", arg_joiner=" IN ", **more
        )
