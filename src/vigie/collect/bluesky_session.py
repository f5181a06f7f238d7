"""Signs in to Bluesky with an app password: only searches need it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.collect.bluesky_refusals import meaning_for
from vigie.collect.connector import Ask
from vigie.collect.nested import Item
from vigie.collect.received import asked
from vigie.errors import GarbledError
from vigie.http import Http, Request
from vigie.words import Words, _


@dataclass(kw_only=True)
class Session:
    """Who asks. A server allows few sign-ins, so the token of the last is kept while it holds."""

    network: Words
    pds: str
    identifier: str
    app_password: str = field(repr=False)
    token: str | None = field(default=None, repr=False, init=False)

    def __bool__(self) -> bool:
        return bool(self.identifier and self.app_password)

    def headers(self, ask: Ask, http: Http) -> Mapping[str, str]:
        """Return the secret headers of a question; sign in where that was not done yet."""
        if self.token is None:
            self.token = self._sign_in(ask, http)
        return {"authorization": f"Bearer {self.token}"}

    def end(self) -> None:
        """Sign in anew at the next question: the token ran out."""
        self.token = None

    def _sign_in(self, ask: Ask, http: Http) -> str:
        said = {"identifier": self.identifier, "password": self.app_password}
        request = Request(
            url=f"{self.pds}/xrpc/com.atproto.server.createSession",
            method="POST",
            headers={"content-type": "application/json"},
            body=json.dumps(said).encode(),
            is_secret_body=True,
        )
        answer = asked(request, http, network=self.network, meaning=meaning_for(ask))
        token = Item(answer.json()).name("accessJwt")
        if token is None:
            raise GarbledError(
                _("{network} signed in without giving a token: try again later.",
                  network=self.network)
            )  # fmt: skip
        return token
