"""``vigie history check``: every published method, re-run on its own published table."""

from __future__ import annotations

import click

from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.words import _, marked


@click.group(help=marked("The published record: rankings of the field since 2009."))
def command() -> None:
    """Hold the commands about the published record."""


@command.command(
    "check",
    help=marked(
        "Re-run every published method on its own table, and judge every printed figure. "
        "Slips of the printed figures are reported, not adapted to."
    ),
    epilog=marked("Example: vigie history check --json"),
)
@click.option("--all", "everything", is_flag=True, help=marked("List the rows that agree too."))
@json_option
def check(everything: bool, as_json: bool) -> None:
    """Print a verdict per row, then a count per method."""
    from vigie.index.published import check_all

    verdicts = check_all()
    if as_json:
        tell_json({"verdicts": verdicts})
        return
    rows = [
        [one.method, one.subject, one.printed, one.computed, one.words]
        for one in verdicts
        if everything or not one.agrees
    ]
    tell_table((_("Method"), _("Row"), _("Printed"), _("Re-run"), _("Verdict")), rows)
    for method in sorted({one.method for one in verdicts}):
        mine = [one for one in verdicts if one.method == method]
        tell(
            _(
                "{method}: {agreeing} of {count} rows agree.",
                method=method,
                agreeing=sum(one.agrees for one in mine),
                count=len(mine),
            )
        )
