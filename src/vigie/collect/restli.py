"""Writes questions as Rest.li 2.0 wants them, which LinkedIn speaks: lists and objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

HEADER = "X-Restli-Protocol-Version"
VERSION = "2.0.0"
Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


def encoded(value: Value) -> str:
    """Return a value as it stands in an address: brackets and commas that build it stay plain.

    Everything inside of a text is escaped, so that the colons of ``urn:li:share:1`` and the
    brackets of a comment's name are not taken for structure.
    """
    if isinstance(value, str):
        return quote(value, safe="")
    if isinstance(value, Mapping):
        pairs = (f"{encoded(name)}:{encoded(inner)}" for name, inner in sorted(value.items()))
        return f"({','.join(pairs)})"
    if isinstance(value, Sequence):
        return f"List({','.join(map(encoded, value))})"
    return str(value)


def query(params: Mapping[str, Value]) -> str:
    """Return the part of an address after the question mark."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in params.items())
