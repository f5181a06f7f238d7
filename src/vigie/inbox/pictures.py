"""Pictures on their way out: upright, no larger than is taken, and silent about where and by whom.

A photograph tells the place where it was taken, the time, the camera, often a name. Nothing of
that is part of an answer: only what one sees is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from vigie.errors import InboxError
from vigie.inbox.brands import type_by_brand
from vigie.words import _

AS_JPEG = frozenset({"image/avif", "image/heic", "image/heif"})
"""Types that few can open who receive them: they leave as a JPEG."""
TYPES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"}) | AS_JPEG
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
"""What is opened at all."""
FEW_OPEN = ("AVIF", "HEIF")
SEVERAL = "MPO"
"""A JPEG with further views behind it: telephones make them."""
SIDEWAYS = 0x0112
"""The mark of how a picture is to be turned; 1: not at all."""
MOST_POINTS = 120_000_000
"""Of a picture: more than telephones make, and no more than there is memory for."""
SMALLER = ((2_000, 90), (2_000, 80), (1_600, 80), (1_200, 80), (1_000, 70), (700, 60))
"""Longest side and quality, tried in turn until a picture is small enough."""
BROKEN = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)
GOOD = 92


def cleaned(content: bytes, *, largest: int | None = None) -> bytes:
    """Return a picture without what is hidden in it, turned as it is looked at.

    One that is larger than is taken is made smaller, as a JPEG; one that moves is not. Raises an
    ``InboxError`` for what is no picture.
    """
    _require_reader(content)
    try:
        with _opened(content) as picture:
            _require_room(picture)
            made = _written(picture)
            if largest is None or len(made) <= largest or _moves(picture):
                return made
            return _fitted(content, largest)
    except BROKEN as error:
        raise InboxError(_("It cannot be opened as a picture. Save it anew.")) from error


def _require_reader(content: bytes) -> None:
    """Refuse a photograph of an iPhone where nothing is installed that reads it."""
    if type_by_brand(content) in ("image/heic", "image/heif") and not _reads_heic():
        raise InboxError(
            _("It is a HEIC, which this installation cannot read: it would leave with the place "
              "where it was taken. Save it as JPEG first.")
        )  # fmt: skip


def _opened(content: bytes) -> Image.Image:
    """Open a picture, in the formats that this installation reads: Pillow breaks over others."""
    _reads_heic()
    Image.init()
    known = [form for form in FORMATS if form in Image.OPEN]
    return Image.open(BytesIO(content), formats=known)


@cache
def _reads_heic() -> bool:
    """Let Pillow read HEIC, and say whether it can."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True


def size_of(content: bytes) -> tuple[int, int] | None:
    """Return the width and height of a picture; unknown where it cannot be opened."""
    try:
        with _opened(content) as picture:
            return picture.size
    except BROKEN:
        return None


def _require_room(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_POINTS:
        raise InboxError(
            _("It has more than {most} million points. Make it smaller first.",
              most=MOST_POINTS // 1_000_000)
        )  # fmt: skip


def _moves(picture: Image.Image) -> bool:
    # Further pictures of a HEIC are others of the same moment: the one that is meant leaves.
    return picture.format not in (SEVERAL, "HEIF") and getattr(picture, "n_frames", 1) > 1


def _written(picture: Image.Image) -> bytes:
    """Write what one sees anew, in its own format."""
    if _moves(picture):
        return _moving(picture)
    if picture.format in FEW_OPEN:
        return _saved(_on_white(ImageOps.exif_transpose(picture)), "JPEG", quality=GOOD)
    if picture.format in ("JPEG", SEVERAL):
        # As fine as it was; what is turned is written from its points.
        turned = ImageOps.exif_transpose(picture)
        is_turned = picture.getexif().get(SIDEWAYS, 1) != 1 or picture.format == SEVERAL
        return _saved(turned if is_turned else picture, "JPEG",
                      quality=GOOD if is_turned else "keep")  # fmt: skip
    turned = ImageOps.exif_transpose(picture)
    lossless = {"lossless": True} if picture.format == "WEBP" else {}
    return _saved(turned, str(picture.format), **lossless)


def _moving(picture: Image.Image) -> bytes:
    if picture.format in FEW_OPEN:
        raise InboxError(_("It moves, in a format that few can open. Save it as GIF or WebP."))
    frames = [frame.copy() for frame in ImageSequence.Iterator(picture)]
    pauses = [frame.info.get("duration", 100) for frame in frames]
    for frame in frames:
        frame.info = {}
    return _saved(frames[0], str(picture.format), save_all=True, append_images=frames[1:],
                  duration=pauses, loop=picture.info.get("loop", 0))  # fmt: skip


def _fitted(content: bytes, largest: int) -> bytes:
    """Return a still picture as a JPEG that is small enough, or as small as can be."""
    made = b""
    for made in _smaller(content):
        if len(made) <= largest:
            break
    return made


def _smaller(content: bytes) -> Iterator[bytes]:
    with _opened(content) as picture:
        # A large photograph is read in part only: what is shown is smaller anyway.
        picture.draft("RGB", (SMALLER[0][0], SMALLER[0][0]))
        seen = _on_white(ImageOps.exif_transpose(picture))
    for side, quality in SMALLER:
        seen.thumbnail((side, side), Image.Resampling.LANCZOS)
        yield _saved(seen, "JPEG", quality=quality, optimize=True)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture without any point one could see through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    under = Image.new("RGBA", picture.size, "white")
    seen = Image.alpha_composite(under, picture.convert("RGBA")).convert("RGB")
    seen.info["icc_profile"] = picture.info.get("icc_profile")
    return seen


def _saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    """Write a picture, with its colours as they are meant, and nothing else it carries."""
    colours = picture.info.get("icc_profile")
    see_through = picture.info.get("transparency")
    kept = {"transparency": see_through} if see_through is not None and form != "JPEG" else {}
    picture.info = {}
    written = BytesIO()
    picture.save(written, form, exif=b"", icc_profile=colours, **kept, **how)
    return written.getvalue()
