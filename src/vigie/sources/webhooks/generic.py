"""Any program of ours that wants an account to be read at once."""

from __future__ import annotations

import json
from typing import ClassVar

from vigie.errors import GarbledError
from vigie.sources.webhook import Told, Touched, Webhook
from vigie.words import Words, _


class Generic(Webhook):
    """Any program: it posts ``{"accounts": ["bluesky:northfield.example"]}``, signed.

    The accounts it names are read at once. The signature is the header
    ``X-Hub-Signature-256: sha256=…``, HMAC-SHA256 of the body with the secret entered here.
    """

    label: ClassVar[Words] = _("A program of yours")
    guide: ClassVar[Words] = _(
        "Choose a long secret and enter it here and in your program. It then posts JSON that "
        "names accounts, signed as X-Hub-Signature-256, and they are read at once."
    )

    def read(self, body: bytes) -> Told:
        """Return the accounts named under ``accounts``; other keys are unknown and kept."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise GarbledError(_("The delivery is not JSON.")) from error
        if not isinstance(found, dict):
            return Told(unknown=(type(found).__name__,))
        named = found.get("accounts")
        accounts = named if isinstance(named, list) else []
        touched = {
            Touched(network=one.partition(":")[0], account=one)
            for one in accounts
            if isinstance(one, str) and ":" in one
        }
        unknown = sorted(key for key in found if key != "accounts")
        return Told(touched=frozenset(touched), unknown=tuple(unknown))
