"""An account on Bluesky that we speak for: signed in with an app password, as seldom as can be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlencode

from vigie.collect.bluesky_posts import read_json
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked
from vigie.errors import DeniedError, GarbledError, MissingError, RefusedError
from vigie.http import Http, Request
from vigie.words import Words, _

POSTS = "app.bsky.feed.post"
MOST = 25
"""Posts that one question may name."""
ENDED = ("ExpiredToken", "InvalidToken", "AuthMissing")
Given = Sequence[tuple[str, str]]


@dataclass(kw_only=True)
class Signed:
    """A session: the server allows few, so it is kept for as long as this program runs."""

    did: str
    access: str = field(repr=False)
    renew: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who speaks, and where the account is."""

    network: Words
    pds: str
    identifier: str
    password: str = field(repr=False)
    http: Http

    _sessions: ClassVar[dict[str, Signed]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @property
    def did(self) -> str:
        """The identifier of the account."""
        return self._signed().did

    def get(self, method: str, given: Given) -> Item:
        """Ask something."""
        url = f"{self.pds}/xrpc/{method}?{urlencode(given)}"
        return self._signed_in(Request(url=url))

    def put(self, method: str, said: Mapping[str, Any]) -> Item:
        """Have something done: asking twice must do no more than asking once."""
        return self._signed_in(
            Request(
                url=f"{self.pds}/xrpc/{method}",
                method="POST",
                headers={"content-type": "application/json"},
                body=json.dumps(said, ensure_ascii=False).encode(),
                repeatable=True,
            )
        )

    def keep(self, content: bytes, media_type: str) -> object:
        """Put a picture beside the account's posts; the same one twice is one."""
        request = Request(
            url=f"{self.pds}/xrpc/com.atproto.repo.uploadBlob",
            method="POST",
            headers={"content-type": media_type},
            body=content,
            repeatable=True,
        )
        return self._signed_in(request).at("blob").value

    def posts(self, uris: Sequence[str]) -> dict[str, Item]:
        """Return posts as the network shows them; those that are gone or hidden are not there."""
        found: dict[str, Item] = {}
        unique = list(dict.fromkeys(uris))
        for start in range(0, len(unique), MOST):
            named = [("uris", uri) for uri in unique[start : start + MOST]]
            for one in self.get("app.bsky.feed.getPosts", named).at("posts"):
                found[one.needed("uri")] = one
        return found

    def record(self, uri: str) -> Item:
        """Return a record as it lies with its author; nothing where it is gone."""
        repo, collection, rkey = uri.removeprefix("at://").split("/", 2)
        given = [("repo", repo), ("collection", collection), ("rkey", rkey)]
        try:
            return self.get("com.atproto.repo.getRecord", given)
        except MissingError:
            return Item(None)

    def own(self, after: str) -> Iterator[list[Item]]:
        """Yield our own posts after one, oldest first, in pages."""
        while True:
            given = [
                ("repo", self.did), ("collection", POSTS), ("limit", "100"), ("reverse", "true"),
                ("cursor", after),
            ]  # fmt: skip
            page = list(self.get("com.atproto.repo.listRecords", given).at("records"))
            last = page[-1].needed("uri").rpartition("/")[2] if page else ""
            if last <= after:
                return
            yield page
            after = last

    def known_as(self, handle: str) -> str | None:
        """Return the identifier of who is called so; none where nobody is."""
        try:
            found = self.get("com.atproto.identity.resolveHandle", [("handle", handle)])
        except RefusedError:
            return None
        return found.name("did")

    def _signed_in(self, request: Request) -> Item:
        signed = self._signed()
        try:
            return self._asked(request, signed.access)
        except DeniedError as error:
            if not any(code in error.said for code in ENDED):
                raise
        return self._asked(request, self._renewed(signed).access)

    def _signed(self) -> Signed:
        with self._lock:
            return self._sessions.get(self._name) or self._sign_in()

    def _renewed(self, old: Signed) -> Signed:
        """Get a new token with the one that is for this, or sign in anew."""
        with self._lock:
            now = self._sessions.get(self._name)
            if now is not None and now.access != old.access:
                return now
            request = Request(
                url=f"{self.pds}/xrpc/com.atproto.server.refreshSession", method="POST"
            )
            try:
                return self._kept(self._asked(request, old.renew))
            except RefusedError:
                return self._sign_in()

    def _sign_in(self) -> Signed:
        said = {"identifier": self.identifier, "password": self.password}
        request = Request(
            url=f"{self.pds}/xrpc/com.atproto.server.createSession",
            method="POST",
            headers={"content-type": "application/json"},
            body=json.dumps(said).encode(),
            is_secret_body=True,
        )
        return self._kept(self._asked(request))

    def _kept(self, answer: Item) -> Signed:
        did, access = answer.name("did"), answer.name("accessJwt")
        renew = answer.name("refreshJwt")
        if not did or not access or not renew:
            raise GarbledError(
                _("{network} signed in without giving a token: try again later.",
                  network=self.network)
            )  # fmt: skip
        signed = Signed(did=did, access=access, renew=renew)
        self._sessions[self._name] = signed
        return signed

    @property
    def _name(self) -> str:
        """What a session is kept under: not the password itself."""
        return f"{self.pds} {self.identifier} {sha256(self.password.encode()).hexdigest()}"

    def _asked(self, request: Request, token: str = "") -> Item:
        secret = {"authorization": f"Bearer {token}"} if token else {}
        whole = replace(request, secret_headers=secret)
        answer = asked(whole, self.http, network=self.network, meaning=_meaning)
        return Item(read_json(answer.body, answer.url))


def _meaning(refusal: Refusal) -> RefusedError | None:
    """Return what Bluesky means: it answers 400 where others answer 401 or 404."""
    code = refusal.body.name("error") or ""
    message = refusal.body.text("message") or refusal.said
    said = f"{code}: {message}"
    if code in ("RecordNotFound", "NotFound") or "Could not locate record" in message:
        words = _("Bluesky no longer has this post.")
        return MissingError(words, status=refusal.status, said=said)
    if refusal.status == 401 or code in (*ENDED, "AuthenticationRequired"):
        words = _(
            "Bluesky refused the handle and the app password ({said}). Make a new app password "
            "under Settings, Privacy and security, and enter it in the box.",
            said=message,
        )
        return DeniedError(words, status=refusal.status, said=said)
    if code == "AuthFactorTokenRequired":
        words = _(
            "Bluesky asks for a second factor: enter an app password in the box, not the "
            "account’s own password."
        )
        return DeniedError(words, status=refusal.status, said=said)
    if refusal.status == 400:
        words = _("Bluesky did not take it: {said}", said=message)
        return RefusedError(words, status=refusal.status, said=said)
    return None
