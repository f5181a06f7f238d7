"""A server with Mastodon's interface: what happened there is what is in our store, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.servers.fediverse import Person, Server
from vigie.collect.connecting import connect
from vigie.collect.connector import Context
from vigie.collect.pseudonyms import pseudonyms
from vigie.columns import records_of, table_of
from vigie.flow.collecting import Means, Wish, collect
from vigie.flow.journal import Collected, runs_of
from vigie.http import Answer, Http, Request
from vigie.http.addresses import Allowed
from vigie.http.patience import Patience
from vigie.model import Account, Mention, Post, Record, Snapshot, Tombstone
from vigie.settings import Settings
from vigie.store.store import Store

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("mastodon")]

NORTHFIELD = "mastodon:northfield@127.0.0.1"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(folder=tmp_path_factory.mktemp("fediverse"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def server(running: Server) -> Server:
    if running.process is None:
        running.start()
    running.empty()
    return running


@pytest.fixture
def university(server: Server) -> Person:
    return server.person("northfield")


@pytest.fixture
def store(store: Store) -> Store:
    handle = NORTHFIELD.partition(":")[2]
    account = Account(
        account=NORTHFIELD, institution="northfield", network="mastodon", handle=handle
    )
    store.replace("accounts", table_of(Account, [account]))
    return store


@dataclass(kw_only=True)
class Watched(Http):
    """Asks for real, and lets something happen before a question."""

    agent: str = "Vigie's tests"
    allowed: Allowed = field(default_factory=lambda: Allowed.of("127.0.0.1"))
    patience: Patience = field(default_factory=lambda: Patience(tries=2, first_seconds=0.01))
    before: Callable[[Request], None] = lambda request: None
    asked: list[str] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        self.asked.append(request.shown)
        self.before(request)
        return super().ask(request)


def run(store: Store, server: Server, http: Http | None = None) -> Collected:
    settings = Settings(
        pseudonym_key="key of the tests", connect={"mastodon_service": server.address}
    )
    means = Means(settings=settings, http=http or Watched())
    (done,) = collect(store, Wish(connectors=["mastodon"]), means)
    return done


def kept(store: Store, cls: type[Record]) -> list[Record]:
    return list(records_of(cls, store.table(cls.table).to_pyarrow()))


def posts(store: Store) -> dict[str, Post]:
    return {post.post: post for post in kept(store, Post) if isinstance(post, Post)}


def is_balanced(done: Collected) -> bool:
    counts = done.counts
    return counts.seen == counts.kept + counts.duplicate + counts.refused + counts.skipped


def test_profile_and_its_followers_are_those_of_the_server(store: Store, server: Server) -> None:
    server.person("alice").follow("northfield")
    server.person("bob").follow("northfield")
    run(store, server)
    (found,) = kept(store, Snapshot)
    assert isinstance(found, Snapshot)
    assert (found.account, found.followers, found.following) == (NORTHFIELD, 2, 0)


def test_posts_with_their_counts_are_those_of_the_server(
    store: Store, server: Server, university: Person
) -> None:
    alice, bob = server.person("alice"), server.person("bob")
    made = university.post("Open day on Saturday #OpenDay", language="en")
    for person in (alice, bob):
        person.like(made)
    bob.boost(made)
    alice.post("@northfield Is it free?", in_reply_to_id=made["id"])
    done = run(store, server)
    found = posts(store)[made["uri"]]
    assert (found.text, found.language) == ("Open day on Saturday #OpenDay", "en")
    assert (found.likes, found.shares, found.comments) == (2, 1, 1)
    assert is_balanced(done)


def test_replies_by_others_are_mentions_and_our_own_are_posts(
    store: Store, server: Server, university: Person
) -> None:
    alice = server.person("alice")
    made = university.post("Open day on Saturday")
    asked = alice.post("@northfield Is it free?", in_reply_to_id=made["id"])
    answered = university.post("@alice It is.", in_reply_to_id=asked["id"])
    thanks = alice.post("@northfield Thanks!", in_reply_to_id=answered["id"])
    run(store, server)
    mentions = {one.post: one for one in kept(store, Mention) if isinstance(one, Mention)}
    assert set(mentions) == {asked["uri"], thanks["uri"]}
    assert mentions[thanks["uri"]].answers_to == answered["uri"]
    assert {one.author for one in mentions.values()} == {mentions[asked["uri"]].author}
    assert posts(store)[answered["uri"]].is_reply is True
    assert posts(store)[answered["uri"]].thread == made["uri"]


def test_nobody_who_answers_is_named_in_the_store(
    store: Store, server: Server, university: Person
) -> None:
    made = university.post("Open day on Saturday")
    server.person("alice").post("@northfield Free?", in_reply_to_id=made["id"])
    run(store, server)
    (found,) = kept(store, Mention)
    assert isinstance(found, Mention)
    assert "alice" not in found.author


def test_what_is_for_followers_only_never_reaches_the_store(
    store: Store, server: Server, university: Person
) -> None:
    made = university.post("For everyone")
    server.person("alice").post("@northfield psst", in_reply_to_id=made["id"], visibility="direct")
    university.post("For friends", visibility="private")
    run(store, server)
    assert [post.text for post in posts(store).values()] == ["For everyone"]
    assert kept(store, Mention) == []


def test_boost_is_a_repost_and_its_counts_are_not_ours(
    store: Store, server: Server, university: Person
) -> None:
    theirs = server.person("alice").post("I love Northfield")
    server.person("bob").like(theirs)
    university.boost(theirs)
    run(store, server)
    (found,) = posts(store).values()
    assert (found.is_repost, found.likes, found.text) == (True, None, "I love Northfield")
    assert found.account == NORTHFIELD


def test_edited_post_has_its_new_words(store: Store, server: Server, university: Person) -> None:
    made = university.post("Open day on Sunday")
    run(store, server)
    university.edit(made, "Open day on Saturday")
    run(store, server)
    assert [post.text for post in posts(store).values()] == ["Open day on Saturday"]


def test_deleted_post_is_erased_and_stays_erased(
    store: Store, server: Server, university: Person
) -> None:
    made, other = university.post("A slip"), university.post("No slip")
    run(store, server)
    university.delete(made)
    run(store, server)
    (gone,) = kept(store, Tombstone)
    assert isinstance(gone, Tombstone)
    assert (gone.post, set(posts(store))) == (made["uri"], {other["uri"]})


def test_deleting_the_only_post_is_noticed_too(
    store: Store, server: Server, university: Person
) -> None:
    made = university.post("The only one")
    run(store, server)
    university.delete(made)
    run(store, server)
    assert [one.post for one in kept(store, Tombstone) if isinstance(one, Tombstone)] == [
        made["uri"]
    ]


def test_hundreds_of_posts_come_without_gap_or_double(
    store: Store, server: Server, university: Person
) -> None:
    made = [university.post(f"Number {number}")["uri"] for number in range(230)]
    done = run(store, server)
    assert sorted(posts(store)) == sorted(made)
    assert is_balanced(done)


def test_second_run_keeps_nothing_twice(store: Store, server: Server, university: Person) -> None:
    for number in range(50):
        university.post(f"Number {number}")
    run(store, server)
    counts = run(store, server).counts
    assert counts.kept == 1
    assert len(posts(store)) == 50


@pytest.mark.parametrize("pages", [1, 2])
def test_server_that_dies_in_the_middle_loses_and_doubles_nothing(
    store: Store, server: Server, university: Person, pages: int
) -> None:
    made = [university.post(f"Number {number}")["uri"] for number in range(90)]
    http = Watched()

    def dies(request: Request) -> None:
        if len([url for url in http.asked if "/statuses" in url]) > pages:
            server.kill()

    http.before = dies
    assert run(store, server, http).failures
    server.start()
    made += [university.post(f"Late {number}")["uri"] for number in range(3)]
    done = run(store, server)
    assert (sorted(posts(store)), done.failures) == (sorted(made), ())
    assert all(
        one.read == one.kept + one.duplicate + one.refused + (one.skipped or 0)
        for one in runs_of(store, "mastodon")
    )


@pytest.mark.parametrize(
    "effect",
    [
        {"type": "malformed"},
        {"type": "status", "status": 403, "body": {"error": "blocked"}},
        {"type": "status", "status": 200, "body": {"a": "form that nobody knows"}},
    ],
)
def test_answer_that_goes_wrong_is_made_up_for_at_the_next_run(
    store: Store, server: Server, university: Person, effect: dict[str, object]
) -> None:
    made = [university.post(f"Number {number}")["uri"] for number in range(60)]
    server.spoil("/statuses$", effect)
    assert run(store, server).failures
    done = run(store, server)
    assert (sorted(posts(store)), done.failures) == (sorted(made), ())


def test_server_that_asks_to_wait_is_left_alone_and_read_later(
    store: Store, server: Server, university: Person
) -> None:
    made = university.post("Open day on Saturday")["uri"]
    server.spoil("/statuses$", {"type": "ratelimit"})
    assert (run(store, server).state, set(posts(store))) == ("short", set())
    assert (run(store, server).state, set(posts(store))) == ("done", {made})


def test_short_outage_of_the_server_is_waited_for(
    store: Store, server: Server, university: Person
) -> None:
    made = university.post("Open day on Saturday")["uri"]
    server.spoil("/statuses$", {"type": "status", "status": 503})
    assert (run(store, server).failures, set(posts(store))) == ((), {made})


def test_hashtag_finds_what_others_say(server: Server) -> None:
    alice = server.person("alice")
    made = [alice.post(f"Queue number {number} #OpenDay")["uri"] for number in range(45)]
    alice.post("#Other")
    connector = connect("mastodon", settings={"mastodon_service": server.address})
    ask, found = connector.search("#OpenDay", name="listening:open-day"), []
    context = Context(zone=Settings().zone, run="", pseudonym=pseudonyms("k"))
    while ask is not None:
        page = connector.parse(connector.fetch(ask, Watched()), context)
        found += [one.post for one in page.records if isinstance(one, Mention)]
        ask = ask.__class__(**{**vars(ask), "page": page.next_page}) if page.next_page else None
    assert found == made[::-1]
