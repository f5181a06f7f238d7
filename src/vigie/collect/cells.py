"""Reads one cell of an export: counts, decimals, identifiers, text. Pure, and never guessing."""

from __future__ import annotations

import re
import unicodedata

import ftfy

from vigie.errors import RowError
from vigie.words import _

UNKNOWN = frozenset(
    {"", "-", "--", "–", "—", "undefined", "null", "none", "nan", "n/a", "#n/a", "nd", "n.d."}
)
"""What exports write when they do not say: unknown, never zero."""

EXACT = 2**53
"""The greatest whole number a spreadsheet keeps exactly."""
MOST = 10**15
"""No network counts as far as this: such a count is a slip, or an identifier."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, and halves of characters, which a text cut short leaves and no file holds."""
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.0+)?|(\d{1,3}(?:\.\d{3}){2,})(?:,0+)?")
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DOT_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_FLOAT = re.compile(r"\d+[.,]\d+")
_ROUNDED = re.compile(r"[\d.,]+(?:k|m|md|mio|mrd|b|bn)", re.IGNORECASE)
_MOJIBAKE = re.compile(r"[ÂÃâÅðŸ][\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def is_unknown(cell: str | None) -> bool:
    """Return whether the export says nothing here: empty, ``-``, ``undefined``, ``NaN`` …"""
    return cell is None or cell.strip().casefold() in UNKNOWN


def whole_number(
    cell: str | None, *, column: str | None = None, may_be_negative: bool = False
) -> int | None:
    """Read a count: ``2386.0``, ``1 234``, ``1,234``, ``1'234`` → a number; ``-`` → unknown."""
    if cell is None or is_unknown(cell):
        return None
    digits = _SPACES.sub("", unicodedata.normalize("NFKC", cell)).replace("−", "-")
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits.removeprefix("+"))
    number = sign * _magnitude(digits, cell=cell, column=column)
    if number < 0 and not may_be_negative:
        raise RowError(
            _("{cell} is below zero, and a count cannot be. Look at it on the network.", cell=cell),
            column=column,
        )
    if abs(number) > MOST:
        raise RowError(
            _("{cell} is too great to be a count. Is this column an identifier?", cell=cell),
            column=column,
        )
    return number


def _magnitude(digits: str, *, cell: str, column: str | None) -> int:
    if digits.isascii() and digits.isdigit():
        return int(digits)
    if grouped := _GROUPED.fullmatch(digits):
        return int(re.sub(r"[.,]", "", grouped[1] or grouped[2]))
    if _FLOAT.fullmatch(digits):
        return _whole_of_decimal(digits, cell=cell, column=column)
    if _SCIENTIFIC.fullmatch(digits) or _ROUNDED.fullmatch(digits):
        raise RowError(
            _("{cell} is rounded: the exact count is needed. Export it in full.", cell=cell),
            column=column,
        )
    raise RowError(_("{cell} is not a whole number.", cell=cell), column=column)


def _whole_of_decimal(digits: str, *, cell: str, column: str | None) -> int:
    whole, decimals = re.split(r"[.,]", digits)
    if _DOT_GROUPED.fullmatch(digits):
        if int(decimals) == 0:
            raise RowError(
                _(
                    "{cell} can be {one} or {many}: write it without a separator.",
                    cell=cell,
                    one=whole,
                    many=whole + decimals,
                ),
                column=column,
            )
        return int(whole + decimals)
    if int(decimals) != 0:
        raise RowError(_("{cell} is not a whole number, and a count is.", cell=cell), column=column)
    return int(whole)


def decimal_number(cell: str | None, *, column: str | None = None) -> float | None:
    """Read a decimal: ``1 234,56``, ``1,234.56``, ``12,5 %`` → a number; ``-`` → unknown."""
    if cell is None or is_unknown(cell):
        return None
    digits = _SPACES.sub("", unicodedata.normalize("NFKC", cell)).replace("−", "-").rstrip("%")
    if _TWO_WAYS.fullmatch(digits):
        raise RowError(
            _(
                "{cell} can be {one} or {many}: write it without a separator.",
                cell=cell,
                one=digits.replace(",", "."),
                many=digits.replace(",", ""),
            ),
            column=column,
        )
    last = max(digits.rfind(","), digits.rfind("."))
    if last >= 0 and (digits[last] == "." or digits.count(",") == 1):
        digits = re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :]
    digits = digits.replace(",", "")
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", digits):
        raise RowError(_("{cell} is not a number.", cell=cell), column=column)
    return float(digits)


def identifier(cell: str | None, *, column: str | None = None) -> str:
    """Return a network's identifier as text, or refuse one that a spreadsheet rounded."""
    text = (cell or "").strip().lstrip("\ufeff")
    if text.casefold() in UNKNOWN:
        raise RowError(_("The identifier is missing."), column=column)
    if _SCIENTIFIC.fullmatch(text):
        raise ruined(text, column)
    if re.fullmatch(r"\d+\.0+", text):
        text = text.split(".")[0]
        if int(text) > EXACT:
            raise ruined(cell or "", column)
    return text


def ruined(text: str, column: str | None) -> RowError:
    """Return the refusal of an identifier that lost digits."""
    return RowError(
        _(
            "A spreadsheet rounded the identifier {cell} in column {column}: its last digits are "
            "lost. Export the file again, or format the column as text before pasting into it.",
            cell=text,
            column=column or "?",
        ),
        column=column,
    )


def plain_text(cell: str | None) -> str | None:
    """Return a name or an address as written, trimmed; unknown when there is nothing."""
    if cell is None:
        return None
    return _CONTROLS.sub("", cell).strip() or None


def clean_text(cell: str | None) -> str | None:
    """Return words as a reader means them.

    "Mathematical bold" letters become letters (NFKC), mojibake is repaired, control characters
    go, lines end in one way. Never use it on an identifier or an address.
    """
    if cell is None:
        return None
    text = repaired(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).strip() or None


def repaired(text: str) -> str:
    """Return a text with ``Ã©`` turned back into ``é``; a sound text comes back unchanged."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    return ftfy.fix_encoding(text)
