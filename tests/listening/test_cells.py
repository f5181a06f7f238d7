"""A count behind which fewer than five people stand is not shown, nor found by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.listening.cells import LEAST_AUTHORS, Counted, without_small

counts = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 50)).map(
        lambda two: Counted(name="x", authors=two[0], posts=two[0] + two[1] if two[0] else 0)
    ),
    max_size=9,
)


def of(*authors: int) -> list[int | None]:
    listed = [Counted(name=str(n), posts=10 * n, authors=n) for n in authors]
    return [one.posts for one in without_small(listed)]


def test_four_authors_are_hidden_and_the_next_small_with_them() -> None:
    assert of(40, 4, 9) == [400, None, None]


def test_two_small_ones_hide_each_other() -> None:
    assert of(40, 4, 2) == [400, None, None]


def test_two_that_are_few_together_hide_a_third() -> None:
    assert of(40, 1, 2, 9) == [400, None, None, None]


def test_nothing_and_nobody_is_not_hidden() -> None:
    assert of(40, 0, 5) == [400, 0, 50]


@given(counts)
def test_no_small_group_is_left_or_found_by_subtraction(given_counts: list[Counted]) -> None:
    shown = without_small(given_counts)
    people = [one.authors or 0 for one in given_counts]
    hidden = [at for at, one in enumerate(shown) if one.is_hidden]
    assert all(people[at] == 0 or people[at] >= LEAST_AUTHORS for at in range(len(shown))
               if at not in hidden)  # fmt: skip
    behind = [n for n in people if n]
    if hidden and len(behind) > 1 and sum(behind) >= LEAST_AUTHORS:
        assert len(hidden) > 1
        assert sum(people[at] for at in hidden) >= LEAST_AUTHORS


@given(counts)
def test_what_is_shown_is_as_it_was(given_counts: list[Counted]) -> None:
    for before, after in zip(given_counts, without_small(given_counts), strict=True):
        assert after.is_hidden or after == before
