"""Rules are sentences, tried on the past before they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.cast import NOON
from tests.web.test_inbox import ask, browser
from vigie.inbox.models import Conversation, Passage, Rule, Suggestion
from vigie.inbox.routing import Condition, Facts, Past, taken_by
from vigie.inbox.routing import Rule as Routed
from vigie.inbox.rule_trial import record_of, try_rule
from vigie.inbox.understanding import Understood, nothing
from vigie.inbox.visible import Eyes
from vigie.register.models import Institution, LogEntry, Service
from vigie.register.rights import READ_INBOX, Author

NOW = datetime.now(UTC)
WIFI = [{"field": "words", "is": ["wifi"]}]


@pytest.fixture
def northfield(site: Client) -> Institution:
    """Northfield, in the register."""
    return Institution.objects.create(slug="northfield", name="Northfield University")


@pytest.fixture
def library(northfield: Institution) -> Service:
    """Northfield's library."""
    return Service.objects.create(institution=northfield, name="Library", slug="library")


@pytest.fixture
def it(northfield: Institution) -> Service:
    """Northfield's computing service."""
    return Service.objects.create(institution=northfield, name="Computing", slug="it", kind="it")


@pytest.fixture
def editor(site: Client) -> Client:
    """Edith's browser: she makes rules."""
    return browser("edith", role="editor")


@pytest.fixture
def answerer(site: Client) -> Client:
    """Erin's browser: she answers."""
    return browser("erin", role="answerer")


@pytest.fixture
def rule(it: Service) -> Rule:
    """What says wifi goes to computing; off."""
    return Rule.objects.create(institution=it.institution, place=0, name="Wifi", service=it,
                               conditions=WIFI)  # fmt: skip


def sent(words: str, service: Service, by: str = "erin") -> Conversation:
    made = ask(service.institution, words, service=service)
    Passage.objects.create(conversation=made, service=service, at=NOW, by=by)
    return made


def test_rule_takes_only_what_those_before_it_left() -> None:
    facts = Facts(channel="mail", box="mail", network="mail", kind="mail", is_public=False,
                  words="wifi key")  # fmt: skip
    first, second = (
        Routed(rule=n, name=word, service=n, conditions=(Condition(field="words", values=(word,)),))
        for n, word in enumerate(("wifi", "key"), 1)
    )
    past = [Past(conversation=1, facts=facts, service=1)]
    assert taken_by(second, [first, second], past) == []
    assert taken_by(second, [second, first], past) == past


def test_rule_is_kept_off_and_said_as_a_sentence(editor: Client, it: Service) -> None:
    given = {"name": "Wifi", "is-words": "wifi, password", "is-intent": ["question", "complaint"],
             "service": it.pk, "urgency": "high"}  # fmt: skip
    made = editor.post("/inbox/rules/new/", given, follow=True)
    assert (
        "If the intent is question or complaint and it says “wifi” or “password” → Computing, "
        "to be read at once"
    ) in made.text
    assert not Rule.objects.get().is_on


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "A rule needs a name"),
        ({"is-words": " , "}, "would take everything"),
        ({"service": "999"}, "to which service"),
        ({"service": "x" * 30}, "to which service"),
    ],
)
def test_rule_that_makes_no_sense_is_refused_and_what_was_entered_stays(
    changes: dict[str, str], says: str, editor: Client, it: Service
) -> None:
    given = {"name": "Wifi", "is-words": "wifi", "is-intent": "question", "service": str(it.pk)}
    if "is-words" in changes:
        given.pop("is-intent")
    response = editor.post("/inbox/rules/new/", {**given, **changes})
    assert response.status_code == 422
    assert says in response.text
    assert not Rule.objects.exists()


def test_trial_says_how_many_would_have_gone_where_people_sent_them(
    editor: Client, rule: Rule, it: Service, library: Service
) -> None:
    for _time in range(3):
        sent("The WiFi is down", it)
    other = sent("Wifi in the library", library)
    sent("A late book", library)
    page = editor.get(f"/inbox/rules/{rule.pk}/")
    assert "3 of 4 would have gone where people sent them" in page.text
    assert page.context["tried"].trial.untouched == 1
    assert [row for row, _service in page.context["differing"]] == [other]
    assert f"/inbox/{other.pk}/" in page.text


def test_what_a_rule_sent_and_nobody_answered_proves_nothing(
    editor: Client, rule: Rule, it: Service
) -> None:
    sent("The wifi is down", it, by="rule Wifi")
    assert editor.get(f"/inbox/rules/{rule.pk}/").context["tried"].seen == 0


def test_what_was_answered_where_it_was_counts_as_sent_there(
    editor: Client, rule: Rule, it: Service
) -> None:
    made = sent("The wifi is down", it, by="rule Wifi")
    Conversation.objects.filter(pk=made.pk).update(answered_at=NOW)
    assert editor.get(f"/inbox/rules/{rule.pk}/").context["tried"].trial.agreed == 1


def test_trial_does_not_speak_of_a_confidential_service(
    editor: Client, rule: Rule, northfield: Institution
) -> None:
    health = Service.objects.create(
        institution=northfield, name="Health", slug="health", is_confidential=True
    )
    sent("I found my diagnosis on the wifi page", health)
    page = editor.get(f"/inbox/rules/{rule.pk}/")
    assert page.context["tried"].seen == 0
    assert "diagnosis" not in page.text


def test_rule_counts_once_it_is_switched_on(editor: Client, rule: Rule, it: Service) -> None:
    sent("The wifi is down", it)
    editor.post(f"/inbox/rules/{rule.pk}/", {"do": "on"})
    rule.refresh_from_db()
    assert rule.is_on
    assert (rule.tried["agreed"], rule.tried["total"]) == (1, 1)
    assert "1 of 1 went where people had sent them" in editor.get("/inbox/rules/").text


def test_rule_to_a_service_that_rests_is_not_switched_on(
    editor: Client, rule: Rule, it: Service
) -> None:
    Service.objects.filter(pk=it.pk).update(is_active=False)
    assert editor.post(f"/inbox/rules/{rule.pk}/", {"do": "on"}).status_code == 422
    assert not Rule.objects.get().is_on


def test_rule_that_is_changed_is_off_again(editor: Client, rule: Rule, it: Service) -> None:
    Rule.objects.update(is_on=True)
    given = {"name": "Wifi", "is-words": "wifi, eduroam", "service": it.pk}
    editor.post(f"/inbox/rules/{rule.pk}/", given)
    rule.refresh_from_db()
    assert (rule.is_on, rule.conditions) == (False, [{"field": "words", "is": ["wifi", "eduroam"]}])


def test_order_is_changed_by_buttons(editor: Client, rule: Rule, library: Service) -> None:
    other = Rule.objects.create(institution=rule.institution, place=1, name="Books",
                                service=library, conditions=WIFI)  # fmt: skip
    editor.post("/inbox/rules/", {"do": "up", "rule": other.pk})
    assert [row.name for row in Rule.objects.all()] == ["Books", "Wifi"]
    editor.post("/inbox/rules/", {"do": "up", "rule": other.pk})
    assert [row.name for row in Rule.objects.all()] == ["Books", "Wifi"]


def test_rule_is_switched_off_and_taken_out(editor: Client, rule: Rule) -> None:
    Rule.objects.update(is_on=True)
    editor.post("/inbox/rules/", {"do": "off", "rule": rule.pk})
    assert not Rule.objects.get().is_on
    assert "Take out the rule" in editor.get(f"/inbox/rules/?erase={rule.pk}").text
    editor.post("/inbox/rules/", {"do": "erase", "rule": rule.pk})
    assert not Rule.objects.exists()
    assert {"inbox.rule_off", "inbox.rule_erase"} <= set(
        LogEntry.objects.values_list("action", flat=True)
    )


def test_answerer_reads_rules_and_changes_none(answerer: Client, rule: Rule) -> None:
    assert "“wifi”" in answerer.get("/inbox/rules/").text
    assert answerer.get(f"/inbox/rules/{rule.pk}/").status_code == 200
    assert answerer.get("/inbox/rules/new/").status_code == 403
    for address, given in (
        ("/inbox/rules/", {"do": "off", "rule": rule.pk}),
        (f"/inbox/rules/{rule.pk}/", {"do": "on"}),
        ("/inbox/rules/new/", {"name": "x", "is-words": "x", "service": rule.service_id}),
    ):
        assert answerer.post(address, given).status_code == 403


def test_administrator_of_one_service_makes_no_rule_for_all(rule: Rule, it: Service) -> None:
    client = browser("dora", role="administrator", service=it)
    assert client.post(f"/inbox/rules/{rule.pk}/", {"do": "on"}).status_code == 403


def test_record_counts_first_and_second_suggestions(it: Service, library: Service) -> None:
    for first, second, went in ((it, library, it), (library, it, it), (library, library, it)):
        made = sent("The wifi is down", went)
        Suggestion.objects.create(conversation=made, services=[[first.pk, 0.6], [second.pk, 0.3]],
                                  annotator="rules", at=NOW)  # fmt: skip
    eyes = Eyes(author=Author(name="erin", rights=frozenset({READ_INBOX})))
    found = record_of(eyes, since=NOON.replace(year=2020))
    assert found.n == 3
    assert found.first == pytest.approx(1 / 3)
    assert found.either == pytest.approx(2 / 3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1 / 3 < found.high


def test_page_without_rules_says_what_to_do(editor: Client, site: Client) -> None:
    assert "Name a service first" in editor.get("/inbox/rules/").text
    assert editor.get("/inbox/rules/new/").status_code == 404


def test_rule_that_goes_by_words_alone_waits_for_no_classifier(
    rule: Rule, it: Service, northfield: Institution
) -> None:
    ask(northfield, "The wifi is down", service=it, answered_at=NOW)
    seen: list[int] = []

    def understand(texts: Sequence[str]) -> Sequence[Understood]:
        seen.append(len(texts))
        return nothing(texts)

    eyes = Eyes(author=Author(name="alice", rights=frozenset({READ_INBOX})))
    tried = try_rule(rule, eyes, understand=understand, now=NOW, days=30)
    assert (tried.trial.agreed, tried.seen, seen) == (1, 1, [])
    rule.conditions = [{"field": "office", "is": ["it"]}]
    try_rule(rule, eyes, understand=understand, now=NOW, days=30)
    assert seen == [1]
