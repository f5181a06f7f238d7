"""A table of any shape, once a mapping says what its columns mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.making import CONTEXT, separated, written
from vigie.collect.importer import Parsed
from vigie.collect.importers.generic import Generic
from vigie.collect.mapping import Mapped, Rule, as_toml, load_mapping, mapping_of
from vigie.collect.reading import batches, look
from vigie.collect.recognising import recognise
from vigie.errors import FileError

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"
HEADER = ["ref", "when", "who", "words", "hearts", "answers"]
TOML = """
table = "posts"
timezone = "UTC"
[columns]
network = "=x"
post = "ref"
account = "x:{who}"
published_at = { column = "when", format = "%Y-%m-%d %H:%M" }
text = "words"
likes = "hearts"
is_repost = { column = "words", starts = "RT @" }
is_reply = { column = "answers", is = "present" }
"""


def parsed(path: Path, mapping: str) -> Parsed:
    """Return what a file of one batch becomes with a mapping."""
    found = recognise(path, mapping=mapping_of(tomllib.loads(mapping)))
    (batch,) = batches(found.sample)
    return found.importer.parse(batch, CONTEXT)


def posts(tmp_path: Path, *rows: list[str], mapping: str = TOML) -> Parsed:
    return parsed(written(tmp_path / "x", separated([HEADER, *rows])), mapping)


GOOD = ["1", "2026-07-14 23:30", "North_Field", "RT @x: été", "12", ""]


def test_a_row_becomes_a_post(tmp_path: Path) -> None:
    (post,) = posts(tmp_path, GOOD).tables["posts"].to_pylist()
    known = {name: value for name, value in post.items() if value is not None}
    assert known == {
        "network": "x",
        "post": "1",
        "account": "x:north_field",
        "published_at": datetime(2026, 7, 14, 23, 30, tzinfo=UTC),
        "published_on": date(2026, 7, 15),
        "observed_at": CONTEXT.observed_at,
        "text": "RT @x: été",
        "likes": 12,
        "is_repost": True,
        "is_reply": False,
        "source": "generic",
        "run": "run",
    }


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "1.22641E+18", "rounded the identifier 1.22641E"),
        (0, "", "identifier is missing"),
        (1, "2027-01-01 10:00", "in the future"),
        (1, "14/07/26 aa", "not a date"),
        (2, "", "account is missing"),
    ],
)
def test_a_row_without_what_a_post_needs_is_refused(
    tmp_path: Path, column: int, cell: str, reason: str
) -> None:
    bad = [cell if place == column else value for place, value in enumerate(GOOD)]
    found = posts(tmp_path, GOOD, bad)
    assert [(one.row, one.is_partial) for one in found.refused] == [(3, False)]
    assert reason in str(found.refused[0].reason)
    assert list(found.refused[0].content.values()) == bad


def test_a_count_below_zero_is_left_out_and_said_while_the_row_is_kept(tmp_path: Path) -> None:
    found = posts(tmp_path, [*GOOD[:4], "-3", ""])
    assert found.tables["posts"]["likes"].to_pylist() == [None]
    assert [(one.column, one.is_partial) for one in found.refused] == [("hearts", True)]


def test_a_blank_count_is_unknown_and_not_zero(tmp_path: Path) -> None:
    assert posts(tmp_path, [*GOOD[:4], "-", ""]).tables["posts"]["likes"].to_pylist() == [None]


def test_every_row_is_kept_refused_or_passed_over(tmp_path: Path) -> None:
    found = posts(tmp_path, GOOD, ["only"], [""] * 6, ["2", *GOOD[1:]], ["", *GOOD[1:]])
    refused = sum(not one.is_partial for one in found.refused)
    assert (found.read, found.tables["posts"].num_rows) == (5, 2)
    assert (refused, found.passed_over) == (2, 1)


CELLS = st.one_of(
    st.sampled_from(["", "-", "1", "x", "2026-07-14 10:00", "-1"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6))
def test_whatever_the_cells_the_rows_add_up(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    found = posts(folder, GOOD, *rows)
    refused = sum(not one.is_partial for one in found.refused)
    assert found.tables["posts"].num_rows + refused + found.passed_over == found.read


@pytest.mark.parametrize(
    ("who", "network", "account"),
    [
        ("@NorthField", "x", "x:northfield"),
        ("https://twitter.com/NorthField?s=20", "x", "x:northfield"),
        ("x:NorthField", "x", "x:northfield"),
        ("NorthField", "Twitter", "x:northfield"),
        ("@northfield@social.example", "mastodon", "mastodon:northfield@social.example"),
    ],
)
def test_accounts_are_read_however_they_are_written(
    tmp_path: Path, who: str, network: str, account: str
) -> None:
    mapping = TOML.replace('"x:{who}"', '"who"').replace('"=x"', f'"={network}"')
    row = [*GOOD[:2], who, *GOOD[3:]]
    assert posts(tmp_path, row, mapping=mapping).tables["posts"]["account"].to_pylist() == [account]


def test_values_of_the_file_are_translated(tmp_path: Path) -> None:
    mapping = TOML + 'kind = { column = "words", values = { "RT @x: été" = "photo" } }\n'
    assert posts(tmp_path, GOOD, mapping=mapping).tables["posts"]["kind"].to_pylist() == ["image"]


def test_snapshots_are_mapped(tmp_path: Path) -> None:
    mapping = """
    table = "snapshots"
    [columns]
    account = "page"
    observed_at = { column = "day", day = "first" }
    followers = "fans"
    """
    path = written(tmp_path / "x", "page;day;fans\nfacebook:Northfield;03/04/2026;1 234\n")
    (look_,) = parsed(path, mapping).tables["snapshots"].to_pylist()
    assert (look_["account"], look_["network"]) == ("facebook:northfield", "facebook")
    assert (look_["observed_on"], look_["followers"]) == (date(2026, 4, 3), 1234)


def test_days_of_an_account_are_mapped(tmp_path: Path) -> None:
    mapping = """
    table = "account_days"
    name = "matomo"
    [columns]
    account = "=rss:https://northfield.example/feed"
    day = "Date"
    views = "Views"
    """
    found = parsed(written(tmp_path / "x", "Date,Views\n2026-07-14,12\n"), mapping)
    (day,) = found.tables["account_days"].to_pylist()
    assert (day["day"], day["views"], day["source"]) == (date(2026, 7, 14), 12, "generic:matomo")


INSTITUTIONS = """
table = "institutions"
[columns]
name = "Nom"
country = "=FR"
aliases = "Autres"
[accounts]
x = "Twitter"
[students]
2025 = "Étudiants"
"""


def test_institutions_come_with_their_accounts_and_students(tmp_path: Path) -> None:
    text = "Nom;Autres;Twitter;Étudiants\nUniversité de Northfield;UNF|North;@northfield;20 000\n"
    found = parsed(written(tmp_path / "x", text), INSTITUTIONS)
    (institution,) = found.tables["institutions"].to_pylist()
    assert institution["institution"] == "universite-de-northfield"
    assert institution["aliases"] == ["UNF", "North"]
    assert found.tables["accounts"]["account"].to_pylist() == ["x:northfield"]
    assert found.tables["enrolments"]["students"].to_pylist() == [20_000]


def test_institutions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    mapping = INSTITUTIONS.split("[accounts]")[0] + 'city = "Ville"\n'
    text = "Nom;Autres;Ville\nÉcole d’art;;Northfield\nÉcole d’art;;Eastmere\n"
    found = parsed(written(tmp_path / "x", text), mapping).tables["institutions"]
    assert len(set(found["institution"].to_pylist())) == 2


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"columns": {"pots": "a"}}, "no column pots. Did you mean post"),
        ({"table": "post", "columns": {}}, "mapped to post. Did you mean posts"),
        ({"colums": {}}, "no colums. Did you mean columns"),
        ({"columns": {"post": "a"}}, "where published_at of the table posts come from"),
        ({"columns": {"post": {"colum": "a"}}}, "no colum. Did you mean column"),
        ({"columns": {"post": {}}}, "must name one column"),
        ({"timezone": "Paris", "columns": {}}, "Paris is not a time zone"),
        ({"columns": {"is_reply": {"column": "a", "is": "there"}}}, '"present" or "absent"'),
    ],
)
def test_a_mapping_that_cannot_be_says_what_to_correct(
    told: Mapping[str, object], reason: str
) -> None:
    with pytest.raises(FileError, match=reason):
        mapping_of(told, name="mine")


def test_a_mapping_that_is_not_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"mine\.toml cannot be read.*line 1"):
        load_mapping(written(tmp_path / "mine.toml", "table = posts"))


def test_a_mapping_of_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x", "ref,when\n1,2026-07-14\n")
    with pytest.raises(FileError, match="has no column who"):
        recognise(path, mapping=mapping_of(tomllib.loads(TOML)))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}"), min_size=1, max_size=10)


@given(column=TEXT, name=TEXT, values=st.dictionaries(TEXT, TEXT, max_size=3))
def test_a_mapping_comes_back_from_its_toml(column: str, name: str, values: dict[str, str]) -> None:
    mapping = Mapped(
        table="posts",
        name=name,
        timezone="Europe/Paris",
        recognised_by=(column, name),
        columns={
            "network": Rule(constant=column),
            "account": Rule(template="x:{" + column + "}"),
            "post": Rule(column=column),
            "published_at": Rule(column=column, formats=("%Y", "%d"), day_first=True),
            "kind": Rule(column=column, values=values),
            "is_repost": Rule(column=column, starts=name),
            "is_reply": Rule(column=column, presence="absent"),
        },
    )
    assert mapping_of(tomllib.loads(as_toml(mapping))) == mapping


def test_a_table_called_as_ours_needs_no_mapping(tmp_path: Path) -> None:
    text = "network,post,account,published_at\nx,1,northfield,2026-07-14T10:00:00Z\n"
    sample = look(written(tmp_path / "x", text))
    (batch,) = batches(sample)
    assert Generic().recognises(sample) == 4
    assert Generic().parse(batch, CONTEXT).tables["posts"]["account"].to_pylist() == [
        "x:northfield"
    ]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_of_a_mapping_can_be_used(path: Path) -> None:
    assert load_mapping(path).columns


def test_the_posts_of_eight_swiss_institutions(shared_data: Path) -> None:
    mapping = load_mapping(EXAMPLES / "swiss-posts.toml")
    found = recognise(shared_data / "swiss-posts-2009-2023.csv", mapping=mapping)
    parts = [found.importer.parse(batch, CONTEXT) for batch in found.importer.read(found.sample)]
    rows = [row for part in parts for row in part.tables["posts"].to_pylist()]
    assert (sum(part.read for part in parts), len(rows)) == (19_575, 19_575)
    assert sum(row["is_repost"] for row in rows) == 5_236
    assert len({row["account"] for row in rows}) == 8
    assert len({row["post"] for row in rows}) == 19_575


def test_the_ruined_identifiers_of_the_same_file_are_all_refused(shared_data: Path) -> None:
    mapping = as_toml(load_mapping(EXAMPLES / "swiss-posts.toml")).replace('"id_str"', '"id"', 1)
    mapping = mapping.replace('column = "id_str"', 'column = "id"')
    found = recognise(
        shared_data / "swiss-posts-2009-2023.csv", mapping=mapping_of(tomllib.loads(mapping))
    )
    batch = next(iter(found.importer.read(found.sample)))
    assert len(found.importer.parse(batch, CONTEXT).refused) == batch.num_rows


def test_monthly_exports_of_x_are_recognised(shared_data: Path) -> None:
    found = [recognise(path) for path in sorted((shared_data / "x-analytics-classic").iterdir())]
    assert [one.importer_name for one in found] == ["x_analytics_classic"] * 3
