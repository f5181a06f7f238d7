"""People and institutions who write on the local Bluesky servers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

POOL = urllib3.PoolManager(retries=False)
PATIENCE = 60.0
Json = dict[str, Any]


class AnswerError(Exception):
    """The server refused; ``args`` hold its status and its words."""


def asked(url: str, *, token: str | None = None, **params: str | int) -> Json:
    """Return what a server answers to a question."""
    whole = f"{url}?{urlencode(params)}" if params else url
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return _read(POOL.request("GET", whole, headers=headers))


def told(url: str, content: object, *, token: str | None = None) -> Json:
    """Tell a server something."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _read(POOL.request("POST", url, body=json.dumps(content), headers=headers))


def _read(answer: urllib3.BaseHTTPResponse) -> Json:
    if answer.status >= 400:
        raise AnswerError(answer.status, answer.data.decode())
    found: Json = json.loads(answer.data) if answer.data else {}
    return found


def until(found: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Wait until something is there: the AppView reads what was written a little later."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if found():
                return
        except AnswerError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the AppView did not show what was written")


@dataclass(kw_only=True)
class Person:
    """Someone with an account."""

    pds: str
    appview: str
    handle: str
    did: str
    token: str

    @classmethod
    def joins(cls, pds: str, appview: str, handle: str) -> Person:
        """Open an account and wait until everybody can see it."""
        made = told(
            f"{pds}/xrpc/com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.org", "password": "a-password"},
        )
        person = cls(
            pds=pds, appview=appview, handle=handle, did=made["did"], token=made["accessJwt"]
        )
        person.introduces_itself(handle.partition(".")[0].title())
        until(person.profile)
        return person

    def profile(self) -> Json:
        """Return the profile as the AppView shows it."""
        return asked(f"{self.appview}/xrpc/app.bsky.actor.getProfile", actor=self.did)

    def seen(self, uri: str) -> bool:
        """Return whether the AppView shows a post."""
        return bool(asked(f"{self.appview}/xrpc/app.bsky.feed.getPosts", uris=uri)["posts"])

    def introduces_itself(self, name: str, about: str = "", **more: object) -> None:
        """Write the profile."""
        record = {
            "$type": "app.bsky.actor.profile", "displayName": name, "description": about, **more,
        }  # fmt: skip
        self._tell(
            "com.atproto.repo.putRecord",
            {"collection": "app.bsky.actor.profile", "rkey": "self", "record": record},
        )

    def posts(self, text: str, *, waits: bool = True, **more: object) -> Json:
        """Publish, and wait until the AppView shows it: replies would race it."""
        record = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": now(),
            "langs": ["en"],
            **more,
        }
        made = self.writes("app.bsky.feed.post", record)
        if waits:
            until(lambda: self.seen(made["uri"]))
        return made

    def replies(self, parent: Json, text: str, *, root: Json | None = None) -> Json:
        """Answer a post."""
        return self.posts(text, reply={"root": _ref(root or parent), "parent": _ref(parent)})

    def quotes(self, post: Json, text: str) -> Json:
        """Quote a post."""
        embed = {"$type": "app.bsky.embed.record", "record": _ref(post)}
        return self.posts(text, embed=embed)

    def mentions(self, other: Person, text: str) -> Json:
        """Mention someone at the end of a text."""
        start = len(f"{text} ".encode())
        whole = f"{text} @{other.handle}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": other.did}
        index = {"byteStart": start, "byteEnd": len(whole.encode())}
        return self.posts(whole, facets=[{"index": index, "features": [feature]}])

    def shows(self, text: str, pictures: Sequence[str]) -> Json:
        """Publish pictures with these alternative texts."""
        blob = self.uploads(PNG, "image/png")
        images = [{"alt": alt, "image": blob} for alt in pictures]
        return self.posts(text, embed={"$type": "app.bsky.embed.images", "images": images})

    def uploads(self, content: bytes, kind: str) -> Json:
        """Upload a file."""
        answer = POOL.request(
            "POST",
            f"{self.pds}/xrpc/com.atproto.repo.uploadBlob",
            body=content,
            headers={"Content-Type": kind, "Authorization": f"Bearer {self.token}"},
        )
        found: Json = _read(answer)["blob"]
        return found

    def likes(self, post: Json) -> Json:
        """Like a post."""
        return self._refers("app.bsky.feed.like", _ref(post))

    def reposts(self, post: Json) -> Json:
        """Repost a post."""
        return self._refers("app.bsky.feed.repost", _ref(post))

    def follows(self, other: Person) -> Json:
        """Follow an account."""
        return self._refers("app.bsky.graph.follow", other.did)

    def _refers(self, collection: str, subject: object) -> Json:
        record = {"$type": collection, "subject": subject, "createdAt": now()}
        return self.writes(collection, record)

    def writes(self, collection: str, record: Json) -> Json:
        """Write a record."""
        return self._tell(
            "com.atproto.repo.createRecord", {"collection": collection, "record": record}
        )

    def writes_many(self, records: Sequence[Json]) -> None:
        """Write posts, two hundred at a time."""
        for start in range(0, len(records), 200):
            writes = [
                {
                    "$type": "com.atproto.repo.applyWrites#create",
                    "collection": record["$type"],
                    "value": record,
                }
                for record in records[start : start + 200]
            ]
            self._tell("com.atproto.repo.applyWrites", {"writes": writes})

    def deletes(self, made: Json) -> None:
        """Take something down."""
        collection, rkey = made["uri"].split("/")[-2:]
        self._tell("com.atproto.repo.deleteRecord", {"collection": collection, "rkey": rkey})

    def renames_to(self, handle: str) -> None:
        """Change the handle, and wait until the AppView knows."""
        self._tell("com.atproto.identity.updateHandle", {"handle": handle})
        self.handle = handle
        until(lambda: self.profile()["handle"] == handle)

    def leaves(self) -> None:
        """Deactivate the account."""
        self._tell("com.atproto.server.deactivateAccount", {})

    def app_password(self) -> str:
        """Return a password for a program."""
        made = self._tell("com.atproto.server.createAppPassword", {"name": "vigie"})
        return str(made["password"])

    def _tell(self, method: str, content: Json) -> Json:
        said = {"repo": self.did, **content} if method.startswith("com.atproto.repo") else content
        return told(f"{self.pds}/xrpc/{method}", said, token=self.token)


def now() -> str:
    """Return the moment as the network writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ref(post: Json) -> Json:
    return {"uri": post["uri"], "cid": post["cid"]}


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "fccf50cf00000503010232d7a1c90000000049454e44ae426082"
)
"""A picture of one point."""
