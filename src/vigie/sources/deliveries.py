"""What networks send of their own accord, read: afterwards, by a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from vigie.collect.connecting import connectors
from vigie.errors import GarbledError
from vigie.register.models import Account
from vigie.sources.models import Delivery, Work
from vigie.sources.shelf import Shelf
from vigie.sources.turns import COLLECT, DELIVERIES, make_due
from vigie.sources.webhook import Told, Touched, webhooks
from vigie.words import kept

AT_ONCE = 500


def file_new(shelf: Shelf, *, now: datetime) -> None:
    """Enter what arrived, and have it read at once."""
    if shelf.file():
        make_due(DELIVERIES, now=now)


def read_all(shelf: Shelf, *, now: datetime, keep: timedelta) -> int:
    """Read every delivery that waits; return how many. What is older than ``keep`` goes."""
    waiting = list(Delivery.objects.filter(state="waiting").order_by("id")[:AT_ONCE])
    for delivery in waiting:
        _read(shelf, delivery, now=now)
    for old in Delivery.objects.filter(received_at__lt=now - keep).exclude(state="waiting"):
        shelf.path(old).unlink(missing_ok=True)
        old.delete()
    return len(waiting)


def _read(shelf: Shelf, delivery: Delivery, *, now: datetime) -> None:
    try:
        told = webhooks()[delivery.webhook]().read(shelf.body(delivery))
    except GarbledError as error:
        _note(delivery, "refused", kept(error.words), now=now)
        return
    except (KeyError, FileNotFoundError) as error:
        _note(delivery, "refused", f"{type(error).__name__}: {error}", now=now)
        return
    with transaction.atomic():
        strangers = [one for one in told.touched if not _read_soon(one, now=now)]
        state = "done" if len(strangers) < len(told.touched) else "unknown"
        _note(delivery, state, _reason(told, strangers), now=now)


def _reason(told: Told, strangers: Iterable[Touched]) -> str:
    unknown = [*told.unknown, *sorted(one.account or one.identifier or "" for one in strangers)]
    return ", ".join(unknown)[:500]


def _note(delivery: Delivery, state: str, reason: str, *, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, reason=reason, handled_at=now)


def _read_soon(touched: Touched, *, now: datetime) -> bool:
    """Make the account due for every connector that asks its network; false when it is not ours."""
    accounts = Account.objects.filter(network=touched.network, closed_on__isnull=True)
    if touched.account is not None:
        accounts = accounts.filter(account=touched.account)
    else:
        accounts = accounts.filter(identifier=touched.identifier)
    account = accounts.values_list("account", flat=True).first()
    if account is None:
        return False
    askable = Work.objects.filter(kind=COLLECT, subject="", is_paused=False)
    asked = askable.values_list("connector", flat=True)
    for name, cls in connectors().items():
        if cls.network == touched.network and name in asked:
            make_due(COLLECT, name, account, now=now)
    return True
