"""What networks send of their own accord: safe on disk before they are answered, read later.

While a network waits, nothing is written but one file, whole and flushed to the disk; its name
is the digest of what was sent, so that the same delivery twice is one. A worker files it and
reads it afterwards: a request that was cut off anywhere either left the file, or was not answered.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from vigie.collect.connecting import connectors
from vigie.errors import GarbledError
from vigie.register.models import Account
from vigie.sources.models import Delivery, Work
from vigie.sources.turns import COLLECT, DELIVERIES, make_due
from vigie.sources.webhook import Told, Touched, webhooks

FOLDER = "deliveries"
MOST_BYTES = 1 << 20
"""Of one delivery; networks send a few kilobytes."""
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The folder of deliveries: ``new`` until a worker files them, then ``kept``."""

    home: Path

    @property
    def new(self) -> Path:
        """Where they arrive."""
        return self.home / FOLDER / "new"

    @property
    def kept(self) -> Path:
        """Where they stay for the retention period."""
        return self.home / FOLDER / "kept"

    def put(self, webhook: str, body: bytes) -> str:
        """Keep what was sent; return its digest once it is on the disk, whatever happens next."""
        digest = digest_of(webhook, body)
        name = f"{webhook}-{digest}"
        if (self.kept / name).exists() or (self.new / name).exists():
            return digest
        self.new.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = self.new / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        written.rename(self.new / name)
        _flush(self.new)
        return digest

    def body(self, delivery: Delivery) -> bytes:
        """Return the bytes as they were received."""
        return self.path(delivery).read_bytes()

    def path(self, delivery: Delivery) -> Path:
        """Return where a filed delivery is."""
        return self.kept / f"{delivery.webhook}-{delivery.digest}"

    def file(self) -> int:
        """Enter what arrived since in the list of deliveries; return how many are new."""
        if not self.new.is_dir():
            return 0
        arrived = [path for path in sorted(self.new.iterdir()) if not path.name.startswith(".")]
        for path in arrived:
            webhook, _dash, digest = path.name.rpartition("-")
            Delivery.objects.get_or_create(
                digest=digest,
                defaults={
                    "webhook": webhook,
                    "size": path.stat().st_size,
                    "received_at": datetime.fromtimestamp(path.stat().st_mtime, UTC),
                },
            )
            self.kept.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(self.kept / path.name)
        return len(arrived)


def digest_of(webhook: str, body: bytes) -> str:
    """Return what makes a delivery itself: who was called, and every byte."""
    return hashlib.sha256(webhook.encode() + b"\0" + body).hexdigest()


def _flush(folder: Path) -> None:
    """Have the name of a file on the disk too, not only its bytes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
        _note(delivery, "refused", str(error), now=now)
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
