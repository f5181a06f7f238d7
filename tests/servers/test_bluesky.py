"""The vendor's own Bluesky servers: what happens there is what our store says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.servers.bluesky.people import Json, Person, asked, until
from tests.servers.bluesky.running import Network, running
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Connector, Context, Payload, Subject
from vigie.collect.pseudonyms import pseudonyms
from vigie.columns import records_of, table_of
from vigie.errors import BusyError, NoAnswerError
from vigie.flow.collecting import Means, Wish, collect
from vigie.flow.following import follow
from vigie.flow.journal import Collected
from vigie.http import Answer, Http, Request
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience
from vigie.model import Account, Cursor, Institution, Mention, Post, Snapshot, Tombstone
from vigie.settings import Settings
from vigie.store.store import Store, open_store

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("bluesky")]

MANY = 3_000
HERE = Allowed.of("localhost")
NORTHFIELD, EASTMERE = "bluesky:northfield.test", "bluesky:eastmere.test"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """The servers, started once."""
    with running() as found:
        yield found


def http_of(**more: Any) -> Http:
    return Http(agent="vigie-tests", allowed=HERE, **more)


@dataclass(kw_only=True)
class Impatient(Http):
    """Takes three silent seconds for the end of a stream."""

    def follow(self, request: Request, *, idle_seconds: float = 60) -> Iterator[bytes | str]:
        return super().follow(request, idle_seconds=3)


@dataclass(kw_only=True)
class Watched(Http):
    """Does something before a question."""

    before: Callable[[int], None]
    count: int = 0

    def ask(self, request: Request) -> Answer:
        self.count += 1
        self.before(self.count)
        return super().ask(request)


@dataclass(kw_only=True)
class House:
    """A store with a register, and how it is filled."""

    store: Store
    settings: Settings

    @classmethod
    def of(cls, folder: Path, network: Network, people: dict[str, Person]) -> House:
        settings = Settings(
            home=folder / "home",
            private_addresses="localhost",
            connect={
                "bluesky_service": network.appview,
                "bluesky_stream": network.firehose,
            },
        )
        store = open_store(settings)
        schools = [Institution(institution=name, name=name.title()) for name in people]
        accounts = [
            Account(
                account=f"bluesky:{person.handle}",
                institution=name,
                network="bluesky",
                handle=person.handle,
                identifier=person.did,
            )
            for name, person in people.items()
        ]
        store.replace("institutions", table_of(Institution, schools))
        store.replace("accounts", table_of(Account, accounts))
        return cls(store=store, settings=settings)

    def collects(self, http: Http | None = None) -> Collected:
        wish = Wish(connectors=("bluesky",))
        (found,) = collect(self.store, wish, Means(settings=self.settings, http=http or http_of()))
        return found

    def records(self, record: type[Any]) -> list[Any]:
        return records_of(record, self.store.table(record.table).to_pyarrow())

    def post(self, uri: str) -> Post:
        return next(post for post in self.records(Post) if post.post == uri)


# A story: what an institution and its public do, and what is then in the store.


@dataclass(kw_only=True)
class Story:
    """What happened, in two parts with a look at the network after each."""

    house: House
    northfield: Person
    eastmere: Person
    charlie: Person
    dana: Person
    made: dict[str, Json] = field(default_factory=dict)
    runs: list[Collected] = field(default_factory=list)

    def begins(self) -> None:
        """Posts, pictures, a reply and its answer, a like, followers, a quote, a mention."""
        north, charlie, made = self.northfield, self.charlie, self.made
        made["library"] = north.posts("The library opens at eight.")
        made["pictures"] = north.shows("The reading room.", ["Dark shelves", ""])
        made["slip"] = north.posts("The library opens at eihgt.")
        made["question"] = charlie.replies(made["library"], "Also on Sundays?")
        made["answer"] = north.replies(made["question"], "Yes, from ten.", root=made["library"])
        made["shy"] = self.dana.replies(made["library"], "Only for those who sign in.")
        made["quote"] = charlie.quotes(made["pictures"], "At last.")
        made["mention"] = charlie.mentions(north, "Well done")
        made["survey"] = self.eastmere.posts("Results of the spring survey.")
        made["repost"] = north.reposts(made["survey"])
        made["like"] = charlie.likes(made["library"])
        charlie.follows(north)
        self.eastmere.follows(north)
        until(lambda: north.profile()["followersCount"] == 2)
        until(lambda: self.view("library")["likeCount"] == 1)
        until(lambda: self.view("pictures")["quoteCount"] == 1)
        until(lambda: self.view("survey")["repostCount"] == 1)

    def goes_on(self) -> None:
        """A post and a reply are taken down, the handle and the profile change, more is said."""
        north, charlie = self.northfield, self.charlie
        north.deletes(self.made["slip"])
        charlie.deletes(self.made["like"])
        north.renames_to("uni-northfield.test")
        north.introduces_itself("Northfield University", "Teaching since 1871.")
        self.made["thanks"] = charlie.replies(
            self.made["answer"], "Thank you!", root=self.made["library"]
        )
        until(lambda: not north.seen(self.made["slip"]["uri"]))
        until(lambda: self.view("library")["likeCount"] == 0)
        until(lambda: north.profile()["description"] == "Teaching since 1871.")

    def view(self, name: str) -> Json:
        """Return a post as the AppView shows it."""
        method = f"{self.northfield.appview}/xrpc/app.bsky.feed.getPosts"
        found: Json = asked(method, uris=self.made[name]["uri"])["posts"][0]
        return found

    def uri(self, name: str) -> str:
        return str(self.made[name]["uri"])


@pytest.fixture(scope="module")
def story(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, told once."""
    names = ("northfield", "eastmere", "charlie", "dana")
    people = {name: Person.joins(network.pds, network.appview, f"{name}.test") for name in names}
    hidden = {"val": "!no-unauthenticated"}
    people["dana"].introduces_itself(
        "Dana", labels={"$type": "com.atproto.label.defs#selfLabels", "values": [hidden]}
    )
    until(lambda: people["dana"].profile()["labels"])
    schools = {name: people[name] for name in ("northfield", "eastmere")}
    house = House.of(tmp_path_factory.mktemp("story"), network, schools)
    story = Story(house=house, **people)
    story.begins()
    story.runs.append(house.collects())
    story.goes_on()
    story.runs += [house.collects(), house.collects()]
    return story


def test_a_run_says_that_all_went_well(story: Story) -> None:
    assert [run.state for run in story.runs] == ["done"] * 3
    assert [run.failures for run in story.runs] == [()] * 3


def test_the_journal_accounts_for_all_that_was_seen(story: Story) -> None:
    for run in story.runs:
        counts = run.counts
        assert counts.seen == counts.kept + counts.duplicate + counts.refused + counts.skipped
        assert counts.refused == 0


def test_the_store_has_every_post_once_and_no_other(story: Story) -> None:
    own = [post.post for post in story.house.records(Post) if post.account == NORTHFIELD]
    names = ("library", "pictures", "answer", "repost")
    assert sorted(own) == sorted(story.uri(name) for name in names)


def test_counts_are_those_of_the_network(story: Story) -> None:
    post, view = story.house.post(story.uri("library")), story.view("library")
    assert (post.likes, post.comments) == (view["likeCount"], view["replyCount"]) == (0, 2)
    assert post.shares == view["repostCount"] + view["quoteCount"]


def test_an_own_answer_is_a_reply_in_its_thread(story: Story) -> None:
    answer = story.house.post(story.uri("answer"))
    assert (answer.is_reply, answer.answers_to) == (True, story.uri("question"))
    assert answer.thread == story.uri("library")


def test_pictures_are_counted_with_their_descriptions(story: Story) -> None:
    post = story.house.post(story.uri("pictures"))
    assert (post.kind, post.images, post.images_described) == ("carousel", 2, 1)


def test_a_repost_and_the_post_it_repeats_are_two(story: Story) -> None:
    repost, original = (story.house.post(story.uri(name)) for name in ("repost", "survey"))
    assert (repost.account, repost.is_repost) == (NORTHFIELD, True)
    assert (original.account, original.shares) == (EASTMERE, 1)


def test_what_the_public_answered_and_quoted_is_there(story: Story) -> None:
    found = {one.post: one.kind for one in story.house.records(Mention)}
    expected = {"question": "reply", "thanks": "reply", "quote": "quote", "mention": "mention"}
    assert found == {story.uri(name): kind for name, kind in expected.items()}


def test_the_public_has_pseudonyms_and_the_same_person_one(story: Story) -> None:
    authors = {one.author for one in story.house.records(Mention)}
    assert len(authors) == 1
    assert story.charlie.did not in authors
    assert "charlie.test" not in str(story.house.records(Mention))


def test_what_was_taken_down_leaves_a_tombstone_and_no_words(story: Story) -> None:
    assert [one.post for one in story.house.records(Tombstone)] == [story.uri("slip")]
    assert "eihgt" not in str(story.house.records(Post))


def test_a_new_handle_loses_nothing_and_is_noticed(story: Story, network: Network) -> None:
    connector = connect("bluesky", settings={"bluesky_service": network.appview})
    subject = Subject(
        subject=NORTHFIELD, network="bluesky", handle="northfield.test",
        identifier=story.northfield.did,
    )  # fmt: skip
    payload = connector.fetch(Ask(stream="profile", subject=subject), http_of())
    handles = connector.parse(payload, context()).handles
    assert handles == {story.northfield.did: "uni-northfield.test"}


def test_looks_at_the_audience_follow_the_profile(story: Story) -> None:
    looks = [one for one in story.house.records(Snapshot) if one.account == NORTHFIELD]
    looks.sort(key=lambda one: one.observed_at)
    assert [one.followers for one in looks] == [2, 2, 2]
    assert [one.name for one in looks] == ["Northfield", *["Northfield University"] * 2]


def test_a_third_look_finds_nothing_new_but_the_audience(story: Story) -> None:
    again = story.runs[2].counts
    assert again.kept == 2  # the audience of two accounts, at a new moment


# The same, as it happens.


def context(**accounts: str) -> Context:
    return Context(zone=ZoneInfo("Europe/Paris"), run="run", pseudonym=pseudonyms("key"))


def streamed(connector: Connector, people: dict[str, str], *, cursor: str) -> list[Payload]:
    """Return what the stream holds from a cursor on, until nothing more comes."""
    found: list[Payload] = []
    following = connector.follow(
        Impatient(agent="vigie-tests", allowed=HERE), cursor=cursor, accounts=people
    )
    with pytest.raises(NoAnswerError):
        found.extend(following)
    return found


def test_following_from_the_beginning_gives_what_the_looks_gave(
    story: Story, network: Network, tmp_path: Path
) -> None:
    people = {"northfield": story.northfield, "eastmere": story.eastmere}
    house = House.of(tmp_path, network, people)
    beginning = Cursor(
        connector="bluesky", network="bluesky", subject="bluesky", stream="follow",
        position='{"cursor": "0"}', asked_at=datetime.now(UTC),
    )  # fmt: skip
    house.store.append("cursors", table_of(Cursor, [beginning]))
    http = Impatient(agent="vigie-tests", allowed=HERE)
    followed = follow(house.store, "bluesky", Means(settings=house.settings, http=http), once=True)
    assert followed.counts.refused == 0
    assert words(house) == words(story.house)
    assert [one.post for one in house.records(Tombstone)] == [story.uri("slip")]


def words(house: House) -> set[tuple[str, str | None]]:
    """Return which posts there are, with their words; a repost carries none in the stream."""
    return {(one.post, None if one.is_repost else one.text) for one in house.records(Post)}


def test_the_firehose_goes_on_from_a_cursor(story: Story, network: Network) -> None:
    people = {story.northfield.did: NORTHFIELD}
    connector = connect("bluesky", settings={"bluesky_stream": network.firehose})
    whole = streamed(connector, people, cursor="0")
    last = whole[-1].page
    assert last is not None
    story.northfield.posts("The stream goes on.")
    (after,) = streamed(connector, people, cursor=last)
    page = connector.parse(after, replace(context(), accounts=people))
    assert [one.text for one in page.records if isinstance(one, Post)] == ["The stream goes on."]


# Many posts, and servers that fail.


@pytest.fixture(scope="module")
def busy(network: Network) -> Person:
    """An institution that published three thousand posts, the last a fortnight ago."""
    person = Person.joins(network.pds, network.appview, "westbrook.test")
    start = datetime.now(UTC) - timedelta(days=60)
    person.writes_many(
        [
            {
                "$type": "app.bsky.feed.post",
                "text": f"Notice {place}",
                "createdAt": (start + timedelta(minutes=20 * place)).isoformat(),
            }
            for place in range(MANY)
        ]
    )
    until(lambda: person.profile()["postsCount"] >= MANY, seconds=400)
    return person


def notices(house: House) -> list[str | None]:
    return sorted(post.text or "" for post in house.records(Post))


ALL = sorted(f"Notice {place}" for place in range(MANY))


def test_three_thousand_posts_are_read_without_gap_or_double(
    busy: Person, network: Network, tmp_path: Path
) -> None:
    house = House.of(tmp_path, network, {"westbrook": busy})
    assert house.collects().state == "done"
    assert notices(house) == ALL


def test_servers_killed_in_the_middle_lose_and_double_nothing(
    busy: Person, network: Network, tmp_path: Path
) -> None:
    house = House.of(tmp_path, network, {"westbrook": busy})

    def kill_at_the_tenth(question: int) -> None:
        if question == 10:
            network.kill()

    hasty = Patience(tries=2, first_seconds=0.1)
    first = house.collects(
        Watched(agent="vigie-tests", allowed=HERE, patience=hasty, before=kill_at_the_tenth)
    )
    assert first.failures
    assert 0 < len(notices(house)) < MANY
    network.start()
    second = house.collects()
    assert notices(house) == ALL
    assert second.counts.seen < MANY + 600  # it went on where it was, and looked again at the last


def sign_in_often(connector: Connector, search: Ask) -> None:
    for _time in range(40):
        connector.fetch(search, http_of())
        connector.session.end()  # type: ignore[attr-defined]  # what makes it sign in again


def test_a_server_that_asks_to_wait_is_left_alone() -> None:
    with running(is_limited=True) as limited:
        person = Person.joins(limited.pds, limited.appview, "northfield.test")
        connector = connect(
            "bluesky",
            settings={
                "bluesky_service": limited.appview,
                "bluesky_pds": limited.pds,
                "bluesky_identifier": person.handle,
            },
            secrets={"app_password": person.app_password()},
        )
        search = connector.search("library", name="listening:library")
        begun = datetime.now(UTC)
        with pytest.raises(BusyError) as busy:
            sign_in_often(connector, search)
    assert busy.value.status == 429
    assert busy.value.until is not None
    assert begun < busy.value.until < begun + timedelta(minutes=6)
