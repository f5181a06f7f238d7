"""A server with Mastodon's interface, asked in the name of one account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from vigie.collect.fediverse import local_id, read_json, server_of
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.http import Answer, Http, Request
from vigie.inbox.channel import Enclosed
from vigie.inbox.mastodon_reading import Us, key_of
from vigie.words import Words, _

MOST = 40
"""Statuses on a page."""
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between looks whether a picture is ready: most are at once."""
Wanted = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where an account is, and the token that speaks for it."""

    address: str
    token: str = field(repr=False)
    network: Words
    http: Http

    def asked(self, path: str) -> Item:
        """Return what the server answers."""
        answer = self.put(Request(url=f"{self.address}{path}"))
        return Item(read_json(answer.body, answer.url))

    def put(self, request: Request) -> Answer:
        """Put a question in the name of the account."""
        whole = replace(request, secret_headers={"Authorization": f"Bearer {self.token}"})
        return asked(whole, self.http, network=self.network, meaning=_denied)

    def keep(self, enclosed: Enclosed) -> str:
        """Hand a picture over, wait until the server has it ready, and return its number."""
        body, kind = form_with_file({"description": enclosed.alt}, enclosed)
        request = Request(
            url=f"{self.address}/api/v2/media",
            method="POST",
            headers={"Content-Type": kind},
            body=body,
        )
        answer = self.put(request)
        number = Item(read_json(answer.body, answer.url)).needed("id")
        for pause in PAUSES:
            if answer.status == HTTPStatus.OK:
                return number
            self.http.sleep(pause)
            answer = self.put(Request(url=f"{self.address}/api/v1/media/{quote(number, safe='')}"))
        words = _("{server} has not made a picture ready yet. It is tried again.",
                  server=urlsplit(self.address).netloc)  # fmt: skip
        raise BusyError(words, status=HTTPStatus.SERVICE_UNAVAILABLE)

    def us(self) -> Us:
        """Return whose token it is."""
        account = self.asked("/api/v1/accounts/verify_credentials")
        return Us(account=account.needed("id"), host=urlsplit(self.address).netloc.casefold())

    def pages(
        self,
        path: str,
        wanted: Wanted,
        last: str,
        *,
        since: datetime,
    ) -> Iterator[list[Item]]:
        """Yield what is newer than the last that is known, in pages, oldest first."""
        if not last:
            first = self.back_to(path, wanted, since=since)
            yield from (first[start : start + MOST] for start in range(0, len(first), MOST))
            return
        while True:
            newer = self._page(path, [*wanted, ("min_id", last)])
            # A server that knows no ``min_id`` answers with the newest, again and again.
            page = [one for one in newer if _order(one.needed("id")) > _order(last)]
            if not page:
                return
            yield page
            last = page[-1].needed("id")

    def back_to(self, path: str, wanted: Wanted, *, since: datetime) -> list[Item]:
        """Return everything since a moment, oldest first."""
        found: list[Item] = []
        before: Wanted = []
        while True:
            page = self._page(path, [*wanted, *before])
            recent = [one for one in page if one.when("created_at") >= since]
            known = {one.needed("id") for one in found}
            new = [one for one in recent if one.needed("id") not in known]
            found = [*new, *found]
            if not new or len(recent) < len(page):
                return found
            before = [("max_id", new[0].needed("id"))]

    def _page(self, path: str, wanted: Wanted) -> list[Item]:
        """Return a page, oldest first."""
        page = self.asked(f"{path}?{urlencode([*wanted, ('limit', str(MOST))])}")
        return sorted(page, key=lambda one: _order(one.needed("id")))

    def above(self, status: Item) -> list[Any]:
        """Return what a status answers, the first post first; nothing where that is gone."""
        if status.name("in_reply_to_id") is None:
            return []
        try:
            context = self.asked(_path(status.needed("id")) + "/context")
        except MissingError:
            # It went between two questions: it is still read as it came.
            return []
        return [_plain(one) for one in context.at("ancestors")]

    def status(self, number: str) -> Item:
        """Return one status; nothing where it is gone."""
        try:
            return self.asked(_path(number))
        except MissingError:
            return Item(None)

    def post(self, identifier: str) -> Item:
        """Return a post by what it is known by everywhere, of this server or of another."""
        number = local_id(identifier) if server_of(identifier) == self.address else None
        found = [self.status(number)] if number else []
        wanted = {"q": identifier, "resolve": "true", "type": "statuses", "limit": "5"}
        if not any(found):
            found = list(self.asked(f"/api/v2/search?{urlencode(wanted)}").at("statuses"))
        same = [one for one in found if one and identifier in (key_of(one), one.name("url"))]
        return same[0] if same else Item(None)


def form_with_file(fields: Mapping[str, str], file: Enclosed) -> tuple[bytes, str]:
    """Return a form with one file as it goes over the network, and its type."""
    border = f"vigie-{sha256(file.content).hexdigest()[:32]}"
    ending = file.media_type.rpartition("/")[2]
    part = f"--{border}\r\nContent-Disposition: form-data; name="
    lines = [f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    # The name a person gave the file is nobody's business.
    lines.append(f'{part}"file"; filename="picture.{ending}"\r\n')
    lines.append(f"Content-Type: {file.media_type}\r\n\r\n")
    body = "".join(lines).encode() + file.content + f"\r\n--{border}--\r\n".encode()
    return body, f"multipart/form-data; boundary={border}"


def _path(number: str) -> str:
    return f"/api/v1/statuses/{quote(number, safe='')}"


def _order(number: str) -> tuple[int, str]:
    """Return what identifiers are ordered by: numbers by their size, others of one length."""
    return len(number), number


def _plain(status: Item) -> dict[str, Any]:
    """Return what is needed of a status above another: threads are long."""
    names = (
        "id", "uri", "url", "created_at", "visibility", "content", "spoiler_text",
        "media_attachments",
    )  # fmt: skip
    people = ("id", "acct", "username", "display_name", "emojis")
    return {
        **{name: status.at(name).value for name in names},
        "account": {name: status.at("account", name).value for name in people},
    }


def _denied(refusal: Refusal) -> RefusedError | None:
    if refusal.status not in (401, 403):
        return None
    words = _(
        "Mastodon refused the access token ({said}). Make a new one under Preferences, "
        "Development, with “read”, “write:statuses” and “write:media”, and enter it in the box.",
        said=refusal.body.text("error") or refusal.said,
    )
    return DeniedError(words, status=refusal.status, said=refusal.said)
