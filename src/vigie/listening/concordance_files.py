"""Where a concordance lies: for each month of texts the files of its parts, whole or not at all.

A month's files are named after what they were made from, so that they need no lock: whoever
reads looks for the names that fit the store as it is now, and whoever writes writes the same
under the same name. A mark, written last, says that a month is there whole.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vigie.listening.texts import READS
from vigie.model import Label, Mention, Post
from vigie.store.files import ASIDE, Files, Found
from vigie.store.schema import folder_of
from vigie.store.store import Store

VERSION = "3"
"""Changes when texts are folded otherwise, or the files hold something else."""
DIGEST = 20
TERMS, PLACES, FACTS = "terms", "places", "facts"
"""The kinds of files: which terms there are, where they stand, what is known of each post."""
ROW_GROUP = 65_536
"""Rows of places and facts that are read together."""
LISTS = ("subjects", "institutions", "intents", "services", "urgency", "entities")
"""What is known as a list: written as one text, lists that come often are kept once."""
BETWEEN = "\n"
"""Between the items of a list."""
ABANDONED = 3600
"""Seconds after which a half-written file belongs to something that was killed."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a month is made from: ``words`` of its texts, ``facts`` of all that is known of them."""

    month: date
    words: str
    facts: str


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A month that is there: how many posts each of its parts has."""

    source: Source
    parts: tuple[int, ...]


def sources(store: Store) -> dict[date, Source]:
    """Return by month what its concordance must be made from now."""
    prints = {name: store.fingerprints(name) for name in READS}
    months = {m for name in (Post.table, Mention.table) for m in prints[name] if m is not None}
    return {month: _source(month, prints) for month in sorted(months)}


def _source(month: date, prints: Mapping[str, Mapping[date | None, str]]) -> Source:
    texts = [prints[name].get(month, "") for name in (Post.table, Mention.table)]
    register = [prints[name].get(None, "") for name in READS]
    words = _digest(VERSION, *texts)
    return Source(
        month=month,
        words=words,
        facts=_digest(words, prints[Label.table].get(month, ""), *register),
    )


class Shelf:
    """The folder of a concordance."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(str(folder))

    def path(self, source: Source, part: int, kind: str) -> str:
        """Return the path of a file of a part."""
        digest = source.facts if kind == FACTS else source.words
        return self._path(source.month, f"{digest}.{part}.{kind}.parquet")

    def whole(self, source: Source) -> Whole | None:
        """Return a month, if all of it is there."""
        try:
            said = json.loads(self.files.read(self._path(source.month, _mark(source))))
        except FileNotFoundError:
            return None
        return Whole(source=source, parts=tuple(said["parts"]))

    def has_words(self, source: Source) -> bool:
        """Tell whether a month's words are there, even if other things known of it changed."""
        return self.files.exists(self._path(source.month, _words_mark(source)))

    def finish(self, source: Source, parts: Sequence[int]) -> Whole:
        """Say that a month is whole."""
        for mark in (_words_mark(source), _mark(source)):
            said = json.dumps({"parts": list(parts)}).encode()
            self.files.write(self._path(source.month, mark), said)
        return Whole(source=source, parts=tuple(parts))

    def drop_others(self, known: Mapping[date, Source]) -> int:
        """Remove what was not made from the store as it is now: it may hold forgotten words."""
        removed = 0
        by_folder = {folder_of(month): source for month, source in known.items()}
        for folder in self.files.folders(self.files.path()):
            source = by_folder.get(folder)
            for found in self.files.listing(self.files.path(folder)):
                if not _stays(found, source):
                    removed += self.files.remove(self.files.path(folder, found.name))
        return removed

    def _path(self, month: date, name: str) -> str:
        return self.files.path(folder_of(month), name)


def _mark(source: Source) -> str:
    return f"{source.words}.{source.facts}.json"


def _words_mark(source: Source) -> str:
    return f"{source.words}.json"


def _stays(found: Found, source: Source | None) -> bool:
    if found.name.startswith(ASIDE):
        return time.time() - int(found.stamp) / 1e9 < ABANDONED
    if source is None:
        return False
    if found.name in (_mark(source), _words_mark(source)):
        return True
    digest, _dot, rest = found.name.partition(".")
    return digest == (source.facts if rest.endswith(f"{FACTS}.parquet") else source.words) and (
        not rest.endswith("json")
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:DIGEST]
