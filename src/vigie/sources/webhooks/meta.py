"""Meta's networks, which call when something happens on a page or an account of ours."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from vigie.collect.connector import Option
from vigie.collect.nested import Item
from vigie.errors import GarbledError
from vigie.sources.webhook import Entry, Told, Touched, Webhook
from vigie.words import Words, _

NETWORKS = {"page": "facebook", "instagram": "instagram", "threads": "threads"}
"""What a delivery is about (its ``object``) → the network of the register."""
READ = frozenset(
    {"feed", "comments", "live_comments", "mention", "mentions", "replies", "publish", "delete"}
)
"""Changes that are read, or after which an account is worth reading at once."""
VERIFY = "verify_token"


class Meta(Webhook):
    """Facebook, Instagram and Threads: they call when a post, a comment or a mention appears.

    A comment or a mention that comes with its words is kept at once, and what was taken down is
    erased at once; where Meta tells less, the account is read at once instead of at its next
    turn. Reactions wait for that turn. The call is proved by the app's secret (header
    ``X-Hub-Signature-256``), the address by the verify token.
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
        """Return what is told of each account, as far as its kind is known."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise GarbledError(_("The delivery is not JSON.")) from error
        if not isinstance(found, dict):
            return Told(unknown=(type(found).__name__,))
        about, entries, unknown = _entries(found)
        known: list[Entry] = []
        for entry in entries:
            identifier = str(entry.get("id") or "")
            told, odd = _parted(entry, is_ours=about in NETWORKS and bool(identifier))
            unknown |= {f"{about}.{field}" for field in odd}
            if told:
                touched = Touched(network=NETWORKS[about], identifier=identifier)
                known.append(Entry(about=touched, said={**entry, "changes": told}))
        if not known and not unknown:
            unknown.add(about)
        return Told(entries=tuple(known), unknown=tuple(sorted(unknown)))


def _entries(found: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]], set[str]]:
    """Return what a delivery is about, its entries, and what is none.

    Threads tells one thing at a time, and names the account beside it.
    """
    if isinstance(found.get("values"), dict) and "object" not in found:
        values = found["values"]
        owner = Item(values).name("value", "root_post", "owner_id")
        identifier = owner or Item(found).name("target_id")
        entry = {"id": identifier, "time": found.get("time"), "changes": [values]}
        return "threads", [entry], set()
    about, entries = str(found.get("object")), found.get("entry")
    listed = entries if isinstance(entries, list) else []
    odd = {f"{about}.entry" for entry in listed if not isinstance(entry, dict)}
    return about, [entry for entry in listed if isinstance(entry, dict)], odd


def _parted(entry: Mapping[str, Any], *, is_ours: bool) -> tuple[list[Any], set[str]]:
    """Return the changes that are known kinds of news, and the kinds of the others."""
    changes = entry.get("changes")
    told: list[Any] = []
    odd = {"messaging"} if "messaging" in entry else set()
    for change in changes if isinstance(changes, list) else []:
        field = str(change.get("field") if isinstance(change, dict) else None)
        if is_ours and field in READ:
            told.append(change)
        else:
            odd.add(field)
    return told, odd
