"""Every channel keeps its contract; a new one needs no new test."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as some

from tests.cast import NOON
from tests.inbox.samples import OURS, SAMPLES, channel_of, given, samples, stated
from vigie.collect.address import NETWORKS
from vigie.errors import VigieError
from vigie.inbox.admission import Office
from vigie.inbox.channel import Channel, Window, known_channels
from vigie.inbox.intake import journal, put, take_waiting
from vigie.inbox.models import Box, Forgotten, Message
from vigie.register.models import Institution
from vigie.words import LANGUAGES, say

LATER = NOON + timedelta(days=3650)
CHANNELS = [pytest.param(member, id=name) for name, member in known_channels().items()]


def of_every_sample() -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}"
    )


@of_every_sample()
def test_sample_says_exactly_what_is_stored_beside_it(sample: Path) -> None:
    assert given(sample) == stated(sample)


@of_every_sample()
def test_same_payload_says_the_same(sample: Path) -> None:
    assert given(sample) == given(sample)


@of_every_sample()
def test_payload_that_is_cut_short_breaks_nothing(sample: Path) -> None:
    body = sample.read_bytes()
    for end in range(0, len(body), max(len(body) // 20, 1)):
        assert readable(channel_of(sample), body[:end])


@pytest.mark.parametrize("member", CHANNELS)
@settings(max_examples=30)
@generated(body=some.binary(max_size=300) | some.sampled_from([b"{}", b"[]", b"null", b"7", b'""']))
def test_any_bytes_are_read_or_refused_in_words(member: type[Channel], body: bytes) -> None:
    assert readable(member({}, address="northfield"), body)


def readable(channel: Channel, body: bytes) -> bool:
    """Return whether a payload is read, or refused in words."""
    try:
        return channel.receive(body).seen >= 0
    except VigieError as error:
        return bool(str(error.words))


def test_every_folder_of_samples_is_of_a_channel() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} <= set(known_channels())


@pytest.mark.parametrize("member", CHANNELS)
def test_channel_is_of_a_network_or_has_its_own_name(member: type[Channel]) -> None:
    assert member.network in {*NETWORKS, "mail", "form"}
    assert member.longest is None or member.longest > 0


@pytest.mark.parametrize("member", CHANNELS)
def test_channel_that_needs_a_secret_says_how_it_is_got(member: type[Channel]) -> None:
    if any(option.is_secret and option.is_needed for option in member.options):
        assert member.guide is not None
        assert all(len(say(member.guide, language)) > 80 for language in LANGUAGES)


@pytest.mark.parametrize("member", CHANNELS)
def test_window_needs_no_options_and_says_what_else_can_be_done(member: type[Channel]) -> None:
    late = NOON + timedelta(days=400)
    window = member({}, address="northfield").window(last_incoming=NOON, now=late)
    assert window == Window() or window.is_open or window.instead is not None


def of_every_channel() -> pytest.MarkDecorator:
    names = sorted({sample.parent.name for sample in samples()})
    return pytest.mark.parametrize("name", names)


def taken_in(name: str, institution: Institution, office: Office, *, ending: bytes = b"") -> Box:
    """Let every sample of a channel be delivered to a box of it, and be read."""
    box, _new = Box.objects.get_or_create(
        name=name, channel=name, address=OURS, defaults={"institution": institution}
    )
    found = [sample for sample in samples() if sample.parent.name == name]
    for sample in found:
        put(box, sample.read_bytes() + ending, home=office.home, now=NOON)
    take_waiting(box, channel_of(found[0]), office)
    return box


@of_every_channel()
def test_journal_of_every_channel_adds_up_and_repetitions_double_nothing(
    name: str, northfield: Institution, office: Office
) -> None:
    box = taken_in(name, northfield, office)
    once = list(Message.objects.order_by("pk").values_list("key", "words"))
    taken_in(name, northfield, office, ending=b"\n")
    found = journal(box)
    assert list(Message.objects.order_by("pk").values_list("key", "words")) == once
    assert (found.adds_up, found.waiting, found.seen > 0) == (True, 0, True)


@of_every_channel()
def test_who_was_erased_does_not_come_back_by_any_channel(
    name: str, northfield: Institution, office: Office
) -> None:
    for sample in samples():
        with suppress(VigieError):
            for one in channel_of(sample).receive(sample.read_bytes()).messages:
                mark = office.mark(one.author.network, one.author.address)
                Forgotten.objects.get_or_create(mark=mark, defaults={"at": LATER, "by": "alice"})
    box = taken_in(name, northfield, office)
    assert not Message.objects.exists()
    assert journal(box).adds_up
