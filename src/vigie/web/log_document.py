"""The log as a file: every column that checking its chain takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from vigie.present.document import Cell, Column, Document, Grid
from vigie.words import _

COLUMNS = (
    Column(key="number", label=_("Number"), kind="integer"),
    Column(key="at", label=_("When"), is_row_header=True),
    Column(key="by", label=_("Who")),
    Column(key="action", label=_("What")),
    Column(key="subject", label=_("Of what")),
    Column(key="facts", label=_("Facts"), is_wide=True),
    Column(key="previous", label=_("Digest of the entry before")),
    Column(key="digest", label=_("Digest")),
)


def log_document(lines: Iterable[Mapping[str, object]], *, now: datetime) -> Document:
    """Return the entries that ``log.export`` yields as a document."""
    main = Grid(name="log", caption=_("Log"), columns=COLUMNS, rows=[_row(line) for line in lines])
    return Document(
        name="log",
        title=_("Who changed what"),
        lead=_(
            "Each digest is the SHA-256 of its entry and of the digest before: what was altered "
            "or taken out shows."
        ),
        blocks=[main],
        made_at=now,
        main=main,
    )


def _row(line: Mapping[str, object]) -> Mapping[str, Cell]:
    return {
        **{name: str(line[name]) for name in ("at", "by", "action", "subject", "previous")},
        "number": int(str(line["number"])),
        "facts": json.dumps(line["facts"], ensure_ascii=False, sort_keys=True),
        "digest": str(line["digest"]),
    }
