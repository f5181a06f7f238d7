"""``vigie log``: who changed what, for those who hold the machine, and whether it is whole."""

from __future__ import annotations

import json

import click

from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json
from vigie.words import marked, plural


@click.group(help=marked("The log of changes, in which nothing can be altered unseen."))
def command() -> None:
    """Hold the commands about the log."""


@command.command(
    "verify",
    help=marked("Read the whole log and say where it was altered, if it was."),
    epilog=marked("Example: vigie log verify --noted 1204:9f86d081884c…"),
)
@click.option(
    "--noted",
    multiple=True,
    metavar="NUMBER:DIGEST",
    help=marked("What was noted of an entry elsewhere: it finds a log that was cut off."),
)
@json_option
def verify(noted: tuple[str, ...], as_json: bool) -> None:
    """Check the chain of digests."""
    open_records()
    from vigie.register import log

    verdict = log.verify(dict(_noted(one) for one in noted))
    if as_json:
        tell_json(verdict)
    elif verdict.is_whole:
        tell(plural("The log is whole: {count} entry. Its digest to note: {number}:{digest}",
                    "The log is whole: {count} entries. Its digest to note: {number}:{digest}",
                    count=verdict.entries, number=str(verdict.entries),
                    digest=verdict.last))  # fmt: skip
    else:
        for words in verdict.broken:
            tell(words, err=True)
    if not verdict.is_whole:
        raise SystemExit(1)


def _noted(given: str) -> tuple[int, str]:
    number, colon, digest = given.partition(":")
    if not colon or not (number.isascii() and number.isdigit()):
        raise click.BadParameter(f"{given}: NUMBER:DIGEST")
    return int(number), digest.strip()


@command.command(
    "export",
    help=marked("Print every entry, a line of JSON each, the first one first."),
    epilog=marked("Example: vigie log export > log.jsonl"),
)
@click.option("--action", default="", help=marked("Only this kind of change, as contact.merge."))
@click.option("--by", "author", default="", help=marked("Only what this person did."))
def export(action: str, author: str) -> None:
    """Print the log for a program."""
    open_records()
    from vigie.register import log
    from vigie.register.rights import COMMAND_LINE

    wanted = log.Wanted(action=action, by=author)
    for line in log.export(by=COMMAND_LINE, wanted=wanted):
        click.echo(json.dumps(line, ensure_ascii=False))
