"""Asks the networks about the accounts of the register, and keeps what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from vigie.collect.budget import budget_of
from vigie.collect.connecting import (
    allowance_of,
    asked_by_themselves,
    connect,
    connectors,
    missing,
    price_per_post,
)
from vigie.collect.connector import Connector, Context, Subject
from vigie.collect.pseudonyms import pseudonyms
from vigie.collect.registered import Registered
from vigie.collect.renewal import Renewal
from vigie.collect.walking import Reach
from vigie.errors import SettingError
from vigie.flow.aliases import aliases_of
from vigie.flow.errand import Progress
from vigie.flow.journal import Collected, Journal, runs_of
from vigie.flow.keeping import Keeping
from vigie.flow.known import Known
from vigie.flow.round import Round
from vigie.http import Http, open_http
from vigie.secret import kept_secret
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

PSEUDONYM_KEY = "pseudonym-key"
MOST_AT_ONCE = 4


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(progress: Progress) -> None:
    """Say nothing."""


def _never() -> bool:
    return False


def _nowhere(name: str, renewal: Renewal) -> None:
    """Keep no key: for whoever asks without a place for secrets."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to collect this time."""

    connectors: Sequence[str] = ()
    """Names; none: all that can ask and have something to ask about."""
    only: Sequence[str] = ()
    """Accounts, ``network:handle``; none: all of the register."""
    since: datetime | None = None
    """Read back to here."""
    is_due_only: bool = False
    """Leave out what was read recently enough."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """With what to collect."""

    settings: Settings
    http: Http | None = None
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Connector → options that a person entered on the site."""
    clock: Callable[[], datetime] = _now
    progress: Callable[[Progress], None] = _silent
    should_stop: Callable[[], bool] = _never
    keep: Callable[[str, Renewal], None] = _nowhere
    """Keeps what a network gave in the place of a key; the first argument is the connector."""


def collect(store: Store, wish: Wish, means: Means) -> list[Collected]:
    """Ask every network once about what is wished, and say what became of all that came.

    What is kept is on the disk, with where to go on, every few seconds: a run that is stopped
    anywhere goes on there. A network that fails does not stop the others.
    """
    to_make = rounds(store, wish, means)
    if len(to_make) == 1:
        return [to_make[0].make()]
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as workers:
        return list(workers.map(Round.make, to_make))


def rounds(store: Store, wish: Wish, means: Means) -> list[Round]:
    """Return the runs to make, one for each connector, none of them begun."""
    http = means.http or open_http(means.settings)
    return [
        round_of(store, name, connector, subjects, wish, means, http)
        for name, connector, subjects in _asked(store, wish, means)
    ]


def _asked(store: Store, wish: Wish, means: Means) -> list[tuple[str, Connector, list[Subject]]]:
    """Return the connectors to ask, each with what it is asked about."""
    found = [
        (name, connector, subjects)
        for name, connector, subjects in _able(store, wish, means)
        if subjects
    ]
    _require_some(found, wish)
    return found


def _able(store: Store, wish: Wish, means: Means) -> list[tuple[str, Connector, list[Subject]]]:
    """Return the connectors that have the options they need, with what the register gives them.

    One that was asked for by name and lacks something is refused.
    """
    registered = Registered.of(
        accounts=store.table("accounts").to_pyarrow(),
        institutions=store.table("institutions").to_pyarrow(),
    )
    found = {}
    for name in wish.connectors or connectors():
        connector = connect(
            name, settings=means.settings.connect, secrets=means.secrets.get(name, {})
        )
        if lacks := missing(connector):
            if wish.connectors:
                raise _lacking(connector, lacks)
            continue
        connector.keep = partial(means.keep, name)
        found[name] = connector
    chosen = found if wish.connectors else asked_by_themselves(found)
    return [(name, found[name], _subjects(found[name], registered, wish)) for name in chosen]


def _subjects(connector: Connector, registered: Registered, wish: Wish) -> list[Subject]:
    known = connector.subjects(registered.accounts, registered.institutions)
    return [one for one in known if not wish.only or one.subject in wish.only]


def able(store: Store, name: str, means: Means) -> Connector:
    """Return a connector that has what it needs; raise ``SettingError`` where it does not."""
    ((_name, connector, _subjects),) = _able(store, Wish(connectors=(name,)), means)
    return connector


def _lacking(connector: Connector, lacks: Sequence[str]) -> SettingError:
    return SettingError(
        _(
            "{network} cannot be asked without {options}. Connect it on the site under Sources, "
            "or with: vigie sources connect.",
            network=connector.label,
            options=", ".join(lacks),
        )
    )


def _require_some(found: Sequence[object], wish: Wish) -> None:
    if found:
        return
    if wish.only:
        raise SettingError(
            _(
                "The register has no open account {accounts} that these connectors can ask about. "
                "See: vigie register list.",
                accounts=", ".join(wish.only),
            )
        )
    raise SettingError(
        _(
            "The register has no account that can be asked about. Import one first: "
            "vigie register import FILE."
        )
    )


def context_of(store: Store, network: str, *, settings: Settings, run: str) -> Context:
    """Return what every reading of a network needs to know of this installation."""
    accounts = store.table("accounts")
    known = accounts.filter((accounts.network == network) & accounts.identifier.notnull())
    rows = known.select("identifier", "account").to_pyarrow().to_pylist()
    key = settings.pseudonym_key or kept_secret(settings.home, PSEUDONYM_KEY)
    return Context(
        zone=settings.zone,
        run=run,
        pseudonym=pseudonyms(key),
        accounts={row["identifier"]: row["account"] for row in rows},
    )


def round_of(
    store: Store,
    name: str,
    connector: Connector,
    subjects: Sequence[Subject],
    wish: Wish,
    means: Means,
    http: Http,
) -> Round:
    """Return the run of a connector, not begun."""
    settings, now = means.settings, means.clock()
    journal = Journal(store=store, connector=name, clock=means.clock)
    relook = timedelta(days=settings.relook_days)
    context = context_of(store, connector.network, settings=settings, run=journal.run)
    return Round(
        store=store,
        name=name,
        connector=connector,
        subjects=subjects,
        http=http,
        context=context,
        reach=Reach(
            since=wish.since, backfill=timedelta(days=settings.backfill_days), relook=relook
        ),
        budget=budget_of(
            allowance_of(connector),
            runs_of(store, name),
            now=now,
            price_per_post=price_per_post(connector),
        ),
        known=Known.read(store, name, connector.network, since=now - relook),
        keeping=Keeping(
            store=store,
            context=context,
            journal=journal,
            keeps_raw=settings.raw_days > 0,
            aliases=aliases_of(store),
        ),
        is_due_only=wish.is_due_only,
        clock=means.clock,
        progress=means.progress,
        should_stop=means.should_stop,
    )
