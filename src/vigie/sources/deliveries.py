"""What networks send of their own accord, read: afterwards, by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from vigie.collect.connecting import connectors
from vigie.collect.news import News
from vigie.errors import GarbledError
from vigie.register.models import Account
from vigie.sources.models import Delivery, Work
from vigie.sources.shelf import Shelf
from vigie.sources.turns import COLLECT, DELIVERIES, make_due
from vigie.sources.webhook import Told, Touched, webhooks
from vigie.words import kept

AT_ONCE = 500

Hear = Callable[[Sequence[News]], Sequence[bool]]
"""Keeps what was told; says of each whether that was all, so that nothing is to be asked now."""
Share = Callable[[str, bytes, datetime], bool]
"""Hands a delivery (webhook, bytes, when it came) to whom else it concerns; whether there was
someone. Once it returns, what it hands over is safe."""


def nobody_hears(news: Sequence[News]) -> Sequence[bool]:
    """Keep nothing of it: everything is to be asked for."""
    return [False for _one in news]


def nobody_shares(webhook: str, body: bytes, received_at: datetime) -> bool:
    """Hand it to nobody."""
    return False


@dataclass(kw_only=True)
class _Heard:
    """A delivery, and what of it concerns accounts of ours."""

    delivery: Delivery
    told: Told
    due: list[tuple[str, str]] = field(default_factory=list)
    """(network, account) to be read at once."""
    news: list[News] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    is_shared: bool = False
    """Others have taken what concerns them, and account for it."""


def file_new(shelf: Shelf, *, now: datetime) -> None:
    """Enter what arrived, and have it read at once."""
    if shelf.file():
        make_due(DELIVERIES, now=now)


def read_all(
    shelf: Shelf,
    *,
    now: datetime,
    keep: timedelta,
    hear: Hear = nobody_hears,
    share: Share = nobody_shares,
) -> int:
    """Read every delivery that waits; return how many. What is older than ``keep`` goes.

    What is told is kept before its delivery counts as read: a kill between the two means that it
    is read again, and known then.
    """
    waiting = list(Delivery.objects.filter(state="waiting").order_by("id")[:AT_ONCE])
    read = [heard for one in waiting if (heard := _read(shelf, one, now=now)) is not None]
    for heard in read:
        one = heard.delivery
        heard.is_shared = share(one.webhook, shelf.body(one), one.received_at)
    enough = iter(hear([news for heard in read for news in heard.news]))
    for heard in read:
        heard.due += [(news.network, news.account) for news in heard.news if not next(enough)]
        _settle(heard, now=now)
        if heard.is_shared:
            # What people wrote is erased with them where it is kept now, and must lie nowhere else.
            shelf.empty(heard.delivery)
    for old in Delivery.objects.filter(received_at__lt=now - keep).exclude(state="waiting"):
        shelf.path(old).unlink(missing_ok=True)
        old.delete()
    return len(waiting)


def _read(shelf: Shelf, delivery: Delivery, *, now: datetime) -> _Heard | None:
    try:
        told = webhooks()[delivery.webhook]().read(shelf.body(delivery))
    except GarbledError as error:
        _note(delivery, "refused", kept(error.words), now=now)
        return None
    except (KeyError, FileNotFoundError) as error:
        _note(delivery, "refused", f"{type(error).__name__}: {error}", now=now)
        return None
    heard = _Heard(delivery=delivery, told=told)
    for touched in sorted(told.touched, key=_named):
        if account := _account_of(touched):
            heard.due.append((touched.network, account))
        else:
            heard.strangers.append(_named(touched))
    for entry in told.entries:
        if account := _account_of(entry.about):
            heard.news.append(
                News(
                    network=entry.about.network,
                    account=account,
                    entry=entry.said,
                    received_at=delivery.received_at,
                )
            )
        else:
            heard.strangers.append(_named(entry.about))
    return heard


def _settle(heard: _Heard, *, now: datetime) -> None:
    """Make due what is to be asked for, and note that a delivery was read."""
    with transaction.atomic():
        for network, account in dict.fromkeys(heard.due):
            _read_soon(network, account, now=now)
        state = "done" if heard.due or heard.news or heard.is_shared else "unknown"
        unknown = [] if heard.is_shared else [*heard.told.unknown, *sorted(set(heard.strangers))]
        _note(heard.delivery, state, ", ".join(unknown)[:500], now=now)


def _note(delivery: Delivery, state: str, reason: str, *, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, reason=reason, handled_at=now)


def _named(touched: Touched) -> str:
    return touched.account or touched.identifier or ""


def _account_of(touched: Touched) -> str | None:
    """Return the key of an open account of the register; none when it is not ours."""
    accounts = Account.objects.filter(network=touched.network, closed_on__isnull=True)
    if touched.account is not None:
        accounts = accounts.filter(account=touched.account)
    else:
        accounts = accounts.filter(identifier=touched.identifier)
    return accounts.values_list("account", flat=True).first()


def _read_soon(network: str, account: str, *, now: datetime) -> None:
    """Make an account due for every connector that asks its network."""
    askable = Work.objects.filter(kind=COLLECT, subject="", is_paused=False)
    asked = askable.values_list("connector", flat=True)
    for name, cls in connectors().items():
        if cls.network == network and name in asked:
            make_due(COLLECT, name, account, now=now)
