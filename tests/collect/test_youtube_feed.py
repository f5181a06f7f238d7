"""The feed of a channel is found from whatever the register knows of it."""

from __future__ import annotations

import json

import pytest

from tests.collect.answered import CONTEXT, SAMPLES
from tests.collect.loopback import Asked, Said, Server, impatient, serving
from vigie.collect.address import parse_addresses
from vigie.collect.connecting import connect
from vigie.collect.connector import Ask, Page, Subject
from vigie.errors import MissingError, SearchError

CHANNEL = "UCnorthfieldnorthfield01"


def sample(name: str) -> bytes:
    said = json.loads((SAMPLES / "youtube_feed" / f"{name}.json").read_text("utf-8"))
    return str(said["payload"]["body"]).encode()


def youtube(asked: Asked) -> Said:
    """Answer as YouTube does: feeds at one address, pages at the others."""
    if asked.path == "/feeds/videos.xml":
        known = asked.params in ({"channel_id": CHANNEL}, {"user": "northfield"})
        return Said(body=sample("posts")) if known else Said(status=404)
    return Said(body=sample("posts_page"), headers={"Content-Type": "text/html"})


def subject(address: str) -> Subject:
    (found,) = parse_addresses(address, "youtube").found
    return Subject(
        subject=found.account,
        network="youtube",
        handle=found.handle,
        identifier=found.identifier,
        url=found.url,
    )


def walked(server: Server, of: Subject) -> list[Page]:
    connector = connect("youtube_feed", settings={"youtube_feed_service": server.url})
    pages: list[Page] = []
    page: str | None = None
    with impatient() as http:
        while not pages or page is not None:
            ask = Ask(stream="posts", subject=of, page=page)
            pages.append(connector.parse(connector.fetch(ask, http), CONTEXT))
            page = pages[-1].next_page
    return pages


@pytest.mark.parametrize(
    ("address", "paths"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", ["/feeds/videos.xml"]),
        (CHANNEL, ["/feeds/videos.xml"]),
        ("https://www.youtube.com/user/northfield", ["/feeds/videos.xml"]),
        ("https://www.youtube.com/@northfield", ["/@northfield", "/feeds/videos.xml"]),
        ("northfield", ["/@northfield", "/feeds/videos.xml"]),
        ("https://www.youtube.com/c/northfield", ["/c/northfield", "/feeds/videos.xml"]),
        ("https://www.youtube.com/northfield", ["/northfield", "/feeds/videos.xml"]),
    ],
)
def test_feed_is_found_from_any_address_of_a_channel(address: str, paths: list[str]) -> None:
    with serving(youtube) as server:
        pages = walked(server, subject(address))
    assert [asked.path for asked in server.asked] == paths
    assert len(pages[-1].records) == 2


def test_channel_that_is_unknown_is_said_to_be() -> None:
    unknown = Subject(subject="youtube:x", network="youtube", identifier="UC" + "x" * 22)
    with serving(youtube) as server, pytest.raises(MissingError, match="youtube:x"):
        walked(server, unknown)


def test_search_leads_to_the_connector_that_can() -> None:
    with pytest.raises(SearchError, match="with a key"):
        connect("youtube_feed").search("northfield", name="listening:northfield")
