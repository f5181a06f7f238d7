"""The rooms around the queue: the map of services, and the page of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.test_inbox import ask, browser
from vigie.inbox.delayed import arrived
from vigie.inbox.entrusting import mail
from vigie.inbox.models import (
    AnswerLink,
    Box,
    Capacity,
    CapacityInAll,
    Closure,
    Conversation,
    Hours,
    Mailing,
    Rule,
    Target,
    Topic,
)
from vigie.inbox.owing import terms
from vigie.register.log import verify
from vigie.register.models import Institution, LogEntry, Person, Service
from vigie.settings import Settings

NOW = datetime.now(UTC)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:winter\r\nSUMMARY:Winter break\r\n"
    b"DTSTART;VALUE=DATE:%s\r\nDTEND;VALUE=DATE:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(
        slug="northfield", name="Northfield University", country="FR", timezone="Europe/Paris"
    )


@pytest.fixture
def library(northfield: Institution) -> Service:
    """Northfield's library."""
    return Service.objects.create(institution=northfield, name="Library", slug="library")


@pytest.fixture
def health(northfield: Institution) -> Service:
    """Northfield's health centre: confidential."""
    return Service.objects.create(
        institution=northfield, name="Health", slug="health", is_confidential=True
    )


@pytest.fixture
def editor(site: Client) -> Client:
    """Edith's browser: she keeps every service but the confidential ones."""
    return browser("edith", role="editor")


@pytest.fixture
def answerer(site: Client) -> Client:
    """Erin's browser: she answers."""
    return browser("erin", role="answerer")


def week(**changes: str) -> dict[str, str]:
    usual = {f"day-{day}-0-{end}": at for day in range(5)
             for end, at in (("starts", "09:00"), ("ends", "17:00"))}  # fmt: skip
    return {"do": "hours", **usual, **changes}


# ── the map ───────────────────────────────────────────────────────────────────────────


def test_map_says_where_nobody_answers(answerer: Client, library: Service) -> None:
    page = answerer.get("/inbox/services/").text
    assert "In 1 of 1 services, nobody answers" in page
    assert "no deputy" in page


def test_map_counts_what_is_open_late_and_nobodys(answerer: Client, library: Service) -> None:
    ask(library.institution, "When?", service=library, due_at=NOW - timedelta(hours=1))
    ask(library.institution, "Where?", service=library)
    ask(library.institution, "Who?")
    shown = answerer.get("/inbox/services/").context
    assert (shown["open"], shown["late"], shown["nobodys"].open) == (3, 1, 1)


def test_service_with_more_than_it_can_carry_is_overloaded(
    answerer: Client, library: Service
) -> None:
    Service.objects.update(capacity=1)
    for words in ("When?", "Where?"):
        ask(library.institution, words, service=library)
    assert answerer.get("/inbox/services/").context["overloaded"] == 1


def test_map_does_not_tell_how_much_a_confidential_service_is_asked(
    answerer: Client, health: Service
) -> None:
    ask(health.institution, "I am ill", service=health)
    response = answerer.get("/inbox/services/")
    (row, _page) = response.context["groups"][0].rows[0]
    assert row.asked is None
    assert response.context["open"] == 0
    assert response.context["groups"][0].picture is None


def test_every_number_of_the_map_opens_its_conversations(
    answerer: Client, library: Service
) -> None:
    ask(library.institution, "When?", service=library, due_at=NOW - timedelta(hours=1))
    page = answerer.get("/inbox/services/").text
    assert '"/inbox/?service=library&amp;late=1"' in page
    assert "When?" in answerer.get("/inbox/?service=library&late=1").text


def test_service_is_added_once(editor: Client, northfield: Institution) -> None:
    given = {"name": "Housing", "institution": "northfield"}
    assert editor.post("/inbox/services/", given)["Location"] == "/inbox/services/housing/"
    assert editor.post("/inbox/services/", given).status_code == 422
    assert Service.objects.get().slug == "housing"


def test_answerer_adds_no_service(answerer: Client, northfield: Institution) -> None:
    given = {"name": "Housing", "institution": "northfield"}
    assert answerer.post("/inbox/services/", given).status_code == 403


# ── who answers, and what ─────────────────────────────────────────────────────────────


def test_correspondent_is_added_by_name_and_mail(editor: Client, library: Service) -> None:
    given = {"do": "people", "correspondent-name": "Lea", "correspondent-mail": "lea@x.example"}
    editor.post("/inbox/services/library/", given)
    library.refresh_from_db()
    assert library.correspondent is not None
    assert (library.correspondent.mail, library.correspondent.user) == ("lea@x.example", None)


def test_someone_who_is_known_by_that_mail_is_not_added_twice(
    editor: Client, library: Service
) -> None:
    known = Person.objects.create(name="Lea", mail="Lea@x.example")
    given = {"do": "people", "deputy-name": "Léa", "deputy-mail": "lea@x.example"}
    editor.post("/inbox/services/library/", given)
    library.refresh_from_db()
    assert library.deputy == known


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"correspondent-mail": "lea at home"}, "correspondent-mail"),
        ({"deputy-name": "Lea"}, "deputy-mail"),
    ],
)
def test_mistake_stands_beside_its_field(
    given: dict[str, str], field: str, editor: Client, library: Service
) -> None:
    response = editor.post("/inbox/services/library/", {"do": "people", **given})
    assert response.status_code == 422
    assert f'id="{field}-mistake"' in response.text


def test_nobody_stands_in_for_themselves(editor: Client, library: Service) -> None:
    lea = Person.objects.create(name="Lea", mail="lea@x.example")
    given = {"do": "people", "correspondent": lea.pk, "deputy": lea.pk}
    assert "cannot stand in" in editor.post("/inbox/services/library/", given).text


def test_facts_are_kept_and_logged(editor: Client, library: Service) -> None:
    given = {"do": "facts", "public_name": "The library", "answers": "Loans", "capacity": "20",
             "kind": "library"}  # fmt: skip
    editor.post("/inbox/services/library/", given)
    library.refresh_from_db()
    assert (str(library), library.capacity, library.kind) == ("The library", 20, "library")
    assert LogEntry.objects.filter(action="service.facts").exists()
    assert verify().is_whole


@pytest.mark.parametrize(
    ("field", "value"),
    [("capacity", "many"), ("capacity", "-1"), ("timezone", "Mars/Base"), ("kind", "pub")],
)
def test_fact_that_makes_no_sense_is_refused(
    field: str, value: str, editor: Client, library: Service
) -> None:
    response = editor.post("/inbox/services/library/", {"do": "facts", field: value})
    assert response.status_code == 422
    assert field in response.context["mistakes"]


@pytest.mark.parametrize(
    "given",
    [
        {"do": "people"}, {"do": "facts"}, {"do": "hours", "counts": "always"},
        {"do": "target", "response": "8"}, {"do": "topic", "topic_name": "Keys"},
        {"do": "close", "name": "Break", "first_day": "2027-01-01"}, {"do": "rest"},
    ],
)  # fmt: skip
def test_answerer_changes_nothing(
    given: dict[str, str], answerer: Client, library: Service
) -> None:
    assert answerer.post("/inbox/services/library/", given).status_code == 403
    assert not LogEntry.objects.exclude(action="person.add").exists()


def test_editor_neither_opens_nor_takes_over_a_confidential_service(
    editor: Client, health: Service
) -> None:
    for given in ({"do": "facts"}, {"do": "people", "correspondent-mail": "edith@x.example"}):
        assert editor.post("/inbox/services/health/", given).status_code == 403
    health.refresh_from_db()
    assert health.is_confidential


def test_administrator_of_a_service_keeps_that_one_alone(library: Service, health: Service) -> None:
    client = browser("dora", role="administrator", service=health)
    given = {"do": "topic", "topic_name": "Vaccines"}
    assert client.post("/inbox/services/health/", given).status_code == 302
    assert client.post("/inbox/services/library/", given).status_code == 403


def test_topics_of_a_confidential_service_are_not_shown_to_others(
    editor: Client, health: Service
) -> None:
    Topic.objects.create(service=health, name="Vaccines")
    assert "Vaccines" not in editor.get("/inbox/services/health/?show=topics").text


def test_service_rests_once_nothing_sends_there(editor: Client, library: Service) -> None:
    box = Box.objects.create(name="b", label="Letters", channel="mail", service=library,
                             institution=library.institution)  # fmt: skip
    page = editor.post("/inbox/services/library/", {"do": "rest"})
    assert "Everything in Letters goes there" in page.text
    box.delete()
    rule = Rule.objects.create(institution=library.institution, place=0, name="Books", is_on=True,
                               service=library, conditions=[])  # fmt: skip
    assert "sends there" in editor.post("/inbox/services/library/", {"do": "rest"}).text
    rule.delete()
    editor.post("/inbox/services/library/", {"do": "rest"})
    assert "Services that rest" in editor.get("/inbox/services/").text
    editor.post("/inbox/services/library/", {"do": "wake"})
    assert Service.objects.get().is_active


# ── hours, closures, targets ──────────────────────────────────────────────────────────


def due_of(question: Conversation) -> datetime | None:
    question.refresh_from_db()
    return question.due_at


def test_hours_are_kept_and_open_conversations_counted_anew(
    editor: Client, library: Service
) -> None:
    Target.objects.create(response_minutes=60)
    saturday = NOW + timedelta(days=(5 - NOW.weekday()) % 7)
    question = ask(library.institution, "When?", service=library, asked_at=saturday)
    closed = ask(library.institution, "Then?", service=library, asked_at=saturday,
                 state="closed", closed_at=NOW)  # fmt: skip
    response = editor.post("/inbox/services/library/", week(), follow=True)
    assert "1 open conversation is due at another time now" in response.text
    due = due_of(question)
    assert due is not None
    assert due.weekday() == 0 or due - saturday > timedelta(days=1)
    assert due_of(closed) is None


def test_monday_counts_for_the_week_where_that_is_ticked(editor: Client, library: Service) -> None:
    given = {"do": "hours", "day-0-0-starts": "8h30", "day-0-0-ends": "12:00", "like_monday": "1"}
    editor.post("/inbox/services/library/", given)
    kept = Hours.objects.get().week
    assert kept == {str(day): [["08:30", "12:00"]] for day in range(5)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day-0-0-ends": ""}, "Give both"),
        ({"day-0-0-ends": "noon"}, "Write times as"),
        ({"day-0-1-starts": "16:00", "day-0-1-ends": "18:00"}, "before the one before it ends"),
    ],
)
def test_period_that_makes_no_sense_is_refused_where_it_stands(
    changes: dict[str, str], says: str, editor: Client, library: Service
) -> None:
    response = editor.post("/inbox/services/library/", week(**changes))
    assert response.status_code == 422
    assert says in response.text
    assert not Hours.objects.exists()


def test_week_that_never_opens_is_refused(editor: Client, library: Service) -> None:
    assert editor.post("/inbox/services/library/", {"do": "hours"}).status_code == 422


def test_every_hour_counts_again(editor: Client, library: Service) -> None:
    editor.post("/inbox/services/library/", week())
    editor.post("/inbox/services/library/", week(counts="always"))
    assert not Hours.objects.exists()


def test_closure_moves_what_is_due_and_its_end_moves_it_back(
    editor: Client, library: Service
) -> None:
    Target.objects.create(response_minutes=60)
    question = ask(library.institution, "When?", service=library)
    editor.post("/inbox/services/library/", {"do": "target", "response": "1"})
    before = due_of(question)
    first = NOW.date()
    given = {"do": "close", "name": "Break", "first_day": first.isoformat(),
             "last_day": (first + timedelta(days=3)).isoformat()}  # fmt: skip
    editor.post("/inbox/services/library/", given)
    during = due_of(question)
    editor.post("/inbox/services/library/", {"do": "reopen", "closure": Closure.objects.get().pk})
    assert before is not None
    assert during is not None
    assert during - before > timedelta(days=2)
    assert due_of(question) == before


def test_institution_that_is_closed_moves_what_every_service_of_it_owes(
    editor: Client, library: Service
) -> None:
    Target.objects.create(response_minutes=60)
    other = Institution.objects.create(slug="southbridge", name="Southbridge")
    elsewhere = Service.objects.create(institution=other, name="Library", slug="elsewhere")
    ours, theirs = (
        ask(one.institution, "When?", service=one, due_at=NOW, expires_at=NOW)
        for one in (library, elsewhere)
    )
    given = {"do": "close", "name": "Break", "first_day": NOW.date().isoformat(),
             "last_day": (NOW.date() + timedelta(days=3)).isoformat(),
             "everywhere": "1"}  # fmt: skip
    editor.post("/inbox/services/library/", given)
    moved = due_of(ours)
    assert moved is not None
    assert moved > NOW + timedelta(days=2)
    assert due_of(theirs) == NOW


def test_calendar_is_looked_at_before_its_days_are_kept(editor: Client, library: Service) -> None:
    first = NOW.date() + timedelta(days=10)
    content = CALENDAR % tuple(
        day.strftime("%Y%m%d").encode() for day in (first, first + timedelta(days=5))
    )
    file = SimpleUploadedFile("closed.ics", content)
    response = editor.post("/inbox/services/library/", {"do": "calendar", "calendar": file})
    assert not Closure.objects.exists()
    events = [event.value for event in response.context["offer"].events]
    given = {"do": "keep", "source": "closed.ics", "event": events}
    for _time in range(2):
        editor.post("/inbox/services/library/", given)
    kept = Closure.objects.get()
    assert (kept.name, kept.source, kept.service) == ("Winter break", "closed.ics", library)
    assert kept.ends_at - kept.starts_at == timedelta(days=5)


def test_what_is_no_calendar_is_refused_in_words(editor: Client, library: Service) -> None:
    file = SimpleUploadedFile("closed.ics", b"PK a workbook")
    response = editor.post("/inbox/services/library/", {"do": "calendar", "calendar": file})
    assert "calendar" in response.context["mistakes"]


@pytest.mark.parametrize("value", ["", "x|y|z|w", "2026-01-01|2026-01-02|u|no zone"])
def test_tick_that_was_tampered_with_keeps_nothing(
    value: str, editor: Client, library: Service
) -> None:
    given = {"do": "keep", "source": "x", "event": value}
    assert editor.post("/inbox/services/library/", given).status_code == 422


def test_holidays_of_the_academic_calendar_are_offered(editor: Client, library: Service) -> None:
    page = editor.get("/inbox/services/library/?show=closures&calendar=listening")
    offered = [event.closed.name for event in page.context["offer"].events]
    assert "Winter break" in " ".join(offered) or "Christmas" in " ".join(offered)
    assert "Easter Monday" not in offered


def test_one_service_does_not_open_the_days_of_another(
    editor: Client, library: Service, health: Service
) -> None:
    closure = Closure.objects.create(institution=health.institution, service=health, name="x",
                                     starts_at=NOW, ends_at=NOW + timedelta(days=1))  # fmt: skip
    given = {"do": "reopen", "closure": closure.pk}
    assert editor.post("/inbox/services/library/", given).status_code == 404


def test_administrator_of_one_service_does_not_close_the_institution(health: Service) -> None:
    client = browser("dora", role="administrator", service=health)
    given = {"do": "close", "name": "Break", "first_day": "2027-01-01", "everywhere": "1"}
    assert client.post("/inbox/services/health/", given).status_code == 403
    assert client.post("/inbox/targets/", {"do": "target", "response": "8"}).status_code == 403


def test_target_of_a_service_beats_that_of_all(
    editor: Client, library: Service, settings: Settings
) -> None:
    editor.post("/inbox/targets/", {"do": "target", "response": "8"})
    given = {"do": "target", "response": "90", "response_unit": "minutes", "urgency": "high"}
    editor.post("/inbox/services/library/", given)
    known = terms(zone=settings.zone, now=NOW)
    urgent = known.narrowest(service=library.pk, channel="mail", urgency="high")
    usual = known.narrowest(service=library.pk, channel="mail", urgency="normal")
    assert urgent is not None
    assert usual is not None
    assert (urgent.response_minutes, usual.response_minutes) == (90, 480)


@pytest.mark.parametrize("response", ["", "soon", "-2", "0", "1e999", "99999999"])
def test_target_that_makes_no_sense_is_refused_beside_its_field(
    response: str, editor: Client, library: Service
) -> None:
    found = editor.post("/inbox/services/library/", {"do": "target", "response": response})
    assert found.status_code == 422
    assert "response" in found.context["mistakes"]


def test_target_is_taken_out(editor: Client, library: Service) -> None:
    target = Target.objects.create(service=library, response_minutes=60)
    question = ask(library.institution, "When?", service=library, due_at=NOW, expires_at=NOW)
    editor.post("/inbox/services/library/", {"do": "target_off", "target": target.pk})
    assert due_of(question) is None


def test_page_says_how_a_question_would_count_now(editor: Client, library: Service) -> None:
    assert "No target is set" in editor.get("/inbox/services/library/").text
    Target.objects.create(response_minutes=60)
    assert "A question asked now would be due" in editor.get("/inbox/services/library/").text


@pytest.mark.parametrize("view", ["people", "facts", "hours", "closures", "targets", "topics"])
def test_every_view_opens_for_who_answers_and_for_who_keeps(
    view: str, editor: Client, answerer: Client, library: Service
) -> None:
    for client in (editor, answerer):
        assert client.get(f"/inbox/services/library/?show={view}").status_code == 200


# ── topics ────────────────────────────────────────────────────────────────────────────


def test_topic_is_added_renamed_and_taken_off_the_list(editor: Client, library: Service) -> None:
    editor.post("/inbox/services/library/", {"do": "topic", "topic_name": " Loans "})
    topic = Topic.objects.get()
    editor.post(
        "/inbox/services/library/", {"do": "topic", "topic": topic.pk, "topic_name": "Late loans"}
    )
    editor.post("/inbox/services/library/", {"do": "topic_off", "topic": topic.pk})
    topic.refresh_from_db()
    assert (topic.name, topic.is_active) == ("Late loans", False)


def test_topic_that_is_there_already_is_refused(editor: Client, library: Service) -> None:
    Topic.objects.create(service=library, name="Loans")
    given = {"do": "topic", "topic_name": "loans"}
    assert editor.post("/inbox/services/library/", given).status_code == 422


def test_load_is_kept_shown_and_taken_away(editor: Client, library: Service) -> None:
    alice = Person.objects.create(name="Alice", mail="alice@northfield.example")
    Service.objects.filter(pk=library.pk).update(correspondent=alice)
    waits = ask(library.institution, "May I borrow?", service=library)
    address = "/inbox/services/library/?show=sharing"
    assert "Nothing is shared out" in editor.get(address).text
    editor.post(address, {"do": "capacity", "person": alice.pk, "most": "5"})
    page = editor.get(address).text
    assert "1 conversation waits for somebody with room" in page
    assert f"/inbox/{waits.pk}/" in editor.get("/inbox/?service=library&free=1").text
    editor.post(address, {"do": "capacity_off", "person": alice.pk})
    assert "Nothing is shared out" in editor.get(address).text


def test_load_in_all_is_kept_said_and_taken_away(editor: Client, library: Service) -> None:
    alice = Person.objects.create(name="Alice", mail="alice@northfield.example")
    Service.objects.filter(pk=library.pk).update(correspondent=alice)
    for words in ("When?", "Where?"):
        ask(library.institution, words, service=library, person=alice)
    address, asked = "/inbox/services/library/?show=sharing", {"person": alice.pk}
    editor.post(address, {**asked, "do": "capacity", "most": "5"})
    wrong = editor.post(address, {**asked, "do": "capacity_in_all", "in_all": "few"})
    assert (wrong.status_code, "Write a whole number" in wrong.text) == (422, True)
    editor.post(address, {**asked, "do": "capacity_in_all", "in_all": "1"})
    page = editor.get(address).text
    assert "too much" in page
    assert "Alice carries 2 of 1 in all" in editor.get("/inbox/services/").text
    editor.post(address, {**asked, "do": "capacity_in_all", "in_all": ""})
    assert "too much" not in editor.get(address).text


def test_load_in_all_of_who_answers_in_confidence_is_not_told(
    editor: Client, library: Service, health: Service
) -> None:
    alice = Person.objects.create(name="Alice", mail="alice@northfield.example")
    Service.objects.update(correspondent=alice)
    Capacity.objects.create(service=library, person=alice, most=5)
    CapacityInAll.objects.create(person=alice, most=97)
    ask(health.institution, "I am ill", service=health, person=alice)
    page = editor.get("/inbox/services/library/?show=sharing").text
    assert "not for you" in page
    # The token of a form and the number of a row may hold any number: what is read is looked at.
    assert not re.search(r"\b97\b", re.sub(r"<[^>]+>", " ", page))


def test_load_that_makes_no_sense_is_refused_beside_its_field(
    editor: Client, library: Service
) -> None:
    alice = Person.objects.create(name="Alice", mail="alice@northfield.example")
    Service.objects.filter(pk=library.pk).update(correspondent=alice)
    answer = editor.post(
        "/inbox/services/library/", {"do": "capacity", "person": alice.pk, "most": "many"}
    )
    assert answer.status_code == 422
    assert "Write a whole number" in answer.text


def test_map_queue_and_service_say_whom_mails_do_not_reach(
    northfield: Institution, library: Service
) -> None:
    library.correspondent = Person.objects.create(name="Léa", mail="lea@northfield.example")
    library.save()
    mail(library.correspondent, [ask(northfield, "Open?", service=library)], kind="ask", now=NOW)
    Mailing.objects.update(begun_at=NOW, sent_at=NOW, failure={"en": "No such mailbox."})
    client = browser("alice", role="administrator")
    assert "mail does not reach Léa" in client.get("/inbox/services/").text
    for page in ("/inbox/", "/"):
        assert "Mails do not reach Léa, who answers for Library" in client.get(page).text
    page = client.get("/inbox/services/library/").text
    assert "No such mailbox." in page
    form = {"do": "ask_again", "person": library.correspondent.pk}
    AnswerLink.objects.update(made_at=NOW - timedelta(hours=1))
    done = client.post("/inbox/services/library/", form, follow=True).text
    assert "1 question is sent to Léa again." in done
    assert "Nothing was sent." in client.post("/inbox/services/library/", form).text


def test_map_queue_service_and_conversation_say_whom_a_mail_reaches_late(
    northfield: Institution, library: Service
) -> None:
    library.correspondent = Person.objects.create(name="Léa", mail="lea@northfield.example")
    library.save()
    row = ask(northfield, "Open?", service=library)
    mail(library.correspondent, [row], kind="ask", now=NOW)
    Mailing.objects.update(
        begun_at=NOW, sent_at=NOW, delay={"en": "It is still being tried."},
        delayed_until=NOW + timedelta(days=5),
    )  # fmt: skip
    client = browser("alice", role="administrator")
    for page, said in (
        ("/inbox/services/", "mail to Léa is late"),
        ("/inbox/", "A mail to Léa, who answers for Library, is late."),
        ("/inbox/services/library/", "It is still being tried."),
        (f"/inbox/{row.pk}/", "The mail that asks Léa is late."),
    ):
        assert said in client.get(page).text
    arrived(AnswerLink.objects.get())
    assert "is late" not in client.get(f"/inbox/{row.pk}/").text


def test_home_says_what_waits_to_those_alone_who_may_look_into_the_inbox(
    northfield: Institution, library: Service, site: Client
) -> None:
    ask(northfield, "Open?")
    assert "1 question is nobody’s yet" in browser("erin", role="answerer").get("/").text
    assert "In the inbox:" not in browser("bob", role="reader").get("/").text
    assert "In the inbox:" not in site.get("/").text


def test_services_of_one_name_have_each_their_own_pages(
    northfield: Institution, library: Service
) -> None:
    southfield = Institution.objects.create(slug="southfield", name="Southfield", country="FR")
    client = browser("alice", role="administrator")
    form = {"name": "Library", "institution": southfield.slug}
    assert client.post("/inbox/services/", form)["Location"] == (
        "/inbox/services/library-southfield/"
    )
    for page in ("services/{}/", "causes/?service={}", "quarter/{}/", "faq/?service={}"):
        for slug in ("library", "library-southfield"):
            assert client.get(f"/inbox/{page.format(slug)}").status_code == 200
