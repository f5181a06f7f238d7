"""How long words are kept: the page says what a rule would take before anything goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.web.test_inbox import ask, browser
from vigie.inbox.models import Contact, Conversation, Message, Retention
from vigie.register.models import Institution

LONG_AGO = datetime.now(UTC) - timedelta(days=1000)
ADDRESS = "/inbox/retention/"


@pytest.fixture
def old(site: Client) -> Conversation:
    """A question that was closed years ago."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    row = ask(northfield, "Old words", state="closed", closed_at=LONG_AGO, opened_at=LONG_AGO)
    Conversation.objects.update(incoming_at=LONG_AGO, asked_at=LONG_AGO)
    return row


@pytest.fixture
def administrator(site: Client) -> Client:
    """Ada's browser: she may erase."""
    return browser("ada", role="administrator")


def test_without_rules_the_page_says_that_nothing_goes(administrator: Client) -> None:
    assert "Words are kept for as long as nobody says otherwise" in administrator.get(ADDRESS).text


def test_rule_is_looked_at_switched_on_and_taken_out(
    administrator: Client, old: Conversation
) -> None:
    administrator.post(ADDRESS, {"do": "keep", "months": "24"})
    rule = Retention.objects.get()
    row = administrator.get(ADDRESS).text.partition("<tbody>")[2].partition("</tr>")[0]
    assert row.count('<td class="number">1</td>') == 3
    administrator.post(ADDRESS, {"do": "on", "rule": rule.pk})
    assert Retention.objects.get().is_on
    assert Message.objects.get().words == "Old words"
    administrator.post(ADDRESS, {"do": "erase", "rule": rule.pk})
    assert not Retention.objects.exists()


def test_months_that_make_no_sense_are_refused(administrator: Client) -> None:
    answer = administrator.post(ADDRESS, {"do": "keep", "months": "soon"})
    assert (answer.status_code, Retention.objects.count()) == (422, 0)
    assert "Write how many months" in answer.text


def test_editor_neither_sees_nor_makes_rules(site: Client) -> None:
    editor = browser("edith", role="editor")
    assert editor.get(ADDRESS).status_code == 403
    assert ADDRESS not in editor.get("/inbox/contacts/").text


@pytest.mark.parametrize("role", ["answerer", "administrator"])
def test_page_of_whom_nothing_is_kept_says_so(old: Conversation, role: str) -> None:
    Contact.objects.update(name="", forgotten_at=LONG_AGO)
    page = browser("erin", role=role).get(f"/inbox/contacts/{old.contact_id}/", follow=True)
    assert (page.status_code, "Nothing is kept of this person" in page.text) == (200, True)
