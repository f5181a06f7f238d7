"""Meta's networks, which call when something happens on a page or an account of ours."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from typing import ClassVar

from vigie.collect.connector import Option
from vigie.errors import GarbledError
from vigie.sources.webhook import Told, Touched, Webhook
from vigie.words import Words, _

NETWORKS = {"page": "facebook", "instagram": "instagram", "threads": "threads"}
"""What a delivery is about (its ``object``) → the network of the register."""
READ_AGAIN = frozenset(
    {"feed", "comments", "live_comments", "mention", "mentions", "replies", "publish"}
)
"""Changes after which an account is worth reading at once."""
VERIFY = "verify_token"


class Meta(Webhook):
    """Facebook, Instagram and Threads: they call when a post, a comment or a mention appears.

    The account that is touched is read at once instead of at its next turn. The call is proved
    by the app's secret (header ``X-Hub-Signature-256``), the address by the verify token.
    """

    label: ClassVar[Words] = _("Meta: Facebook, Instagram, Threads")
    guide: ClassVar[Words] = _(
        "1. In Meta’s dashboard for developers, open your app, then App settings, Basic, and copy "
        "the app secret here. 2. Choose a verify token, any long word, and enter it here. 3. In "
        "the dashboard, under Webhooks, give the address of this page’s webhook and the same "
        "verify token. 4. Subscribe the page to feed and mention, the Instagram account to "
        "comments and mentions."
    )
    options: ClassVar[tuple[Option, ...]] = (
        Option(name="secret", label=_("App secret"), is_secret=True, is_needed=True),
        Option(name=VERIFY, label=_("Verify token, chosen by you"), is_secret=True,
               is_needed=True),
    )  # fmt: skip

    def challenge(self, asked: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """Return the challenge when the verify token is the one entered here."""
        known, given = secrets.get(VERIFY, ""), asked.get("hub.verify_token", "")
        is_ours = bool(known) and hmac.compare_digest(
            known.encode(), given.encode("utf-8", "replace")
        )
        return (
            asked.get("hub.challenge") if is_ours and asked.get("hub.mode") == "subscribe" else None
        )

    def read(self, body: bytes) -> Told:
        """Return the accounts whose posts, comments or mentions changed."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise GarbledError(_("The delivery is not JSON.")) from error
        if not isinstance(found, dict):
            return Told(unknown=(type(found).__name__,))
        about = str(found.get("object"))
        network = NETWORKS.get(about)
        touched, unknown = set(), set()
        for identifier, field in _changes(found):
            if network is not None and field in READ_AGAIN and identifier:
                touched.add(Touched(network=network, identifier=identifier))
            else:
                unknown.add(f"{about}.{field}")
        if not touched and not unknown:
            unknown.add(about)
        return Told(touched=frozenset(touched), unknown=tuple(sorted(unknown)))


def _changes(found: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the identifier of each account and what changed there."""
    entries = found.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            yield "", "entry"
            continue
        identifier = str(entry.get("id") or "")
        changes = entry.get("changes")
        for change in changes if isinstance(changes, list) else []:
            field = change.get("field") if isinstance(change, dict) else None
            yield identifier, str(field)
        if "messaging" in entry:
            yield identifier, "messaging"
