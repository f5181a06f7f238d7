"""Posts that show belonging, the question to their authors, and what may leave in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings

from tests.cast import NORTHFIELD
from tests.culture.posts import mention
from tests.web.conftest import PASSWORD
from vigie.columns import table_of
from vigie.listening import consent_changes
from vigie.listening.models import Consent
from vigie.model import Label, Mention, Tombstone
from vigie.register.changes import apply_update, propose
from vigie.register.contents import Register
from vigie.register.models import LogEntry
from vigie.register.people import add_person
from vigie.settings import Settings
from vigie.store.store import Store

ASK = "/listening/belonging/ask/"
LISTED = "/listening/consents/"
NOW = datetime.now(UTC)
SAID = "So proud to study at Northfield!"


def post(name: str, text: str = SAID, network: str = "bluesky") -> Mention:
    at = NOW - timedelta(days=2)
    return mention(
        name, network=network, text=text, published_at=at, published_on=at.date(),
        observed_at=at, author="p-dana", url=f"https://{network}.example/{name}",
    )  # fmt: skip


def label(one: Mention, *answers: str) -> Label:
    return Label(
        network=one.network, post=one.post, published_on=one.published_on, question="intent",
        annotator="rules 1", answers=answers, certainties=(0.9,) * len(answers), labelled_at=NOW,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def said(site: Client, store: Store, settings: Settings) -> Iterator[None]:
    """Posts of the last days, on the site of Northfield."""
    proud, plain = post("proud"), post("plain", "The library is closed.")
    posts = [proud, plain, post("linked", network="linkedin")]
    labels = [
        label(proud, "praise", "belonging"), label(plain, "information"),
        label(posts[2], "belonging"),
    ]  # fmt: skip
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, posts))
        intake.add("labels", table_of(Label, labels))
        intake.commit()
    apply_update(propose(Register(institutions=(NORTHFIELD,)), source="ministry"))
    ours = Settings(
        home=settings.home, institution="northfield", contact="press@northfield.example"
    )
    with override_settings(CONFIGURED=ours):
        yield


@pytest.fixture
def erin(site: Client) -> Client:
    """Erin's browser: an editor."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(add_person("erin", PASSWORD, role="editor").user)
    return client


def form(**changes: str) -> dict[str, str]:
    until = (NOW + timedelta(days=300)).date().isoformat()
    given = {
        "network": "bluesky", "post": "proud", "purpose": "on our page for new students",
        "scope": "quote", "way": "direct", "language": "en", "used_until": until,
    }  # fmt: skip
    return {**given, **changes}


def link_of(page: str) -> str:
    (link,) = re.findall(r"/consent/[\w~.=-]+/", page)
    return str(link)


def asked(erin: Client, **changes: str) -> str:
    """Ask as an editor does; return the address the author gets."""
    return link_of(erin.post(ASK, form(**changes)).text)


def exported(client: Client) -> str:
    response = client.get(f"{LISTED}?format=csv")
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams


# ── the list ──


def test_posts_that_show_belonging_are_listed_without_their_authors(bob: Client) -> None:
    page = bob.get("/listening/belonging/").text
    assert SAID in page
    assert "The library is closed." not in page
    assert "p-dana" not in page


def test_days_and_network_are_in_the_address(bob: Client) -> None:
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    assert SAID not in bob.get(f"/listening/belonging/?since={tomorrow}").text
    assert SAID not in bob.get("/listening/belonging/?network=mastodon").text
    assert SAID in bob.get("/listening/belonging/?since=never&network=bluesky").text


def test_reader_sees_posts_and_asks_nobody(bob: Client) -> None:
    assert ASK not in bob.get("/listening/belonging/").text
    assert bob.get(f"{ASK}?network=bluesky&post=proud").status_code == 403
    assert bob.post(ASK, form()).status_code == 403
    assert not Consent.objects.exists()


def test_stranger_sees_no_list(site: Client) -> None:
    for path in ("/listening/belonging/", LISTED, ASK):
        assert site.get(path)["Location"].startswith("/sign-in/")


def test_practice_is_noted_from_the_list_with_one_click(erin: Client, bob: Client) -> None:
    assert "Note as a practice" in erin.get("/listening/belonging/").text
    assert "Note as a practice" not in bob.get("/listening/belonging/").text


# ── asking ──


def test_request_is_words_with_a_link_shown_once(erin: Client) -> None:
    page = erin.post(ASK, form()).text
    assert "Northfield University would love to show your post." in page
    assert link_of(page)
    assert "Waits for the author" in erin.get("/listening/belonging/").text
    assert "/consent/" not in erin.get(LISTED).text


def test_request_is_in_the_authors_language(erin: Client) -> None:
    assert "aimerait montrer votre publication" in erin.post(ASK, form(language="fr")).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"purpose": " "}, "purpose"), ({"scope": "x"}, "scope"), ({"used_until": "x"}, "used_until")],
)
def test_mistake_is_said_beside_its_field(erin: Client, wrong: dict[str, str], field: str) -> None:
    response = erin.post(ASK, form(**wrong))
    assert response.status_code == 422
    assert f'id="{field}-mistake"' in response.text
    assert not Consent.objects.exists()


def test_post_that_is_gone_is_not_asked_about(erin: Client) -> None:
    assert erin.post(ASK, form(post="nothing")).status_code == 404


def test_author_is_not_asked_twice(erin: Client) -> None:
    asked(erin)
    response = erin.post(ASK, form())
    assert response.status_code == 422
    assert "was asked already" in response.text


# ── answering ──


def test_author_reads_who_asks_for_what_until_when(erin: Client, site: Client) -> None:
    page = site.get(asked(erin)).text
    until = (NOW + timedelta(days=300)).year
    for fact in ("Northfield University", "press@northfield.example", SAID,
                 "on our page for new students", "the words of the post", str(until)):  # fmt: skip
        assert fact in page


def test_looking_at_the_link_answers_nothing(erin: Client, site: Client) -> None:
    link = asked(erin)
    for _time in range(2):
        site.get(link)
        site.head(link)
    assert Consent.objects.get().answer == ""


def test_page_keeps_its_address_to_itself(erin: Client, site: Client) -> None:
    response = site.get(asked(erin))
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.text


@pytest.mark.parametrize(("named", "credit"), [("no", ""), ("yes", "Dana R.")])
def test_yes_is_kept_with_the_name_chosen(
    erin: Client, site: Client, named: str, credit: str
) -> None:
    link = asked(erin)
    page = site.post(link, {"answer": "yes", "named": named, "credit": "Dana R."}, follow=True).text
    assert "You said yes. Thank you!" in page
    assert Consent.objects.get().credit == credit


def test_form_without_its_token_is_refused(erin: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(asked(erin), {"answer": "yes"}).status_code == 403


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_what_is_no_answer_is_refused(erin: Client, site: Client, answer: str) -> None:
    assert site.post(asked(erin), {"answer": answer}).status_code == 404
    assert Consent.objects.get().answer == ""


def test_link_that_is_not_ours_leads_nowhere(site: Client) -> None:
    response = site.get("/consent/abc.7fffffff~forged/")
    assert response.status_code == 404
    assert "Nothing is used without a yes." in response.text


def test_markup_in_a_name_is_printed_as_text(erin: Client, site: Client) -> None:
    link = asked(erin)
    site.post(link, {"answer": "yes", "named": "yes", "credit": "<script>alert(1)</script>"})
    assert "<script>alert" not in site.get(link).text + erin.get(LISTED).text


# ── no reuse before a yes ──


def test_only_posts_whose_author_agrees_leave_in_the_file(erin: Client, site: Client) -> None:
    assert SAID not in exported(erin)
    link = asked(erin)
    assert SAID not in exported(erin)
    site.post(link, {"answer": "yes", "named": "yes", "credit": "Dana R."})
    assert f"{SAID},Dana R.,the words of the post,on our page for new students" in exported(erin)


def test_no_keeps_a_post_out_of_the_file(erin: Client, site: Client) -> None:
    site.post(asked(erin), {"answer": "no", "named": "yes", "credit": "Dana R."})
    assert SAID not in exported(erin)
    assert "Dana" not in exported(erin)


def test_unconfirmed_yes_to_a_public_link_keeps_it_out(erin: Client, site: Client) -> None:
    site.post(asked(erin, way="reply"), {"answer": "yes"})
    assert SAID not in exported(erin)
    number = str(Consent.objects.get().pk)
    page = erin.post(LISTED, {"do": "confirm", "consent": number}, follow=True).text
    assert "It is confirmed" in page
    assert SAID in exported(erin)


def test_withdrawal_takes_effect_at_once_and_is_listed(erin: Client, site: Client) -> None:
    link = asked(erin)
    site.post(link, {"answer": "yes", "named": "yes", "credit": "Dana R."})
    page = site.post(link, {"answer": "withdraw"}, follow=True).text
    assert "You took your yes back." in page
    assert SAID not in exported(erin)
    shown = erin.get(LISTED).text
    assert "The author took the yes back." in shown
    assert "https://bluesky.example/proud" in shown
    assert "Dana" not in shown


def test_post_that_is_taken_down_leaves_no_more_and_is_listed(
    erin: Client, site: Client, store: Store
) -> None:
    site.post(asked(erin), {"answer": "yes"})
    gone = Tombstone(
        network="bluesky", post="proud", observed_at=datetime.now(UTC), reason="deleted"
    )
    with store.intake() as intake:
        intake.add("tombstones", table_of(Tombstone, [gone]))
        intake.commit()
    assert SAID not in exported(erin)
    assert "The post was taken down" in erin.get(LISTED).text


def test_words_of_a_network_that_keeps_them_do_not_leave(erin: Client, site: Client) -> None:
    site.post(asked(erin, network="linkedin", post="linked"), {"answer": "yes"})
    file = exported(erin)
    assert SAID not in file
    assert "do not let them leave in a file" in file
    assert "https://linkedin.example/linked" in file


def test_reader_confirms_and_takes_back_nothing(erin: Client, bob: Client, site: Client) -> None:
    site.post(asked(erin, way="reply"), {"answer": "yes"})
    number = str(Consent.objects.get().pk)
    for do in ("confirm", "take_back"):
        assert bob.post(LISTED, {"do": do, "consent": number}).status_code == 403
    assert SAID not in exported(erin)


def test_request_is_taken_back(erin: Client, site: Client) -> None:
    link = asked(erin)
    erin.post(LISTED, {"do": "take_back", "consent": str(Consent.objects.get().pk)})
    assert site.get(link).status_code == 404
    assert LogEntry.objects.filter(action="consent.take_back").exists()


def test_late_link_says_that_it_is_over(erin: Client, site: Client) -> None:
    link = asked(erin)
    Consent.objects.update(expires_at=NOW - timedelta(days=1))
    assert "This request is over" in site.get(link).text
    assert site.post(link, {"answer": "yes"}).status_code == 422
    assert consent_changes.forget_over(at=NOW) == 0
