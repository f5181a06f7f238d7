"""What was found of an institution is shown with its reasons, and decided by those who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from tests.cast import NOON, NORTHFIELD, SOUTHBRIDGE
from tests.web.conftest import PASSWORD
from vigie.collect.address import parse_addresses
from vigie.collect.discovery import Found
from vigie.collect.proof import Proof
from vigie.columns import records_of
from vigie.model import Account
from vigie.register import models as register
from vigie.register import tables
from vigie.register.people import add_person
from vigie.sources import findings
from vigie.sources.models import Finding, Work
from vigie.store.store import Store
from vigie.words import Words, _

PAGE = "/sources/discovery/"
NORTH = f"{PAGE}?institution=northfield"


@dataclass(frozen=True)
class Seen:
    """A look at Northfield's site."""

    proofs: tuple[Proof, ...] = ()
    pages: tuple[str, ...] = ("https://www.northfield.example/",)
    failures: tuple[Words, ...] = ()
    institution: str = "northfield"
    site: str = "https://www.northfield.example/"
    at: datetime = NOON


def proof(
    url: str, verdict: str = "two_way", *, kind: str = "link", is_known: bool = False
) -> Proof:
    address = parse_addresses(url).found[0]
    place = Found(address=address, kind=kind, page=Seen.site, place="footer", words="<b>us</b>")
    reasons = (_("Its profile links to the site."),)
    return Proof(address=address, verdict=verdict, reasons=reasons, found=(place,), name="<i>N</i>",
                 followers=1234, is_known=is_known)  # fmt: skip


X, TIKTOK = proof("https://x.com/northfield"), proof("https://www.tiktok.com/@northfield", "site")


@pytest.fixture
def editor(site: Client) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(add_person("erin", PASSWORD, role="editor").user)
    return client


@pytest.fixture(autouse=True)
def _register(db: None) -> None:
    for one in (NORTHFIELD, SOUTHBRIDGE):
        register.Institution.objects.create(
            slug=one.institution, name=one.name, website=one.website
        )


def found(*proofs: Proof, **more: object) -> None:
    findings.note(Seen(proofs, **more))  # type: ignore[arg-type]


def decide(client: Client, what: str, account: str = "x:northfield") -> object:
    number = Finding.objects.get(account=account).pk
    given = {"institution": "northfield", "do": what, "finding": number}
    return client.post(PAGE, given, follow=True)


def state(account: str = "x:northfield") -> str:
    return Finding.objects.get(account=account).state


def test_stranger_is_sent_to_sign_in(site: Client) -> None:
    assert "/sign-in/" in site.get(PAGE)["Location"]
    assert "/sign-in/" in site.post(PAGE, {"do": "look"})["Location"]


def test_reader_sees_what_was_found_but_no_button(bob: Client) -> None:
    found(X)
    page = bob.get(NORTH).text
    assert ("Proved both ways" in page, 'name="do"' in page) == (True, False)


@pytest.mark.parametrize("what", ["accept", "reject", "look"])
def test_reader_who_decides_anyway_is_refused(bob: Client, what: str) -> None:
    found(X)
    assert decide(bob, what).status_code == 403  # type: ignore[attr-defined]
    assert (state(), Work.objects.count()) == ("pending", 0)


def test_accepted_account_is_in_the_register_with_its_proof(editor: Client, store: Store) -> None:
    found(X)
    decide(editor, "accept")
    row = register.Account.objects.get()
    assert (row.account, row.institution.slug, row.proof) == ("x:northfield", "northfield", "both")
    assert row.proved_at is not None
    kept = records_of(Account, store.table("accounts").to_pyarrow())
    assert [one.account for one in kept] == ["x:northfield"]


def test_every_decision_is_in_the_log(editor: Client) -> None:
    found(X, TIKTOK)
    decide(editor, "accept")
    decide(editor, "reject", "tiktok:northfield")
    entries = register.LogEntry.objects.filter(by="erin").values_list("action", flat=True)
    assert list(entries) == [
        "register.account_new", "account.prove", "finding.accepted", "finding.rejected",
    ]  # fmt: skip


def test_rejected_account_does_not_come_back(editor: Client) -> None:
    found(TIKTOK)
    decide(editor, "reject", "tiktok:northfield")
    found(TIKTOK)
    assert state("tiktok:northfield") == "rejected"


def test_rejected_account_comes_back_when_its_evidence_changes(editor: Client) -> None:
    found(TIKTOK)
    decide(editor, "reject", "tiktok:northfield")
    found(proof("https://www.tiktok.com/@northfield", "two_way"))
    assert state("tiktok:northfield") == "pending"


def test_what_is_no_longer_found_is_forgotten_unless_rejected(editor: Client) -> None:
    found(X, TIKTOK)
    decide(editor, "reject")
    found()
    assert list(Finding.objects.values_list("account", flat=True)) == ["x:northfield"]


def test_site_that_does_not_answer_changes_nothing(bob: Client) -> None:
    found(X)
    found(pages=(), failures=(_("This file is no longer here. Send it again."),))
    assert state() == "pending"
    assert "nothing is concluded" in bob.get(NORTH).text


def test_account_of_another_institution_is_not_taken(editor: Client) -> None:
    other = register.Institution.objects.get(slug="southbridge")
    register.Account.objects.create(
        account="x:northfield", institution=other, network="x", handle="northfield"
    )
    found(X)
    page = decide(editor, "accept")
    assert "in the register already" in page.text  # type: ignore[attr-defined]
    assert (state(), register.Account.objects.get().institution) == ("pending", other)


def test_known_account_gets_its_proof(editor: Client) -> None:
    north = register.Institution.objects.get(slug="northfield")
    register.Account.objects.create(
        account="x:northfield", institution=north, network="x", handle="northfield"
    )
    found(proof("https://x.com/northfield", is_known=True))
    page = editor.get(NORTH).text
    assert ("Note the proof" in page, ">Reject<" in page) == (True, False)
    decide(editor, "accept")
    assert register.Account.objects.get().proof == "both"
    assert "Note the proof" not in editor.get(NORTH).text


def test_known_account_is_not_rejected(editor: Client) -> None:
    found(X)
    decide(editor, "accept")
    page = decide(editor, "reject")
    assert "close it there" in page.text  # type: ignore[attr-defined]
    assert state() == "accepted"


def test_looking_again_is_work_for_a_worker(editor: Client) -> None:
    page = editor.post(PAGE, {"institution": "northfield", "do": "look"}, follow=True)
    row = Work.objects.get()
    assert (row.kind, row.subject, row.every) == (findings.DISCOVER, "northfield", None)
    assert "as soon as a worker is free" in page.text


def test_without_a_site_there_is_nowhere_to_look(editor: Client) -> None:
    page = editor.post(PAGE, {"institution": "southbridge", "do": "look"}, follow=True)
    assert ("nowhere to look" in page.text, Work.objects.count()) == (True, 0)


def test_what_sites_and_profiles_say_is_harmless(bob: Client) -> None:
    found(X)
    page = bob.get(NORTH).text
    assert ("<b>us" in page, "<i>N" in page, "&lt;b&gt;us" in page) == (False, False, True)


def test_numbers_are_written_in_the_readers_language(bob: Client) -> None:
    found(X)
    assert "1\u202f234" in bob.get(NORTH, headers={"accept-language": "fr"}).text


def test_institutions_with_something_to_decide_come_first(bob: Client) -> None:
    register.Institution.objects.filter(slug="southbridge").update(website="https://s.example")
    found(X)
    page = bob.get(PAGE).text
    assert page.index("Northfield University") < page.index("Southbridge")


def test_empty_register_says_what_to_do(bob: Client) -> None:
    register.Institution.objects.all().delete()
    assert "Add them there first" in bob.get(PAGE).text


def test_nothing_found_is_said(bob: Client) -> None:
    found()
    assert "name no account" in bob.get(NORTH).text


@pytest.mark.parametrize(
    "given",
    [
        {"institution": "nowhere", "do": "look"},
        {"institution": "northfield", "do": "publicise"},
        {"institution": "northfield", "do": "accept", "finding": "²"},
        {},
    ],
)
def test_what_nobody_can_do_is_nowhere(editor: Client, given: dict[str, str]) -> None:
    assert editor.post(PAGE, given).status_code == 404


def test_finding_that_went_meanwhile_is_said(editor: Client) -> None:
    given = {"institution": "northfield", "do": "accept", "finding": "7"}
    assert "no longer among those found" in editor.post(PAGE, given, follow=True).text


def test_accepting_does_not_touch_what_others_said(editor: Client) -> None:
    found(X, TIKTOK)
    decide(editor, "accept")
    assert [row.account for row in tables.rows()["accounts"]] == ["x:northfield"]  # type: ignore[attr-defined]
    assert state("tiktok:northfield") == "pending"
