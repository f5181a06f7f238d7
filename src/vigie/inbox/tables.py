"""What may leave the inbox: times, services, states, channels. No names of persons, no words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db.models import QuerySet

from vigie import model
from vigie.columns import schema_of
from vigie.inbox.joined_columns import words
from vigie.inbox.models import Conversation
from vigie.inbox.owing import Terms
from vigie.inbox.rows import UNKNOWN, Ints, Named, Rows
from vigie.inbox.summing import MINUTE, Sums, each, sums_of

Name = Callable[[int], str]
"""Gives a conversation the pseudonym under which it leaves."""


def tables(among: QuerySet[Conversation], *, terms: Terms, name: Name) -> Mapping[str, pa.Table]:
    """Return conversations, their turns and days as tables, by the hours and targets of a moment.

    Those merged into another are in that one. Columns are made at once: a row by itself is slow.
    """
    sums = sums_of(among, terms, language=words)
    rows = sums.rows()
    names = pa.array([name(key) for key in rows.key.tolist()], type=pa.string())
    return {
        "conversations": _table(model.Conversation, {"conversation": names,
                                                     **_conversations(sums, rows)}),
        "responses": _responses(sums, rows, names),
        "message_days": sums.message_days(rows).table(),
    }  # fmt: skip


def _table(record: type[model.Record], columns: Mapping[str, pa.Array]) -> pa.Table:
    schema = schema_of(record)
    return pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)


def _conversations(sums: Sums, rows: Rows) -> dict[str, pa.Array]:
    found = sums.found
    return {
        "institution": _texts(sums.institutions),
        "opened_at": _times(rows.opened_at),
        "opened_on": pa.array(rows.opened_on),
        "observed_at": _times(rows.observed_at),
        "service": _texts(rows.service),
        "office": _texts(_offices(rows)),
        "is_confidential": pa.array(rows.is_confidential),
        "channel": _texts(rows.channel),
        "kind": _texts(found["kind"]),
        "language": _texts(each(lambda one: one or None, found["language"])),
        "urgency": _texts(found["urgency"]),
        "topic": _texts(rows.topic),
        "state": _texts(found["state"]),
        "left_out": _texts(rows.left_out),
        "incoming": pa.array(rows.incoming),
        "outgoing": pa.array(rows.outgoing),
        "reopened": pa.array(rows.reopened),
        "answered_at": _times(rows.answered_at),
        "closed_at": _times(sums.closed_at),
        "closed_on": pa.array(rows.closed_on),
        "waited_minutes": pa.array(rows.waited),
        "target_minutes": _known(rows.target),
        "lasted_minutes": pa.array(rows.lasted),
        "is_asked": pa.array(rows.is_asked),
        "score": _known(rows.score),
    }


def _responses(sums: Sums, rows: Rows, names: pa.Array) -> pa.Table:
    of, asked, answered = sums.said.turns()
    now = np.full(len(of), sums.now)
    waited = sums.elapsed(
        np.ones(len(of), dtype=np.bool_), asked, np.where(np.isnat(answered), now, answered), of=of
    )
    columns = {
        "conversation": names.take(pa.array(of)),
        "place": pa.array(_places(of)),
        "institution": _texts(sums.institutions[of]),
        "service": _texts(rows.service[of]),
        "channel": _texts(rows.channel[of]),
        "kind": _texts(sums.found["kind"][of]),
        "asked_at": _times(asked),
        "asked_on": pa.array(sums.days(asked, of=of)),
        "answered_at": _times(answered),
        "observed_at": _times(now),
        "waited_minutes": pa.array(waited // MINUTE),
    }
    return _table(model.Response, columns)


def _places(of: Ints) -> Ints:
    """Return the place of each turn in its conversation; the turns of one stand together."""
    first = np.flatnonzero(np.diff(of, prepend=UNKNOWN))
    sizes = np.diff(first, append=len(of))
    places: Ints = np.arange(len(of)) - np.repeat(first, sizes)
    return places


def _offices(rows: Rows) -> Named:
    return each(lambda slug: rows.offices[slug].name if slug in rows.offices else None,
                rows.service)  # fmt: skip


def _texts(column: Named) -> pa.Array:
    return pa.array(column.names, type=pa.string()).take(pa.array(column.codes))


def _times(column: npt.NDArray[Any]) -> pa.Array:
    return pa.array(column.astype("datetime64[us]"))


def _known(column: Ints) -> pa.Array:
    return pa.array(column, mask=column == UNKNOWN)
