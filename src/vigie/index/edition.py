"""Editions: a comparison frozen in open files, revised with a reason, recomputed by anyone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from vigie.columns import records_of, schema_of, table_of
from vigie.errors import EditionError
from vigie.index import open_files
from vigie.index.comparison import Comparison, weights_of, work_out
from vigie.index.groups import Group, peer_groups
from vigie.index.inputs import ENTRIES, INSTITUTIONS, SAMPLES, Inputs
from vigie.index.ranking import CONCENTRATION
from vigie.index.scoring import DIMENSIONS, SATURATION
from vigie.model import (
    Edition,
    Institution,
    MethodGap,
    OtherRank,
    Record,
    Standing,
    StandingPart,
    Statement,
)
from vigie.words import Words, _, say

RESULTS: dict[str, type[Record]] = {
    "standings": Standing,
    "parts": StandingPart,
    "other_ranks": OtherRank,
    "method_gaps": MethodGap,
}
"""The computed tables, by the name of their file; editions of old may lack the newest."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*", re.IGNORECASE)
"""What an edition may be called: its name is the name of a folder."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A revision of an edition, as it is frozen in its folder."""

    edition: Edition
    folder: Path
    comparison: Comparison
    replies: tuple[Statement, ...]


def publish(
    comparison: Comparison,
    home: Path,
    *,
    published_at: datetime,
    statements: Iterable[Statement] = (),
    reason: str | None = None,
) -> Published:
    """Freeze a draft in ``home/<edition>/r<revision>``; the folder appears whole or not at all.

    A first publication is revision 1. Once published, an edition is only revised: a new
    revision with its reason, the old ones staying where they are.
    """
    inputs = comparison.inputs
    revision = _next_revision(home, inputs.edition, reason)
    frozen = _revised(comparison, revision)
    (draft,) = records_of(Edition, comparison.editions)
    edition = replace(draft, revision=revision, published_at=published_at, reason=reason)
    replies = tuple(
        sorted(
            (one for one in statements if one.edition == inputs.edition),
            key=lambda one: (one.written_at, one.statement),
        )
    )
    folder = home / inputs.edition / f"r{revision}"
    aside = folder.with_name(f".r{revision}-being-written")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    _write(aside, frozen, edition, replies)
    digest = open_files.seal(aside)
    aside.rename(folder)
    sealed = replace(edition, digest=digest)
    return Published(
        edition=sealed,
        folder=folder,
        comparison=replace(frozen, editions=table_of(Edition, [sealed])),
        replies=replies,
    )


def revise(
    comparison: Comparison,
    home: Path,
    *,
    published_at: datetime,
    reason: str,
    statements: Iterable[Statement] = (),
) -> Published:
    """Publish a correction as a new revision, with its reason."""
    if not reason.strip():
        raise EditionError(_("A revision needs a reason: say what was corrected."))
    return publish(
        comparison, home, published_at=published_at, statements=statements, reason=reason
    )


def revisions(home: Path, edition: str | None = None) -> list[Path]:
    """Return the folders of the published revisions, oldest first within each edition."""
    found = [
        path
        for path in home.glob("*/r*")
        if path.name[1:].isdigit() and (edition is None or path.parent.name == edition)
    ]
    return sorted(found, key=lambda path: (path.parent.name, int(path.name[1:])))


def read(folder: Path) -> Published:
    """Read a published revision as it was printed, after checking its files."""
    digest = open_files.verify(folder)
    about = open_files.read_json(folder / "method.json")
    edition = _edition_of(about["edition"], digest)
    replies = tuple(_reply_of(row) for row in open_files.read_json(folder / "replies.json"))
    computed = {
        name: open_files.read_csv(folder / f"{name}.csv", schema_of(record))
        if (folder / f"{name}.csv").exists()
        else schema_of(record).empty_table()
        for name, record in RESULTS.items()
    }
    comparison = Comparison(
        inputs=_read_inputs(folder, about),
        editions=table_of(Edition, [edition]),
        caveats=(),
        **computed,
    )
    return Published(edition=edition, folder=folder, comparison=comparison, replies=replies)


def recompute(folder: Path) -> Comparison:
    """Compute an edition again from its open files alone, to the last digit.

    Raises ``EditionError`` with the first file that was altered, or the first figure that
    comes out otherwise. Nothing but the folder is read. The draws are those of the NumPy named
    in ``method.json``; another version may draw otherwise.
    """
    published = read(folder)
    inputs = published.comparison.inputs
    _check_groups(inputs)
    again = work_out(
        inputs, computed_at=published.edition.computed_at, revision=published.edition.revision
    )
    # What an edition of old did not print cannot differ from it.
    printed = {name: of for name, of in RESULTS.items() if (folder / f"{name}.csv").exists()}
    for name, record in printed.items():
        _compare(name, record, getattr(published.comparison, name), getattr(again, name))
    return replace(again, editions=published.comparison.editions)


def _next_revision(home: Path, edition: str, reason: str | None) -> int:
    if not NAME.fullmatch(edition):
        raise EditionError(
            _(
                "{edition} cannot name an edition: use letters, digits, dots and hyphens, as in "
                "2026-10.",
                edition=edition,
            )
        )
    known = revisions(home, edition)
    if known and not reason:
        raise EditionError(
            _(
                "{edition} is already published. Give a reason to publish a revision.",
                edition=edition,
            )
        )
    return int(known[-1].name[1:]) + 1 if known else 1


def _revised(comparison: Comparison, revision: int) -> Comparison:
    return replace(
        comparison,
        **{name: _with_revision(getattr(comparison, name), revision) for name in RESULTS},
    )


def _with_revision(table: pa.Table, revision: int) -> pa.Table:
    place = table.column_names.index("revision")
    column = pa.array(np.full(table.num_rows, revision, dtype=np.int64))
    return table.set_column(place, table.schema.field("revision"), column)


def _write(
    folder: Path, comparison: Comparison, edition: Edition, replies: tuple[Statement, ...]
) -> None:
    inputs = comparison.inputs
    for name in ("entries", "samples"):
        open_files.write_parquet(folder / f"{name}.parquet", getattr(inputs, name))
        open_files.write_csv(folder / f"{name}.csv", getattr(inputs, name))
    open_files.write_csv(folder / "institutions.csv", inputs.institutions)
    for name in RESULTS:
        open_files.write_csv(folder / f"{name}.csv", getattr(comparison, name))
    open_files.write_json(folder / "method.json", _about(comparison, edition))
    open_files.write_json(folder / "replies.json", [_plain(asdict(one)) for one in replies])
    words = _readme(edition)
    (folder / "README.txt").write_text(
        f"{say(words, 'fr')}\n\n--\n\n{say(words, 'en')}\n", encoding="utf-8"
    )


def _readme(edition: Edition) -> Words:
    return _(
        "Edition {edition}, revision {revision}, of the Index, by the method {method}.\n\n"
        "entries: what was observed of each institution on each network. samples: the posts "
        "behind the medians, and the questions behind the share answered. institutions: who was "
        "compared, in which group. standings, parts, other_ranks: what was computed. "
        "method_gaps: which published methods could not be used, and for want of what. "
        "method.json: the weights, the draws and the groups. replies.json: what institutions "
        "answered. manifest.json: the SHA-256 digest of every file.\n\n"
        "Everything computed can be computed again from these files alone: "
        "vigie index recompute FOLDER",
        edition=edition.edition,
        revision=edition.revision,
        method=edition.method,
    )


def _about(comparison: Comparison, edition: Edition) -> dict[str, Any]:
    inputs = comparison.inputs
    return {
        "edition": _plain(asdict(edition)),
        "weights": dict(weights_of(inputs.method)),
        "indicators": {name: list(found) for name, found in DIMENSIONS.items()},
        "saturation": SATURATION,
        "draws": inputs.draws,
        "concentration": CONCENTRATION,
        "groups": [
            {"key": one.key, "kind": one.kind, "country": one.country, "size": one.size,
             "cuts": one.cuts}
            for one in inputs.groups
        ],
        "caveats": [
            {"group": one.group, "words": {lang: say(one.words, lang) for lang in ("fr", "en")}}
            for one in comparison.caveats
        ],
        "computed_with": {"vigie": version("vigie"), "numpy": np.__version__},
    }  # fmt: skip


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in row.items()
    }


def _edition_of(row: dict[str, Any], digest: str) -> Edition:
    moments = {
        name: datetime.fromisoformat(row[name]) if row[name] else None
        for name in ("computed_at", "published_at")
    }
    month = date.fromisoformat(row["month_on"])
    return Edition(**{**row, **moments, "month_on": month, "digest": digest})


def _reply_of(row: dict[str, Any]) -> Statement:
    return Statement(**{**row, "written_at": datetime.fromisoformat(row["written_at"])})


def _read_inputs(folder: Path, about: dict[str, Any]) -> Inputs:
    institutions = open_files.read_csv(folder / "institutions.csv", INSTITUTIONS)
    members: dict[str, list[str]] = {}
    for row in institutions.select(["institution", "group"]).to_pylist():
        members.setdefault(row["group"], []).append(row["institution"])
    return Inputs(
        edition=about["edition"]["edition"],
        month_on=date.fromisoformat(about["edition"]["month_on"]),
        method=about["edition"]["method"],
        groups=tuple(
            Group(
                **{**one, "cuts": tuple(one["cuts"]) if one["cuts"] else None},
                institutions=tuple(sorted(members.get(one["key"], []))),
            )
            for one in about["groups"]
        ),
        institutions=institutions,
        entries=open_files.read_parquet(folder / "entries.parquet", ENTRIES),
        samples=open_files.read_parquet(folder / "samples.parquet", SAMPLES),
        draws=about["draws"],
    )


def _check_groups(inputs: Inputs) -> None:
    """See that the groups follow from kind, country and students, as the method says."""
    rows = inputs.institutions.to_pylist()
    again = peer_groups(
        [
            Institution(
                institution=row["institution"],
                name=row["name"],
                kind=row["kind"],
                country=row["country"],
            )
            for row in rows
        ],
        {row["institution"]: row["students"] for row in rows if row["students"] is not None},
        month_on=inputs.month_on,
    )
    if tuple(again) != inputs.groups:
        raise EditionError(
            _(
                "The peer groups of {edition} do not follow from its institutions.",
                edition=inputs.edition,
            )
        )


def _compare(name: str, record: type[Record], published: pa.Table, again: pa.Table) -> None:
    if published.num_rows != again.num_rows:
        raise EditionError(
            _(
                "{file} has {published} rows; computed again it has {again}.",
                file=f"{name}.csv",
                published=published.num_rows,
                again=again.num_rows,
            )
        )
    for place, column in _differences(published, again):
        row = published.slice(place, 1).to_pylist()[0]
        raise EditionError(
            _(
                "{file}, {row}: {column} is published as {published} and comes out as {again}.",
                file=f"{name}.csv",
                row=" · ".join(str(row[key]) for key in record.key if key in row),
                column=column,
                published=str(row[column]),
                again=str(again[column][place].as_py()),
            )
        )


def _differences(published: pa.Table, again: pa.Table) -> Iterator[tuple[int, str]]:
    """Yield the first different row of each column, the first row first."""
    found = []
    for column in again.column_names:
        if not published[column].equals(again[column]):
            one, other = published[column].to_pylist(), again[column].to_pylist()
            found += [
                (i, column)
                for i, pair in enumerate(zip(one, other, strict=True))
                if pair[0] != pair[1]
            ][:1]
    yield from sorted(found)
