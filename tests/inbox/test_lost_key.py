"""The key that sealed a password is lost: said with what to do, and entered again it works."""

from __future__ import annotations

import pytest

from tests.cast import NOON
from vigie.errors import SecretError
from vigie.inbox.boxes import opened, put_box
from vigie.inbox.models import Box
from vigie.register.models import Institution
from vigie.sealing import KEY_FILE
from vigie.settings import Settings

GIVEN = {"imap": "mail.northfield.example", "smtp": "mail.northfield.example", "name": "hello"}


def entered(
    northfield: Institution, settings: Settings, box: Box | None = None, **given: str
) -> Box:
    options = {**GIVEN, **given}
    return put_box("mail", institution=northfield, label="Questions", box=box, settings=settings,
                   address="hello@northfield.example", options=options, now=NOON)  # fmt: skip


def test_password_whose_key_is_lost_is_entered_again(
    northfield: Institution, settings: Settings
) -> None:
    box = entered(northfield, settings, password="a lamp")
    (settings.home / KEY_FILE).unlink()
    with pytest.raises(SecretError, match="enter it again on the page of the box"):
        opened(box, settings)
    with pytest.raises(SecretError, match="Questions cannot be opened"):
        entered(northfield, settings, box=box)
    box = entered(northfield, settings, box=box, password="another lamp")
    assert opened(box, settings).chosen["password"] == "another lamp"
