"""A wall is opened by a teacher, asked on by anyone, kept in order, closed, and erased."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import BOB, NOON
from tests.culture.walls import DRAFT, TEACHER, Seen, ask, opened
from vigie.culture import asking, wall_changes
from vigie.culture.board import OnWall, board, counts, most_asked, newest, shown
from vigie.culture.gathering import asks, gather
from vigie.culture.hashtag import CODE, LETTERS, code_of, fold, holds
from vigie.culture.wall import LONGEST_QUESTION, MOST_WORDINGS, erased_on, is_open
from vigie.culture.wall_models import Question, Wall, Wording
from vigie.errors import CultureError, ForbiddenError
from vigie.register.models import LogEntry
from vigie.register.rights import RIGHTS, Author

pytestmark = pytest.mark.django_db

READER = Author(name=BOB, rights=RIGHTS["reader"])
LATER = NOON + timedelta(minutes=5)


def only(wall: Wall) -> OnWall:
    (found,) = board(wall)
    return found


# ── opening ──


def test_wall_has_an_address_and_a_code_that_can_be_read_from_afar() -> None:
    wall = opened()
    assert (wall.tag, wall.hashtag, str(wall)) == ("chem101", "Chem101", "#Chem101")
    assert len(wall.code) == CODE
    assert set(wall.code) <= set(LETTERS)


def test_reader_opens_no_wall() -> None:
    with pytest.raises(ForbiddenError):
        wall_changes.open_wall(DRAFT, by=READER, at=NOON)


def test_one_wall_at_a_time_has_a_hashtag() -> None:
    wall = opened()
    with pytest.raises(CultureError, match="open already"):
        opened(hashtag="CHEM101")
    wall_changes.close(wall.pk, by=TEACHER, at=LATER)
    assert opened(at=LATER).tag == "chem101"


def test_wall_whose_time_is_over_does_not_keep_its_hashtag() -> None:
    opened(closes_at=NOON + timedelta(hours=1))
    again = opened(at=NOON + timedelta(hours=2))
    assert Wall.objects.filter(closed_at__isnull=True).get() == again


@pytest.mark.parametrize(
    "wrong",
    [
        {"hashtag": "#"}, {"hashtag": "!!"}, {"title": ""}, {"title": "x" * 161},
        {"closes_at": None}, {"closes_at": NOON}, {"closes_at": NOON + timedelta(days=201)},
        {"keep_days": 91}, {"keep_days": -1},
    ],
)  # fmt: skip
def test_wall_that_cannot_be_is_not_opened(wrong: dict[str, object]) -> None:
    with pytest.raises(CultureError):
        opened(**wrong)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("#Chimie_101", "chimie_101"), (" Été ", "ete"), ("＃a-b c", "abc"), ("x" * 90, "x" * 60)],
)
def test_hashtag_is_folded_as_people_type_it(typed: str, tag: str) -> None:
    assert fold(typed) == tag


@pytest.mark.parametrize(
    ("typed", "code"), [("k7-qx", "K7QX"), ("K7 QX", "K7QX"), ("K7Q", None), ("KOQX", None)]
)
def test_code_is_understood_as_people_type_it(typed: str, code: str | None) -> None:
    assert code_of(typed) == code


def test_text_holds_a_hashtag_and_not_a_longer_one() -> None:
    assert holds("In #CHEM101, why?", "chem101")
    assert not holds("In #chem1012 or chem101, why?", "chem101")


# ── asking ──


def test_question_is_on_the_wall_without_a_trace_of_who_asked() -> None:
    wall = opened()
    asked = ask(wall, "  When is\nthe exam?  ")
    assert (asked.number, asked.is_new, asked.is_waiting) == (1, True, False)
    assert only(wall).text == "When is the exam?"
    kept = {field.name for field in Wording._meta.get_fields()}
    assert kept == {
        "id", "wall", "question", "text", "kind", "words", "origin", "network", "post", "asked_at",
    }  # fmt: skip
    assert not LogEntry.objects.filter(action__contains="ask").exists()


def test_same_question_in_other_words_is_counted_with_it() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    asked = ask(wall, "Hello, what date is the exam please?")
    assert (asked.number, asked.is_new) == (1, False)
    assert (only(wall).people, len(only(wall).wordings)) == (2, 2)


def test_same_browser_counts_once_for_a_question() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    assert ask(wall, "when is the exam", mine={1}).is_repeated
    assert only(wall).people == 1


def test_question_waits_where_the_teacher_wishes() -> None:
    wall = opened(is_moderated=True)
    assert ask(wall, "When is the exam?").is_waiting
    assert shown(board(wall)) == []
    wall_changes.approve(wall.pk, 1, by=TEACHER)
    assert [one.text for one in shown(board(wall))] == ["When is the exam?"]


def test_what_is_asked_like_a_hidden_question_stays_hidden() -> None:
    wall = opened()
    ask(wall, "Is the teacher asleep?")
    wall_changes.hide(wall.pk, 1, by=TEACHER)
    assert ask(wall, "is the teacher asleep??").is_waiting
    assert shown(board(wall)) == []


@pytest.mark.parametrize("text", ["", "  ", "??", "\u200b\u202e", "x" * (LONGEST_QUESTION + 1)])
def test_question_needs_words_and_not_too_many(text: str) -> None:
    with pytest.raises(CultureError):
        ask(opened(), text)


def test_longest_question_is_taken() -> None:
    assert ask(opened(), "x" * LONGEST_QUESTION).is_new


def test_closed_wall_takes_nothing() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    wall_changes.close(wall.pk, by=TEACHER, at=LATER)
    for act in (
        lambda: ask(wall, "Where is it?", at=LATER),
        lambda: asking.vote(wall.pk, 1, at=LATER),
        lambda: asking.unvote(wall.pk, 1, at=LATER),
    ):
        with pytest.raises(CultureError, match="closed"):
            act()


def test_wall_closes_by_itself() -> None:
    wall = opened()
    with pytest.raises(CultureError, match="closed"):
        ask(wall, "Where is it?", at=wall.closes_at)


def test_full_wall_says_so() -> None:
    wall = opened()
    question = Question.objects.create(wall=wall, number=1, state="shown")
    full = Wording(
        wall=wall, question=question, text="Why?", kind="", words="", origin="page", asked_at=NOON
    )
    Wording.objects.bulk_create([full] * MOST_WORDINGS)
    with pytest.raises(CultureError, match="full"):
        ask(wall, "Who is there?")


def test_me_too_counts_and_is_taken_back() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    asking.vote(wall.pk, 1, at=LATER)
    assert only(wall).people == 2
    asking.unvote(wall.pk, 1, at=LATER)
    assert only(wall).people == 1


@pytest.mark.parametrize("act", [asking.vote, asking.unvote])
def test_vote_for_nothing_is_refused(act: object) -> None:
    wall = opened()
    with pytest.raises(CultureError, match="no longer"):
        act(wall.pk, 7, at=LATER)  # type: ignore[operator]  # one of two functions


def test_votes_never_fall_below_nothing() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    with pytest.raises(CultureError):
        asking.unvote(wall.pk, 1, at=LATER)


def test_every_change_moves_the_version_on() -> None:
    wall = opened()
    seen = [wall.version]
    for change in (
        lambda: ask(wall, "When is the exam?"),
        lambda: asking.vote(wall.pk, 1, at=LATER),
        lambda: wall_changes.answer(wall.pk, 1, by=TEACHER),
        lambda: wall_changes.hide(wall.pk, 1, by=TEACHER),
        lambda: wall_changes.close(wall.pk, by=TEACHER, at=LATER),
        lambda: wall_changes.erase(wall.pk, by=TEACHER),
    ):
        change()
        seen.append(Wall.objects.get().version)
    assert seen == sorted(set(seen))


# ── keeping order ──


@pytest.mark.parametrize("act", sorted(wall_changes.ACTS))
def test_reader_changes_no_question(act: str) -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    before = Question.objects.values().get()
    with pytest.raises(ForbiddenError):
        wall_changes.ACTS[act](wall.pk, 1, by=READER)
    assert Question.objects.values().get() == before


def test_reader_merges_closes_and_erases_nothing() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    for act in (
        lambda: wall_changes.merge(wall.pk, 1, into=1, by=READER),
        lambda: wall_changes.unmerge(wall.pk, 1, by=READER),
        lambda: wall_changes.split(wall.pk, 1, by=READER),
        lambda: wall_changes.close(wall.pk, by=READER),
        lambda: wall_changes.erase(wall.pk, by=READER),
    ):
        with pytest.raises(ForbiddenError):
            act()


def test_answered_questions_come_last_and_the_most_asked_first() -> None:
    wall = opened()
    for text in ("When is the exam?", "Where is the exam?", "Who corrects it?"):
        ask(wall, text)
    asking.vote(wall.pk, 3, at=LATER)
    wall_changes.answer(wall.pk, 1, by=TEACHER)
    assert [one.number for one in most_asked(board(wall))] == [3, 2, 1]
    wall_changes.reopen(wall.pk, 1, by=TEACHER)
    assert [one.number for one in most_asked(board(wall))] == [3, 1, 2]
    assert [one.number for one in newest(board(wall))] == [3, 2, 1]


def test_merged_questions_are_one_and_come_apart_as_they_were() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    ask(wall, "Is it before Christmas?")
    asking.vote(wall.pk, 2, at=LATER)
    wall_changes.merge(wall.pk, 2, into=1, by=TEACHER)
    assert (only(wall).people, only(wall).numbers) == (3, {1, 2})
    wall_changes.unmerge(wall.pk, 1, by=TEACHER)
    assert [(one.number, one.people) for one in board(wall)] == [(1, 1), (2, 2)]


def test_what_is_asked_like_a_merged_question_goes_with_it() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    ask(wall, "Is it before Christmas?")
    wall_changes.merge(wall.pk, 2, into=1, by=TEACHER)
    assert ask(wall, "is it before christmas").number == 1
    assert only(wall).people == 3


def test_what_was_merged_follows_into_the_next() -> None:
    wall = opened()
    for text in ("When is the exam?", "Where is the exam?", "Who corrects it?"):
        ask(wall, text)
    wall_changes.merge(wall.pk, 3, into=2, by=TEACHER)
    wall_changes.merge(wall.pk, 2, into=1, by=TEACHER)
    assert only(wall).numbers == {1, 2, 3}
    with pytest.raises(CultureError, match="itself"):
        wall_changes.merge(wall.pk, 1, into=3, by=TEACHER)


def test_approved_question_stays_shown_when_it_is_merged_into_one_that_waits() -> None:
    wall = opened(is_moderated=True)
    ask(wall, "When is the exam?")
    ask(wall, "Is it before Christmas?")
    wall_changes.approve(wall.pk, 2, by=TEACHER)
    wall_changes.merge(wall.pk, 2, into=1, by=TEACHER)
    assert [one.number for one in shown(board(wall))] == [1]


def test_nothing_merged_is_nothing_to_take_apart() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    with pytest.raises(CultureError, match="Nothing was merged"):
        wall_changes.unmerge(wall.pk, 1, by=TEACHER)


def test_wording_grouped_wrongly_becomes_a_question_of_its_own() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    ask(wall, "what date is the exam")
    last = Wording.objects.order_by("-pk")[0]
    assert wall_changes.split(wall.pk, last.pk, by=TEACHER).number == 2
    assert [one.people for one in board(wall)] == [1, 1]
    with pytest.raises(CultureError, match="no other words"):
        wall_changes.split(wall.pk, last.pk, by=TEACHER)


def test_log_names_questions_by_number_and_never_says_their_words() -> None:
    wall = opened()
    ask(wall, "When is the exam of Dana?")
    for act in wall_changes.ACTS.values():
        act(wall.pk, 1, by=TEACHER)
    wall_changes.close(wall.pk, by=TEACHER)
    wall_changes.erase(wall.pk, by=TEACHER)
    entries = json.dumps(list(LogEntry.objects.values_list("action", "subject", "facts")))
    assert "Dana" not in entries
    assert "wall.approve" in entries


# ── the end ──


def test_erased_wall_keeps_how_much_was_asked_and_nothing_else() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    ask(wall, "what date is the exam")
    asking.vote(wall.pk, 1, at=LATER)
    wall_changes.answer(wall.pk, 1, by=TEACHER)
    with pytest.raises(CultureError, match="still open"):
        wall_changes.erase(wall.pk, by=TEACHER)
    wall_changes.close(wall.pk, by=TEACHER, at=LATER)
    row = wall_changes.erase(wall.pk, by=TEACHER, at=LATER)
    assert (row.asked, row.questions_asked, row.questions_answered, row.people_asking) == (
        2, 1, 1, 3,
    )  # fmt: skip
    assert not Wording.objects.exists()
    assert not Question.objects.exists()
    with pytest.raises(CultureError, match="erased"):
        wall_changes.approve(wall.pk, 1, by=TEACHER)


def test_clock_closes_then_erases_when_the_time_is_over() -> None:
    wall = opened(keep_days=3)
    ask(wall, "When is the exam?")
    assert wall_changes.forget_due(at=wall.closes_at - timedelta(seconds=1)) == 0
    assert wall_changes.forget_due(at=wall.closes_at) == 1
    assert Wall.objects.get().closed_at == wall.closes_at
    assert Wording.objects.exists()
    assert wall_changes.forget_due(at=wall.closes_at + timedelta(days=3)) == 1
    assert not Wording.objects.exists()
    assert LogEntry.objects.get(action="wall.erase").by == "clock"


def test_time_of_erasing_is_known_beforehand() -> None:
    wall = opened(keep_days=3)
    assert is_open(wall, NOON)
    assert erased_on(wall, NOON) is None
    assert erased_on(wall, wall.closes_at) == wall.closes_at + timedelta(days=3)


def test_wall_closed_twice_says_so() -> None:
    wall = opened()
    wall_changes.close(wall.pk, by=TEACHER, at=LATER)
    with pytest.raises(CultureError, match="closed already"):
        wall_changes.close(wall.pk, by=TEACHER, at=LATER)


# ── posts ──


def test_posts_that_ask_are_questions_without_handles_or_hashtags() -> None:
    wall = opened()
    done = gather(
        wall,
        [
            Seen(post="1", text="@dana@campus.example why is it stable? #chem101 #science"),
            Seen(post="2", text="Great lecture! #chem101"),
            Seen(post="3", text="I still do not see #chem101", is_question=True),
            Seen(post="4", text="Really? Great. #chem101", is_question=False),
        ],
        at=LATER,
    )
    assert (done.taken, done.not_questions) == (2, 2)
    assert [one.text for one in board(wall)] == ["why is it stable?", "I still do not see"]


def test_post_is_taken_once_and_counted_with_the_same_question_of_the_page() -> None:
    wall = opened()
    ask(wall, "Why is it stable?")
    for _time in range(2):
        gather(wall, [Seen(post="1", text="why is it stable?? #chem101")], at=LATER)
    assert only(wall).people == 2


def test_post_that_was_taken_down_is_gone_from_the_wall() -> None:
    wall = opened()
    gather(wall, [Seen(post="1", text="Why is it stable? #chem101")], at=LATER)
    done = gather(wall, [], at=LATER)
    assert (done.gone, board(wall)) == (1, [])


def test_closed_wall_gathers_nothing() -> None:
    wall = opened()
    wall_changes.close(wall.pk, by=TEACHER, at=LATER)
    assert gather(wall, [Seen(post="1", text="Why? #chem101")], at=LATER).taken == 0


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("Why is it so", True), ("Pourquoi ça", True), ("Is it?", True), ("Fine.", False),
     ("https://x.example/?q=1 fine", False)],
)  # fmt: skip
def test_post_asks_when_it_reads_so(text: str, is_one: bool) -> None:
    assert asks(Seen(post="1", text=text)) is is_one


def test_counts_say_how_much_was_asked() -> None:
    wall = opened()
    ask(wall, "When is the exam?")
    ask(wall, "what date is the exam")
    ask(wall, "Where is it?")
    found = counts(board(wall))
    assert (found.asked, found.questions, found.people, found.answered) == (3, 2, 3, 0)
