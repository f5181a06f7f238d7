"""A wall on the site: anyone asks and votes, nobody is known, the teacher keeps order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.culture.posts import mention
from tests.culture.walls import DRAFT, TEACHER, Seen
from tests.web.conftest import PASSWORD
from vigie.columns import table_of
from vigie.culture import asking, wall_changes
from vigie.culture.board import board
from vigie.culture.gathering import gather
from vigie.culture.wall_models import Question, Wall, Wording
from vigie.model import Mention
from vigie.register.people import add_person
from vigie.store.store import Store
from vigie.web import wall_patience

ADDRESS = "/wall/chem101/"
WHEN = {"question": "When is the exam?"}
SCRIPT = {"HX-Request": "true"}


def opened(**changes: object) -> Wall:
    closes = datetime.now(UTC) + timedelta(days=7)
    draft = replace(DRAFT, **{"closes_at": closes, **changes})  # type: ignore[arg-type]  # as said
    return wall_changes.open_wall(draft, by=TEACHER)


@pytest.fixture
def wall(site: Client) -> Wall:
    """An open wall whose questions are shown at once."""
    return opened()


@pytest.fixture
def erin(site: Client) -> Iterator[Client]:
    """Erin's browser: an editor, who teaches."""
    client = another()
    client.force_login(add_person("erin", PASSWORD, role="editor").user)
    return client


def another() -> Client:
    """Return the browser of somebody else."""
    return Client(headers={"accept-language": "en"})


def people(wall: Wall, number: int = 1) -> int:
    return {one.number: one.people for one in board(wall)}[number]


# ── asking ──


def test_anyone_asks_without_an_account(site: Client, wall: Wall) -> None:
    page = site.post(ADDRESS, WHEN, follow=True).text
    assert "Your question is on the wall." in page
    assert "It is question 1." in page
    assert "You asked this" in page


def test_page_that_is_loaded_again_does_not_ask_again(site: Client, wall: Wall) -> None:
    response = site.post(ADDRESS, WHEN)
    assert (response.status_code, response["Location"]) == (
        302, f"{ADDRESS}?became=new&number=1#asked",
    )  # fmt: skip


def test_script_gets_the_form_alone_and_is_told_to_show_the_list(site: Client, wall: Wall) -> None:
    response = site.post(ADDRESS, WHEN, headers=SCRIPT)
    assert response.text.startswith("<form")
    assert response["HX-Trigger"] == "asked"
    assert "When is the exam?" not in response.text


def test_question_that_waits_is_nowhere_to_be_read(site: Client) -> None:
    opened(is_moderated=True)
    page = site.post(ADDRESS, WHEN, follow=True).text
    assert "who shows it once it is approved" in page
    assert "When is the exam?" not in page + another().get(ADDRESS + "projected/").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": " "}, "Write your question first."),
        ({"question": "x" * 301}, "this one has 301"),
        ({**WHEN, "confirm_topic": "yes"}, "The last field must stay empty"),
    ],
)
@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_what_is_refused_is_said_beside_the_form_and_given_back(
    site: Client, wall: Wall, given: dict[str, str], said: str, headers: dict[str, str]
) -> None:
    response = site.post(ADDRESS, given, headers=headers)
    assert response.status_code == 422
    assert said in response.text
    assert f">{given['question']}</textarea>" in response.text
    assert not Wording.objects.exists()


def test_form_without_its_token_is_refused(wall: Wall) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(ADDRESS, WHEN).status_code == 403


def test_markup_is_printed_as_text(site: Client, wall: Wall) -> None:
    site.post(ADDRESS, {"question": "<script>alert(1)</script> why?"})
    pages = site.get(ADDRESS).text + site.get(ADDRESS + "projected/").text
    assert "<script>alert" not in pages
    assert "&lt;script&gt;alert(1)" in pages


def test_one_browser_asks_at_a_persons_pace(site: Client, wall: Wall) -> None:
    for number in range(wall_patience.IN_A_MINUTE):
        site.post(ADDRESS, {"question": f"Is it in chapter {number}?"})
    response = site.post(ADDRESS, WHEN)
    assert response.status_code == 429
    assert "When is the exam?</textarea>" in response.text
    assert Wording.objects.count() == wall_patience.IN_A_MINUTE


def test_whole_hall_asks_from_one_address(wall: Wall) -> None:
    for number in range(30):
        response = another().post(ADDRESS, {"question": f"Is it in chapter {number}?"})
        assert response.status_code == 302
    assert Wording.objects.count() == 30


def test_program_at_one_address_is_stopped(
    site: Client, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wall_patience, "FROM_ONE_ADDRESS", 2)
    statuses = [another().post(ADDRESS, WHEN).status_code for _time in range(3)]
    assert statuses == [302, 302, 429]


# ── me too ──


def test_me_too_counts_once_in_a_browser(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    for _time in range(3):
        site.post(ADDRESS, {"vote": "1"})
    assert people(wall) == 2
    another().post(ADDRESS, {"vote": "1"})
    assert people(wall) == 3


def test_me_too_is_taken_back(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    site.post(ADDRESS, {"vote": "1"})
    assert 'name="unvote" aria-pressed="true" value="1"' in site.get(ADDRESS).text
    for _time in range(2):
        site.post(ADDRESS, {"unvote": "1"})
    assert people(wall) == 1


def test_who_asked_is_counted_already(site: Client, wall: Wall) -> None:
    site.post(ADDRESS, WHEN)
    site.post(ADDRESS, {"vote": "1"})
    site.post(ADDRESS, {"question": "what date is the exam?"})
    assert people(wall) == 1


def test_who_voted_for_a_merged_question_has_voted(site: Client, wall: Wall) -> None:
    other = another()
    other.post(ADDRESS, WHEN)
    other.post(ADDRESS, {"question": "Is it before Christmas?"})
    site.post(ADDRESS, {"vote": "2"})
    wall_changes.merge(wall.pk, 2, into=1, by=TEACHER)
    site.post(ADDRESS, {"vote": "1"})
    assert people(wall) == 3
    site.post(ADDRESS, {"unvote": "1"})
    assert people(wall) == 2


def test_vote_written_by_hand_into_the_cookie_is_not_believed(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    site.post(ADDRESS, {"vote": "1"})
    name = f"wall-{wall.pk}"
    site.cookies[name] = site.cookies[name].value[:-2] + "xx"
    assert 'name="vote"' in site.get(ADDRESS).text


def test_cookie_says_what_was_done_and_nothing_of_who_did_it(wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    one, two = another(), another()
    now = datetime.now(UTC)
    values = []
    for browser in (one, two):
        browser.post(ADDRESS, {"vote": "1"})
        cookie = browser.cookies[f"wall-{wall.pk}"]
        values.append(cookie.value.split(":")[0])
        assert cookie["httponly"]
        assert cookie["path"] == "/wall/"
    assert values[0] == values[1]
    assert datetime.now(UTC) - now < timedelta(minutes=1)


@pytest.mark.parametrize("number", ["2", "x", "9" * 30, "-1"])
def test_vote_for_nothing_is_refused(site: Client, wall: Wall, number: str) -> None:
    another().post(ADDRESS, WHEN)
    assert site.post(ADDRESS, {"vote": number}).status_code in (400, 404)
    assert people(wall) == 1


def test_question_that_waits_takes_no_votes(site: Client) -> None:
    wall = opened(is_moderated=True)
    another().post(ADDRESS, WHEN)
    assert site.post(ADDRESS, {"vote": "1"}).status_code == 400
    assert people(wall) == 1


# ── reading ──


def test_nothing_is_sent_again_when_nothing_changed(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    version = Wall.objects.get().version
    for path in (ADDRESS, ADDRESS + "projected/"):
        same = site.get(f"{path}?seen={version}", headers=SCRIPT)
        other = site.get(f"{path}?seen={version - 1}", headers=SCRIPT)
        assert (same.status_code, other.status_code) == (204, 200)
        assert other.text.lstrip().startswith("<section")


def test_list_is_by_people_or_by_age(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    another().post(ADDRESS, {"question": "Is it before Christmas?"})
    another().post(ADDRESS, {"vote": "1"})
    shown = [
        re.findall(r'id="question-(\d)"', site.get(ADDRESS + query).text)
        for query in ("", "?order=new", "?order=nothing")
    ]
    assert shown == [["1", "2"], ["2", "1"], ["1", "2"]]


def test_who_wants_it_still_gets_it_still(site: Client, wall: Wall) -> None:
    for path in (ADDRESS, ADDRESS + "projected/"):
        assert "hx-get" in site.get(path).text
        assert "hx-get" not in site.get(path + "?still=1").text


def test_projected_page_shows_what_is_not_answered_and_how_to_ask(site: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    another().post(ADDRESS, {"question": "Is it before Christmas?"})
    wall_changes.answer(wall.pk, 1, by=TEACHER)
    page = site.get(ADDRESS + "projected/?look=dark").text
    assert "Is it before Christmas?" in page
    assert "When is the exam?" not in page
    assert "testserver/wall/chem101/" in page
    assert f"{wall.code[:2]} {wall.code[2:]}" in page
    assert 'data-look="dark"' in page


def test_what_is_said_aloud_is_said_only_when_it_changed(site: Client, wall: Wall) -> None:
    path = ADDRESS + "projected/"
    page = site.get(path).text
    (mark,) = re.findall(r"\?heard=([\w-]+)", page)
    assert site.get(f"{path}?heard={mark}", headers=SCRIPT).status_code == 204
    another().post(ADDRESS, WHEN)
    assert "1 question" in site.get(f"{path}?heard={mark}", headers=SCRIPT).text


def test_no_author_of_a_post_is_shown(site: Client, wall: Wall, erin: Client, store: Store) -> None:
    text = "@dana@campus.example why is it blue? #chem101"
    now = datetime.now(UTC)
    posted = mention(text=text, author="p-dana", published_at=now, published_on=now.date())
    with store.intake() as intake:
        intake.add("mentions", table_of(Mention, [posted]))
        intake.commit()
    page = erin.post(f"/culture/walls/{wall.pk}/", {"do": "gather"}, follow=True).text
    assert "1 question came from posts with #Chem101." in page
    pages = page + site.get(ADDRESS).text
    assert "why is it blue?" in pages
    assert "dana" not in pages


# ── finding ──


def test_code_leads_to_the_wall_however_it_is_typed(site: Client, wall: Wall) -> None:
    code = wall.code
    for typed in (code, code.lower(), f"{code[:2]} {code[2:]}", "#Chem101", " chem101 "):
        assert site.get("/wall/", {"code": typed})["Location"] == ADDRESS
    assert site.get(f"/wall/{code}/")["Location"] == ADDRESS


def test_code_of_nothing_says_so(site: Client, wall: Wall) -> None:
    response = site.get("/wall/", {"code": "<b>ZZZZ"})
    assert response.status_code == 404
    assert "No open wall is called “&lt;b&gt;ZZZZ”" in response.text


@pytest.mark.parametrize("path", ["/wall/nothing/", "/wall/nothing/projected/", "/wall/%00/"])
def test_wall_that_is_not_there_is_a_page_that_says_so(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


# ── closed ──


def test_closed_wall_says_so_and_shows_no_words(site: Client, wall: Wall) -> None:
    site.post(ADDRESS, WHEN)
    wall_changes.close(wall.pk, by=TEACHER)
    for path in (ADDRESS, ADDRESS + "projected/"):
        page = site.get(path).text
        assert "This wall is closed" in page
        assert "When is the exam?" not in page
    assert site.get("/wall/", {"code": wall.code}).status_code == 404


@pytest.mark.parametrize("given", [WHEN, {"vote": "1"}, {"unvote": "1"}])
def test_closed_wall_takes_nothing(site: Client, wall: Wall, given: dict[str, str]) -> None:
    another().post(ADDRESS, WHEN)
    wall_changes.close(wall.pk, by=TEACHER)
    assert "This wall is closed" in site.post(ADDRESS, given).text
    assert people(wall) == 1


def test_page_that_is_open_when_its_wall_closes_learns_it(site: Client, wall: Wall) -> None:
    wall_changes.close(wall.pk, by=TEACHER)
    response = site.get(f"{ADDRESS}?seen=0", headers=SCRIPT)
    assert response["HX-Refresh"] == "true"


# ── the teacher ──


def test_teacher_opens_a_wall(erin: Client) -> None:
    form = erin.get("/culture/walls/new/").text
    (closes,) = re.findall(r'type="datetime-local" required value="([^"]+)"', form)
    given = {"hashtag": "#Chem101", "title": "Chemistry", "closes_at": closes, "keep_days": "14"}
    response = erin.post("/culture/walls/new/", {**given, "is_moderated": "on"})
    wall = Wall.objects.get()
    assert response["Location"] == f"/culture/walls/{wall.pk}/"
    assert (wall.is_moderated, wall.takes_posts, wall.opened_by) == (True, False, "erin")
    assert "Chemistry" in erin.get("/culture/walls/").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"hashtag": "#"}, "hashtag"), ({"title": ""}, "title"), ({"closes_at": "soon"}, "closes_at"),
     ({"keep_days": "many"}, "keep_days"), ({"keep_days": "91"}, "keep_days")],
)  # fmt: skip
def test_mistake_is_said_beside_its_field(erin: Client, wrong: dict[str, str], field: str) -> None:
    closes = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    given = {"hashtag": "a1", "title": "Chemistry", "closes_at": closes, "keep_days": "14"}
    response = erin.post("/culture/walls/new/", {**given, **wrong})
    assert response.status_code == 422
    assert f'id="{field}-mistake"' in response.text
    assert not Wall.objects.exists()


def test_hashtag_that_is_taken_is_said_beside_its_field(erin: Client, wall: Wall) -> None:
    closes = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    given = {"hashtag": "CHEM101", "title": "Again", "closes_at": closes, "keep_days": "14"}
    assert "open already" in erin.post("/culture/walls/new/", given).text


def test_reader_sees_no_questions_of_classes(bob: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    for path in ("/culture/walls/", f"/culture/walls/{wall.pk}/"):
        assert bob.get(path).status_code == 403
    assert bob.post(f"/culture/walls/{wall.pk}/", {"do": "close"}).status_code == 403
    assert "/culture/walls/" not in bob.get("/culture/").text


def test_teacher_approves_with_a_button_and_goes_on_to_the_next(erin: Client) -> None:
    wall = opened(is_moderated=True)
    another().post(ADDRESS, WHEN)
    another().post(ADDRESS, {"question": "Is it before Christmas?"})
    path = f"/culture/walls/{wall.pk}/"
    assert 'name="onward" value="2"' in erin.get(path).text
    given = {"do": "approve", "number": "1", "onward": "2", "show": "waiting"}
    assert erin.post(path, given)["Location"] == f"{path}?show=waiting#question-2"
    assert "When is the exam?" in another().get(ADDRESS).text


@pytest.mark.parametrize(
    ("do", "view"), [("hide", "hidden"), ("answer", "answered"), ("approve", "shown")]
)
def test_question_is_where_it_belongs(erin: Client, wall: Wall, do: str, view: str) -> None:
    another().post(ADDRESS, WHEN)
    path = f"/culture/walls/{wall.pk}/"
    erin.post(path, {"do": do, "number": "1"})
    assert "When is the exam?" in erin.get(f"{path}?show={view}").text


def test_likely_same_question_is_proposed_and_merged_on_a_persons_word(
    erin: Client, wall: Wall
) -> None:
    another().post(ADDRESS, {"question": "How do we compute the standard entropy of water?"})
    another().post(ADDRESS, {"question": "How do we compute the standard entropy of ice?"})
    path = f"/culture/walls/{wall.pk}/"
    assert "The same as 1, “How do we compute the standard entropy of water?”?" in (
        erin.get(path).text
    )
    erin.post(path, {"do": "merge", "number": "2", "into": "1"})
    assert people(wall) == 2
    erin.post(path, {"do": "unmerge", "number": "1"})
    assert people(wall) == 1


def test_wrong_number_is_said_and_nothing_is_done(erin: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    response = erin.post(f"/culture/walls/{wall.pk}/", {"do": "merge", "number": "1", "into": "x"})
    assert response.status_code == 422
    assert "Write the number of a question." in response.text
    assert (
        erin.post(f"/culture/walls/{wall.pk}/", {"do": "nothing", "number": "1"}).status_code == 404
    )


def test_wording_is_split_off_with_a_button(erin: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    another().post(ADDRESS, {"question": "what date is the exam"})
    last = Wording.objects.order_by("-pk")[0]
    erin.post(f"/culture/walls/{wall.pk}/", {"do": "split", "wording": str(last.pk)})
    assert Question.objects.count() == 2


def test_teachers_list_stays_under_their_hands_and_tells_of_news(erin: Client, wall: Wall) -> None:
    path = f"/culture/walls/{wall.pk}/"
    assert erin.get(f"{path}?seen={wall.version}", headers=SCRIPT).status_code == 204
    another().post(ADDRESS, WHEN)
    assert "show it again" in erin.get(f"{path}?seen={wall.version}", headers=SCRIPT).text


@pytest.mark.parametrize("name", ["csv", "xlsx", "json", "pdf"])
def test_questions_are_taken_home_without_a_name(erin: Client, wall: Wall, name: str) -> None:
    asking.ask(wall.pk, "=When is the exam?", at=datetime.now(UTC))
    asking.ask(wall.pk, "what date is the exam", at=datetime.now(UTC))
    response = erin.get(f"/culture/walls/{wall.pk}/?format={name}")
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # it streams
    assert response["Content-Disposition"].endswith(f'vigie-wall-chem101.{name}"')
    assert name != "csv" or b"'=When is the exam?,2,2,0,no,Shown to the room" in body


def test_words_of_posts_stay_where_their_network_keeps_them(erin: Client, wall: Wall) -> None:
    gather(wall, [Seen(post="1", text="Why is it blue? #chem101", network="x")],
           at=datetime.now(UTC))  # fmt: skip
    response = erin.get(f"/culture/walls/{wall.pk}/?format=csv")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert "Why is it blue?" not in body
    assert "read them on the wall" in body


def test_walls_leave_as_a_file_without_words(erin: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    response = erin.get("/culture/walls/?format=csv")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert "#Chem101" in body
    assert "When is the exam?" not in body


def test_teacher_closes_then_erases(erin: Client, wall: Wall) -> None:
    another().post(ADDRESS, WHEN)
    path = f"/culture/walls/{wall.pk}/"
    assert "The room no longer sees it." in erin.post(path, {"do": "close"}, follow=True).text
    page = erin.post(path, {"do": "erase"}, follow=True).text
    assert "Its questions were erased on" in page
    assert "?format=" not in page
    assert not Wording.objects.exists()
    assert "Questions erased" in erin.get("/culture/walls/").text
