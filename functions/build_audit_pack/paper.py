"""
Pages of text, line by line, in letters that travel with the document.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import IO

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_FONTS = Path(__file__).with_name("fonts")

# A4, in points.
_WIDTH, _HEIGHT = 595, 842
_LEFT, _TOP, _BOTTOM, _FOOT = 50, 790, 50, 28
_LINE, _SIZE, _SMALL = 13, 8, 6
# Where a column begins, and how many letters of everyday text it holds.
_COLUMNS = ((_LEFT, 30), (235, 19), (350, 8), (405, 12), (480, 12))
_LETTERS = 98


class Paper:
    """
    Sheets of A4 that fill from the top; each ends with *footer* and its number.
    """

    def __init__(self, file: IO[bytes], title: str, footer: str) -> None:
        _load_fonts()
        # Invariant: neither the time nor chance is in it, so the same summary is the same bytes.
        self._canvas = Canvas(file, (_WIDTH, _HEIGHT), pageCompression=1, invariant=1)
        self._canvas.setTitle(title)
        self._footer = footer
        self._y = _TOP

    def line(self, text: str, font: str = PLAIN, size: int = _SIZE) -> None:
        """
        Write *text*, in as many lines as it needs.
        """
        for part in _lines(text, _LETTERS * _SIZE // size):
            self._print(((_LEFT, part),), font, size)

    def row(self, *cells: str, font: str = PLAIN) -> None:
        """
        Write *cells* side by side; what does not fit its column goes on below.
        """
        parts = [_lines(cell, letters) for cell, (_, letters) in zip(cells, _COLUMNS, strict=True)]
        for number in range(max(map(len, parts))):
            shown = (
                (x, lines[number])
                for (x, _), lines in zip(_COLUMNS, parts, strict=True)
                if number < len(lines)
            )
            self._print(shown, font, _SIZE)

    def gap(self) -> None:
        self._y -= _LINE

    def finish(self) -> None:
        self._end_page()
        self._canvas.save()

    def _print(self, texts: Iterable[tuple[int, str]], font: str, size: int) -> None:
        if self._y < _BOTTOM:
            self._end_page()
        self._canvas.setFont(font, size)
        for x, text in texts:
            self._canvas.drawString(x, self._y, text)
        self._y -= _LINE

    def _end_page(self) -> None:
        self._canvas.setFont(PLAIN, _SMALL)
        footer = f"{self._footer}, page {self._canvas.getPageNumber()}"
        self._canvas.drawString(_LEFT, _FOOT, footer)
        self._canvas.showPage()
        self._y = _TOP


@cache
def _load_fonts() -> None:
    for name in (PLAIN, BOLD):
        registerFont(TTFont(name, _FONTS / f"{name}.ttf"))


def _lines(text: str, letters: int) -> list[str]:
    # Nearly every text fits; only the others are worth the time that wrapping takes.
    plain = " ".join(text.split())
    return [plain] if len(plain) <= letters else wrap(plain, letters, break_on_hyphens=False)
