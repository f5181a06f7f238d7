"""Says whose a row is, when it was seen, and by which importer: what every record carries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TypedDict

from vigie.collect.importer import Context, Importer
from vigie.collect.moments import EARLIEST, TOLERANCE, local_day
from vigie.collect.network_paths import account_key as key_of
from vigie.errors import FileError, RowError
from vigie.words import Words, _

_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)


class Published(TypedDict):
    """What a post carries besides its own words and counts."""

    published_at: datetime
    published_on: date
    observed_at: datetime
    source: str
    run: str | None


class OnDay(TypedDict):
    """What the statistics of one day carry besides their counts."""

    day: date
    observed_at: datetime
    source: str
    run: str | None


class Looked(TypedDict):
    """What a snapshot carries besides its counts."""

    observed_at: datetime
    observed_on: date
    source: str
    run: str | None


def published(importer: Importer, context: Context, when: datetime) -> Published:
    """Return when a post appeared, on which day for the institution, and who saw it.

    A moment that no network can have known is refused, wherever it was read.
    """
    if when > context.observed_at + TOLERANCE or when.date() < EARLIEST:
        raise RowError(
            _(
                "This post is dated {day}, and it was seen on {seen}. "
                "Look at its date on the network, or say when the file was exported.",
                day=when.date(),
                seen=context.observed_at.date(),
            )
        )
    return Published(
        published_at=when,
        published_on=local_day(when, context.zone),
        observed_at=context.observed_at,
        source=source_of(importer),
        run=context.run or None,
    )


def on_day(importer: Importer, context: Context, day: date, *, metric: str | None = None) -> OnDay:
    """Return the day of some statistics; ``metric`` keeps files of one metric each apart.

    Two looks at one day from one source are the same thing, so a file of reach would take the
    place of a file of impressions.
    """
    source = source_of(importer)
    return OnDay(
        day=day,
        observed_at=context.observed_at,
        source=f"{source}:{metric}" if metric else source,
        run=context.run or None,
    )


def looked(importer: Importer, context: Context, when: datetime) -> Looked:
    """Return when an audience was so large, and who saw it."""
    return Looked(
        observed_at=when,
        observed_on=local_day(when, context.zone),
        source=source_of(importer),
        run=context.run or None,
    )


def source_of(importer: Importer) -> str:
    """Return the importer's name, which is its file's name."""
    return type(importer).__module__.rpartition(".")[2]


def start_of(day: date, context: Context) -> datetime:
    """Return the first moment of a day where the institution is, for files that give no time."""
    return datetime.combine(day, time(0), context.zone).astimezone(UTC)


def end_of(day: date, context: Context) -> datetime:
    """Return the last second of a day where the institution is: when a daily stock was true."""
    return datetime.combine(day, time(23, 59, 59), context.zone).astimezone(UTC)


def account_key(network: str, handle: str) -> str:
    """Return an account's key from its handle, or from its identifier where that is all we have.

    The identifiers of YouTube channels tell capitals apart and keep them.
    """
    name = handle.strip().lstrip("@")
    if network == "youtube" and _CHANNEL.fullmatch(name):
        return key_of(network, handle=None, identifier=name)
    return key_of(network, handle=name)


def given_account(context: Context, network: str) -> str:
    """Return the account a person said the file is about; refuse the file without it."""
    if context.account is None:
        raise FileError(
            _(
                "This file does not say whose account it is about. "
                "Give the account, as {network}:name.",
                network=network,
            )
        )
    of, _colon, handle = context.account.partition(":")
    if of != network or not handle:
        raise FileError(
            _(
                "This file is about an account on {network}, and {account} is not one. "
                "Give the account, as {network}:name.",
                network=network,
                account=context.account,
            )
        )
    return account_key(network, handle)


def account_for_row(context: Context, network: str, *, column: str | None) -> str:
    """Return the given account for a row that, unlike others of its file, names none."""
    if context.account is None or not context.account.startswith(f"{network}:"):
        raise RowError(
            _(
                "This row does not say whose it is. "
                "Import the file again and give the account, as {network}:name.",
                network=network,
            ),
            column=column,
        )
    return given_account(context, network)


def times_remark(context: Context) -> Words:
    """Say in which zone times without one were read."""
    return _("Times in this file have no zone. They were read as {zone}.", zone=context.zone.key)
