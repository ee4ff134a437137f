"""A PDF of text lines on A4 pages, in the letters of whoever is named, with embedded fonts."""

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise, zip_longest
from typing import TypeAlias
from unicodedata import category

from functions.seal_session.canvas import Canvas, Writing, close_fonts
from functions.seal_session.typefaces import BOLD, PLAIN

SMALL = 6

# A4, in points.
_LEFT, _RIGHT, _TOP, _BOTTOM, _FOOT = 50, 545, 52, 786, 808
_LINE, _SIZE, _INDENT = 12, 8, 10
_PAGE = _BOTTOM - _TOP - _LINE
# The line between two people: so far above a row, which stands that much lower for it.
_RULE_ABOVE, _RULE_ROOM, _RULE_GREY = 10, 6, 160
# A heading takes these lines with it to the next page.
_KEPT = 3
# Where a column begins and ends.
_COLUMNS = ((_LEFT, 215), (220, 330), (335, 385), (390, 465), (470, _RIGHT))
# European letters, Chinese with Japanese, and Korean: each has more than a block of 256 letters.
_LARGE_SCRIPTS = ((0, 0, 0x590), (0, 0x1E00, 0x2000), (1, 0x2E80, 0xA000), (2, 0xAC00, 0xD7B0))
# A number takes as long as so many letters: it is written in eight, and each is by itself.
_NUMBER = 10
_UNPRINTED = (
    "A letter that could not be printed here stands as its Unicode number, such as [U+20BB7]; "
    "manifest.json has the letter."
)

# Logs hold no letters of names.
logging.getLogger("fpdf").setLevel(logging.ERROR)

_Column: TypeAlias = list[tuple[Writing, int]]
"""The lines of a column, each with the size of its letters."""


class Pdf:
    """
    A4 pages, filled from the top; each ends with *footer*, its number and their number.

    *subject* is among the properties, which are written in plain letters if they are ASCII.
    """

    def __init__(self, title: str, subject: str, footer: str) -> None:
        self._footer = footer
        self._pdf = Canvas()
        # No time and no random id is in it, so equal summaries have equal bytes.
        self._pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        self._pdf.set_title(title)
        self._pdf.set_subject(subject)
        self._title = ""
        self._heads: tuple[str, ...] = ()
        self._is_begun = True
        self._continued: tuple[str, ...] = ()
        self._with_numbers: set[int] = set()
        self._y: float = _TOP
        self._pdf.add_page()

    def heading(self, text: str, size: int = _SIZE) -> None:
        """Write a bold line that never is the last one of its page."""
        self._make_room(_KEPT * _LINE)
        self.line(text, font=BOLD, size=size)

    def line(
        self,
        *parts: str,
        font: str = PLAIN,
        size: int = _SIZE,
        indent: bool = False,
        continued: Sequence[str] = (),
    ) -> None:
        """
        Write *parts* one after the other, in as many lines as they need.

        Each part has a direction of its own, so that a name turns nothing beside it. *continued*
        are the parts of a line that comes first on each page on which these lines go on.
        """
        self._continued = tuple(continued)
        left = _LEFT + _INDENT * indent
        lines = self._filled(parts, font, size, _RIGHT - left)
        for line in lines:
            self._make_room(_LINE)
            self._pdf.choose(font, size)
            for x, writing in line:
                self._draw(left + x, writing)
            self._y += _LINE
        self._continued = ()

    def begin_table(self, *heads: str, title: str = "") -> None:
        """Write title and heads of columns before the next row, and heads on each page from it."""
        self._title = title
        self._heads = heads
        self._is_begun = False

    def row(self, *cells: str, note: str = "", lines_below: int = 0) -> None:
        """
        Write *cells* side by side, and *note* in small letters below the first one.

        Text that is too long for its column is wrapped. As many *lines_below* it are kept with it.
        """
        columns = self._columns(cells, PLAIN)
        columns[0] += self._column(note, 0, PLAIN, SMALL)
        heads = self._columns(self._heads, BOLD)
        height = (_height(columns) + lines_below) * _LINE + _RULE_ROOM
        above = (_height(heads) + 1) * _LINE
        # A row is on one page, if one page can hold it, and title and heads with the first one.
        if height < _PAGE - above:
            self._make_room(height if self._is_begun else height + above)
        self._begin_rows()
        self._rule()
        self._continued = (note, "(continued)")
        self._write_columns(columns, PLAIN)
        self._continued = ()

    def effort(self, text: str) -> int:
        """How long *text* takes to draw with a number for each letter that no font has."""
        return effort(text) + _NUMBER * self._pdf.numbers_in(_in_one_line(text))

    def gap(self) -> None:
        self._y += _LINE

    def finish(self) -> bytes:
        self._begin_rows()
        for number in range(1, self._pdf.pages_count + 1):
            self._pdf.page = number
            self._write_foot(_FOOT, f"{self._footer}, page {number} of {self._pdf.pages_count}")
            if number in self._with_numbers:
                self._write_foot(_FOOT + _LINE, _UNPRINTED)
        written = bytes(self._pdf.output())
        close_fonts(self._pdf)
        return written

    def _filled(
        self, parts: Sequence[str], font: str, size: int, room: float
    ) -> list[list[tuple[float, Writing]]]:
        """Lines of *parts*, each with its place in the line."""
        self._pdf.choose(font, size)
        filled: list[list[tuple[float, Writing]]] = [[]]
        x = 0.0
        for part in parts:
            # What needs several lines begins beside what is short.
            first = room - x if x < room / 2 else room
            for number, writing in enumerate(self._lines(part, room, first)):
                width = self._pdf.width_of(writing)
                if number or (x and x + width > room):
                    x = 0.0
                    filled.append([])
                filled[-1].append((x, writing))
                x += width + self._pdf.width_of(Writing(" "))
        return filled

    def _columns(self, cells: Collection[str], font: str) -> list[_Column]:
        return [self._column(cell, number, font, _SIZE) for number, cell in enumerate(cells)]

    def _column(self, cell: str, number: int, font: str, size: int) -> _Column:
        left, right = _COLUMNS[number]
        room = right - left
        self._pdf.choose(font, size)
        return [(line, size) for line in self._lines(cell, room, room) if line.letters]

    def _write_columns(self, columns: Collection[_Column], font: str) -> None:
        for lines in zip_longest(*columns):
            self._make_room(_LINE)
            for (left, _), line in zip(_COLUMNS, lines, strict=True):
                if line is not None:
                    writing, size = line
                    self._pdf.choose(font, size)
                    self._draw(left, writing)
            self._y += _LINE

    def _draw(self, x: float, writing: Writing) -> None:
        if writing.has_numbers:
            self._with_numbers.add(self._pdf.page)
        self._pdf.draw(x, self._y, writing, _LINE)

    def _lines(self, text: str, room: float, first: float) -> list[Writing]:
        """*text* in lines that fit *room*, the first of many *first*."""
        return self._pdf.lines(self._pdf.writing(_in_one_line(text)), room, first)

    def _make_room(self, height: float) -> None:
        """Turn the page if lines of that height do not fit what is left of it."""
        if self._y + height <= _BOTTOM + _LINE:
            return
        self._pdf.add_page()
        self._y = _TOP
        if self._is_begun:
            self._write_heads()
        if continued := self._continued:
            self.line(*continued, size=SMALL, indent=True)
            self._continued = continued

    def _begin_rows(self) -> None:
        if self._is_begun:
            return
        if self._title:
            self.line(self._title, font=BOLD)
        self._is_begun = True
        self._write_heads()

    def _write_heads(self) -> None:
        self._write_columns(self._columns(self._heads, BOLD), BOLD)

    def _rule(self) -> None:
        """Draw the line above a row."""
        self._pdf.set_draw_color(_RULE_GREY)
        self._y += _RULE_ROOM
        self._pdf.line(_LEFT, self._y - _RULE_ABOVE, _RIGHT, self._y - _RULE_ABOVE)

    def _write_foot(self, y: float, text: str) -> None:
        self._pdf.choose(PLAIN, SMALL)
        # The page was left with another font.
        self._pdf.current_font_is_set_on_page = False
        self._pdf.text(_LEFT, y, text)


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


def _height(columns: Collection[_Column]) -> int:
    """How many lines the longest column has."""
    return max(map(len, columns), default=0)


def _in_one_line(text: str) -> str:
    """*text* without ends of lines and characters that control devices."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(one for one in line if category(one) != "Cc")
