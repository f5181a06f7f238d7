"""``vigie sources``: connect networks, see how they stand, renew the keys that seal them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from vigie import settings
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.store.store import open_store
from vigie.words import _, marked, plural, say

if TYPE_CHECKING:
    from vigie.sources.health import Health

network_argument = click.argument("network")


@click.group(help=marked("Where observations come from: connect networks, see how they stand."))
def command() -> None:
    """Hold the commands about sources."""


@command.command("list", help=marked("Say of every network whether it answers, and since when."))
@json_option
def list_(as_json: bool) -> None:
    """List the sources with their health."""
    open_records()
    from vigie.sources.gathering import health
    from vigie.sources.health_words import said

    configured = settings.load()
    found = health(open_store(configured), settings=configured)
    if as_json:
        tell_json({"sources": [_plain_health(one) for one in found]})
        return
    tell_table(
        (_("Name"), _("Network"), _("State"), _("Accounts read"), _("of")),
        [[one.name, one.label, said(one), one.accounts_read, one.accounts] for one in found],
    )


def _plain_health(one: Health) -> dict[str, object]:
    from vigie.sources.health_words import said

    return {
        "source": one.name,
        "network": one.label,
        "state": one.state,
        "said": said(one),
        "since": one.since,
        "last_success": one.last_success,
        "next_run": one.next_run,
        "complete_to": one.complete_to,
        "accounts": one.accounts,
        "accounts_read": one.accounts_read,
        "accounts_failing": one.accounts_failing,
        "misses": one.misses,
        "lacking": [option.name for option in one.lacking],
        "granted": one.granted,
        "missing": [permission.name for permission in one.missing],
        "lost": one.lost,
        "quarantined": one.quarantined,
        "calls_left": one.budget and one.budget.calls_left,
        "posts_left": one.budget and one.budget.posts_left,
        "resets_at": one.budget and one.budget.resets_at,
    }


@command.command(
    "connect",
    help=marked(
        "Enter the options of a network. A secret is asked for, or read from a file: it is never "
        "written on the command line, where others could see it."
    ),
    epilog=marked(
        "Example: vigie sources connect mastodon --option service=https://social.example"
    ),
)
@network_argument
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help=marked("An option that is no secret; may be repeated."),
)
@click.option(
    "--from-file",
    "files",
    multiple=True,
    type=(str, click.File("r")),
    metavar="NAME FILE",
    help=marked("Read a secret from this file (- for standard input); may be repeated."),
)
@click.option("--label", default="", help=marked("What to call it: whose key it is, for example."))
@json_option
def connect(
    network: str,
    options: tuple[str, ...],
    files: tuple[tuple[str, TextIO], ...],
    label: str,
    as_json: bool,
) -> None:
    """Keep what was entered, secrets sealed."""
    open_records()
    from vigie.sources import changes
    from vigie.sources.models import Connection
    from vigie.sources.source import source

    configured, found = settings.load(), source(network)
    given = dict(_plain(options))
    for name in given:
        if found.option(name).is_secret:
            raise click.UsageError(say_secret(name))
    given |= {name: file.read() for name, file in files}
    known = Connection.objects.filter(connector=network).first()
    given |= _asked(found.options, given, known.hints if known else {}, configured, network)
    kept = changes.connect(network, given, settings=configured, label=label)
    if as_json:
        tell_json({"source": network, "options": kept.options, "secrets": kept.hints})
        return
    tell(_("{source} is connected. Its secrets are sealed; they are not shown again.",
           source=found.label))  # fmt: skip
    if not found.is_webhook:
        tell(_("It is asked at the next turn of: vigie run"))


def say_secret(name: str) -> str:
    """Return why a secret is refused on the command line."""
    from vigie.cli.main import language

    return say(
        _(
            "{name} is a secret: others could read it on the command line. Leave it out, and it "
            "is asked for; or give --from-file {name} FILE.",
            name=name,
        ),
        language(),
    )


def _plain(options: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [option.partition("=") for option in options]
    for name, equals, _value in pairs:
        if not equals:
            raise click.BadParameter(f"{name}: NAME=VALUE")
    return [(name, value) for name, _equals, value in pairs]


def _asked(
    options: Sequence[object],
    given: Mapping[str, str],
    kept: Mapping[str, object],
    configured: settings.Settings,
    network: str,
) -> dict[str, str]:
    """Ask for the secrets that are needed and were neither given now nor kept before."""
    from vigie.cli.main import language
    from vigie.collect.connector import Option

    answers = {}
    for option in options:
        if not isinstance(option, Option) or not (option.is_secret and option.is_needed):
            continue
        known = option.name in given or option.name in kept
        if known or configured.connect.get(f"{network}_{option.name}"):
            continue
        answers[option.name] = click.prompt(say(option.label, language()), hide_input=True)
    return answers


@command.command(
    "disconnect",
    help=marked("Erase what was entered for a network. What was observed stays."),
    epilog=marked("Example: vigie sources disconnect mastodon --yes"),
)
@network_argument
@click.option("--yes", is_flag=True, help=marked("Do it without asking."))
def disconnect(network: str, yes: bool) -> None:
    """Erase, after asking once."""
    open_records()
    from vigie.sources import changes
    from vigie.sources.source import source

    label = source(network).label
    if not yes:
        click.confirm(str(_("Erase the keys entered for {source}?", source=label)), abort=True)
    changes.disconnect(network, settings=settings.load())
    tell(_("The keys of {source} are erased. What was observed stays.", source=label))


@command.command(
    "rotate",
    help=marked(
        "Seal every key again with the first of token_keys. Afterwards the others may be taken "
        "out of the settings."
    ),
)
def rotate() -> None:
    """Seal again, all or nothing."""
    open_records()
    from vigie.sources import changes

    count = changes.rotate(settings=settings.load())
    tell(
        plural(
            "{count} connection is sealed with the first key.",
            "{count} connections are sealed with the first key.",
            count=count,
        )
    )


@command.command("key", help=marked("Make a new key for the setting token_keys, and print it."))
def key() -> None:
    """Print a new key."""
    from vigie.sealing import new_key

    click.echo(new_key())
