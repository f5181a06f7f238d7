"""What networks send: proved by its signature, safe before the answer, once however often sent."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON, NORTHFIELD
from tests.register.looks import account, look
from tests.sources.conftest import Kinds
from tests.tight import ENOUGH, Disk, grown, mounted
from vigie.collect.connecting import connectors
from vigie.collect.news import News
from vigie.errors import FullDiskError, GarbledError
from vigie.register.changes import apply_update, propose
from vigie.settings import Settings
from vigie.sources import changes, deliveries, turns
from vigie.sources.deliveries import Hear
from vigie.sources.models import Delivery, Work
from vigie.sources.shelf import MOST_BYTES, Shelf, digest_of
from vigie.sources.turns import COLLECT
from vigie.sources.webhook import Entry, Told, Touched, signature, webhooks
from vigie.store.room import full

SECRET = "It's a Secret to Everybody"
HELLO = b"Hello, World!"
PUBLISHED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
"""GitHub's published example of the same construction."""
KEEP = timedelta(days=30)


def posted(client: Client, body: bytes, *, name: str = "generic", signed: str | None = None) -> int:
    header = signature(body, SECRET) if signed is None else signed
    response = client.post(
        f"/webhooks/{name}/", body, content_type="application/json",
        headers={"x-hub-signature-256": header},
    )  # fmt: skip
    return response.status_code


@pytest.fixture
def calling(site: Client, settings: Settings) -> Client:
    """A network that knows our secret, and checks for itself that no form's token is asked."""
    changes.connect("webhook.generic", {"secret": SECRET}, settings=settings)
    changes.connect(
        "webhook.meta", {"secret": SECRET, "verify_token": "northfield"}, settings=settings
    )
    return Client(enforce_csrf_checks=True)


def files(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.home / "deliveries").rglob("*") if path.is_file())


def test_signature_is_the_published_one() -> None:
    assert signature(HELLO, SECRET) == PUBLISHED


def test_signed_delivery_is_on_the_disk_byte_for_byte(calling: Client, settings: Settings) -> None:
    assert posted(calling, HELLO, signed=PUBLISHED) == 200
    assert [path.read_bytes() for path in files(settings)] == [HELLO]


@pytest.mark.parametrize(
    "signed",
    ["", "sha256=", "sha256=" + "0" * 64, PUBLISHED.upper(), "sha1=x", "é", PUBLISHED + " "],
)
def test_delivery_with_a_wrong_signature_leaves_nothing(
    calling: Client, settings: Settings, signed: str
) -> None:
    status = posted(calling, HELLO, signed=signed.encode("utf-8").decode("latin-1"))
    assert (status, files(settings)) == (403, [])


def test_one_changed_byte_is_refused(calling: Client) -> None:
    assert posted(calling, b"Hello, World?", signed=PUBLISHED) == 403


def test_delivery_that_is_too_large_is_refused(calling: Client, settings: Settings) -> None:
    assert posted(calling, b"x" * (MOST_BYTES + 1)) == 413
    assert files(settings) == []


def test_same_delivery_again_is_one(calling: Client, settings: Settings) -> None:
    for _time in range(3):
        assert posted(calling, HELLO) == 200
    assert len(files(settings)) == 1


def test_same_delivery_after_it_was_filed_is_one(calling: Client, settings: Settings) -> None:
    shelf = Shelf(home=settings.home)
    for _time in range(2):
        posted(calling, HELLO)
        shelf.file()
    assert (len(files(settings)), Delivery.objects.count()) == (1, 1)


def test_filing_that_was_cut_off_is_done_again(calling: Client, settings: Settings) -> None:
    digest = hashlib.sha256(b"generic\0" + HELLO).hexdigest()
    Delivery.objects.create(webhook="generic", digest=digest, size=13, received_at=NOON)
    posted(calling, HELLO)
    Shelf(home=settings.home).file()
    assert (Delivery.objects.count(), files(settings)[0].parent.name) == (1, "kept")


def test_file_that_was_not_whole_is_no_delivery(calling: Client, settings: Settings) -> None:
    shelf = Shelf(home=settings.home)
    shelf.new.mkdir(parents=True)
    (shelf.new / ".generic-abc.1234").write_bytes(b"half")
    assert shelf.file() == 0


@pytest.mark.parametrize("left", range(6))
def test_disk_that_is_full_leaves_nothing_and_takes_it_when_there_is_room(
    tmp_path: Path, left: int
) -> None:
    disk = Disk(left=left)
    shelf = Shelf(home=tmp_path, files=disk.files)
    with pytest.raises(FullDiskError, match="Make room"):
        shelf.put("generic", HELLO)
    assert not [path for path in shelf.new.glob("*") if path.name.startswith(".")]
    disk.left = ENOUGH
    shelf.put("generic", HELLO)
    (kept,) = shelf.new.iterdir()
    assert kept.read_bytes() == HELLO


def test_small_disk_that_fills_up_makes_the_network_send_it_again(
    calling: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bodies = [bytes([number]) * 300_000 for number in range(6)]
    with mounted(settings.home / "deliveries", size="1m") as small:
        taken = [posted(calling, body) for body in bodies]
        assert (taken, len(files(settings))) == ([200, 200, 200, 503, 503, 503], 3)
        assert "is full" in caplog.text
        grown(small, size="4m")
        assert [posted(calling, body) for body in bodies] == [200] * 6
        assert sorted(path.read_bytes() for path in files(settings)) == bodies


@pytest.mark.parametrize("name", ["generic", "meta", "nobody"])
def test_webhook_nobody_connected_does_not_exist(site: Client, name: str) -> None:
    assert posted(site, HELLO, name=name) == 404


def test_lost_key_asks_the_network_to_send_it_again(calling: Client, settings: Settings) -> None:
    (settings.home / "token-key").unlink()
    assert posted(calling, HELLO) == 503


def test_meta_is_shown_that_the_address_is_ours(calling: Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "northfield", "hub.challenge": "1158"}
    assert calling.get("/webhooks/meta/", asked).text == "1158"


@pytest.mark.parametrize(
    "changed", [{"hub.verify_token": "x"}, {"hub.mode": "other"}, {"hub.verify_token": ""}]
)
def test_stranger_is_shown_nothing(calling: Client, changed: dict[str, str]) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "northfield", "hub.challenge": "1158"}
    assert calling.get("/webhooks/meta/", {**asked, **changed}).status_code == 403


# ── what a worker does with them ──────────────────────────────────────────────────────

FEED = {
    "object": "page",
    "entry": [
        {"id": "4242", "time": 1790000000, "changes": [
            {"field": "feed", "value": {"item": "comment", "verb": "add", "post_id": "4242_1"}}
        ]}
    ],
}  # fmt: skip


@pytest.fixture
def page_of_northfield(calling: Client, settings: Settings) -> str:
    """The name of a connector of the network of Northfield's page, which has its turn."""
    page = account("northfield", "northfield", "facebook", identifier="4242")
    apply_update(propose(look(NORTHFIELD, accounts=(page,)), source="a", seen_at=NOON))
    asking = [name for name, cls in connectors().items() if cls.network == "facebook"]
    if not asking:
        pytest.skip("no connector asks the network of pages yet")
    turns.make_due(COLLECT, asking[0], now=NOON, every=timedelta(days=1))
    return asking[0]


def handled(
    client: Client,
    settings: Settings,
    body: object,
    name: str = "meta",
    hear: Hear = deliveries.nobody_hears,
) -> Delivery:
    posted(client, json.dumps(body).encode(), name=name)
    shelf = Shelf(home=settings.home)
    deliveries.file_new(shelf, now=NOON)
    deliveries.read_all(shelf, now=NOON, keep=KEEP, hear=hear)
    return Delivery.objects.get()


def test_touched_account_is_due_now(
    calling: Client, settings: Settings, page_of_northfield: str
) -> None:
    assert handled(calling, settings, FEED).state == "done"
    row = Work.objects.get(connector=page_of_northfield, subject="facebook:northfield")
    assert (row.due_at, row.every) == (NOON, None)


@pytest.mark.parametrize("is_enough", [True, False])
def test_what_is_told_is_kept_and_asked_for_only_where_that_is_not_enough(
    calling: Client, settings: Settings, page_of_northfield: str, is_enough: bool
) -> None:
    heard: list[News] = []

    def hear(news: Sequence[News]) -> list[bool]:
        heard.extend(news)
        return [is_enough] * len(news)

    assert handled(calling, settings, FEED, hear=hear).state == "done"
    assert [(one.network, one.account) for one in heard] == [("facebook", "facebook:northfield")]
    is_due = Work.objects.filter(connector=page_of_northfield, subject="facebook:northfield")
    assert is_due.exists() is not is_enough


def test_delivery_that_cannot_be_kept_waits(
    calling: Client, settings: Settings, page_of_northfield: str
) -> None:
    def refuse(news: Sequence[News]) -> list[bool]:
        raise full("/home")

    with pytest.raises(FullDiskError):
        handled(calling, settings, FEED, hear=refuse)
    assert Delivery.objects.get().state == "waiting"


def test_delivery_about_a_stranger_is_kept_as_unknown(calling: Client, settings: Settings) -> None:
    found = handled(calling, settings, FEED)
    assert (found.state, found.reason, len(files(settings))) == ("unknown", "4242", 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"object": "page", "entry": [{"id": "1", "messaging": []}]}, "page.messaging"),
        ({"object": "user", "entry": [{"id": "1", "changes": [{"field": "likes"}]}]}, "user.likes"),
        ({"object": "whatever"}, "whatever"),
        ([1, 2], "list"),
    ],
)
def test_news_of_an_unknown_kind_is_kept(
    calling: Client, settings: Settings, body: object, reason: str
) -> None:
    found = handled(calling, settings, body)
    assert (found.state, found.reason, len(files(settings))) == ("unknown", reason, 1)


def test_delivery_that_is_no_json_is_refused_and_kept(calling: Client, settings: Settings) -> None:
    posted(calling, HELLO)
    shelf = Shelf(home=settings.home)
    shelf.file()
    deliveries.read_all(shelf, now=NOON, keep=KEEP)
    assert (Delivery.objects.get().state, len(files(settings))) == ("refused", 1)


def test_program_names_accounts_by_their_keys(
    calling: Client, settings: Settings, kinds: Kinds
) -> None:
    network = connectors()[kinds.open].network
    theirs = account("northfield", "northfield", network)
    apply_update(propose(look(NORTHFIELD, accounts=(theirs,)), source="a", seen_at=NOON))
    turns.schedule(settings, now=NOON)
    body = {"accounts": [theirs.account, "x:stranger", 5]}
    found = handled(calling, settings, body, "generic")
    assert (found.state, found.reason) == ("done", "x:stranger")
    assert Work.objects.filter(connector=kinds.open, subject=theirs.account).exists()


def test_delivery_older_than_is_kept_goes_with_its_file(
    calling: Client, settings: Settings
) -> None:
    handled(calling, settings, FEED)
    later = datetime.now(UTC) + KEEP + timedelta(days=1)
    deliveries.read_all(Shelf(home=settings.home), now=later, keep=KEEP)
    assert (Delivery.objects.count(), files(settings)) == (0, [])


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["object", "entry", "id", "changes", "field", "accounts", "x"]), inner
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", sorted(webhooks()))
@given(body=JSON.map(lambda value: json.dumps(value).encode()) | some.binary(max_size=40))
def test_whatever_is_sent_is_read_or_refused_in_words(name: str, body: bytes) -> None:
    try:
        told = webhooks()[name]().read(body)
    except GarbledError:
        return
    assert isinstance(told, Told)


def test_every_change_of_a_delivery_is_told() -> None:
    entry = {"id": "7", "changes": [{"field": "comments"}, {"field": "odd"}]}
    told = webhooks()["meta"]().read(json.dumps({"object": "instagram", "entry": [entry]}).encode())
    assert told == Told(
        entries=(
            Entry(
                about=Touched(network="instagram", identifier="7"),
                said={"id": "7", "changes": [{"field": "comments"}]},
            ),
        ),
        unknown=("instagram.odd",),
    )


def test_threads_tells_one_thing_at_a_time() -> None:
    value = {"id": "8", "text": "Reply", "root_post": {"id": "1", "owner_id": "123"}}
    body = {"target_id": "78", "time": 1723226877, "values": {"field": "replies", "value": value}}
    (entry,) = webhooks()["meta"]().read(json.dumps(body).encode()).entries
    assert entry.about == Touched(network="threads", identifier="123")
    assert entry.said["changes"] == [{"field": "replies", "value": value}]


@pytest.mark.slow
def test_killed_at_any_moment_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    chance, shelf, acknowledged = random.Random(3), Shelf(home=tmp_path), set[str]()
    for kill in range(8):
        command = [sys.executable, "-m", "tests.sources.sender", str(tmp_path), str(kill)]
        sender = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert sender.stdout is not None
        acknowledged.add(sender.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.3))
        sender.kill()
        acknowledged |= set(sender.communicate()[0].split("\n")[:-1])
    arrived = [path for path in shelf.new.iterdir() if not path.name.startswith(".")]
    assert acknowledged <= {path.name.removeprefix("generic-") for path in arrived}
    assert all(
        path.name == f"generic-{digest_of('generic', path.read_bytes())}" for path in arrived
    )
    assert len(acknowledged) > 20
