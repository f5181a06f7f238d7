"""A network that answers like Bluesky about the posts it was given, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.inbox.test_bluesky import MARIE, SIGNED, view
from vigie.http import Answer, Http, Request


def uri(number: int) -> str:
    """Return how a question of Marie is identified."""
    return f"at://{MARIE}/app.bsky.feed.post/3k{number}"


def asked(*numbers: int) -> dict[str, object]:
    """Return questions of Marie, by their identifiers."""
    return {uri(n): view("Is the library closed?", rkey=f"3k{n}", reason="") for n in numbers}


@dataclass(kw_only=True)
class Network(Http):
    """Signs anybody in, and shows posts."""

    agent: str = "test"
    posts: dict[str, object] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        self.questions.append(parts.path.rpartition("/")[2])
        said: object = SIGNED
        if parts.path.endswith("getPosts"):
            wanted = parse_qs(parts.query)["uris"]
            said = {"posts": [self.posts[one] for one in wanted if one in self.posts]}
        body = json.dumps(said).encode()
        return Answer(url=request.shown, status=200, headers={}, body=body, at=self.clock())
