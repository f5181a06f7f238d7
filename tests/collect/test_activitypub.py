"""ActivityPub: from a handle to its actor, its outbox, and the same posts as elsewhere."""

from __future__ import annotations

import pytest

from tests.collect.answered import CONTEXT
from tests.collect.keyed import Scripted, account, scripted, walked
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Connector, Page
from vigie.errors import BusyError, DeniedError, GarbledError, MissingError
from vigie.model import Account, Post, Snapshot, Tombstone

BLOG = "https://blog.example"
ACTOR = f"{BLOG}/author/press"
PRESS = account("mastodon", "press@blog.example")
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
WEBFINGER = {"links": [{"rel": "self", "type": "application/activity+json", "href": ACTOR}]}
PERSON = {
    "id": ACTOR, "type": "Person", "name": "Press", "outbox": f"{ACTOR}/outbox",
    "followers": f"{ACTOR}/followers", "following": f"{ACTOR}/following",
}  # fmt: skip


def activitypub(**options: str) -> Connector:
    return connect("activitypub", secrets=options)


def note(number: int, **more: object) -> dict[str, object]:
    return {
        "id": f"{BLOG}/?p={number}", "type": "Note", "content": f"<p>{number}</p>",
        "published": "2026-11-18T08:00:00Z", "to": PUBLIC, **more,
    }  # fmt: skip


def create(what: object) -> dict[str, object]:
    return {"type": "Create", "actor": ACTOR, "to": [PUBLIC], "object": what}


def collection(*items: object, following: str | None = None) -> dict[str, object]:
    found = {"type": "OrderedCollectionPage", "orderedItems": list(items)}
    return {**found, "next": following} if following else found


def answers(*pairs: tuple[int, object]) -> Scripted:
    made = scripted()
    made.answers = list(pairs)
    return made


def ask(stream: str, *posts: str) -> Ask:
    return Ask(stream=stream, subject=PRESS, posts=posts)


def read(*outbox: object) -> tuple[list[Page], Scripted]:
    http = scripted(WEBFINGER, PERSON, *outbox)
    return walked(activitypub(), ask("posts"), http), http


def posts(pages: list[Page]) -> list[str]:
    return [record.post for page in pages for record in page.records if isinstance(record, Post)]


def test_outbox_is_found_from_the_handle_and_read_page_by_page() -> None:
    pages, http = read(
        {"type": "OrderedCollection", "totalItems": 2, "first": f"{ACTOR}/outbox?page=1"},
        collection(create(note(2)), following=f"{ACTOR}/outbox?page=2"),
        collection(create(note(1))),
    )
    assert posts(pages) == [f"{BLOG}/?p=2", f"{BLOG}/?p=1"]
    assert [request.shown for request in http.asked] == [
        f"{BLOG}/.well-known/webfinger?resource=acct%3Apress%40blog.example",
        ACTOR,
        f"{ACTOR}/outbox",
        f"{ACTOR}/outbox?page=1",
        f"{ACTOR}/outbox?page=2",
    ]


def test_actor_is_asked_for_in_the_form_of_activitypub() -> None:
    _pages, http = read(collection())
    assert "application/activity+json" in http.asked[1].headers["Accept"]


def test_what_a_page_only_names_is_asked_for_before_the_next_page() -> None:
    pages, http = read(
        collection(create(f"{BLOG}/?p=3"), create(note(2)), create(f"{BLOG}/?p=1"),
                   following=f"{ACTOR}/outbox?page=2"),
        note(3), note(1), collection(create(note(0))),
    )  # fmt: skip
    assert sorted(posts(pages)) == [f"{BLOG}/?p={number}" for number in range(4)]
    assert http.asked[-1].url == f"{ACTOR}/outbox?page=2"


def test_page_that_names_posts_does_not_end_the_walk() -> None:
    pages, _http = read(collection(create(f"{BLOG}/?p=3"), create(note(2))), note(3))
    assert [page.oldest is None for page in pages[2:]] == [True, False]


def test_named_post_that_is_gone_does_not_stop_the_others() -> None:
    http = answers(
        (200, WEBFINGER), (200, PERSON),
        (200, collection(create(f"{BLOG}/?p=3"), create(f"{BLOG}/?p=2"))),
        (410, {"type": "Tombstone"}), (200, note(2)),
    )  # fmt: skip
    assert posts(walked(activitypub(), ask("posts"), http)) == [f"{BLOG}/?p=2"]


def test_server_speaks_for_its_own_people_only() -> None:
    foreign = {**note(1), "id": "https://other.example/users/ada/statuses/1"}
    buried = {"id": "https://other.example/users/ada/statuses/2", "type": "Tombstone"}
    pages, _http = read(collection(create(foreign), create(buried)))
    assert (pages[-1].records, pages[-1].skipped) == ([], {"of another server": 2})


def test_page_that_leads_to_itself_is_the_last() -> None:
    pages, _http = read(collection(create(note(1)), following=f"{ACTOR}/outbox"))
    assert len(pages) == 3


def test_profile_is_one_look_with_every_count() -> None:
    counts = [{"totalItems": number} for number in (318, 12, 77)]
    pages = walked(activitypub(), ask("profile"), scripted(WEBFINGER, PERSON, *counts))
    (found,) = [record for page in pages for record in page.records]
    assert isinstance(found, Snapshot)
    assert (found.name, found.followers, found.following, found.posts) == ("Press", 318, 12, 77)


def test_hidden_followers_are_unknown_and_not_zero() -> None:
    http = answers(
        (200, WEBFINGER), (200, PERSON), (403, "hidden"), (404, ""), (200, {"totalItems": 77})
    )
    (found,) = walked(activitypub(), ask("profile"), http)[-1].records
    assert isinstance(found, Snapshot)
    assert (found.followers, found.following, found.posts) == (None, None, 77)


def test_post_has_the_same_identifier_as_in_the_interface_of_mastodon() -> None:
    uri = "https://social.example/users/press/statuses/7"
    boost = {"type": "Announce", "id": f"{uri}8/activity", "published": "2026-11-18T08:00:00Z",
             "to": PUBLIC, "object": "https://town.example/users/clara/statuses/9"}  # fmt: skip
    actor = {**PERSON, "id": "https://social.example/users/press"}
    finger = {"links": [{**WEBFINGER["links"][0], "href": actor["id"]}]}
    http = scripted(finger, actor, collection(create({**note(1), "id": uri}), boost))
    assert posts(walked(activitypub(), ask("posts"), http)) == [uri, f"{uri}8"]


def test_boost_tells_what_was_boosted() -> None:
    boost = {"type": "Announce", "id": f"{ACTOR}/a/1", "published": "2026-11-18T08:00:00Z",
             "to": PUBLIC, "object": "https://town.example/users/clara/statuses/9"}  # fmt: skip
    (found,) = read(collection(boost))[0][-1].records
    assert isinstance(found, Post)
    assert (found.is_repost, found.url) == (True, "https://town.example/users/clara/statuses/9")


def test_unknown_handle_is_to_be_corrected_in_the_register() -> None:
    with pytest.raises(MissingError, match=r"blog\.example does not know press@blog\.example"):
        walked(activitypub(), ask("profile"), answers((404, "")))


def test_site_without_an_actor_says_so() -> None:
    with pytest.raises(GarbledError, match="names no account of the fediverse"):
        walked(activitypub(), ask("profile"), scripted({"links": []}))


def test_server_that_wants_signed_questions_says_what_to_do_instead() -> None:
    with pytest.raises(DeniedError, match="questions that another server signed"):
        walked(activitypub(), ask("posts"), answers((200, WEBFINGER), (401, "Request not signed")))


def test_busy_server_is_left_alone() -> None:
    with pytest.raises(BusyError):
        walked(activitypub(), ask("profile"), answers((200, WEBFINGER), (200, PERSON), (429, "")))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, "<html>"), "absent"),
        ((410, ""), "deleted"),
        ((200, {"type": "Tombstone"}), "deleted"),
    ],
)
def test_post_that_was_taken_down_has_a_tombstone(answer: tuple[int, object], reason: str) -> None:
    http = answers(answer, (200, note(1)))
    pages = walked(activitypub(), ask("check", f"{BLOG}/?p=2", f"{BLOG}/?p=1"), http)
    (found,) = [record for page in pages for record in page.records]
    assert isinstance(found, Tombstone)
    assert (found.post, found.reason, pages[1].skipped) == (
        f"{BLOG}/?p=2", reason, {"still there": 1},
    )  # fmt: skip


def test_it_is_asked_only_when_named_unless_servers_are_chosen() -> None:
    assert activitypub().is_on_demand
    assert not activitypub(servers="blog.example").is_on_demand


def test_only_accounts_on_chosen_servers_are_asked_about() -> None:
    accounts = [
        Account(account=f"mastodon:{handle}", institution="n", network="mastodon", handle=handle)
        for handle in ("a@social.example", "b@blog.example")
    ]
    assert len(activitypub().subjects(accounts, [])) == 2
    (found,) = activitypub(servers="blog.example").subjects(accounts, [])
    assert found.handle == "b@blog.example"


def test_reading_is_pure() -> None:
    payload = activitypub().fetch(ask("profile"), scripted(WEBFINGER))
    once, twice = (activitypub().parse(payload, CONTEXT) for _time in range(2))
    assert once == twice
