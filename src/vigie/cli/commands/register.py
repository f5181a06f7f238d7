"""``vigie register``: institutions and accounts, kept up to date by differences."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vigie import flow, settings
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.collect.connecting import connect
from vigie.http import open_http
from vigie.store.store import open_store
from vigie.words import _, marked, plural

if TYPE_CHECKING:
    from vigie.collect.importer import Parsed
    from vigie.collect.recognising import Recognised
    from vigie.register.models import Update

SHOWN = 15
"""Items of each kind printed unless all are asked for."""

update_argument = click.argument("update", required=False, type=int)


@click.group(help=marked("Institutions and their accounts, kept up to date by differences."))
def command() -> None:
    """Hold the commands about the register."""


@command.command(
    "import",
    help=marked(
        "Read a register file and keep what it says otherwise, as a difference to review. "
        "Nothing changes before: vigie register apply"
    ),
    epilog=marked(
        "Example: vigie register import fr-esr-2025.csv, or "
        "vigie register import --from french_register"
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="CONNECTOR",
    help=marked("Ask this connector for the register instead of reading a file."),
)
@click.option("--as", "importer", help=marked("Read as this format instead of finding it."))
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=marked("Keep this mapping (TOML) and use it for files of the same shape."),
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="COLUMN=VALUE",
    help=marked("What holds for every row, as country=DE; may be repeated."),
)
@json_option
def import_(
    file: Path | None,
    source: str | None,
    importer: str | None,
    mapping: Path | None,
    constants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read a register, from a file or from its source, and propose its difference."""
    _require_one(file, source)
    configured = settings.load()
    if mapping is not None:
        flow.keep_mapping(mapping, settings=configured)
    told = dict(constant.partition("=")[::2] for constant in constants)
    options = flow.Options(importer=importer, constants=told)
    if file is not None:
        found, parsed = flow.read_register_file(file, settings=configured, options=options)
    else:
        found, parsed = _fetched(source or "", configured, options)
    read = found.sample.path
    open_records()
    from vigie.register.changes import propose
    from vigie.register.contents import register_of

    digest = hashlib.sha256(read.read_bytes()).hexdigest()
    number = propose(
        register_of(parsed.tables),
        source=found.importer_name,
        file_name=read.name,
        digest=digest,
    )
    if as_json:
        tell_json(
            {"update": number, "importer": found.importer_name, "read": parsed.read,
             "refused": parsed.refused, "items": _counts(number)}
        )  # fmt: skip
        return
    tell(_("{file}: {format}, {read} rows.", file=read.name, format=found.importer.label,
           read=parsed.read))  # fmt: skip
    for refusal in parsed.refused:
        tell(
            _(
                "Row {row}, {column}: {reason}",
                row=refusal.row,
                column=refusal.column or "",
                reason=refusal.reason,
            )
        )
    _tell_counts(number)
    tell(_("Review it with vigie register diff, then: vigie register apply"))


@command.command("diff", help=marked("Print what an update would change, item by item."))
@update_argument
@click.option("--all", "everything", is_flag=True, help=marked("Every item, not only the first."))
@json_option
def diff(update: int | None, everything: bool, as_json: bool) -> None:
    """Print the items of an update, by kind; the latest update unless one is named."""
    open_records()
    from vigie.register.item import from_json
    from vigie.register.item_words import words_of

    kept = _update(update)
    rows = list(kept.items.order_by("position"))
    if as_json:
        tell_json(
            {"update": kept.pk, "items": [
                {"item": row.item, "kind": row.kind, "state": row.state,
                 "institution": row.institution, "words": words_of(from_json(row.content))}
                for row in rows]}
        )  # fmt: skip
        return
    _tell_counts(kept.pk)
    for kind in sorted({row.kind for row in rows}):
        mine = [row for row in rows if row.kind == kind]
        for row in mine if everything else mine[:SHOWN]:
            click.echo(f"  [{row.item} {row.state}] ", nl=False)
            tell(words_of(from_json(row.content)))
        if not everything and len(mine) > SHOWN:
            tell(_("  … and {count} more; see them with --all.", count=len(mine) - SHOWN))


@command.command(
    "apply",
    help=marked("Apply an update: the items named, or all that need no decision."),
    epilog=marked("Example: vigie register apply --item 3fa9… --item 77c0…"),
)
@update_argument
@click.option("--item", "items", multiple=True, help=marked("Only this item; may be repeated."))
@json_option
def apply(update: int | None, items: tuple[str, ...], as_json: bool) -> None:
    """Apply, then give the store the register's new rows."""
    open_records()
    from vigie.register.changes import apply_update

    done = apply_update(_update(update).pk, accepted=items or None)
    refresh()
    if as_json:
        tell_json(done)
        return
    tell(
        _(
            "Update {update}: {accepted} items accepted, {rejected} rejected, {pending} waiting.",
            update=str(done.update),
            accepted=done.accepted,
            rejected=done.rejected,
            pending=done.pending,
        )
    )
    for item, reason in done.refused:
        tell(_("Item {item} stays: {reason}", item=item, reason=reason))


@command.command("list", help=marked("List the institutions with their accounts."))
@click.option("--kind", help=marked("Only this kind."))
@click.option("--country", help=marked("Only this country, as FR."))
@json_option
def list_(kind: str | None, country: str | None, as_json: bool) -> None:
    """List what the register holds."""
    open_records()
    from vigie.register.changes import read_register

    register = read_register()
    chosen = [
        one
        for one in register.institutions
        if kind in (None, one.kind) and (country is None or one.country == country.upper())
    ]
    if as_json:
        names = {one.institution for one in chosen}
        accounts = [one for one in register.accounts if one.institution in names]
        tell_json({"institutions": chosen, "accounts": accounts})
        return
    held: dict[str, list[str]] = {}
    for account in register.accounts:
        held.setdefault(account.institution, []).append(account.network)
    tell_table(
        (_("Institution"), _("Name"), _("Kind"), _("Country"), _("Accounts")),
        [[one.institution, one.name, one.kind, one.country,
          ", ".join(sorted(held.get(one.institution, [])))] for one in chosen],
    )  # fmt: skip
    tell(plural("{count} institution.", "{count} institutions.", count=len(chosen)))


def refresh() -> None:
    """Give the store the register's plain rows."""
    from vigie.register.tables import rows

    flow.keep_register(open_store(settings.load()), rows())


def _require_one(file: Path | None, source: str | None) -> None:
    if (file is None) == (source is None):
        raise click.UsageError(
            marked(
                "Give either a file or a connector: vigie register import FILE, or "
                "vigie register import --from french_register"
            )
        )


def _fetched(
    source: str, configured: settings.Settings, options: flow.Options
) -> tuple[Recognised, Parsed]:
    connector = connect(source, settings=configured.connect)
    http = open_http(configured)
    return flow.fetch_register(connector, http, settings=configured, options=options)


def _update(number: int | None) -> Update:
    from vigie.errors import RegisterError
    from vigie.register.models import Update

    chosen = Update.objects.filter(pk=number) if number else Update.objects.order_by("-pk")
    found = chosen.first()
    if found is None:
        raise RegisterError(
            _("There is no such update. Import a register first: vigie register import FILE")
        )
    return found


def _counts(number: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in _update(number).items.order_by("position").values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _tell_counts(number: int) -> None:
    from vigie.register.item_words import KIND_WORDS

    counts = _counts(number)
    if not counts:
        tell(_("Update {number} changes nothing.", number=str(number)))
        return
    tell(_("Update {number}:", number=str(number)))
    for kind, count in counts.items():
        tell(_("  {count} × {kind}", count=count, kind=KIND_WORDS[kind]))
