"""Unpacks bodies as they arrive, a bounded piece at a time: a small file may hold a huge one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

ACCEPTED = "gzip, deflate"
PACKED = frozenset({"gzip", "x-gzip", "deflate"})
PIECE = 1 << 16
MOST_LAYERS = 3
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_GZIP_BEGINS = b"\x1f\x8b"


def unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield a body unpacked as its ``Content-Encoding`` says; an unknown encoding stays as it is.

    Raises ``zlib.error`` where the body is damaged, ``EOFError`` where it is cut short.
    """
    layers = [name.strip().lower() for name in encoding.split(",")]
    if len(layers) > MOST_LAYERS:
        raise zlib.error
    for name in reversed(layers):
        pieces = _layer(pieces) if name in PACKED else pieces
    return pieces


def _layer(pieces: Iterator[bytes]) -> Iterator[bytes]:
    inner = None
    for packed in pieces:
        inner = inner or _inner(packed)
        while packed:
            yield inner.decompress(packed, PIECE)
            packed = inner.unconsumed_tail
            if inner.eof and inner.unused_data.startswith(_GZIP_BEGINS):
                packed = inner.unused_data
                inner = zlib.decompressobj(_GZIP_OR_ZLIB)
    while inner and not inner.eof:
        if not (rest := inner.decompress(inner.unconsumed_tail, PIECE)):
            raise EOFError
        yield rest


def _inner(packed: bytes) -> zlib._Decompress:
    """Return what unpacks this: some servers call raw deflate what the standard says is zlib."""
    try:
        zlib.decompressobj(_GZIP_OR_ZLIB).decompress(packed, 1)
    except zlib.error:
        return zlib.decompressobj(-zlib.MAX_WBITS)
    return zlib.decompressobj(_GZIP_OR_ZLIB)
