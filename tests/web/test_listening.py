"""What is new, what waits, who is warned: each page in its right, and nobody's posts by author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client, override_settings

from tests.cast import ALICE, NORTHFIELD_BLUESKY, post
from tests.listening.test_changes import LIBRARY
from tests.listening.test_looking import spike
from vigie.columns import table_of
from vigie.listening import changes
from vigie.listening.alert_changes import KeptAlert, keep_alert, new_feed
from vigie.listening.models import Alert, AlertSent, Listener, PublicFigure, Query
from vigie.model import Label, Mention, Post, Spike, Value
from vigie.register.models import Account, Institution, Person
from vigie.settings import Settings
from vigie.store.store import Store

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
FORM = {
    "title": "Library",
    "words": "library AND (closed OR noise)",
    "purpose": "Answer questions.",
    "office": "Library",
    "languages": "en",
    "is_on": "on",
}


def mention(number: int, text: str = "Is the library closed?", **facts: object) -> Mention:
    at = NOW - number * HOUR
    given: dict[str, object] = {
        "network": "bluesky",
        "post": f"m{number}",
        "subject": NORTHFIELD_BLUESKY.account,
        "kind": "reply",
        "author": f"pauthor{number}",
        "published_at": at,
        "published_on": at.date(),
        "observed_at": NOW,
        "text": text,
        "url": f"https://bsky.app/profile/x/post/m{number}",
        "language": "en",
        **facts,
    }
    return Mention(**given)  # type: ignore[arg-type]  # a test says what it wants


def label(found: Mention, question: str, *answers: str) -> Label:
    return Label(
        network=found.network, post=found.post, published_on=found.published_on,
        question=question, annotator="rules 1", answers=answers,
        certainties=tuple(0.9 for _ in answers), labelled_at=NOW,
    )  # fmt: skip


@pytest.fixture
def heard(cast: Store, alice: Client) -> Store:
    """Twelve questions by twelve people about Northfield's library; the last was answered."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    Account.objects.create(
        account=NORTHFIELD_BLUESKY.account, institution=northfield, network="bluesky",
        handle=NORTHFIELD_BLUESKY.handle,
    )  # fmt: skip
    found = [mention(number) for number in range(1, 13)]
    labels = [label(one, "intent", "question") for one in found]
    labels += [label(one, "service", "library") for one in found]
    cast.append("mentions", table_of(Mention, found))
    cast.append("labels", table_of(Label, labels))
    answer = post("a", published_at=NOW - 11 * HOUR, answers_to="m12", is_reply=True,
                  observed_at=NOW)  # fmt: skip
    cast.append("posts", table_of(Post, [answer]))
    return cast


# ── the morning ──────────────────────────────────────────────────────────────────────────


def test_morning_says_what_is_new_and_what_waits(alice: Client, heard: Store) -> None:
    page = unescape(alice.get("/listening/").text)
    assert "11 questions wait for an answer" in page
    assert "12 public posts by others came in." in page
    assert "What they want: Question (12)." in page
    assert "The offices concerned: Library (12)." in page


def test_answered_question_does_not_wait(alice: Client, heard: Store) -> None:
    page = alice.get("/listening/mentions/?unanswered=1").text
    assert "post/m11" in page
    assert "post/m12" not in page


def test_what_was_seen_is_not_new_any_more(alice: Client, heard: Store) -> None:
    assert alice.post("/listening/").status_code == 302
    page = alice.get("/listening/").text
    assert "Nobody has written anything new" in page
    assert "11 questions wait" in page


def test_small_groups_are_not_counted(alice: Client, heard: Store) -> None:
    few = [mention(number, subject="bluesky:southbridge.example", network="mastodon")
           for number in (20, 21)]  # fmt: skip
    heard.append("mentions", table_of(Mention, few))
    page = alice.get("/listening/").text
    assert "fewer than 5 authors" in page
    assert "Mastodon (2)" not in page


def test_morning_says_what_yesterday_brought_beyond_chance(alice: Client, heard: Store) -> None:
    changes.keep_query(LIBRARY)
    yesterday = (NOW - timedelta(days=1)).astimezone(Settings().zone).date()
    heard.append("spikes", table_of(Spike, [spike("a", day=yesterday, low=1.0, high=9.0)]))
    page = unescape(alice.get("/listening/").text)
    assert "40 posts by 31 authors" in page


def test_morning_says_what_is_not_labelled_yet(alice: Client, heard: Store) -> None:
    heard.append("mentions", table_of(Mention, [mention(30, "Hello")]))
    assert "1 is not labelled yet" in alice.get("/listening/").text


def test_empty_morning_offers_the_first_query(alice: Client, cast: Store) -> None:
    page = alice.get("/listening/").text
    assert "/listening/queries/new/" in page


@pytest.mark.parametrize("path", ["", "queries/", "mentions/", "alerts/", "figures/", "impact/"])
def test_stranger_is_sent_to_sign_in(site: Client, path: str) -> None:
    assert site.get(f"/listening/{path}")["Location"].startswith("/sign-in/")


def test_first_queries_are_made_from_the_register(
    alice: Client, heard: Store, settings: Settings
) -> None:
    assert "/listening/queries/starter/" in alice.get("/listening/").text
    with override_settings(CONFIGURED=replace(settings, institution="northfield")):
        page = alice.get("/listening/queries/starter/").text
        assert "Northfield University: every mention" in page
        form = {"chosen": ["name", "questions"], "office": "Press"}
        assert alice.post("/listening/queries/starter/", form).status_code == 302
    assert Query.objects.count() == 2
    assert "kept already" in alice.get("/listening/queries/starter/?institution=northfield").text


def test_first_queries_need_an_office_and_a_choice(alice: Client, heard: Store) -> None:
    for form in ({"chosen": ["name"], "office": ""}, {"office": "Press"}):
        given = {"institution": "northfield", **form}
        assert alice.post("/listening/queries/starter/", given).status_code == 422
    assert not Query.objects.exists()


# ── queries ──────────────────────────────────────────────────────────────────────────────


def test_query_is_kept_from_its_form(alice: Client, cast: Store) -> None:
    answer = alice.post("/listening/queries/new/", {**FORM, "do": "keep"})
    assert answer["Location"] == "/listening/queries/library/"
    row = Query.objects.get()
    assert (row.words, row.kept_by, row.languages) == (FORM["words"], ALICE, ["en"])


def test_reader_may_neither_write_nor_switch_a_query(bob: Client, cast: Store) -> None:
    changes.keep_query(LIBRARY)
    assert bob.get("/listening/queries/new/").status_code == 403
    assert bob.post("/listening/queries/library/", {"do": "off"}).status_code == 403
    assert 'name="do"' not in bob.get("/listening/queries/library/").text


def test_mistake_is_shown_under_its_place(alice: Client, cast: Store) -> None:
    form = {**FORM, "words": "library AND (closed", "do": "keep"}
    answer = alice.post("/listening/queries/new/", form)
    assert answer.status_code == 422
    assert "^" in answer.text
    assert not Query.objects.exists()


def test_query_on_a_person_is_refused_on_the_page_and_in_the_preview(
    alice: Client, cast: Store
) -> None:
    words = '"Ada Lovett"'
    kept = alice.post("/listening/queries/new/", {**FORM, "words": words, "do": "keep"})
    assert kept.status_code == 422
    assert "does not search for private persons" in kept.text
    shown = alice.post("/listening/preview/", {"words": words}).text
    assert "does not search for private persons" in shown
    asked = alice.get("/listening/mentions/", {"q": words})
    assert asked.status_code == 422


def test_preview_says_how_many_posts_words_catch(alice: Client, heard: Store) -> None:
    page = alice.post("/listening/preview/", {"words": "library NEAR/2 closed"}).text
    assert ">12<" in page
    assert page.count('class="post"') == 10


def test_preview_works_without_script(alice: Client, heard: Store) -> None:
    page = alice.post("/listening/queries/new/", {**FORM, "do": "preview"}).text
    assert ">12<" in page
    assert FORM["purpose"] in page


def test_list_says_what_each_query_caught(alice: Client, heard: Store) -> None:
    changes.keep_query(replace(LIBRARY, words="library"))
    assert 'data-value="12"' in alice.get("/listening/queries/").text


def test_erasing_is_asked_once(alice: Client, cast: Store) -> None:
    changes.keep_query(LIBRARY)
    assert 'value="erase"' in alice.get("/listening/queries/library/?show=erase").text
    alice.post("/listening/queries/library/", {"do": "erase"})
    assert not Query.objects.exists()


# ── mentions ─────────────────────────────────────────────────────────────────────────────


def test_filters_are_in_the_address(alice: Client, heard: Store) -> None:
    heard.append("mentions", table_of(Mention, [mention(30, "Lovely campus")]))
    assert "Lovely campus" in alice.get("/listening/mentions/").text
    page = alice.get("/listening/mentions/?intent=question&service=library").text
    assert "Lovely campus" not in page
    assert "12 mentions" in page


def test_kept_query_lists_what_it_counts(alice: Client, heard: Store) -> None:
    """Its languages and networks apply to the list, its file, the list of queries and the form."""
    french = mention(30, "La library", language="fr", author="paul")
    away = mention(31, "A library", network="mastodon", author="pam")
    heard.append("mentions", table_of(Mention, [french, away]))
    changes.keep_query(replace(LIBRARY, words="library", languages=("fr",), networks=("bluesky",)))
    assert "1 mention<" in alice.get("/listening/mentions/?query=library").text
    file = alice.get("/listening/mentions/?query=library&format=csv")
    assert b"".join(file).count(b"\r\n") == 2  # type: ignore[arg-type]  # bytes
    assert 'class="number" data-value="1"' in alice.get("/listening/queries/").text
    assert '<strong class="caught">1</strong>' in alice.get("/listening/queries/library/").text


def test_pages_say_what_was_sampled(alice: Client, heard: Store) -> None:
    """Twelve questions, and ten finds that stand for eight each: 92 posts."""
    finds = [mention(20 + one, "A library", stands_for=8) for one in range(10)]
    heard.append("mentions", table_of(Mention, finds))
    changes.keep_query(replace(LIBRARY, words="library"))
    said = "22 posts kept stand for about 92"
    assert said in alice.get("/listening/mentions/?query=library").text
    assert said in alice.get("/listening/").text
    assert said in alice.post("/listening/preview/", {"words": "library"}).text
    page = alice.get("/listening/queries/").text
    assert 'data-value="92"' in page
    assert "estimated: 22 kept" in page
    file = b"".join(alice.get("/listening/mentions/?format=csv")).decode()  # type: ignore[arg-type]  # bytes
    assert "Posts it stands for" in file


def test_file_of_mentions_has_every_row_and_says_how_many(alice: Client, heard: Store) -> None:
    shown = alice.get("/listening/mentions/").text
    answer = alice.get("/listening/mentions/?format=csv")
    rows = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]  # bytes
    assert "All 12 mentions as a file" in shown
    assert "mentions-12" in answer["Content-Disposition"]
    assert (len(rows), rows[0].split(",")[0], rows[-1].split(",")[0]) == (13, "Row", "12")


def test_every_mention_opens_on_its_network(alice: Client, heard: Store) -> None:
    page = alice.get("/listening/mentions/").text
    assert all(f"https://bsky.app/profile/x/post/m{n}" in page for n in range(1, 13))


def test_list_is_read_page_by_page_without_gap_or_repeat(alice: Client, heard: Store) -> None:
    more = [mention(number, at_once) for number, at_once in enumerate(["x"] * 130, start=100)]
    heard.append("mentions", table_of(Mention, more))
    address, seen = "/listening/mentions/", list[str]()
    while address:
        page = alice.get(address).text
        seen += [part.split('"')[0] for part in page.split("/profile/x/post/")[1:]]
        following = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = "/listening/mentions/" + unescape(following) if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == 142


@pytest.mark.parametrize("wanted", ["", "json", "csv"])
def test_no_page_and_no_file_says_who_wrote(alice: Client, heard: Store, wanted: str) -> None:
    answer = alice.get("/listening/mentions/", {"format": wanted} if wanted else {})
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]  # bytes
    assert b"pauthor" not in content


@pytest.mark.parametrize("asked", ["author=pauthor1", "q=from:pauthor1", "q=@someone"])
def test_posts_of_one_author_cannot_be_asked_for(alice: Client, heard: Store, asked: str) -> None:
    answer = alice.get(f"/listening/mentions/?{asked}")
    assert answer.status_code == 422 or "12 mentions" in answer.text


def test_words_of_others_do_not_leave_where_the_network_forbids(
    alice: Client, heard: Store
) -> None:
    file = b"".join(alice.get("/listening/mentions/?format=json")).decode()  # type: ignore[arg-type]  # bytes
    assert "Is the library closed?" not in file
    assert "https://bsky.app/profile/x/post/m1" in file
    assert json.loads(file)


def test_unknown_choice_names_those_there_are(alice: Client, heard: Store) -> None:
    answer = alice.get("/listening/mentions/?intent=shouting")
    assert answer.status_code == 404
    assert "question" in answer.text


# ── alerts ───────────────────────────────────────────────────────────────────────────────

ALERT = {"query": "library", "kind": "count", "least": "5", "within": "2", "by_mail": "on",
         "cool_down": "1,5", "quiet_from": "20:00", "quiet_until": "07:00", "is_on": "on",
         "do": "keep"}  # fmt: skip


@pytest.fixture
def person(alice: Client) -> Person:
    return Person.objects.get(user__username=ALICE)


def test_alert_is_kept_from_its_form(alice: Client, person: Person) -> None:
    changes.keep_query(LIBRARY)
    assert alice.post("/listening/alerts/", {**ALERT, "person": person.pk}).status_code == 302
    row = Alert.objects.get()
    assert (row.least, row.within, row.cool_down) == (5, 2 * HOUR, 1.5 * HOUR)


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": ""},
        {"kind": "whim"},
        {"least": "many"},
        {"quiet_from": "25:00"},
        {"quiet_until": ""},
        {"within": ""},
        {"webhook": "file:///etc/passwd"},
    ],
)
def test_alert_that_cannot_be_is_refused(
    alice: Client, person: Person, wrong: dict[str, str]
) -> None:
    changes.keep_query(LIBRARY)
    answer = alice.post("/listening/alerts/", {**ALERT, "person": person.pk, **wrong})
    assert answer.status_code == 422
    assert not Alert.objects.exists()


def test_address_that_is_called_is_not_shown_again(alice: Client, person: Person) -> None:
    changes.keep_query(LIBRARY)
    secret = "https://chat.example/hooks/very-secret"
    alice.post("/listening/alerts/", {**ALERT, "person": person.pk, "webhook": secret})
    page = alice.get(f"/listening/alerts/?alert={Alert.objects.get().pk}").text
    assert "chat.example" in page
    assert "very-secret" not in page


def test_reader_may_not_keep_an_alert(bob: Client, person: Person) -> None:
    changes.keep_query(LIBRARY)
    assert bob.post("/listening/alerts/", {**ALERT, "person": person.pk}).status_code == 403


def test_person_says_how_to_be_told(alice: Client, person: Person) -> None:
    form = {"do": "ways", "mail": "alice@n.example", "language": "en", "digest_at": "08:15"}
    alice.post("/listening/alerts/", form)
    listener = Listener.objects.get(person=person)
    person.refresh_from_db()
    assert person.user.email == "alice@n.example"  # type: ignore[union-attr]  # she signs in
    assert (listener.language, str(listener.digest_at)) == ("en", "08:15:00")


@pytest.fixture
def sent(person: Person, heard: Store) -> AlertSent:
    query = changes.keep_query(LIBRARY)
    alert = keep_alert(KeptAlert(query=query.name, kind="urgent", person=person, by_feed=True))
    posts = [{"network": "bluesky", "post": name, "url": f"https://bsky.app/{name}",
              "at": (NOW - HOUR).isoformat(), "urgency": ["safety"], "intents": []}
             for name in ("m1", "gone")]  # fmt: skip
    return AlertSent.objects.create(
        alert=alert, occasion="urgent:bluesky:m1", facts={"posts": posts}, is_urgent=True,
        decided_at=NOW,
    )  # fmt: skip


def test_opening_an_alert_says_that_it_was_read(
    alice: Client, bob: Client, sent: AlertSent
) -> None:
    assert "alerts/1" in alice.get("/listening/").text or AlertSent.objects.count() == 1
    bob.get(f"/listening/alerts/{sent.pk}/")
    sent.refresh_from_db()
    assert sent.read_at is None
    page = unescape(alice.get(f"/listening/alerts/{sent.pk}/").text)
    sent.refresh_from_db()
    assert sent.read_by == ALICE
    assert "Is the library closed?" in page
    assert "It is no longer here" in page


def test_unread_alert_stands_on_the_morning_page_until_it_is_read(
    alice: Client, sent: AlertSent
) -> None:
    assert "Alerts you have not read" in alice.get("/listening/").text
    alice.get(f"/listening/alerts/{sent.pk}/")
    assert "Alerts you have not read" not in alice.get("/listening/").text


def test_feed_opens_with_its_secret_only(
    site: Client, settings: Settings, sent: AlertSent, person: Person
) -> None:
    with override_settings(CONFIGURED=replace(settings, address="https://vigie.example")):
        secret = new_feed(person)
        for name in ("all", "library"):
            feed = site.get(f"/listening/feed/{name}.atom", {"key": secret}).text
            assert f"https://vigie.example/listening/alerts/{sent.pk}/" in feed
            assert "Is the library closed?" not in feed
        assert site.get("/listening/feed/all.atom", {"key": secret + "x"}).status_code == 404
        assert site.get("/listening/feed/all.atom").status_code == 404
        new_feed(person)
        assert site.get("/listening/feed/all.atom", {"key": secret}).status_code == 404


# ── public figures ───────────────────────────────────────────────────────────────────────

FIGURE = {"name": "Ada Lovett", "role": "President", "reason": "Her speeches",
          "until": "2099-01-01", "do": "permit"}  # fmt: skip


def test_administrator_permits_a_name(alice: Client, cast: Store) -> None:
    alice.post("/listening/figures/", FIGURE)
    assert PublicFigure.objects.get().permitted_by == ALICE
    answer = alice.post("/listening/queries/new/", {**FORM, "words": '"Ada Lovett"', "do": "keep"})
    assert answer.status_code == 302


def test_name_taken_out_switches_its_queries_off(alice: Client, cast: Store) -> None:
    alice.post("/listening/figures/", FIGURE)
    alice.post("/listening/queries/new/", {**FORM, "words": '"Ada Lovett"', "do": "keep"})
    alice.post("/listening/figures/", {"do": "erase", "name": "Ada Lovett"})
    assert not Query.objects.get().is_on


def test_reader_permits_nobody(bob: Client, cast: Store) -> None:
    assert bob.post("/listening/figures/", FIGURE).status_code == 403


def test_name_without_reason_or_day_is_refused(alice: Client, cast: Store) -> None:
    assert alice.post("/listening/figures/", {**FIGURE, "reason": " "}).status_code == 422
    assert alice.post("/listening/figures/", {**FIGURE, "until": "soon"}).status_code == 422


# ── share of voice ───────────────────────────────────────────────────────────────────────


def share(subject: str, value: float | None, *, month: int = 9, n: int = 400) -> Value:
    return Value(
        indicator="share_of_voice", level="institution", subject=subject, network="all",
        month_on=date(2026, month, 1), value=value, low=value and value - 2,
        high=value and value + 2, n=n, coverage=0.5, seen_at=NOW,
    )  # fmt: skip


@pytest.fixture
def measured(cast: Store, settings: Settings) -> Iterator[Store]:
    rows = [share("northfield", 30.0), share("northfield", 20.0, month=8), share("southbridge", 1)]
    cast.append("values", table_of(Value, rows))
    with override_settings(CONFIGURED=replace(settings, institution="northfield")):
        yield cast


def test_share_of_voice_says_how_much_was_heard(alice: Client, measured: Store) -> None:
    page = unescape(alice.get("/listening/voice/").text)
    assert "30.0% of what is said of its group is said of Northfield University" in page
    assert "Something was heard of 50% of the institutions" in page
    assert "From 20.0%" in page


def test_share_of_a_few_posts_is_not_shown(alice: Client, measured: Store) -> None:
    rows = b"".join(alice.get("/listening/voice/?format=csv")).decode()  # type: ignore[arg-type]  # bytes
    assert "Northfield" in rows
    assert "Southbridge" not in rows


def test_month_that_is_not_known_names_the_latest(alice: Client, measured: Store) -> None:
    answer = alice.get("/listening/voice/?month=2020-01")
    assert answer.status_code == 404
    assert "2026-09" in answer.text


def test_site_that_does_not_say_whose_it_is_lets_one_choose(
    alice: Client, settings: Settings, measured: Store
) -> None:
    with override_settings(CONFIGURED=settings):
        page = alice.get("/listening/voice/").text
        assert "Choose an institution" in page
        assert '<option value="northfield">Northfield University</option>' in page
        assert "30.0% of what is said" in alice.get("/listening/voice/?institution=northfield").text


def test_share_of_voice_before_any_is_measured_says_what_it_takes(
    alice: Client, cast: Store
) -> None:
    assert "vigie measure" in alice.get("/listening/voice/").text
