"""A staged incident on the vendor's own Bluesky servers: found, told by mail, and explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from tests.cast import ALICE
from tests.listening.conftest import person
from tests.listening.test_changes import LIBRARY
from tests.servers.bluesky.people import Json, Person, until
from tests.servers.bluesky.running import Network, running
from tests.servers.test_bluesky import House, http_of
from vigie import flow
from vigie.cli.alerts import warn
from vigie.flow.collecting import Means
from vigie.flow.spiking import Watch
from vigie.listening import changes, tables
from vigie.listening.models import Alert
from vigie.listening.narrowing import narrowed
from vigie.model import Mention, Spike

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("bluesky"),
    pytest.mark.django_db(transaction=True),
]

DAYS = 61
PEOPLE, TURNS = 5, 6
ORDINARY = "A day at the canteen of Northfield"
OUTAGE = "Moodle of Northfield is down again, nobody can hand in"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """The servers, started once."""
    with running() as found:
        yield found


@pytest.fixture
def people(network: Network) -> list[Person]:
    return [Person.joins(network.pds, network.appview, f"person{n}.test") for n in range(PEOPLE)]


def says(northfield: Person, text: str, at: datetime) -> Json:
    """Return a post that mentions the institution."""
    whole = f"{text} @{northfield.handle}"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": northfield.did}
    index = {"byteStart": len(text) + 1, "byteEnd": len(whole)}
    return {
        "$type": "app.bsky.feed.post", "text": whole, "langs": ["en"],
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "facets": [{"index": index, "features": [feature]}],
    }  # fmt: skip


def ordinary(northfield: Person, number: int, now: datetime) -> list[Json]:
    """Return what one person writes in two months: a post every other day."""
    days = range(1 + number % 2, DAYS, 2)
    return [
        says(northfield, f"{ORDINARY}, number {day}", now - timedelta(days=day, minutes=number))
        for day in days
    ]


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A house that listened to weeks of talk, and to three minutes about the same thing."""

    house: House
    alert: Alert

    @property
    def watch(self) -> Watch:
        return flow.watch_of(tables.queries(), ())

    def searches(self) -> int:
        """Put the query to the network; return how many posts were kept."""
        query = self.alert.query
        sought = flow.Sought(name=query.name, query=narrowed(tables.query_of(query)))
        means = Means(settings=self.house.settings, http=http_of())
        found = flow.search(self.house.store, "bluesky", [sought], means)
        assert found is not None
        return found.counts.kept

    def finds(self) -> Spike:
        """Return the spike of the query as a whole."""
        store, settings = self.house.store, self.house.settings
        found = flow.find_spikes(store, self.watch, settings=settings, now=later())
        return next(one for one in found if one.facet == "all")

    def warns(self) -> list[EmailMessage]:
        """Return the mail that leaves."""
        mailing = replace(self.house.settings, mail_url="smtp://h", language="en")
        warn(self.house.store, settings=mailing, http=None, now=later(), should_stop=lambda: False)
        return mail.outbox


@pytest.fixture
def staged(network: Network, people: list[Person], tmp_path: Path) -> Staged:
    northfield = Person.joins(network.pds, network.appview, "northfield.test")
    house, now = House.of(tmp_path, network, {"northfield": northfield}), datetime.now(UTC)
    for number, one in enumerate(people):
        one.writes_many(ordinary(northfield, number, now))
    people[0].replies(northfield.posts("The library opens at eight."), "Also on Sundays?")
    house.collects()
    assert len(house.records(Mention)) == 1 + PEOPLE * (DAYS // 2)
    for one in people:
        one.writes_many([says(northfield, f"{OUTAGE}: {n}", later()) for n in range(TURNS)])
    last = northfield.posts("We are looking into it.")
    until(lambda: northfield.seen(last["uri"]))
    return Staged(house=house, alert=listens(now))


def test_incident_is_found_told_by_mail_and_opens_its_posts(
    staged: Staged, people: list[Person]
) -> None:
    assert staged.searches() >= TURNS * PEOPLE
    spike = staged.finds()
    assert (spike.posts, spike.authors) >= (TURNS * PEOPLE, PEOPLE)
    (letter,) = staged.warns()
    assert letter.subject == "[Vigie] More than usual about “The library”"
    assert letter.to == [f"{ALICE}@northfield.example"]
    told = flow.explain(staged.house.store, staged.watch, spike)
    moodle = next(term for term in told.why.terms if "moodle" in term.driving.term)
    posts = [told.rows[key] for key in moodle.posts]
    assert len(posts) == TURNS * PEOPLE
    assert all(row["text"].startswith(OUTAGE) for row in posts)
    assert all(row["url"].startswith("https://bsky.app/profile/") for row in posts)
    assert all(people[0].seen(row["post"]) for row in posts[:3])


def later() -> datetime:
    return datetime.now(UTC) + timedelta(milliseconds=10)


def listens(now: datetime) -> Alert:
    """Keep a query on Northfield, and an alert for Alice."""
    kept = replace(LIBRARY, words="northfield OR moodle", languages=())
    return Alert.objects.create(
        query=changes.keep_query(kept),
        kind="spike",
        person=person(ALICE),
        quiet_from=None,
        quiet_until=None,
        cool_down=timedelta(),
        since=now - timedelta(days=1),
    )
