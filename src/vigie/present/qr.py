"""A web address as a square that a phone reads (QR code, ISO/IEC 18004: bytes, level M)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise

SHAPES = {1: (16, 10, 1), 2: (28, 16, 1), 3: (44, 26, 1), 4: (64, 18, 2), 5: (86, 24, 2),
          6: (108, 16, 4)}  # fmt: skip
"""Version → codewords of data in all, of correction in a block, and blocks."""
QUIET = 4
"""Empty modules around, which readers need."""
FORMAT_MASK, FORMAT_DIVISOR = 0x5412, 0x537
FIELD = 0x11D
_MASKS: Sequence[Callable[[int, int], int]] = (
    lambda row, column: (row + column) % 2,
    lambda row, column: row % 2,
    lambda row, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
)

Modules = list[list[bool]]
"""Rows of modules, dark ones true."""


def qr_path(text: str) -> tuple[str, int] | None:
    """Return the dark modules as a path of SVG and the side of its box; none when it is too long.

    The path is in modules, quiet zone included: draw it dark on a light ground.
    """
    modules = qr_modules(text)
    if modules is None:
        return None
    runs = [
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(modules)
        for column, is_dark in enumerate(line)
        if is_dark
    ]
    return "".join(runs), len(modules) + 2 * QUIET


@cache
def qr_modules(text: str) -> Modules | None:
    """Return the square of a text; none when it does not fit the largest of our shapes."""
    data = text.encode()
    version = next((each for each, shape in SHAPES.items() if len(data) + 2 <= shape[0]), None)
    if version is None:
        return None
    bits = _bits(_interleaved(_codewords(data, SHAPES[version][0]), version))
    tried = [_drawn(version, bits, mask) for mask in range(len(_MASKS))]
    return min(tried, key=_penalty)


def _codewords(data: bytes, room: int) -> bytes:
    # Mode 0100 (bytes), how many, the bytes, four bits that end it: all half a byte aside.
    whole = (
        bytes([0x40 | len(data) >> 4, (len(data) & 15) << 4 | data[0] >> 4])
        if data
        else b"\x40\x00"
    )
    whole += bytes(
        (one & 15) << 4 | two >> 4 for one, two in zip(data, data[1:] + b"\0", strict=True)
    )
    padding = bytes([0xEC, 0x11]) * room
    return (whole + padding)[:room]


def _interleaved(data: bytes, version: int) -> bytes:
    _room, correction, count = SHAPES[version]
    size = len(data) // count
    blocks = [data[place : place + size] for place in range(0, len(data), size)]
    checks = [_remainder(block, correction) for block in blocks]
    return bytes(
        word for parts in (blocks, checks) for column in zip(*parts, strict=True) for word in column
    )


def _remainder(block: bytes, count: int) -> bytes:
    """Return the Reed–Solomon codewords that correct a block."""
    power, log = _field()
    generator = [1]
    for degree in range(count):
        shifted = [*generator, 0]
        for place, factor in enumerate(generator, start=1):
            shifted[place] ^= power[(log[factor] + degree) % 255]
        generator = shifted
    rest = [*block, *[0] * count]
    for place in range(len(block)):
        lead = rest[place]
        if lead:
            for offset, factor in enumerate(generator):
                rest[place + offset] ^= power[(log[factor] + log[lead]) % 255]
    return bytes(rest[-count:])


@cache
def _field() -> tuple[list[int], list[int]]:
    power, log, value = [0] * 255, [0] * 256, 1
    for exponent in range(255):
        power[exponent], log[value] = value, exponent
        value = value << 1 ^ (FIELD if value & 0x80 else 0)
    return power, log


def _bits(words: bytes) -> list[bool]:
    return [bool(word >> place & 1) for word in words for place in range(7, -1, -1)]


def _drawn(version: int, bits: Sequence[bool], mask: int) -> Modules:
    size = 17 + 4 * version
    modules: Modules = [[False] * size for _row in range(size)]
    taken: Modules = [[False] * size for _row in range(size)]
    for row, column, is_dark in _fixed(size, version, mask):
        modules[row][column], taken[row][column] = is_dark, True
    stream = iter(bits)
    for row, column in _way(size):
        if not taken[row][column]:
            modules[row][column] = next(stream, False) ^ (_MASKS[mask](row, column) == 0)
    return modules


def _fixed(size: int, version: int, mask: int) -> Iterable[tuple[int, int, bool]]:
    """Yield the modules that do not depend on the text: row, column, dark."""
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(max(top - 1, 0), min(top + 8, size)):
            for column in range(max(left - 1, 0), min(left + 8, size)):
                ring = max(abs(row - top - 3), abs(column - left - 3))
                yield row, column, ring not in (2, 4)
    if version > 1:
        centre = size - 7
        for row in range(centre - 2, centre + 3):
            for column in range(centre - 2, centre + 3):
                yield row, column, max(abs(row - centre), abs(column - centre)) != 1
    for place in range(8, size - 8):
        yield 6, place, place % 2 == 0
        yield place, 6, place % 2 == 0
    yield from _format(size, mask)
    yield size - 8, 8, True


def _format(size: int, mask: int) -> Iterable[tuple[int, int, bool]]:
    """Yield the level and the mask, twice."""
    rest = mask << 10
    for place in range(14, 9, -1):
        rest ^= FORMAT_DIVISOR << place - 10 if rest >> place & 1 else 0
    code = (mask << 10 | rest) ^ FORMAT_MASK
    first = [*range(6), 7, 8, *[8] * 7]
    for place in range(15):
        is_dark = bool(code >> place & 1)
        # Down column 8 from the top, then left along row 8; and again in the other corners.
        if place < 8:
            yield first[place], 8, is_dark
            yield 8, size - 1 - place, is_dark
        else:
            yield 8, (15 - place if place == 8 else 14 - place), is_dark
            yield size - 15 + place, 8, is_dark


def _way(size: int) -> Iterable[tuple[int, int]]:
    """Yield the places of data: two columns at a time from the right, up and down in turn."""
    is_upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        rows = range(size - 1, -1, -1) if is_upward else range(size)
        for row in rows:
            yield row, right
            yield row, right - 1
        is_upward = not is_upward


def _penalty(modules: Modules) -> int:
    """Return how hard a square is to read: runs, blocks, false finders, too dark or too light."""
    lines = ["".join("#" if one else "." for one in line) for line in modules]
    turned = ["".join(column) for column in zip(*lines, strict=True)]
    found = sum(_runs(line) for line in (*lines, *turned))
    for upper, lower in pairwise(modules):
        for place in range(len(upper) - 1):
            found += 3 * (len({*upper[place : place + 2], *lower[place : place + 2]}) == 1)
    dark = sum(line.count("#") for line in lines) / len(lines) ** 2
    return found + 10 * int(abs(dark - 0.5) / 0.05)


def _runs(line: str) -> int:
    found = 40 * (line.count("#.###.#....") + line.count("....#.###.#"))
    length = 1
    for place in range(1, len(line) + 1):
        if place < len(line) and line[place] == line[place - 1]:
            length += 1
        else:
            found += length - 2 if length >= 5 else 0
            length = 1
    return found
