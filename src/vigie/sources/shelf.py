"""Where deliveries lie: safe on disk before a network is answered, filed by a worker afterwards.

While a network waits, nothing is written but one file, whole and flushed to the disk; its name
is the digest of what was sent, so that the same delivery twice is one. A worker files it and
reads it afterwards: a request that was cut off anywhere either left the file, or was not answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from vigie.sources.models import Delivery
from vigie.store.files import Files
from vigie.store.room import writing

FOLDER = "deliveries"
MOST_BYTES = 1 << 20
"""Of one delivery; networks send a few kilobytes."""
PRIVATE = 0o700


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The folder of deliveries: ``new`` until a worker files them, then ``kept``."""

    home: Path
    files: Callable[[str], Files] = Files

    @cached_property
    def disk(self) -> Files:
        """What writes to the folder."""
        return self.files(str(self.home / FOLDER))

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
        with writing(self.new):
            self.disk.make_folder(self.new, mode=PRIVATE)
            self.disk.write(str(self.new / name), body)
        return digest

    def body(self, delivery: Delivery) -> bytes:
        """Return the bytes as they were received."""
        return self.path(delivery).read_bytes()

    def path(self, delivery: Delivery) -> Path:
        """Return where a filed delivery is."""
        return self.kept / f"{delivery.webhook}-{delivery.digest}"

    def empty(self, delivery: Delivery) -> None:
        """Let go of the bytes, which others keep by now; that they came stays known."""
        self.disk.write(str(self.path(delivery)), b"")

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
            with writing(self.kept):
                self.disk.make_folder(self.kept, mode=PRIVATE)
                self.disk.rename(path, str(self.kept / path.name))
        return len(arrived)


def digest_of(webhook: str, body: bytes) -> str:
    """Return what makes a delivery itself: who was called, and every byte."""
    return hashlib.sha256(webhook.encode() + b"\0" + body).hexdigest()
