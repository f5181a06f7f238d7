"""The list of mentions as files: exactly what is asked for, words only where they may leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.connecting import may_export_others
from vigie.listening import label_names
from vigie.listening.sampled import Estimate, sampled_said
from vigie.present import naming
from vigie.present.document import Cell, Column, Document, Grid, Link, Note
from vigie.present.rows import Rows
from vigie.present.writing import Names
from vigie.words import Words, _, plural

STAYS = _("The words stay here: the rules of the network do not let them leave in a file.")

_STANDS_FOR = Column(key="stands_for", label=_("Posts it stands for"), kind="integer")


def document(
    found: pa.Table,
    counted: Estimate,
    *,
    choices: Mapping[str, str],
    now: datetime,
) -> Document:
    """Return mentions as a document that says how many it holds; nothing says who wrote them.

    The first column counts: the last row of a whole file has the number that the file says.
    """
    total = found.num_rows
    networks = pc.unique(found["network"]).to_pylist()
    grid = Grid(
        name="mentions",
        caption=plural("{count} mention", "{count} mentions", count=total),
        columns=[
            Column(key="row", label=_("Row"), kind="integer"),
            Column(key="at", label=_("Published"), kind="datetime"),
            Column(key="network", label=_("Network"), is_row_header=True),
            Column(key="post", label=_("Number of the post there")),
            Column(key="url", label=_("Address")),
            Column(key="text", label=_("Words"), is_wide=True),
            Column(key="language", label=_("Language")),
            Column(key="intents", label=_("Intent")),
            Column(key="services", label=_("Office")),
            Column(key="tone", label=_("Tone")),
            Column(key="urgency", label=_("Urgency")),
            Column(key="likes", label=_("Likes"), kind="integer"),
            Column(key="comments", label=_("Comments"), kind="integer"),
            Column(key="shares", label=_("Shares"), kind="integer"),
            *([_STANDS_FOR] if counted.is_sampled else []),
        ],
        rows=Rows(_counted(found), _row),
        total=total,
    )
    notes = [Note(text=STAYS)] if not all(map(may_export_others, networks)) else []
    if (said := sampled_said(counted)) is not None:
        notes.append(Note(text=said, kind="partial"))
    return Document(
        name="mentions",
        title=plural("{count} mention", "{count} mentions", count=total),
        lead=_("Public posts by others. Who wrote them is not in this list."),
        blocks=[*notes, grid],
        made_at=now,
        choices={"mentions": str(total), **choices},
    )


def _counted(found: pa.Table) -> pa.Table:
    return found.append_column("row", pa.array(range(1, found.num_rows + 1)))


def _row(row: Mapping[str, Any]) -> Mapping[str, Cell]:
    url = row["url"]
    return {
        "row": row["row"],
        "at": row["published_at"],
        "network": naming.network(row["network"]),
        "post": row["post"],
        "url": Link(text=url, href=url) if url else None,
        "text": row["text"] if may_export_others(row["network"]) else "",
        "language": row["language"],
        "intents": _named("intent", row["intents"]),
        "services": _named("service", row["services"]),
        "tone": label_names.answer("tone", row["tone"]) if row["tone"] else None,
        "urgency": _named("urgency", row["urgency"]),
        "likes": row["likes"],
        "comments": row["comments"],
        "shares": row["shares"],
        "stands_for": row["stands_for"],
    }


def _named(question: str, names: Sequence[str] | None) -> Words | str | None:
    if names is None:
        return None
    if not names:
        return ""
    found = tuple(label_names.answer(question, name) for name in names)
    return Words("{names}", {"names": Names(found)})
