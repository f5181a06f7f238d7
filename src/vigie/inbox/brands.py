"""What a file is that begins with a box of brands: photographs of telephones, and videos.

They look alike at first sight: only the brands tell a photograph from a video.
"""

from __future__ import annotations

HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
AVIF = frozenset({b"avif", b"avis"})
HEIF = frozenset({b"mif1", b"mif2", b"msf1"})
"""Of a picture, coded in a way that the file does not name here."""
QUICKTIME = b"qt  "


def type_by_brand(content: bytes) -> str:
    """Return the type of a photograph or video by its brands; empty: they do not tell."""
    size = int.from_bytes(content[:4], "big")
    if content[4:8] != b"ftyp" or not 12 <= size <= 1024:
        return ""
    major, others = content[8:12], content[16:size]
    brands = {major, *(others[at : at + 4] for at in range(0, len(others), 4))}
    if brands & HEIC:
        return "image/heic"
    if brands & AVIF:
        return "image/avif"
    if brands & HEIF:
        return "image/heif"
    return "video/quicktime" if major == QUICKTIME else ""
