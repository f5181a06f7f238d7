"""No page of the inbox counts rows without end: totals are kept, or counted up to so many."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.test_inbox import NOW, ask, browser
from vigie.inbox import counting
from vigie.inbox.models import Contact, Satisfaction
from vigie.inbox.searching import note_words
from vigie.register.models import Institution, Service

LONG_AGO = NOW - timedelta(days=1)
PAGES = (
    "/inbox/", "/inbox/?state=any", "/inbox/?state=any&q=open", "/inbox/?mine=1&state=any",
    "/inbox/?late=1&state=any", "/inbox/?free=1&state=any", "/inbox/?q=--&state=any",
    "/inbox/{one}/", "/inbox/{one}/related/", "/inbox/{one}/related/?q=open",
    "/inbox/contacts/", "/inbox/contacts/?q=marie", "/inbox/contacts/merges/",
    "/inbox/contacts/pairs/", "/inbox/contacts/{contact}/", "/inbox/boxes/", "/inbox/boxes/mail/",
    "/inbox/boxes/mail/?show=quarantine", "/inbox/boxes/mail/?show=greeting", "/inbox/services/",
    "/inbox/services/library/?show=sharing", "/inbox/figures/", "/inbox/figures/conversations/",
    "/inbox/opinions/", "/",
)  # fmt: skip


BOUNDED = (
    r"FROM \(SELECT .* LIMIT \d+\)",  # Up to so many.
    r"FROM .inbox_tally",  # Kept by the database.
    r"FROM .?inbox_wording",  # Said by the index of words alone.
    r"(group_concat|string_agg)\(",  # Read to be figured with, of the time that was asked for.
    r"\"(received|said)_at\" >= ",  # Of a month.
    r"\"contact_id\" (=|IN)|\"survivor_id\" =",  # Of one person, or of those on a page.
    r"\"state\" (= 'open'|IN \('waiting', 'refused'\)|IN \('due', 'sending'\))",  # Still to do.
)
"""Why counting ends, whatever the inbox grows to."""
COUNTS = re.compile(r"\b(count|sum)\(", re.IGNORECASE)


@pytest.fixture
def named(site: Client) -> dict[str, int]:
    """A library that was asked once, so that no page is empty."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    library = Service.objects.create(institution=northfield, name="Library", slug="library")
    one = ask(northfield, "When do you open?", service=library)
    Satisfaction.objects.create(conversation=one, digest="d", asked_at=NOW, score=5,
                                answered_at=NOW)  # fmt: skip
    note_words([one.pk])
    return {"one": one.pk, "contact": one.contact_id}


def test_no_page_counts_rows_without_end(named: dict[str, int]) -> None:
    client, endless = browser("ada", role="administrator"), []
    for page in PAGES:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page.format(**named)).status_code == 200
        told = [one["sql"] for one in asked.captured_queries if COUNTS.search(one["sql"])]
        endless += [(page, sql) for sql in told if not any(re.search(why, sql) for why in BOUNDED)]
    assert endless == []


@pytest.mark.parametrize(("page", "words"), [
    ("/inbox/contacts/", "More than 1 people wrote to us"),
    ("/inbox/contacts/?q=marie", "More than 1 contacts found"),
    ("/inbox/opinions/", "More than 1 answers"),
    ("/inbox/?free=1", "More than 1 conversations wait for us"),
    ("/inbox/?free=1&state=any", "the file says how many"),
    ("/inbox/?late=1", "Late: more than 1."),
])  # fmt: skip
def test_what_is_not_counted_to_its_end_is_said_to_be_more(
    named: dict[str, int], page: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 1)
    monkeypatch.setattr("vigie.web.pages.inbox.contacts.PAGE", 1)
    library = Service.objects.get()
    for _number in range(2):
        late = ask(library.institution, "And on Sundays?", service=library, due_at=LONG_AGO)
        Satisfaction.objects.create(conversation=late, digest=str(late.pk), asked_at=NOW, score=5,
                                    answered_at=NOW)  # fmt: skip
    Contact.objects.update(sought=" marie ")
    assert words in browser("ada", role="administrator").get(page).text


def test_list_says_kept_totals_whole(
    named: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 0)
    assert "1 conversation waits for us" in browser("ada", role="administrator").get("/inbox/").text
