"""What the tests of the sources share: two connectors of this kind, and a clock."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.web.conftest import site
from vigie.collect.connecting import connect, connectors
from vigie.settings import Settings
from vigie.sources.connections import lacking


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """A connector that asks without a key, one that needs one, and what it needs."""

    open: str
    closed: str
    keys: dict[str, str]


__all__ = ["site"]

SECRET = "a-secret-nobody-else-may-read-7Q4Z"


@pytest.fixture(scope="session")
def kinds() -> Kinds:
    """Return one connector of each kind: which ones, the folder says."""
    found = {
        name: lacking(name, cls.options, row=None, settings=Settings())
        for name, cls in connectors().items()
    }
    open_ones = [
        name
        for name, lacks in found.items()
        if not lacks and not connect(name).is_on_demand and not connectors()[name].stands_in_for
    ]
    closed = [name for name, lacks in found.items() if lacks and all(o.is_secret for o in lacks)]
    return Kinds(
        open=open_ones[0],
        closed=closed[0],
        keys={option.name: SECRET for option in found[closed[0]]},
    )
