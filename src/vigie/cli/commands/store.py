"""``vigie store``: look after the folder of observations."""

from __future__ import annotations

import click

from vigie import flow, settings
from vigie.cli.saying import json_option, tell, tell_json
from vigie.store.store import open_store
from vigie.words import _, marked, plural


@click.group(help=marked("Look after the folder of observations."))
def command() -> None:
    """Hold the commands about the store."""


@command.command(
    "check", help=marked("Read every file and name the damaged ones; repairs nothing.")
)
@json_option
def check(as_json: bool) -> None:
    """Name what is damaged; exit 1 if anything is."""
    damages = open_store(settings.load()).check()
    if as_json:
        tell_json({"damages": damages})
    else:
        for damage in damages:
            tell(damage.words)
        tell(
            plural(
                "{count} thing is wrong. Set it right with: vigie store repair",
                "{count} things are wrong. Set them right with: vigie store repair",
                count=len(damages),
            )
            if damages
            else _("The store is sound.")
        )
    if damages:
        raise click.exceptions.Exit(1)


@command.command(
    "repair",
    help=marked("Set damaged files aside (never deleted), remove orphans, resolve double rows."),
)
@json_option
def repair(as_json: bool) -> None:
    """Repair, and say what was done."""
    repaired = open_store(settings.load()).repair()
    if as_json:
        tell_json({"repaired": repaired})
        return
    for damage in repaired:
        tell(damage.words)
    tell(plural("{count} thing set right.", "{count} things set right.", count=len(repaired)))


@command.command("compact", help=marked("Merge small files and drop looks that were superseded."))
@json_option
def compact(as_json: bool) -> None:
    """Compact every table."""
    done = open_store(settings.load()).compact()
    if as_json:
        tell_json(done)
    else:
        tell(
            _(
                "{merged} partitions merged, {dropped} superseded looks dropped, {removed} old "
                "files removed.",
                merged=done.merged,
                dropped=done.dropped,
                removed=done.removed,
            )
        )


@command.command(
    "forget",
    help=marked(
        "Erase a post or an account from every table, for good: it stays erased when an old "
        "file is imported again. A receipt is kept, without what was erased."
    ),
    epilog=marked("Example: vigie store forget --account x:northfield --yes"),
)
@click.option("--account", help=marked("network:handle."))
@click.option(
    "--post", nargs=2, metavar="NETWORK ID", help=marked("The network and the post's id.")
)
@click.option("--yes", is_flag=True, help=marked("Do it without asking."))
@json_option
def forget(account: str | None, post: tuple[str, str] | None, yes: bool, as_json: bool) -> None:
    """Erase, after asking once what will go."""
    if (account is None) == (post is None):
        raise click.UsageError(marked("Name either --account or --post."))
    configured = settings.load()
    store = open_store(configured)
    what = (
        {"account": account} if account else {"network": post[0], "post": post[1]} if post else {}
    )
    shown = ", ".join(f"{name} {value}" for name, value in what.items())
    if not yes:
        click.confirm(str(_("Erase everything about {what}?", what=shown)), abort=True)
    receipt = store.forget(**what)
    flow.drop_words(store, settings=configured)
    if as_json:
        tell_json(receipt)
    else:
        tell(
            _(
                "Erased: {what}, {rows} rows. Receipt {receipt}, digest {digest}.",
                what=shown,
                rows=sum(receipt.erased.values()),
                receipt=receipt.receipt,
                digest=receipt.digest[:12],
            )
        )
    for path in receipt.unread:
        tell(_("{path} is damaged and could not be searched. Run: vigie store repair", path=path))
