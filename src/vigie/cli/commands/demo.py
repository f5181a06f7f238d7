"""``vigie demo``: an invented sector, measured, compared and served, in one command."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from vigie import flow, settings
from vigie.cli.commands.index import show
from vigie.cli.commands.register import refresh
from vigie.cli.commands.serve import serve
from vigie.cli.demonstration import PASSWORD, VISITOR, keep_demonstration
from vigie.cli.demonstration_heard import keep_heard, sampled_finds
from vigie.cli.demonstration_inbox import keep_inbox_demonstration
from vigie.cli.inbox_tables import keep_inbox
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, progress, tell
from vigie.columns import table_of
from vigie.demo import OURS, Sector, Span, sector
from vigie.demo.sector import SEED
from vigie.model import Mention
from vigie.settings import Settings
from vigie.store.store import Store, open_store
from vigie.words import _, marked

POSTS_READ = 500
"""Of each institution, for its identity: enough, and quick."""
DRAWS = 6
"""Times each is told from its peers: fewer than otherwise, so that its intervals are rougher."""


@click.command(
    help=marked(
        "Make an invented sector, measure it, compute its Index, print it and serve the site. "
        "Every page says that it is invented."
    ),
    epilog=marked("Example: vigie demo --folder /tmp/vigie-demo --port 8080"),
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("vigie-demo"),
    show_default=True,
    help=marked(
        "Where the demonstration is kept, whatever the settings say: what is invented must not "
        "come among what is real."
    ),
)
@click.option("--port", default=8000, show_default=True, help=marked("Port of the site."))
@click.option("--no-serve", is_flag=True, help=marked("Stop after printing the Index."))
@json_option
def command(folder: Path, port: int, no_serve: bool, as_json: bool) -> None:
    """Set the demonstration up where it is not there yet, then serve it."""
    stand_apart(folder)
    os.environ.setdefault("VIGIE_INSTITUTION", OURS)
    configured = settings.load()
    store = open_store(configured)
    open_records()
    if not any(edition.published_at for edition in flow.editions(store)):
        _set_up(store, configured)
    click.Context(show).invoke(show, edition=None, month=None, everything=False, as_json=as_json)
    tell(_("These institutions are invented. The history page of the site is real."), err=as_json)
    _tell_who_signs_in(err=as_json)
    let_rest()
    if not no_serve:
        serve(host="127.0.0.1", port=port, with_work=True)


def stand_apart(folder: Path) -> None:
    """Let neither the home, nor a store or a database named apart, be real; send nothing out."""
    for name in ("VIGIE_DATABASE_URL_FILE", "VIGIE_MAIL_URL_FILE", "VIGIE_PROXY_FILE"):
        os.environ.pop(name, None)
    os.environ.update(VIGIE_HOME=str(folder), VIGIE_STORE="", VIGIE_DATABASE_URL="",
                      VIGIE_MAIL_URL="", VIGIE_PROXY="", VIGIE_OFFLINE="true")  # fmt: skip


def let_rest() -> None:
    """Let the worker beside the site leave the invented figures, and invented people, in peace."""
    from vigie.cli.inbox_work import ASK_SERVICES, COUNT_INBOX
    from vigie.sources import turns

    kinds = (turns.SPIKES, turns.THEMES, turns.IDENTITY, turns.LET_GO, COUNT_INBOX, ASK_SERVICES)
    turns.rest(kinds, now=datetime.now(UTC))


def _set_up(store: Store, configured: Settings) -> None:
    tell(_("Inventing sixty institutions and two years of their posts…"), err=True)
    now = datetime.now(UTC)
    span = Span(today=now.date())
    invented = sector(span.today)
    _register(invented)
    with store.intake() as intake:
        intake.add("posts", invented.posts)
        intake.add("snapshots", invented.snapshots)
        intake.add("mentions", invented.mentions)
        intake.add("mentions", table_of(Mention, sampled_finds(span, seed=SEED)))
        intake.commit()
    heard = store.months("mentions")
    with progress(_("Reading what is said")) as advance:
        flow.annotate(store, settings=configured, among=heard, progress=advance)
    with progress(_("Telling who is who")) as advance:
        flow.identify(store, _wanted(invented), now=now, progress=advance)
    with progress(_("Measuring")) as advance:
        flow.measure(store, settings=configured, progress=advance)
    for month in span.editions:
        _publish(store, configured, month)
    keep_demonstration(invented, span)
    keep_inbox_demonstration(span)
    tell(_("Looking for spikes and themes, and warning of them…"), err=True)
    keep_heard(store, configured, span, visitor=VISITOR)
    keep_inbox(store, settings=configured, now=span.until)


def _wanted(invented: Sector) -> flow.Wanted:
    """Return the open universities: schools are told by the same command, when it is wished."""
    universities = [
        one.institution
        for one in invented.institutions
        if one.kind == "university" and one.closed_on is None
    ]
    return flow.Wanted(
        institutions=universities,
        specialities=invented.specialities,
        most=POSTS_READ,
        draws=DRAWS,
    )


def _register(invented: Sector) -> None:
    from vigie.register.changes import apply_update, propose, put_event
    from vigie.register.contents import Register

    found = Register(
        institutions=invented.institutions,
        enrolments=invented.enrolments,
        accounts=invented.accounts,
    )
    apply_update(propose(found, source="invented"))
    for event in invented.events:
        put_event(event)
    refresh()


def _publish(store: Store, configured: Settings, month: date) -> None:
    tell(_("Comparing {month}…", month=f"{month:%Y-%m}"), err=True)
    now = datetime.now(UTC)
    made = flow.compare(store, now=now, month=month)
    flow.freeze(store, configured, made, reason=None, now=now)


def _tell_who_signs_in(*, err: bool) -> None:
    tell(
        _(
            "Sign in as {name} with the password {password} to see what is listened to.",
            name=VISITOR,
            password=PASSWORD,
        ),
        err=err,
    )
