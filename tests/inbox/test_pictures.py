"""Pictures leave upright, small enough, and without what they tell of who took them and where."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from pillow_heif import register_heif_opener

from tests.inbox.test_sending import ANSWERER
from vigie.errors import InboxError
from vigie.inbox import changes, pictures
from vigie.inbox.channel import Enclosed
from vigie.inbox.channels.bluesky import Bluesky
from vigie.inbox.enclosures import KEPT, Files, fitted, type_of
from vigie.inbox.models import Box, Conversation
from vigie.inbox.pictures import TYPES, cleaned
from vigie.inbox.sending import outgoing_of

register_heif_opener()

PLACE, OWNER = 0x8825, 0x013B
SIDEWAYS = 0x0112


def photograph(*, turned: int = 1, form: str = "JPEG", size: tuple[int, int] = (60, 40),
               **how: Any) -> bytes:  # fmt: skip
    """Return a picture, its left half red, that tells where it was taken and by whom."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    told = picture.getexif()
    told[SIDEWAYS], told[OWNER] = turned, "Marie Durand"
    told.get_ifd(PLACE).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    written = BytesIO()
    picture.save(written, form, exif=told.tobytes(), **how)
    return written.getvalue()


def read(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def noise(size: tuple[int, int], form: str = "JPEG", **how: Any) -> bytes:
    written = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(written, form, **how)
    return written.getvalue()


def brands(major: bytes, *others: bytes) -> bytes:
    """Return how a photograph or video of such brands begins."""
    told = b"ftyp" + major + bytes(4) + b"".join(others)
    return (len(told) + 4).to_bytes(4, "big") + told + b"\0\0\0\x18mdat" + bytes(16)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_picture_tells_neither_place_nor_owner(form: str) -> None:
    given = photograph(form=form)
    assert dict(read(given).getexif().get_ifd(PLACE))
    left = cleaned(given)
    assert (dict(read(left).getexif()), b"Marie" in left) == ({}, False)


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_photograph_that_few_can_open_leaves_as_a_jpeg_and_upright(
    form: str, tmp_path: Path
) -> None:
    given = photograph(form=form, turned=6)
    picture = Enclosed(name="IMG_0042.HEIC", content=given, alt="The way in")
    (sent,) = fitted(Files(enclosed=(picture,), home=tmp_path), Bluesky).enclosed
    left = read(sent.content)
    assert (sent.name, left.format, left.size) == ("IMG_0042.jpg", "JPEG", (40, 60))
    assert left.getpixel((20, 10))[1] < 60  # type: ignore[index]  # red is on top
    assert left.getpixel((20, 50))[1] > 200  # type: ignore[index]  # white below


def test_broken_picture_is_refused_in_words_where_nothing_reads_heic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "_reads_heic", lambda: False)
    monkeypatch.delitem(Image.OPEN, "HEIF")
    with pytest.raises(InboxError, match="cannot be opened as a picture"):
        cleaned(b"\x89PNG but no more of one")


def test_heic_is_refused_where_nothing_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_reads_heic", lambda: False)
    with pytest.raises(InboxError, match="Save it as JPEG first"):
        cleaned(photograph(form="HEIF"))


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (brands(b"heic", b"mif1", b"heic"), "image/heic"),
        (brands(b"mif1", b"heic", b"miaf"), "image/heic"),
        (brands(b"mp42", b"mif1", b"heic"), "image/heic"),
        (brands(b"avif", b"avif", b"mif1"), "image/avif"),
        (brands(b"mif1", b"miaf"), "image/heif"),
        (brands(b"qt  ", b"qt  "), "video/quicktime"),
        (brands(b"mp42", b"isom", b"mp42"), "video/mp4"),
    ],
)
def test_photograph_is_told_from_a_video_by_its_brands(begins: bytes, kind: str) -> None:
    assert type_of(begins) == kind


def test_every_picture_that_may_leave_is_written_anew() -> None:
    assert {kind for kind in KEPT if kind.startswith("image/")} == TYPES


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_moving_picture_tells_neither_place_nor_owner(form: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    told = frames[0].getexif()
    told[OWNER] = "Marie Durand"
    kept = {"comment": b"Marie Durand"} if form == "GIF" else {"exif": told}
    written = BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=70, **kept)
    left = cleaned(written.getvalue())
    assert (b"Marie" in written.getvalue(), b"Marie" in left) == (True, False)
    assert getattr(read(left), "n_frames", 1) == 3


def test_moving_picture_that_few_can_open_is_refused_in_words() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    written = BytesIO()
    frames[0].save(written, "AVIF", save_all=True, append_images=frames[1:])
    with pytest.raises(InboxError, match="Save it as GIF"):
        cleaned(written.getvalue())


def test_what_hangs_on_behind_a_picture_is_left_out() -> None:
    assert b"ftypmp42" not in cleaned(photograph() + b"\0\0\0 ftypmp42 Marie's kitchen")


def test_words_inside_a_picture_are_left_out() -> None:
    words = PngInfo()
    words.add_text("Author", "Marie Durand", zip=False)
    written = BytesIO()
    Image.new("RGB", (9, 9)).save(written, "PNG", pnginfo=words)
    assert b"Marie" in written.getvalue()
    assert b"Marie" not in cleaned(written.getvalue())


def test_picture_is_turned_as_it_is_looked_at() -> None:
    left = read(cleaned(photograph(turned=6)))
    assert left.size == (40, 60)
    assert left.convert("RGB").getpixel((20, 10))[1] < 60  # type: ignore[index]  # red is on top
    assert left.convert("RGB").getpixel((20, 50))[1] > 200  # type: ignore[index]  # white below


def test_colours_stay_as_they_are_meant() -> None:
    given = photograph(form="PNG", icc_profile=b"a profile")
    left = read(cleaned(given))
    assert left.info["icc_profile"] == b"a profile"
    assert left.tobytes() == read(given).tobytes()


def test_larger_picture_is_made_small_enough() -> None:
    given = noise((900, 700), "PNG")
    left = cleaned(given, largest=250_000)
    assert len(left) <= 250_000 < len(given)
    assert (read(left).format, read(left).width >= 700) == ("JPEG", True)


def test_what_one_can_see_through_is_white_in_a_smaller_picture() -> None:
    clear = Image.effect_noise((300, 300), 90).convert("RGBA")
    clear.putalpha(0)
    written = BytesIO()
    clear.save(written, "PNG")
    left = read(cleaned(written.getvalue(), largest=20_000))
    assert min(left.convert("L").getextrema()) > 250


@pytest.mark.parametrize("cut", [20, 200])
def test_what_is_no_picture_to_the_end_is_refused_in_words(cut: int) -> None:
    with pytest.raises(InboxError, match="cannot be opened"):
        cleaned(photograph()[:-cut])


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_picture_of_too_many_points_is_refused_before_it_is_opened() -> None:
    written = BytesIO()
    Image.new("1", (20_000, 6_001)).save(written, "PNG")
    with pytest.raises(InboxError, match="million points"):
        cleaned(written.getvalue())


@pytest.mark.parametrize("channel", ["bluesky", "mastodon", "mail"])
def test_photograph_leaves_without_its_place_by_every_channel(
    asked: Callable[..., Conversation], tmp_path: Path, channel: str
) -> None:
    row = asked()
    Box.objects.update(channel=channel)
    row.refresh_from_db()
    picture = Enclosed(name="p.jpg", content=photograph(turned=6), alt="The way in")
    files = Files(enclosed=(picture,), home=tmp_path)
    message = changes.reply(row, "Here.", hand=ANSWERER, files=files)
    (sent,) = outgoing_of(message, tmp_path).enclosed
    assert dict(read(sent.content).getexif()) == {}
    assert read(sent.content).size == (40, 60)


def test_picture_that_is_too_large_for_the_network_goes_smaller(tmp_path: Path) -> None:
    picture = Enclosed(name="hall.png", content=noise((1_000, 900), "PNG"), alt="The hall")
    (sent,) = fitted(Files(enclosed=(picture,), home=tmp_path), Bluesky).enclosed
    assert len(sent.content) <= 1_000_000 < len(picture.content)
    assert sent.name == "hall.jpg"


def test_moving_picture_that_is_too_large_is_refused(tmp_path: Path) -> None:
    frames = [Image.effect_noise((600, 600), 90) for _one in range(6)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    picture = Enclosed(name="p.gif", content=written.getvalue(), alt="A crowd")
    with pytest.raises(InboxError, match="1,000 kB at most"):
        fitted(Files(enclosed=(picture,), home=tmp_path), Bluesky)
