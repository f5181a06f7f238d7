"""Seals secrets before they are kept, and opens them: MultiFernet with the keys of the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from vigie.errors import SecretError, SettingError
from vigie.secret import kept_secret
from vigie.settings import Settings
from vigie.words import _

KEY_FILE = "token-key"


class Seal:
    """Encrypts with the first key; decrypts with any."""

    def __init__(self, keys: MultiFernet) -> None:
        self._keys = keys

    def close(self, secrets: Mapping[str, str]) -> str:
        """Return secrets as text that says nothing without a key."""
        return self._keys.encrypt(json.dumps(dict(secrets)).encode()).decode("ascii")

    def open(self, sealed: str, *, name: str) -> Mapping[str, str]:
        """Return what was sealed; ``name`` says whose it is when no key opens it."""
        try:
            found: dict[str, str] = json.loads(self._keys.decrypt(sealed.encode("ascii")))
        except (InvalidToken, UnicodeEncodeError) as error:
            raise _lost(name) from error
        return found

    def again(self, sealed: str, *, name: str) -> str:
        """Return the same secrets sealed with the first key."""
        try:
            return self._keys.rotate(sealed.encode("ascii")).decode("ascii")
        except (InvalidToken, UnicodeEncodeError) as error:
            raise _lost(name) from error


def open_seal(settings: Settings) -> Seal:
    """Return the seal of an installation.

    Without ``token_keys`` one key is made and kept in the home folder. It goes on opening what it
    closed when keys are given later, so that ``vigie sources rotate`` finds everything open.
    """
    given = [key.strip() for key in settings.token_keys.split(",") if key.strip()]
    in_home = settings.home / KEY_FILE
    if not given or in_home.exists():
        given.append(kept_secret(settings.home, KEY_FILE, make=new_key))
    return Seal(MultiFernet([_key(key) for key in given]))


def new_key() -> str:
    """Return a new key, as the setting ``token_keys`` takes it."""
    return Fernet.generate_key().decode("ascii")


def _key(text: str) -> Fernet:
    try:
        return Fernet(text.encode())
    except ValueError as error:
        raise SettingError(
            _(
                "A key of token_keys is not one: it must be 32 bytes in url-safe base64. "
                "Make one with: vigie sources key"
            )
        ) from error


def _lost(name: str) -> SecretError:
    return SecretError(
        _(
            "What was entered for {name} cannot be opened: the key that sealed it is not among "
            "token_keys. Put the old key back behind the new one, or enter it again: "
            "vigie sources connect {name}",
            name=name,
        )
    )
