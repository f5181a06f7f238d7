"""``vigie collect``: the networks themselves are asked, and what they answer is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from vigie import flow, settings
from vigie.cli.collected import told, told_interrupted, told_reread
from vigie.cli.records import open_records
from vigie.cli.renewing import keeper, renew_due
from vigie.cli.saying import json_option, progress, tell, tell_json, tell_table
from vigie.collect.connecting import connectors
from vigie.columns import records_of
from vigie.flow.errand import Progress
from vigie.model import Cursor
from vigie.store.store import Store, open_store
from vigie.words import Words, _, marked, plural, unsaid

ROWS_SHOWN = 10
"""Failures printed; all are in the answer in JSON and on the site."""


class Asking(click.Group):
    """Asks at once, unless a command of its own is named."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Put the command that asks before anything that is not a command."""
        own = {*self.commands, "-h", "--help"}
        if not arguments or arguments[0] not in own:
            arguments.insert(0, "now")
        return super().parse_args(context, arguments)


@click.group(
    cls=Asking,
    help=marked(
        "Ask the networks about the accounts of the register. It can be stopped anywhere and goes "
        "on there; running it again changes nothing that is known."
    ),
    epilog=marked("Example: vigie collect bluesky mastodon:uni@social.example --since 2026-01-01"),
)
def command() -> None:
    """Hold the commands about collecting."""


@command.command(
    "now",
    help=marked("Ask now, about everything or about some networks and accounts."),
    epilog=marked("Example: vigie collect now bluesky --since 2026-01-01"),
)
@click.argument("what", nargs=-1, metavar="[NETWORK|ACCOUNT]...")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help=marked("Read back to this day (default: what is new, and the last days again)."),
)
@click.option("--estimate", is_flag=True, help=marked("Say what it would take; ask nothing."))
@json_option
def now(what: tuple[str, ...], since: datetime | None, estimate: bool, as_json: bool) -> None:
    """Ask, and say what became of all that came."""
    configured = settings.load()
    store = open_store(configured)
    wish = wish_of(what, since)
    secrets = _secrets(_may_be_asked(wish), configured, renew=not estimate)
    means = flow.Means(settings=configured, secrets=secrets, keep=keeper(configured))
    if estimate:
        _tell_estimates(flow.estimate(store, wish, means), as_json=as_json)
        return
    with progress(_("Collecting")) as advance:

        def shown(far: Progress) -> None:
            advance(far.seen, None)

        found = flow.collect(store, wish, replace(means, progress=shown))
    _teach(store, found, configured)
    if as_json:
        tell_json({"runs": found})
    else:
        for one in found:
            tell_collected(one)
    if any(one.state == "failed" for one in found):
        raise click.exceptions.Exit(1)


def wish_of(what: Sequence[str], since: datetime | None) -> flow.Wish:
    """Tell connectors from accounts: an account has a colon."""
    accounts = tuple(one for one in what if ":" in one)
    named = tuple(one for one in what if ":" not in one)
    return flow.Wish(
        connectors=named,
        only=accounts,
        since=since.replace(tzinfo=UTC) if since else None,
    )


def _may_be_asked(wish: flow.Wish) -> Sequence[str]:
    """Return the connectors that the wish may concern: those named, or those of its accounts."""
    networks = {account.partition(":")[0] for account in wish.only}
    return wish.connectors or [
        name for name, cls in connectors().items() if not networks or cls.network in networks
    ]


def _secrets(
    names: Sequence[str], configured: settings.Settings, *, renew: bool = True
) -> Mapping[str, Mapping[str, str]]:
    """Return what was entered on the site, or what took its place in time.

    Connectors that need no key never open the records.
    """
    needing = [
        name
        for name in names
        if name in connectors() and any(one.is_secret for one in connectors()[name].options)
    ]
    if not needing:
        return {}
    open_records()
    from vigie.sources.connections import entered

    if renew:
        renew_due(needing, configured)
    return {name: entered(name, settings=configured) for name in needing}


def _teach(store: Store, found: Sequence[flow.Collected], configured: settings.Settings) -> None:
    """Tell the register what the networks said of accounts and of their own metrics."""
    if not any(one.lost or one.named for one in found):
        return
    open_records()
    from vigie.cli.after_collecting import teach_register

    teach_register(store, found, today=datetime.now(configured.zone).date())


def tell_collected(found: flow.Collected) -> None:
    """Say what a run did."""
    tell(told(found))
    for remark in found.remarks:
        tell(remark)
    for named in found.named:
        if named.is_renamed:
            tell(renamed(named))
    for failure in found.failures[:ROWS_SHOWN]:
        tell(
            _(
                "  {account}, {stream}: {words}",
                account=failure.subject,
                stream=failure.stream,
                words=failure.words,
            ),
            err=True,
        )
    if (more := len(found.failures) - ROWS_SHOWN) > 0:
        tell(
            plural(
                "  and {count} more failure: vigie collect status",
                "  and {count} more failures: vigie collect status",
                count=more,
            ),
            err=True,
        )


def renamed(named: flow.Named) -> Words:
    """Say that an account has another handle than the register says."""
    return _(
        "{account} is now called {handle}. Correct the register.",
        account=named.account,
        handle=named.handle,
    )


def _tell_estimates(found: Sequence[flow.Estimate], *, as_json: bool) -> None:
    if as_json:
        tell_json({"estimates": found})
        return
    for one in found:
        tell(one.words)


@command.command(
    "follow",
    help=marked(
        "Follow a network as things happen, until stopped with Ctrl-C; it goes on from there the "
        "next time."
    ),
    epilog=marked("Example: vigie collect follow bluesky"),
)
@click.argument("network")
@json_option
def follow(network: str, as_json: bool) -> None:
    """Follow, and say what came when it is stopped."""
    configured = settings.load()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    means = flow.Means(
        settings=configured,
        secrets=_secrets([network], configured),
        keep=keeper(configured),
        should_stop=stopping.is_set,
    )
    tell(_("Following {network}. Stop with Ctrl-C.", network=network), err=True)
    found = flow.follow(open_store(configured), network, means)
    if as_json:
        tell_json(found)
    else:
        tell_collected(found)


@command.command(
    "status",
    help=marked("Say how far every account was read, and what went wrong the last time."),
    epilog=marked("Example: vigie collect status --failing"),
)
@click.option("--failing", is_flag=True, help=marked("Only what failed the last time."))
@json_option
def status(failing: bool, as_json: bool) -> None:
    """Print the cursors."""
    configured = settings.load()
    store = open_store(configured)
    silent = flow.silent_runs(store, now=datetime.now(UTC))
    chosen = [cursor for cursor in _cursors(store) if cursor.failure or not failing]
    if as_json:
        streams = [{**vars(one), "failure": _reason(one) or None} for one in chosen]
        tell_json({"streams": streams, "interrupted": silent})
        return
    for run in silent:
        tell(told_interrupted(run, zone=configured.zone))
    if not chosen:
        tell(_("Nothing to show. Start with: vigie collect"))
        return
    headers: list[Words | str] = [
        _("Account"), _("What"), _("Complete from"), _("to"), _("Last success"), _("Failures"),
        _("Reason"),
    ]  # fmt: skip
    tell_table(headers, [_line(cursor) for cursor in chosen])


def _cursors(store: Store) -> list[Cursor]:
    found = records_of(Cursor, store.table("cursors").to_pyarrow())
    return sorted(found, key=lambda one: (one.connector, one.subject, one.stream))


def _line(cursor: Cursor) -> list[object]:
    moments = (cursor.complete_from, cursor.complete_to, cursor.succeeded_at)
    return [
        cursor.subject,
        cursor.stream,
        *(f"{moment:%Y-%m-%d %H:%M}" if moment else None for moment in moments),
        cursor.misses,
        _reason(cursor),
    ]


def _reason(cursor: Cursor) -> Words | str:
    return unsaid(cursor.failure) if cursor.failure else ""


@command.command(
    "reparse",
    help=marked(
        "Read the answers that are still kept once more, with the present version: what is "
        "understood differently is corrected, and quarantine empties. Asks no network."
    ),
    epilog=marked("Example: vigie collect reparse bluesky"),
)
@click.argument("names", nargs=-1, metavar="[NETWORK]...")
@json_option
def reparse(names: tuple[str, ...], as_json: bool) -> None:
    """Read history again."""
    open_records()
    from vigie.cli.sought import sought

    configured = settings.load()
    with progress(_("Reading again")) as advance:
        found = flow.reparse(
            open_store(configured),
            names,
            settings=configured,
            progress=lambda far: advance(far.done, far.total),
            sought=sought(),
        )
    if as_json:
        tell_json({"runs": found})
        return
    for one in found:
        tell(told_reread(one))
        for remark in one.remarks:
            tell(remark)
    if any(one.state == "failed" for one in found):
        raise click.exceptions.Exit(1)
