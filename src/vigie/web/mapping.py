"""What the columns of an unknown file mean: asked once, kept for every file of the same shape."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from vigie import flow
from vigie.collect.mapping import as_toml, mapping_of
from vigie.collect.reading import look
from vigie.collect.sample import Sample
from vigie.errors import FileError
from vigie.present.naming import NETWORKS
from vigie.words import Words, _

TABLES: Mapping[str, Words] = {
    "posts": _("Posts: one row for each"),
    "snapshots": _("Audience: one row for each day of an account"),
}
POSTS = "posts"
MEANINGS: Mapping[str, Mapping[str, Words]] = {
    "posts": {
        "post": _("Identifier of the post"),
        "published_at": _("When it was published"),
        "account": _("Account that published it"),
        "text": _("Its text"),
        "url": _("Its address"),
        "likes": _("Likes"),
        "comments": _("Comments"),
        "shares": _("Shares"),
        "views": _("Plays of a video"),
        "impressions": _("Impressions"),
    },
    "snapshots": {
        "account": _("Account"),
        "observed_at": _("Day it was looked at"),
        "followers": _("Followers"),
        "posts": _("Posts published since the account was opened"),
    },
}
GUESSES: Mapping[str, str] = {
    "post": r"^(post.?)?(id|identifier|identifiant)$|post.?id|tweet.?id",
    "published_at": r"publi|created|^date|posted|sent|time",
    "observed_at": r"^date|^day|^jour|observed",
    "account": r"account|compte|author|user|page|handle|university|institution",
    "text": r"^text|message|content|caption|texte|words|title",
    "url": r"url|link|lien|permalink",
    "likes": r"like|j.aime|heart|favou?rite|reaction",
    "comments": r"comment|repl",
    "shares": r"share|partage|retweet|repost",
    "views": r"view|plays|vue",
    "impressions": r"impression",
    "followers": r"follower|abonn|fans|audience",
    "posts": r"posts|publications",
}


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One of our columns, as it is asked about."""

    name: str
    words: Words
    guessed: str


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A file of no known format, and what is asked about its columns."""

    sample: Sample
    table: str
    tables: Sequence[tuple[str, Words]]
    columns: Sequence[str]
    meanings: Sequence[Meaning]
    networks: Sequence[tuple[str, str]]


def asking(path: Path, table: str) -> Asking:
    """Say what must be asked about a file; ``FileError`` when it is no table at all."""
    sample = look(path)
    table = table if table in MEANINGS else POSTS
    left = list(sample.columns)
    meanings = []
    for name, words in MEANINGS[table].items():
        guessed = _guess(name, left)
        left = [column for column in left if column != guessed]
        meanings.append(Meaning(name=name, words=words, guessed=guessed))
    return Asking(
        sample=sample,
        table=table,
        tables=list(TABLES.items()),
        columns=sample.columns,
        meanings=meanings,
        networks=list(NETWORKS.items()),
    )


def keep(path: Path, given: Mapping[str, str]) -> None:
    """Keep what a person said of the columns, for this file and all of its shape."""
    sample = look(path)
    table = given.get("table", POSTS)
    columns = {
        name: given[f"column-{name}"]
        for name in MEANINGS.get(table, {})
        if given.get(f"column-{name}")
    }
    network, typed = given.get("network", ""), given.get("account", "").strip()
    told: dict[str, object] = {**columns, **_account(columns.get("account"), network, typed)}
    mapping = mapping_of({"table": table, "columns": told}, name=path.name).checked(sample)
    digest = hashlib.sha256("\n".join([table, *sample.columns]).encode()).hexdigest()[:12]
    written = path.with_name(f"{digest}.toml")
    written.write_text(as_toml(mapping), encoding="utf-8")
    try:
        flow.keep_mapping(written, settings=settings.CONFIGURED)
    finally:
        written.unlink()


def _account(column: str | None, network: str, typed: str) -> dict[str, object]:
    """Return where the account comes from: a column of handles, or the words of a person."""
    if typed:
        return {"account": f"={typed}" if ":" in typed else f"={network}:{typed}"}
    if column is None:
        raise FileError(
            _("Say which column names the account, or write the account of the whole file.")
        )
    if not network:
        return {"account": column}
    if set(column) & {"{", "}"}:
        raise FileError(
            _(
                "The column {column} has braces in its name, which a mapping cannot hold. "
                "Rename it in the file and send it again.",
                column=column,
            )
        )
    return {"account": {"template": f"{network}:{{{column}}}"}, "network": f"={network}"}


def _guess(name: str, columns: Sequence[str]) -> str:
    for column in columns:
        if re.search(GUESSES[name], column.casefold().replace("_", " ")):
            return column
    return ""
