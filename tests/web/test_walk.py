"""Every address of the site, for a stranger, a reader and an administrator: closed and strict."""

from __future__ import annotations

import pytest
from django.test import Client

import vigie.web.pages
from tests.web.test_door import address
from vigie.web.headers import CONTENT_SECURITY_POLICY
from vigie.web.page import pages

PAGES = pages(vigie.web.pages)


# Said aloud, since a fixture that is asked for by name alone brings no database of its own.
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["site", "bob", "alice"])
def test_every_address_answers_with_its_policies_and_what_is_closed_is_kept_by_nobody(
    who: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    wrong = []
    for page in PAGES:
        answer = client.get(address(page))
        if answer.status_code >= 500 or answer.status_code not in (
            200,
            302,
            400,
            403,
            404,
            405,
            410,
            422,
        ):
            wrong.append(f"{page.name}: {answer.status_code}")
        if answer.get("Content-Security-Policy") != CONTENT_SECURITY_POLICY:
            wrong.append(f"{page.name}: {answer.get('Content-Security-Policy')}")
        if page.permission is not None and "no-store" not in answer.get("Cache-Control", ""):
            wrong.append(f"{page.name} may be kept: {answer.get('Cache-Control')}")
        if answer.get("X-Content-Type-Options") != "nosniff" or "X-Frame-Options" not in answer:
            wrong.append(f"{page.name}: may be framed or guessed")
    assert wrong == []
