"""A PDF of text lines on A4 pages, in the letters of whoever is named, with embedded fonts."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from itertools import pairwise, zip_longest
from pathlib import Path
from textwrap import wrap
from typing import TypeAlias, cast
from unicodedata import category

from fpdf import FPDF
from fpdf.fonts import TTFFont

PLAIN, BOLD = "", "B"
SMALL = 6
_DEJAVU = "DejaVuSans"
_FONTS = Path(__file__).with_name("fonts")

# A4, in points.
_LEFT, _RIGHT, _TOP, _BOTTOM, _FOOT = 50, 545, 52, 786, 808
_LINE, _SIZE, _INDENT = 12, 8, 10
# Letters are wider than this part of their height, but for a few.
_NARROW = 0.25
_PAGE = _BOTTOM - _TOP - _LINE
# Where a column begins and ends.
_COLUMNS = ((_LEFT, 215), (220, 330), (335, 385), (390, 465), (470, _RIGHT))
# Which font has the letters from where to where in Unicode. Droid, for Chinese, has what is left.
_SCRIPTS = (
    ("NotoSansDevanagari-Regular", "\u0900", "\u097f"),
    ("NotoSansBengali-Regular", "\u0980", "\u09ff"),
    ("NotoSansGurmukhi-Regular", "\u0a00", "\u0a7f"),
    ("NotoSansGujarati-Regular", "\u0a80", "\u0aff"),
    ("NotoSansTamil-Regular", "\u0b80", "\u0bff"),
    ("NotoSansTelugu-Regular", "\u0c00", "\u0c7f"),
    ("NotoSansKannada-Regular", "\u0c80", "\u0cff"),
    ("NotoSansMalayalam-Regular", "\u0d00", "\u0d7f"),
    ("NotoSansSinhala-Regular", "\u0d80", "\u0dff"),
    ("NotoSansThai-Regular", "\u0e00", "\u0e7f"),
    ("NotoSansLao-Regular", "\u0e80", "\u0eff"),
    ("NotoSansMyanmar-Regular", "\u1000", "\u109f"),
    ("NanumGothicCoding", "\u1100", "\u11ff"),
    ("NotoSansEthiopic-Regular", "\u1200", "\u139f"),
    ("NotoSansKhmer-Regular", "\u1780", "\u17ff"),
    ("NanumGothicCoding", "\u3130", "\u318f"),
    ("NanumGothicCoding", "\uac00", "\ud7ff"),
)
# European letters, Chinese with Japanese, and Korean: each has more than a block of 256 letters.
_LARGE_SCRIPTS = ((0, 0, 0x590), (0, 0x1E00, 0x2000), (1, 0x2E80, 0xA000), (2, 0xAC00, 0xD7B0))
# Up to here (Latin Extended-B) letters stand side by side, one for one, and DejaVu has them all.
_LAST_PLAIN = chr(0x24F)
# Each text is a paragraph of its own, so what encloses a part of it, or asks for another picture of
# a letter, has nothing to do.
_NOT_DRAWN = dict.fromkeys([*range(0x2066, 0x206A), *range(0xFE00, 0xFE10)])
# Joiners and blanks: a font need not have them.
_UNSEEN = frozenset({"Cf", "Zs"})
# No script puts more marks on a letter; a pile of them hides the lines above.
_MARKS, _MOST_MARKS = frozenset({"Mn", "Me"}), 4

# It warns of each letter that no font has, and logs hold no letters of names.
logging.getLogger("fpdf.output").setLevel(logging.ERROR)

_Column: TypeAlias = list[tuple[str, int]]
"""The lines of a column, each with the size of its letters."""


class Pdf:
    """
    A4 pages, filled from the top; each ends with *footer*, its number and their number.

    *subject* is among the properties, which are written in plain letters if they are ASCII.
    """

    def __init__(self, title: str, subject: str, footer: str) -> None:
        self._footer = footer
        self._pdf = FPDF(unit="pt", format="A4")
        # No time and no random id is in it, so equal summaries have equal bytes.
        self._pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        self._pdf.set_title(title)
        self._pdf.set_subject(subject)
        self._pdf.set_auto_page_break(False)
        self._pdf.c_margin = 0
        self._letters: set[int] = set()
        self._others: list[str] = []
        self._heads: tuple[str, ...] = ()
        self._add_font(_DEJAVU, PLAIN, _FONTS / "DejaVuSans.ttf")
        self._add_font(_DEJAVU, BOLD, _FONTS / "DejaVuSans-Bold.ttf")
        # A name may have "{nb}" in it, which is not the number of pages.
        self._pdf.str_alias_nb_pages = ""
        self._y = _TOP
        self._pdf.add_page()

    def line(self, *parts: str, font: str = PLAIN, size: int = _SIZE, indent: bool = False) -> None:
        """
        Write *parts* one after the other, in as many lines as they need.

        Each part has a direction of its own, so that a name turns nothing beside it.
        """
        self._pdf.set_font(_DEJAVU, font, size)
        left = _LEFT + _INDENT * indent
        x: float = left
        for part in parts:
            for number, text in enumerate(self._lines(part, _RIGHT - left)):
                width = self._width(text)
                if number or (x > left and x + width > _RIGHT):
                    x = left
                    self._next_line()
                self._write(x, text)
                x += width + self._width(" ")
        self._next_line()

    def begin_table(self, *heads: str) -> None:
        """Write the heads of columns, here and at the top of each page from now on."""
        self._heads = heads
        self._write_heads()

    def row(self, *cells: str, note: str = "") -> None:
        """
        Write *cells* side by side, and *note* in small letters below the first one.

        Text that is too long for its column is wrapped.
        """
        columns = self._columns(cells, PLAIN)
        columns[0] += self._column(note, 0, PLAIN, SMALL)
        height = max(map(len, columns)) * _LINE
        # A row is on one page, if one page can hold it.
        if self._y + height > _BOTTOM + _LINE and height < _PAGE:
            self._turn_page()
        self._write_columns(columns, PLAIN)

    def gap(self) -> None:
        self._y += _LINE

    def finish(self) -> bytes:
        self._pdf.set_text_shaping(False)
        for number in range(1, self._pdf.pages_count + 1):
            self._pdf.page = number
            self._write_footer(f"{self._footer}, page {number} of {self._pdf.pages_count}")
        written = bytes(self._pdf.output())
        for font in self._pdf.fonts.values():
            cast(TTFFont, font).ttfont.close()
        return written

    def _columns(self, cells: Collection[str], font: str) -> list[_Column]:
        return [self._column(cell, number, font, _SIZE) for number, cell in enumerate(cells)]

    def _column(self, cell: str, number: int, font: str, size: int) -> _Column:
        left, right = _COLUMNS[number]
        self._pdf.set_font(_DEJAVU, font, size)
        return [(line, size) for line in self._lines(cell, right - left) if line]

    def _write_columns(self, columns: Collection[_Column], font: str) -> None:
        for lines in zip_longest(*columns):
            for (left, _), line in zip(_COLUMNS, lines, strict=True):
                if line is not None:
                    text, size = line
                    self._pdf.set_font(_DEJAVU, font, size)
                    self._write(left, text)
            self._next_line()

    def _write(self, x: float, text: str) -> None:
        if self._is_plain(text):
            self._pdf.text(x, self._y, text)
        else:
            # A cell has its text in its middle, that is, at half its height and 0.3 of the font's.
            self._pdf.set_xy(x, self._y - _LINE / 2 - 0.3 * self._pdf.font_size_pt)
            self._pdf.cell(h=_LINE, text=text)
            # It leaves the page with the last font it used, which the library forgets.
            self._pdf.current_font_is_set_on_page = False

    def _lines(self, text: str, room: float) -> list[str]:
        """*text* in lines none of which is wider than *room*."""
        plain = _shown(text)
        letters = int(room / (_NARROW * self._pdf.font_size_pt))
        # Nearly every text fits one line. What orders letters gives up over a thousand of them.
        lines = [plain] if len(plain) <= letters else _wrapped(plain, letters)
        while letters > 1 and (widest := max(map(self._width, lines))) > room:
            letters = max(1, min(letters - 1, int(letters * room / widest)))
            lines = _wrapped(plain, letters)
        return lines

    def _width(self, text: str) -> float:
        self._is_plain(text)
        return self._pdf.get_string_width(text)

    def _is_plain(self, text: str) -> bool:
        """Whether its letters need no shaping, which takes ten times as long, and is then off."""
        plain = text.isascii() or max(text) <= _LAST_PLAIN
        if not plain:
            self._find_fonts(text)
        self._pdf.set_text_shaping(not plain)
        return plain

    def _find_fonts(self, text: str) -> None:
        """Add fonts once a letter needs them: each takes some time to read, and few are needed."""
        unknown = {letter for letter in text if ord(letter) not in self._letters}
        wanted = {_font_with(one) for one in unknown if category(one) not in _UNSEEN}
        new = wanted - {*self._others}
        if not new:
            return
        for name in sorted(new):
            self._add_font(name, PLAIN, _FONTS / f"{name}.ttf")
        # Droid comes last, because it has a little of everything.
        self._others = sorted([*self._others, *new], reverse=True)
        self._pdf.set_fallback_fonts(self._others, exact_match=False)

    def _add_font(self, name: str, style: str, path: Path) -> None:
        self._pdf.add_font(name, style, path)
        font = self._pdf.fonts[name.lower() + style]
        self._letters.update(cast(TTFFont, font).cmap)

    def _next_line(self) -> None:
        self._y += _LINE
        if self._y > _BOTTOM:
            self._turn_page()

    def _turn_page(self) -> None:
        style, size = self._pdf.font_style, self._pdf.font_size_pt
        self._pdf.add_page()
        self._y = _TOP
        self._write_heads()
        self._pdf.set_font(_DEJAVU, style, size)

    def _write_heads(self) -> None:
        if self._heads:
            self._write_columns(self._columns(self._heads, BOLD), BOLD)

    def _write_footer(self, text: str) -> None:
        self._pdf.set_font(_DEJAVU, PLAIN, SMALL)
        # The page was left with another font.
        self._pdf.current_font_is_set_on_page = False
        self._pdf.text(_LEFT, _FOOT, text)


def effort(text: str) -> int:
    """How long *text* takes to draw, in letters: each change of scripts takes as long as 50."""
    if text.isascii():
        return len(text) // 10
    scripts = [_script(letter) for letter in text if not letter.isspace()]
    return len(text) + 50 * sum(one != other for one, other in pairwise(scripts))


def _script(letter: str) -> int:
    """A number that nearly all letters of one script have in common: that of their block."""
    code = ord(letter)
    found = (number for number, first, end in _LARGE_SCRIPTS if first <= code < end)
    return next(found, code >> 8)


def _font_with(letter: str) -> str:
    """The name of the font that has *letter* if any has, besides DejaVu."""
    found = (name for name, first, last in _SCRIPTS if first <= letter <= last)
    return next(found, "DroidSansFallbackFull")


def _wrapped(text: str, letters: int) -> list[str]:
    return wrap(text, letters, break_on_hyphens=False) or [""]


def _shown(text: str) -> str:
    """*text* in one line, without what cannot be drawn and without piles of marks."""
    line = " ".join(text.translate(_NOT_DRAWN).split())
    # Looking at each letter is slow, and nearly every text is plain.
    if line.isascii() and line.isprintable():
        return line
    shown: list[str] = []
    marks = 0
    for letter in line:
        kind = category(letter)
        marks = marks + 1 if kind in _MARKS else 0
        if kind != "Cc" and marks <= _MOST_MARKS:
            shown.append(letter)
    return "".join(shown)
