"""What the work of the inbox needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vigie.http import Http
from vigie.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What the work of the inbox needs."""

    settings: Settings
    http: Http
    clock: Callable[[], datetime]
