"""``vigie import``: files people have, recognised by their columns, read into the store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from vigie import flow, settings
from vigie.cli.main import language
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.collect.reconciliation import Progress, Reconciliation
from vigie.errors import VigieError
from vigie.store.store import Store, open_store
from vigie.words import Words, _, marked, plural


@click.command(
    help=marked(
        "Import exports of networks and suites: what they are is found by their columns. "
        "A file can be imported again without effect; refused rows are kept with their reason."
    ),
    epilog=marked(
        "Example: vigie import exports/*.csv --account linkedin:northfield --timezone Europe/Paris"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "importer", help=marked("Read as this format instead of finding it."))
@click.option("--account", help=marked("Whose the file is, as network:handle, if it does not say."))
@click.option("--year", type=int, help=marked("The year, for dates that have none."))
@click.option("--timezone", help=marked("Where the times were written (default: your setting)."))
@click.option(
    "--observed-at",
    type=click.DateTime(["%Y-%m-%d"]),
    help=marked("The day of the export (default: the day the file was written)."),
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=marked("Keep this mapping (TOML) and use it for files of the same shape."),
)
@click.option("--dry-run", is_flag=True, help=marked("Say what the file is; keep nothing."))
@json_option
def command(
    files: tuple[Path, ...],
    importer: str | None,
    account: str | None,
    year: int | None,
    timezone: str | None,
    observed_at: datetime | None,
    mapping: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import every file; one that cannot be read does not stop the others."""
    configured = settings.load()
    if mapping is not None:
        flow.keep_mapping(mapping, settings=configured)
    options = flow.Options(
        importer=importer,
        language=language(),
        account=account,
        year=year,
        timezone=timezone,
        observed_at=observed_at.replace(tzinfo=UTC) if observed_at else None,
    )
    task = _understand if dry_run else _import
    store = open_store(configured)
    answers, failed = [], []
    for path in files:
        try:
            answers.append(task(store, path, configured, options, as_json=as_json))
        except VigieError as error:
            failed.append({"file": path.name, "error": error.words})
            tell(error.words, err=True)
    if as_json:
        tell_json({"files": answers, "failed": failed})
    if failed:
        raise click.exceptions.Exit(1)


def _understand(
    store: Store, path: Path, configured: settings.Settings, options: flow.Options, *, as_json: bool
) -> object:
    found = flow.understand(path, settings=configured, options=options)
    rows = {name: table.to_pylist() for name, table in found.parsed.tables.items()}
    if not as_json:
        tell(_("{file}: {format}.", file=path.name, format=found.recognised.importer.label))
        for name, some in rows.items():
            known = [key for key in some[0] if any(row[key] is not None for row in some)]
            tell_table(known, [[_short(row[key]) for key in known] for row in some], title=_(name))
    return {"file": path.name, "importer": found.recognised.importer_name, "rows": rows}


def _short(cell: object) -> object:
    return cell if isinstance(cell, (int, float)) or cell is None else str(cell)[:40]


def _import(
    store: Store, path: Path, configured: settings.Settings, options: flow.Options, *, as_json: bool
) -> object:
    with progress(_("Importing {file}", file=path.name)) as advance:

        def shown(done: Progress) -> None:
            advance(done.rows, done.total)

        result = flow.import_file(store, path, settings=configured, options=options, progress=shown)
    if not as_json:
        for line in summary(result):
            tell(line)
    return result


def summary(result: Reconciliation) -> list[Words]:
    """Say what became of every row."""
    lines = [
        _(
            "{file} ({importer}): {read} read = {kept} kept + {duplicate} duplicate "
            "+ {refused} refused.",
            file=result.file,
            importer=result.importer,
            read=result.read,
            kept=result.kept,
            duplicate=result.duplicate,
            refused=result.refused,
        )
    ]
    if result.records != result.read - result.refused - result.passed_over:
        lines.append(
            _(
                "A row of this file speaks of several things: {read} rows held {records}, which "
                "are what is counted as kept and duplicate.",
                read=result.read,
                records=result.records,
            )
        )
    if result.passed_over:
        lines.append(
            plural(
                "Besides, {count} row is not an observation (a total) and was passed over.",
                "Besides, {count} rows are not observations (totals) and were passed over.",
                count=result.passed_over,
            )
        )
    if result.refused_file:
        lines.append(
            _("Refused rows, with the reason of each: {path}", path=str(result.refused_file))
        )
    return [*lines, *result.remarks]
