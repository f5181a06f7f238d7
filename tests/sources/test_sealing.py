"""What was entered is sealed at rest, opens with any key, and is sealed anew with the first."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from tests.sources.conftest import SECRET
from vigie.errors import SecretError, SettingError
from vigie.sealing import KEY_FILE, new_key, open_seal
from vigie.settings import Settings

TOKEN = {"token": SECRET}


def test_sealed_secret_is_not_readable(settings: Settings) -> None:
    assert SECRET not in open_seal(settings).close(TOKEN)


def test_sealed_secret_opens_again(settings: Settings) -> None:
    sealed = open_seal(settings).close(TOKEN)
    assert open_seal(settings).open(sealed, name="x") == TOKEN


def test_same_secret_is_sealed_differently_each_time(settings: Settings) -> None:
    seal = open_seal(settings)
    assert seal.close(TOKEN) != seal.close(TOKEN)


def test_key_made_at_home_is_for_its_owner_only(settings: Settings) -> None:
    open_seal(settings).close(TOKEN)
    assert stat.S_IMODE((settings.home / KEY_FILE).stat().st_mode) == 0o600


def test_no_key_is_made_at_home_where_the_settings_give_one(settings: Settings) -> None:
    open_seal(replace(settings, token_keys=new_key())).close(TOKEN)
    assert not (settings.home / KEY_FILE).exists()


def test_older_keys_still_open(settings: Settings) -> None:
    old, new = new_key(), new_key()
    sealed = open_seal(replace(settings, token_keys=old)).close(TOKEN)
    both = open_seal(replace(settings, token_keys=f"{new}, {old}"))
    assert both.open(sealed, name="x") == TOKEN


def test_key_at_home_still_opens_when_the_settings_give_another(settings: Settings) -> None:
    sealed = open_seal(settings).close(TOKEN)
    given = open_seal(replace(settings, token_keys=new_key()))
    assert given.open(sealed, name="x") == TOKEN


def test_sealing_anew_uses_the_first_key(settings: Settings) -> None:
    old, new = new_key(), new_key()
    sealed = open_seal(replace(settings, token_keys=old)).close(TOKEN)
    again = open_seal(replace(settings, token_keys=f"{new},{old}")).again(sealed, name="x")
    assert open_seal(replace(settings, token_keys=new)).open(again, name="x") == TOKEN


def test_lost_key_is_said_with_what_to_do(settings: Settings) -> None:
    sealed = open_seal(replace(settings, token_keys=new_key())).close(TOKEN)
    with pytest.raises(SecretError, match=r"x cannot be opened.*vigie sources connect x"):
        open_seal(replace(settings, token_keys=new_key())).open(sealed, name="x")


@pytest.mark.parametrize("damaged", ["", "gAAAA", "é", "0" * 120])
def test_damaged_seal_is_said_like_a_lost_key(settings: Settings, damaged: str) -> None:
    with pytest.raises(SecretError):
        open_seal(settings).open(damaged, name="x")


def test_key_that_is_none_is_refused_without_being_shown(settings: Settings) -> None:
    with pytest.raises(SettingError, match="vigie sources key") as refusal:
        open_seal(replace(settings, token_keys="my-passphrase"))
    assert "my-passphrase" not in str(refusal.value)
