"""What was forgotten stays forgotten: known by salted digests, never by name."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from vigie.columns import schema_of
from vigie.errors import StoreError
from vigie.model import Record
from vigie.store.files import ASIDE, Files
from vigie.words import _

RECEIPTS = "receipts"
BETWEEN = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thing forgotten: the columns it was named by, and the digest of its name."""

    columns: tuple[str, ...]
    salt: str
    digest: str

    @classmethod
    def of(cls, where: Mapping[str, str], *, salt: str) -> Mark:
        """Return the mark of what these columns name."""
        columns = tuple(sorted(where))
        named = BETWEEN.join(where[column] for column in columns)
        return cls(columns=columns, salt=salt, digest=digest_of(salt, named))


def digest_of(salt: str, named: str) -> str:
    """Return the salted digest of a name."""
    return hashlib.sha256(f"{salt}{BETWEEN}{named}".encode()).hexdigest()


def columns_named(record: type[Record], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the columns of a table that name what was asked, or none if it has none.

    A value's ``subject`` is the key of an account.
    """
    known = schema_of(record).names
    if all(column in known for column in columns):
        return columns
    if columns == ("account",) and "subject" in known:
        return ("subject",)
    return None


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """Everything that was forgotten in a store."""

    marks: frozenset[Mark] = field(default_factory=frozenset)

    @classmethod
    def read(cls, files: Files) -> Forgotten:
        """Read the marks from the receipts."""
        folder = files.path(RECEIPTS)
        return cls(
            marks=frozenset(
                _mark(files, f"{folder}/{found.name}")
                for found in files.listing(folder)
                if found.name.endswith(".json") and not found.name.startswith(ASIDE)
            )
        )

    @property
    def salt(self) -> str:
        """The salt of this store; a new one where nothing was forgotten yet."""
        return min((mark.salt for mark in self.marks), default="") or secrets.token_hex(16)

    def columns(self, record: type[Record]) -> list[str]:
        """Return the columns of a table that a search for forgotten rows needs."""
        named = [columns_named(record, mark.columns) or () for mark in self.marks]
        return sorted({column for columns in named for column in columns})

    def without(self, record: type[Record], rows: pa.Table) -> pa.Table:
        """Return rows less those of what was forgotten."""
        if not rows.num_rows or not self.columns(record):
            return rows
        return rows.filter(pc.invert(self.is_forgotten(record, rows)))

    def is_forgotten(self, record: type[Record], rows: pa.Table) -> pa.ChunkedArray:
        """Tell of each row whether it is of something forgotten."""
        found = pa.chunked_array([pa.repeat(False, rows.num_rows)])
        for columns, salt in sorted({(mark.columns, mark.salt) for mark in self.marks}):
            named = columns_named(record, columns)
            if named is not None:
                digests = {m.digest for m in self.marks if (m.columns, m.salt) == (columns, salt)}
                found = pc.or_(found, _is_named(rows, named, salt, digests))
        return found


def _is_named(
    rows: pa.Table, columns: tuple[str, ...], salt: str, digests: set[str]
) -> pa.ChunkedArray:
    texts = [rows.column(column).cast(pa.string()) for column in columns]
    names = pc.binary_join_element_wise(*texts, BETWEEN) if len(texts) > 1 else texts[0]
    found = [
        name
        for name in pc.unique(names).to_pylist()
        if name is not None and digest_of(salt, name) in digests
    ]
    return pc.is_in(names, value_set=pa.array(found, pa.string()))


def _mark(files: Files, path: str) -> Mark:
    try:
        said = json.loads(files.read(path))
        return Mark(columns=tuple(said["columns"]), salt=said["salt"], digest=said["asked"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            _(
                "The receipt {path} cannot be read, so what it forgets could come back. "
                "Restore it from a backup before anything is imported.",
                path=path,
            )
        ) from error
