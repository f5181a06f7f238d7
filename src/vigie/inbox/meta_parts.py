"""What Meta tells by webhook, part by part: of which account, of what kind, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.words import _

MESSAGING, STANDBY = "messaging", "standby"
"""Direct messages; the second when another program holds the conversation just now."""
RECEIPTS = frozenset({"read", "delivery", "reaction"})
"""News about messages that are none."""
LIKES = frozenset({"reaction", "like"})
KINDS = (
    "message", "message_edit", "postback", "reaction", "read", "delivery", "referral", "optin",
    "account_linking", "app_roles", "pass_thread_control", "take_thread_control",
    "request_thread_control", "policy_enforcement",
)  # fmt: skip
"""What one event of a conversation may hold, by Meta's names."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that is told."""

    account: str
    """The page or the Instagram account, by Meta's number."""
    field: str
    """What a change is about, or ``messaging``."""
    value: Item
    told_at: Item
    """Holds ``time`` of the entry."""

    @property
    def kind(self) -> str:
        """What it is, by name."""
        if self.field == MESSAGING:
            return next((name for name in KINDS if self.value.at(name).value), "other")
        item = self.value.name("item")
        return f"{self.field}.{item}" if item else self.field

    @property
    def is_passing(self) -> bool:
        """Whether it is a receipt or a like: of no use once it was heard, and there are many."""
        return self.kind in RECEIPTS or self.value.name("item") in LIKES


def parts_of(body: bytes, *, about: str) -> list[Part]:
    """Return the parts of a delivery about pages or Instagram accounts, in their order."""
    found = _read(body)
    if found.get("object") != about:
        raise GarbledError(
            _("This is no news of the kind {kind} from Meta.", kind=about)
        )  # fmt: skip
    entries = found.get("entry")
    return [part for entry in entries or () for part in _of_entry(entry)]


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise GarbledError(_("The delivery is not JSON.")) from error
    if not isinstance(found, dict) or not isinstance(found.get("entry"), list):
        raise GarbledError(_("The delivery is no news from Meta: it has no entries."))
    return found


def _of_entry(entry: object) -> Iterator[Part]:
    item = Item(entry)
    account = item.name("id") or ""
    for field in (MESSAGING, STANDBY):
        for event in item.at(field):
            yield Part(account=account, field=MESSAGING, value=event, told_at=item)
    for change in item.at("changes"):
        field = change.name("field") or ""
        # The dashboard's own test, and Instagram without a page, tell messages as changes.
        is_message = field in ("messages", "message_edit", "message_echoes")
        yield Part(
            account=account,
            field=MESSAGING if is_message else field,
            value=change.at("value"),
            told_at=item,
        )


def for_each_account(body: bytes, *, about: str, fields: frozenset[str]) -> Mapping[str, bytes]:
    """Return what is to be kept of a delivery for each account that it concerns.

    A delivery about one account is kept as it came; of one about several, each keeps its own
    entries. Where an account is only told of receipts and likes, nothing is kept for it.
    """
    try:
        found = _read(body)
    except GarbledError:
        return {}
    if found.get("object") != about:
        return {}
    kept: dict[str, list[object]] = {}
    concerned: set[str] = set()
    for entry in found["entry"]:
        parts = [part for part in _of_entry(entry) if part.field in fields]
        concerned |= {part.account for part in parts}
        if any(not part.is_passing for part in parts):
            kept.setdefault(parts[0].account, []).append(entry)
    return {
        account: _payload(body, found, kept.get(account, ())) for account in concerned if account
    }


def _payload(body: bytes, found: Mapping[str, Any], entries: Sequence[object]) -> bytes:
    if not entries:
        return b""
    return body if len(entries) == len(found["entry"]) else written(found["object"], entries)


def written(about: str, entries: Sequence[object]) -> bytes:
    """Return entries as Meta would tell them; empty where there are none."""
    if not entries:
        return b""
    return json.dumps({"object": about, "entry": entries}, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def moment(item: Item, *path: str) -> datetime:
    """Return a moment of Meta: seconds, or milliseconds, since 1970, or ISO 8601."""
    value = item.at(*path).value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise RowError(
                _("{cell} is not a date that can be read.", cell=str(value)), column=".".join(path)
            ) from error
    return item.when(*path)
