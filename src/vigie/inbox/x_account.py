"""An account on X that we speak for: what is asked, what it costs, what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked
from vigie.collect.x_naming import NAMINGS, asking_posts
from vigie.collect.x_refusals import meaning
from vigie.errors import DeniedError, InboxError, RefusedError
from vigie.http import Http, Request
from vigie.inbox.x_signature import Keys
from vigie.words import Words, _

MOST = 100
PEOPLE = "id,name,username"
EVENTS = {
    "event_types": "MessageCreate",
    "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,event_type,id,text",
    "expansions": "attachments.media_keys,sender_id",
    "user.fields": PEOPLE,
    "media.fields": "alt_text,media_key,type",
}
Page = tuple[Mapping[str, Any], list[Item]]
"""An answer, and what it holds."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who asks."""

    network: Words
    service: str
    keys: Keys = field(repr=False)
    naming: str
    http: Http

    @property
    def number(self) -> str:
        """X's number of the account: its token begins with it."""
        return self.keys.access_token.partition("-")[0]

    def request(
        self, path: str, params: Mapping[str, str], said: Mapping[str, Any] | None = None
    ) -> Request:
        """Return a question, signed for this moment."""
        url, method = f"{self.service}{path}", "POST" if said else "GET"
        header = self.keys.header(method, url, params, at=self.http.clock())
        return Request(
            url=url,
            method=method,
            params=params,
            headers={"content-type": "application/json"} if said else {},
            body=json.dumps(said, ensure_ascii=False).encode() if said else None,
            secret_headers={"Authorization": header},
            counts_against=path.rpartition("/")[2],
        )

    def get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask something."""
        answer = asked(
            self.request(path, params), self.http, network=self.network, meaning=_meaning
        ).json()
        return answer if isinstance(answer, dict) else {}

    def put(self, path: str, said: Mapping[str, Any]) -> Item:
        """Have something published: never asked twice where it may have arrived."""
        request = replace(self.request(path, {}, said), repeatable=False)
        return Item(asked(request, self.http, network=self.network, meaning=_meaning).json())

    def posts(self) -> dict[str, str]:
        """Return the parameters that ask for whole posts and who wrote them."""
        naming = NAMINGS.get(self.naming)
        if naming is None:
            raise InboxError(
                _("naming is {naming}: write {known}.",
                  naming=self.naming, known=" | ".join(NAMINGS))
            )  # fmt: skip
        asking = asking_posts(naming, with_author=True)
        expansions = set(asking["expansions"].split(",")) | {"author_id"}
        if self.naming == "tweet":
            expansions.add("referenced_tweets.id")
        return {**asking, "expansions": ",".join(sorted(expansions)), "user.fields": PEOPLE}

    def newer(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        last: str,
        since: datetime,
        before: Callable[[int], None] = lambda read: None,
    ) -> Iterator[Page]:
        """Yield pages, newest first, of what is newer than a number, or else than a moment.

        ``before`` is called before each question with what was read so far, and may refuse it.
        """
        token, read = "", 0
        while True:
            before(read)
            page = {"pagination_token": token} if token else {}
            answer = self.get(path, {**params, "max_results": str(MOST), **page})
            items = list(Item(answer).at("data"))
            read += len(items)
            new = [one for one in items if is_newer(one, last=last, since=since)]
            if new:
                kept = [one.value for one in new]
                yield {**answer, "data": kept}, new
            token = Item(answer).name("meta", "next_token") or ""
            if not token or len(new) < len(items):
                return


def is_newer(item: Item, *, last: str, since: datetime) -> bool:
    """Whether something is newer than the last that is known."""
    if last:
        return order(item.needed("id")) > order(last)
    return item.when("created_at") >= since


def order(number: str) -> tuple[int, str]:
    """Return what X's numbers are ordered by, whatever they are made of."""
    return len(number), number


def from_moment(since: datetime) -> str:
    """Return a moment as X writes it."""
    return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _meaning(refusal: Refusal) -> RefusedError | None:
    if refusal.status == 401:
        words = _(
            "X refused the keys of the app or of the account. Copy all four anew from the "
            "developer console, with the permission to read and write and for direct messages."
        )
        return DeniedError(words, status=refusal.status, said=refusal.said)
    if refusal.status == 403:
        words = _("X does not allow this: {said}", said=refusal.body.text("detail") or refusal.said)
        return DeniedError(words, status=refusal.status, said=refusal.said)
    return meaning(refusal)
