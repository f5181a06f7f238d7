"""``vigie report``: any report, in any format."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from vigie import flow, settings
from vigie.cli.main import language
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.store.store import open_store
from vigie.words import _, marked


@click.command(
    help=marked("Write a report. Without a name, list the reports and what each asks for."),
    epilog=marked(
        "Example: vigie report institution_profile institution=northfield -o northfield.pdf"
    ),
)
@click.argument("name", required=False)
@click.argument("choices", nargs=-1)
@click.option("--format", "format_name", help=marked("pdf, xlsx, csv, json or html."))
@click.option("-o", "--output", type=click.Path(path_type=Path), help=marked("Write to this file."))
@click.option("--language", "reader", type=click.Choice(["fr", "en"]), help=marked("Its language."))
@json_option
def command(
    name: str | None,
    choices: tuple[str, ...],
    format_name: str | None,
    output: Path | None,
    reader: str | None,
    as_json: bool,
) -> None:
    """Write one report, or list them."""
    if name is None:
        _list(as_json=as_json)
        return
    chosen = {key: value for key, _sep, value in (choice.partition("=") for choice in choices)}
    store = open_store(settings.load())
    document = flow.build_report(store, name, chosen, now=datetime.now(UTC))
    wanted = format_name or ("json" if as_json else _suffix(output))
    pieces = flow.render(document, wanted, reader or language())
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    with output.open("wb") as file:
        file.writelines(pieces)
    tell(_("Written: {path}", path=str(output)), err=as_json)


def _suffix(output: Path | None) -> str:
    return output.suffix.removeprefix(".") if output else "json"


def _list(*, as_json: bool) -> None:
    known = flow.report_names()
    if as_json:
        tell_json(
            {
                name: {"label": report.label, "choices": [choice.name for choice in report.choices]}
                for name, report in known.items()
            }
        )
        return
    tell_table(
        (_("Report"), _("What it says"), _("Choices")),
        [
            [name, report.label, ", ".join(choice.name for choice in report.choices)]
            for name, report in known.items()
        ],
    )
    tell(_("Formats: {formats}.", formats=", ".join(flow.format_names())))
