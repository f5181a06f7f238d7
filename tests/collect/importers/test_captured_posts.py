"""Posts as web sites hand them to a browser, in the shapes that samples do not hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.collect.expected import context_of
from vigie.collect.captured_posts import instagram_post, linkedin_post, tiktok_post, x_post
from vigie.collect.importers.zeeschuimer import Zeeschuimer
from vigie.collect.nested import Item
from vigie.collect.observed import looked, published
from vigie.errors import RowError

CONTEXT = context_of({})
IMPORTER = Zeeschuimer()


def graph(**changes: Any) -> Item:
    return Item(
        {
            "__typename": "GraphImage",
            "shortcode": "DPabc123",
            "taken_at_timestamp": 1759658400,
            "owner": {"username": "northfield.u"},
            "edge_media_to_caption": {"edges": [{"node": {"text": "The library"}}]},
            "edge_media_preview_like": {"count": -1},
            "edge_media_preview_comment": {"count": 4},
            **changes,
        }
    )


def test_node_of_a_graph_is_a_post_of_instagram() -> None:
    post = instagram_post(graph(), IMPORTER, CONTEXT)
    assert post is not None
    assert (post.post, post.kind, post.text) == ("DPabc123", "image", "The library")
    assert (post.likes, post.comments, post.images) == (None, 4, 1)


def test_images_of_a_carousel_are_counted_without_its_films() -> None:
    parts = [{"node": {"__typename": "GraphImage"}}, {"node": {"__typename": "GraphVideo"}}]
    post = instagram_post(
        graph(__typename="GraphSidecar", edge_sidecar_to_children={"edges": parts}),
        IMPORTER,
        CONTEXT,
    )
    assert post is not None
    assert (post.kind, post.images) == ("carousel", 1)


def test_advertisements_are_nobodys_posts() -> None:
    assert instagram_post(graph(product_type="ad"), IMPORTER, CONTEXT) is None
    assert tiktok_post(Item({"isAd": True}), IMPORTER, CONTEXT) is None
    assert x_post(Item({"promotedMetadata": {"x": 1}}), IMPORTER, CONTEXT) is None


def test_post_of_linkedin_shared_without_a_word_is_a_repost() -> None:
    actor = {"navigationContext": {"actionTarget": "https://www.linkedin.com/in/alice-m?x=1"}}
    metadata = {"urn": "urn:li:aggregate:(urn:li:activity:7112233445566778899,urn:li:activity:7)"}
    post = linkedin_post(
        Item({"updateMetadata": metadata, "actor": actor, "resharedUpdate": {"x": 1}}),
        IMPORTER,
        CONTEXT,
    )
    assert post is not None
    assert (post.post, post.account, post.is_repost) == (
        "7112233445566778899",
        "linkedin:in/alice-m",
        True,
    )


def test_object_that_is_no_post_is_refused_by_the_name_of_what_lacks() -> None:
    with pytest.raises(RowError, match="code is missing"):
        instagram_post(Item({}), IMPORTER, CONTEXT)


def test_moment_after_the_export_is_refused_wherever_it_was_read() -> None:
    with pytest.raises(RowError, match="18 October 2026"):
        published(IMPORTER, CONTEXT, CONTEXT.observed_at + timedelta(days=3))


def test_what_was_seen_says_by_which_importer() -> None:
    assert looked(IMPORTER, CONTEXT, CONTEXT.observed_at)["source"] == "zeeschuimer"
