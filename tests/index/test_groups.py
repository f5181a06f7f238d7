"""Peer groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.cast import EASTMERE, NORTHFIELD, SOUTHBRIDGE
from tests.index.invented import OCTOBER, institutions
from vigie.index.groups import existed, peer_groups, students_in
from vigie.model import Enrolment


def test_kinds_and_countries_are_never_mixed() -> None:
    swiss = replace(SOUTHBRIDGE, institution="southberg", country="CH")
    groups = peer_groups((NORTHFIELD, EASTMERE, swiss), {}, month_on=OCTOBER)
    assert [g.key for g in groups] == ["business_school.fr", "university.ch", "university.fr"]


def test_every_institution_is_in_one_group() -> None:
    found = institutions(50)
    groups = peer_groups(found, {one.institution: 1_000 for one in found}, month_on=OCTOBER)
    members = [one for group in groups for one in group.institutions]
    assert sorted(members) == sorted(one.institution for one in found)


def test_group_of_thirty_is_not_cut_by_size() -> None:
    found = institutions(30)
    students = {one.institution: 100 * i for i, one in enumerate(found)}
    assert len(peer_groups(found, students, month_on=OCTOBER)) == 1


def test_larger_group_is_cut_by_students_at_round_numbers() -> None:
    found = institutions(60)
    students = {one.institution: 1_013 * (i + 1) for i, one in enumerate(found)}
    groups = peer_groups(found, students, month_on=OCTOBER)
    assert [(g.size, len(g.institutions), g.cuts) for g in groups] == [
        ("small", 19, (20_000, 41_000)),
        ("medium", 21, (20_000, 41_000)),
        ("large", 20, (20_000, 41_000)),
    ]


def test_institutions_of_unknown_size_stand_apart() -> None:
    found = institutions(40)
    students = {one.institution: 1_000 * (i + 1) for i, one in enumerate(found[:36])}
    assert peer_groups(found, students, month_on=OCTOBER)[-1].institutions == (
        "u36",
        "u37",
        "u38",
        "u39",
    )


def test_group_is_not_cut_when_too_few_sizes_are_known() -> None:
    found = institutions(40)
    students = {one.institution: 1_000 for one in found[:10]}
    assert len(peer_groups(found, students, month_on=OCTOBER)) == 1


def test_group_of_seven_is_not_ranked() -> None:
    (group,) = peer_groups(institutions(7), {}, month_on=OCTOBER)
    assert not group.is_ranked


def test_group_says_why_it_has_no_rank() -> None:
    (group,) = peer_groups(institutions(7), {}, month_on=OCTOBER)
    assert str(group.caveats[0]) == "This group has 7 institutions; below 8 no rank is given."


def test_chosen_kinds_and_countries_are_the_only_ones() -> None:
    found = [*institutions(3), EASTMERE]
    groups = peer_groups(found, {}, month_on=OCTOBER, kinds={"business_school"}, countries={"FR"})
    assert [group.institutions for group in groups] == [("eastmere",)]


def test_closed_or_merged_institution_is_not_compared() -> None:
    closed = replace(NORTHFIELD, closed_on=date(2026, 9, 1))
    merged = replace(SOUTHBRIDGE, merged_into="northfield")
    assert not existed(closed, OCTOBER)
    assert not existed(merged, OCTOBER)


def test_institution_that_closes_within_the_month_is_still_compared() -> None:
    assert existed(replace(NORTHFIELD, closed_on=date(2026, 10, 20)), OCTOBER)


def test_academic_year_begins_in_september() -> None:
    years = [Enrolment(institution="northfield", year=y, students=y) for y in (2024, 2025, 2026)]
    assert students_in(years, date(2026, 8, 1)) == {"northfield": 2025}
    assert students_in(years, date(2026, 9, 1)) == {"northfield": 2026}


def test_nearest_earlier_year_stands_in_for_a_missing_one() -> None:
    years = [Enrolment(institution="northfield", year=y, students=y) for y in (2021, 2030)]
    assert students_in(years, OCTOBER) == {"northfield": 2021}
