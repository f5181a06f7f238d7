"""Asks Meta's Graph API on behalf of a box, and says what its refusals mean for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from vigie.collect import graph_refusals
from vigie.collect.connector import Permission
from vigie.collect.graph import signed
from vigie.collect.graph_refusals import code_of, subcode_of
from vigie.collect.nested import Item
from vigie.collect.received import Refusal, asked
from vigie.errors import InboxError, NetworkError, UnseenError, VigieError, WindowError
from vigie.http import Http, Request
from vigie.words import Words, _

TOO_LATE = frozenset({2018278, 2018065, 2534022})
"""Subcodes: the window is over; for Messenger, for its tags, for Instagram."""
NOT_REACHED = frozenset({1545041, 2018108, 2534014, 2534001})
"""Subcodes: the person blocked us, left, or takes no messages."""
UNREACHABLE, REPEATED, ANSWERED = 551, 506, 10900
"""Codes: the person is not available; the same words twice in a row; a comment answered before."""

WINDOW_OVER = _(
    "The network takes no more answers here: too much time has passed since this person wrote. "
    "Answer under a public post of theirs, by mail if you know their address, or wait for them "
    "to write again."
)


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The Graph API as one box may use it."""

    network: Words
    options: Mapping[str, str]
    permissions: tuple[Permission, ...] = ()

    def get(self, path: str, params: Mapping[str, str], http: Http) -> Item:
        """Ask a question."""
        return self._answer(self._request(path, params=params), http)

    def seen(self, path: str, params: Mapping[str, str], http: Http) -> Item | None:
        """Ask for something that may be gone, or hidden from the token: none then."""
        try:
            return self.get(path, params, http)
        except UnseenError:
            return None

    def post(self, path: str, fields: Mapping[str, object], http: Http) -> Item:
        """Tell something. It is not said again unless it is certain that it was not heard."""
        body = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in fields.items()
        }
        return self._answer(self._request(path, body=urlencode(body).encode()), http)

    def _request(
        self, path: str, *, params: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Request:
        base = f"{self.options['service'].rstrip('/')}/{self.options['version']}"
        return Request(
            url=f"{base}/{path}",
            method="GET" if body is None else "POST",
            params=params or {},
            headers={} if body is None else {"content-type": "application/x-www-form-urlencoded"},
            body=body,
            secret_params=signed(self.options["token"], self.options.get("app_secret", "")),
        )

    def _answer(self, request: Request, http: Http) -> Item:
        return Item(asked(request, http, network=self.network, meaning=self._meaning).json())

    def _meaning(self, refusal: Refusal) -> NetworkError | None:
        if (refused := self._refused(refusal)) is not None:
            raise refused
        return graph_refusals.meaning(refusal, handle=None, permissions=self.permissions)

    def _refused(self, refusal: Refusal) -> VigieError | None:
        """Return what a refusal means that concerns this answer alone."""
        code, subcode = code_of(refusal), subcode_of(refusal)
        said = refusal.body.text("error", "message") or refusal.said
        if subcode in TOO_LATE:
            return WindowError(WINDOW_OVER)
        if code == UNREACHABLE or subcode in NOT_REACHED:
            return InboxError(
                _("{network} cannot reach this person: they block messages, or have left. Answer "
                  "in public or by mail, or close the conversation.", network=self.network)
            )  # fmt: skip
        if code == ANSWERED:
            return InboxError(
                _("A private answer to this comment went out before, and {network} takes one "
                  "only. Answer in public, or wait for them to write.", network=self.network)
            )  # fmt: skip
        if code == REPEATED:
            return InboxError(
                _("{network} does not take the same words twice in a row. Say it in other words.",
                  network=self.network)
            )  # fmt: skip
        if code in graph_refusals.NOT_THERE or graph_refusals.is_gone(refusal):
            return UnseenError(
                _("{network} no longer has what is answered here: it was taken down, or the token "
                  "may not see it. Write to this person another way, or close the conversation. "
                  "({said})", network=self.network, said=said)
            )  # fmt: skip
        return None
