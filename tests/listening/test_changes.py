"""People keep queries, events, figures and specialities: by right, with a reason, in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.cast import ALICE, BOB, NOON
from vigie.errors import ForbiddenError, ListeningError, PersonError, QueryError
from vigie.listening import changes, tables
from vigie.listening.kept import KeptEvent, KeptQuery
from vigie.listening.models import Query, Theme
from vigie.register.models import Institution, LogEntry
from vigie.register.rights import RIGHTS, Author

pytestmark = pytest.mark.django_db

READER = Author(name=BOB, rights=RIGHTS["reader"])
EDITOR = Author(name=BOB, rights=RIGHTS["editor"])
ADMINISTRATOR = Author(name=ALICE, rights=RIGHTS["administrator"])

LIBRARY = KeptQuery(
    name="library",
    title="The library",
    words="library AND (closed OR noise)",
    purpose="Answer questions about opening hours.",
    office="Library of Northfield",
    languages=("en", "fr"),
)
STRIKE = KeptEvent(
    name="strike-october",
    title={"en": "Strike", "fr": "Grève"},
    kind="strike",
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 2),
    factor=2.0,
)


def test_query_is_kept_as_it_was_given() -> None:
    changes.keep_query(LIBRARY, by=EDITOR, at=NOON)
    assert tables.queries() == (replace(LIBRARY, since=NOON.date()),)


def test_query_changed_later_keeps_the_day_it_began() -> None:
    changes.keep_query(LIBRARY, by=EDITOR, at=NOON)
    changes.keep_query(replace(LIBRARY, title="Books"), by=EDITOR, at=NOON + timedelta(days=1))
    row = Query.objects.get()
    assert (row.title, row.created_at, row.changed_at) == ("Books", NOON, NOON + timedelta(days=1))


def test_log_tells_who_looked_for_what() -> None:
    changes.keep_query(LIBRARY, by=EDITOR, at=NOON)
    entry = LogEntry.objects.get(action="query.put")
    assert (entry.by, entry.subject, entry.facts["words"]) == (BOB, "library", LIBRARY.words)


@pytest.mark.parametrize("field", ["title", "words", "purpose", "office"])
def test_query_without_title_words_purpose_or_office_is_refused(field: str) -> None:
    with pytest.raises(ListeningError):
        changes.keep_query(replace(LIBRARY, **{field: "  "}), by=EDITOR)


def test_reader_may_not_keep_a_query() -> None:
    with pytest.raises(ForbiddenError):
        changes.keep_query(LIBRARY, by=READER)


PERSON = replace(LIBRARY, words='"Ada Lovett" AND library')


def test_query_on_a_person_is_refused() -> None:
    with pytest.raises(PersonError, match="ada lovett"):
        changes.keep_query(PERSON, by=EDITOR)
    assert not Query.objects.exists()


def test_query_that_cannot_be_read_is_refused_with_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        changes.keep_query(replace(LIBRARY, words="library AND (closed"), by=EDITOR)
    assert caught.value.pointed.endswith("^")


def test_query_on_a_public_figure_is_kept_as_long_as_the_register_holds_them() -> None:
    changes.permit_figure("Ada Lovett", role="President", reason="Talks", until=NOON.date(),
                          at=NOON)  # fmt: skip
    changes.keep_query(PERSON, by=EDITOR, at=NOON)
    assert changes.switch_off_refused(at=NOON) == []
    assert changes.switch_off_refused(at=NOON + timedelta(days=1)) == ["library"]
    assert tables.queries() == ()


def test_administrator_permits_with_a_reason_that_everyone_reads() -> None:
    appeal = replace(PERSON, permitted_because="It is the name of the reading room.")
    with pytest.raises(ForbiddenError):
        changes.keep_query(appeal, by=EDITOR)
    changes.keep_query(appeal, by=ADMINISTRATOR)
    assert tables.queries()[0].permitted_because == appeal.permitted_because


def test_permission_stays_with_the_words_it_was_given_for() -> None:
    changes.keep_query(replace(PERSON, permitted_because="A room."), by=ADMINISTRATOR)
    changes.keep_query(replace(PERSON, title="The room"), by=EDITOR)
    with pytest.raises(PersonError):
        changes.keep_query(replace(PERSON, words='"Ada Lovett" AND noise'), by=EDITOR)


def test_query_that_is_off_is_not_listened_to() -> None:
    changes.keep_query(LIBRARY, by=EDITOR)
    changes.switch_query("library", is_on=False, by=EDITOR)
    assert tables.queries() == ()
    assert [query.is_on for query in tables.queries(only_on=False)] == [False]


def test_erased_query_stays_in_the_log() -> None:
    changes.keep_query(LIBRARY, by=EDITOR)
    changes.erase_query("library", by=EDITOR)
    assert LogEntry.objects.get(action="query.erase").facts["words"] == LIBRARY.words


def test_unknown_query_names_those_there_are() -> None:
    changes.keep_query(LIBRARY, by=EDITOR)
    with pytest.raises(ListeningError, match="The queries are: library"):
        changes.erase_query("books", by=EDITOR)


def test_new_name_is_one_no_query_has() -> None:
    changes.keep_query(LIBRARY, by=EDITOR)
    assert (changes.free_name("Library"), changes.free_name("!")) == ("library-2", "query")
    assert (changes.free_name("New"), changes.free_name("All")) == ("new-2", "all-2")


def test_event_is_kept_as_it_was_given() -> None:
    changes.keep_event(STRIKE, by=EDITOR)
    assert tables.events() == (STRIKE,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"},
        {"network": "minitel"},
        {"factor": 0.0},
        {"last_day": date(2026, 9, 30)},
        {"title": {"en": " "}},
    ],
)
def test_event_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ListeningError):
        changes.keep_event(replace(STRIKE, **wrong), by=EDITOR)  # type: ignore[arg-type]  # a case


def test_only_an_administrator_names_a_public_figure() -> None:
    with pytest.raises(ForbiddenError):
        changes.permit_figure("Ada", role="President", reason="Talks", until=NOON.date(), by=EDITOR)


def test_public_figure_is_held_until_the_last_day() -> None:
    changes.permit_figure(
        "Ada  Northfield", role="President", reason="Her talks", handles=["@Ada", "ada"],
        until=NOON.date(), at=NOON,
    )  # fmt: skip
    assert [one.handles for one in tables.figures(on=NOON.date())] == [("ada",)]
    assert tables.figures(on=NOON.date() + timedelta(days=1)) == ()


def test_public_figure_without_reason_is_refused() -> None:
    with pytest.raises(ListeningError, match="only with a reason"):
        changes.permit_figure("Ada", role="President", reason="", until=NOON.date(), at=NOON)


def test_speciality_is_declared_for_an_institution_of_the_register() -> None:
    Institution.objects.create(slug="northfield", name="Northfield")
    changes.declare_speciality("northfield", "Ice", words=["glacier", "glacier", " "], by=EDITOR)
    assert [one.words for one in tables.specialities("northfield")] == [("glacier",)]
    with pytest.raises(ListeningError, match="no institution southfield"):
        changes.declare_speciality("southfield", "Ice", words=["glacier"], by=EDITOR)


def test_database_refuses_a_query_without_purpose() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Query.objects.create(
            name="q", title="Q", words="q", office="Press", kept_by=BOB,
            created_at=NOON, changed_at=NOON,
        )  # fmt: skip


def test_database_refuses_a_theme_merged_into_itself() -> None:
    row = Theme.objects.create(fingerprint="f", terms=["exam"], changed_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.update(merged_into=row)
