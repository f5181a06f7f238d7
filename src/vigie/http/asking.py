"""A question to a server and its answer; what is secret in the question shows nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from vigie.errors import GarbledError
from vigie.http.secrecy import sayable, secrets_of, struck, struck_bytes, without_user
from vigie.words import Words, _

SAID = 300
"""Letters of an answer that an error repeats."""
READ_FOR_WORDS = 1 << 16
"""Letters of an answer that are searched for them."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.ASCII | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_BROKEN = object()


@dataclass(frozen=True, kw_only=True, repr=False)
class Request:
    """What is asked. ``repr`` and ``shown`` never hold what is in the secret fields or the body."""

    url: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_secret_body: bool = False
    """The body holds a key: it goes where keys may go, and nowhere else."""
    secret_params: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool | None = None
    """Whether asking twice does no more than asking once; none: as the method says."""
    counts_against: str = ""
    """Which of a server's limits the question counts against, where it has several (X: one for
    each kind of question). Empty: one limit for the whole server."""

    def __repr__(self) -> str:
        return f"Request({self.method} {self.shown})"

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be asked again when nobody knows if it arrived."""
        return self.method in SAFE_METHODS if self.repeatable is None else self.repeatable

    @property
    def has_secrets(self) -> bool:
        """Whether a key or a token goes with it."""
        return bool(self.secret_params or self.secret_headers or self.is_secret_body)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must show nowhere: keys and tokens, and whatever looks like one in the body."""
        return secrets_of([*self.secret_params.values(), *self.secret_headers.values()], self.body)

    @property
    def shown(self) -> str:
        """The address as it may be kept and printed."""
        return struck(with_params(without_user(self.url), self.params), self.secrets)

    @property
    def whole(self) -> str:
        """The address as it is asked; never kept, never printed."""
        return with_params(self.url, {**self.params, **self.secret_params})


def with_params(url: str, params: Mapping[str, str]) -> str:
    """Return an address with these parameters after those it has."""
    if not params:
        return url
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(params)) if part)
    return urlunsplit(parts._replace(query=query))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered, whole."""

    url: str
    """What was asked, without keys; after redirects, where it was found."""
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)
    at: datetime
    """When it had arrived, UTC."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What went with the question and must not be repeated from the answer."""

    def json(self) -> object:
        """Return the JSON it holds; raise ``GarbledError`` where it is something else."""
        found = self._parsed()
        if found is _BROKEN:
            raise GarbledError(self._not_json())
        return found

    def _parsed(self) -> object:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return _BROKEN

    def _not_json(self) -> Words:
        if not self.body.strip():
            return _(
                "{url} answered nothing where JSON was expected. Try again later; if it lasts, "
                "the address is wrong or the network has changed.",
                url=self.url,
            )
        if page := _TITLE.search(self.text[:READ_FOR_WORDS]):
            return _(
                "{url} answered a web page, “{title}”, where JSON was expected. Try again later; "
                "if it lasts, the address is wrong or the network has changed.",
                url=self.url,
                title=_line(sayable(page[1], self.secrets)),
            )
        return _(
            "{url} answered something that is not JSON: {said} Try again later; if it lasts, the "
            "address is wrong or the network has changed.",
            url=self.url,
            said=self.said,
        )

    @property
    def text(self) -> str:
        """The body as text, in the encoding the server names, else UTF-8."""
        named = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            return self.body.decode(named[1] if named else "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    @property
    def said(self) -> str:
        """The beginning of the body on one line, for messages, without keys."""
        return _line(sayable(self.text[:READ_FOR_WORDS], self.secrets))

    @property
    def kept(self) -> bytes:
        """The body as it may be kept: keys that the server repeats (paging links) are struck."""
        return struck_bytes(self.body, self.secrets)


def _line(text: str) -> str:
    """Return the beginning on one line, without what could move a terminal's cursor."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * SAID])
    return " ".join(plain.split())[:SAID]
