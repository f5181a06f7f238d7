"""A file people have: understood, then read into the store."""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from vigie.collect.importer import Context, Importer, Parsed
from vigie.collect.mapping import load_mapping
from vigie.collect.reading import Sample
from vigie.collect.recognising import Recognised, recognise
from vigie.collect.reconciliation import Progress, Reconciliation, RefusedRows, Tally
from vigie.columns import table_of
from vigie.errors import FileError
from vigie.flow.aliases import aliases_of, under_own_names
from vigie.model import Run
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

PREVIEW_ROWS = 5
REGISTER_TABLES = ("institutions", "accounts", "enrolments", "events", "statements")
"""What only the register writes."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person may add to a file that does not say everything."""

    importer: str | None = None
    account: str | None = None
    year: int | None = None
    timezone: str | None = None
    observed_at: datetime | None = None
    language: str | None = None
    """In which the reasons of refused rows are written."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our column → what it is in every row, where the file does not say."""


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a file is and its first rows as they would be kept, before anything is."""

    recognised: Recognised
    parsed: Parsed


def mappings_folder(settings: Settings) -> Path:
    """Where saved mappings of generic files are kept."""
    return settings.home / "mappings"


def keep_mapping(mapping: Path, *, settings: Settings) -> None:
    """Keep a mapping, once it is understood, for every later file of the same shape."""
    load_mapping(mapping)
    folder = mappings_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(mapping, folder / mapping.name)


def understand(path: Path, *, settings: Settings, options: Options | None = None) -> Understood:
    """Say what a file is and parse its first rows, without keeping any."""
    options = options or Options()
    found = recognise_file(path, settings=settings, options=options)
    first = next(iter(found.importer.read(found.sample)), None)
    if first is None:
        raise FileError(_("{file} has a header and no rows. Nothing to import.", file=path.name))
    context = context_of(path, settings=settings, options=options)
    return Understood(
        recognised=found, parsed=found.importer.parse(first.slice(0, PREVIEW_ROWS), context)
    )


def import_file(
    store: Store,
    path: Path,
    *,
    settings: Settings,
    options: Options | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Reconciliation:
    """Read a file of observations into the store; running it again changes nothing.

    Raises ``FileError`` when the file as a whole cannot be read: then nothing is kept.
    """
    options = options or Options()
    started = clock()
    run = f"{started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    found = recognise_file(path, settings=settings, options=options)
    _require_account(found, options, path)
    context = context_of(path, settings=settings, options=options, run=run)
    aliases = aliases_of(store)
    tally = Tally(path=path, begun=time.monotonic(), progress=progress)
    kept_aside = RefusedRows(
        settings.home / "refused" / f"{run}.csv", language=options.language or settings.language
    )
    with store.intake() as intake, kept_aside as refused:
        for parsed in _parsed(found.importer, found.sample, context, tally):
            for name, rows in _observations(parsed):
                intake.add(name, under_own_names(rows, aliases))
            refused.write(parsed.refused)
        added = intake.commit()
    result = tally.reconcile(added, run=run, importer=found.importer_name, refused=refused)
    store.append("runs", table_of(Run, [_run(result, path, started=started, ended=clock())]))
    return result


def _observations(parsed: Parsed) -> Iterator[tuple[str, pa.Table]]:
    """Leave out what only the register may write; ``vigie register import`` reads that."""
    return ((name, rows) for name, rows in parsed.tables.items() if name not in REGISTER_TABLES)


def recognise_file(path: Path, *, settings: Settings, options: Options) -> Recognised:
    """Say what a file is, by its columns and the saved mappings."""
    return recognise(path, importer=options.importer, mappings=mappings_folder(settings))


def context_of(path: Path, *, settings: Settings, options: Options, run: str = "") -> Context:
    """Gather what the file does not say: from the person, then from the settings."""
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Context(
        account=options.account,
        observed_at=options.observed_at or modified,
        zone=ZoneInfo(options.timezone) if options.timezone else settings.zone,
        year=options.year,
        mapping={name: f"={value}" for name, value in options.constants.items()},
        run=run,
    )


def _require_account(found: Recognised, options: Options, path: Path) -> None:
    if found.importer.needs_account and options.account is None:
        raise FileError(
            _(
                "{file} is a {format} file, which does not say whose it is. "
                "Name the account: --account network:handle.",
                file=path.name,
                format=found.importer.label,
            )
        )


def _parsed(importer: Importer, sample: Sample, context: Context, tally: Tally) -> Iterator[Parsed]:
    tally.remark(sample.remarks)
    for batch in importer.read(sample):
        parsed = importer.parse(batch, context)
        tally.add(batch, parsed)
        yield parsed


def _run(result: Reconciliation, path: Path, *, started: datetime, ended: datetime) -> Run:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Run(
        run=result.run,
        step="import",
        member=result.importer,
        subject=result.file,
        digest=digest,
        started_at=started,
        ended_at=ended,
        read=result.read,
        kept=result.kept,
        duplicate=result.duplicate,
        refused=result.refused,
        refused_file=f"refused/{result.run}.csv" if result.refused_file else None,
    )
