"""The page that a sheet is drawn on: its interface, and a PDF that implements it."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from local.samples.drawing.ink import Curve

A4_WIDTH, A4_HEIGHT = 595.0, 842.0
REGULAR, BOLD = (
    "Vera.ttf",
    "VeraBd.ttf",
)  # They come with reportlab, so paper and photo share their letters.

Rgb = tuple[int, int, int]
BLACK: Rgb = (26, 28, 32)
GREY: Rgb = (120, 124, 130)
PALE: Rgb = (232, 236, 240)
BRAND: Rgb = (16, 74, 110)
BLUE_INK: Rgb = (24, 42, 132)
BLACK_INK: Rgb = (38, 38, 46)


@dataclass(frozen=True)
class Type:
    """The style of text; *size* in points."""

    size: float
    colour: Rgb = BLACK
    bold: bool = False


class Page(Protocol):
    """An A4 page, measured in points from its top left corner."""

    def text(self, x: float, y: float, text: str, style: Type) -> None: ...

    def box(self, x: float, y: float, width: float, height: float, colour: Rgb) -> None: ...

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Rgb = GREY) -> None: ...

    def ink(self, curves: Iterable[Curve], colour: Rgb, width: float) -> None: ...


class PdfPage:
    def __init__(self, title: str) -> None:
        self._buffer = BytesIO()
        # invariant: no time stamp and no random document id, so that each run makes the same bytes.
        self._canvas = Canvas(self._buffer, pagesize=(A4_WIDTH, A4_HEIGHT), invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Nordkai Terminal Services GmbH")
        self._canvas.setSubject("Form HSE-31")
        self._canvas.setCreator("Berth 7 document scanner")
        self._canvas.setLineCap(1)
        for font in (REGULAR, BOLD):
            pdfmetrics.registerFont(TTFont(font, font))

    def text(self, x: float, y: float, text: str, style: Type) -> None:
        self._canvas.setFillColor(_color(style.colour))
        self._canvas.setFont(BOLD if style.bold else REGULAR, style.size)
        self._canvas.drawString(x, A4_HEIGHT - y, text)

    def box(self, x: float, y: float, width: float, height: float, colour: Rgb) -> None:
        self._canvas.setFillColor(_color(colour))
        self._canvas.rect(x, A4_HEIGHT - y - height, width, height, stroke=0, fill=1)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Rgb = GREY) -> None:
        self._canvas.setStrokeColor(_color(colour))
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x1, A4_HEIGHT - y1, x2, A4_HEIGHT - y2)

    def ink(self, curves: Iterable[Curve], colour: Rgb, width: float) -> None:
        self._canvas.setStrokeColor(_color(colour))
        self._canvas.setLineWidth(width)
        for curve in curves:
            self._canvas.bezier(*(value for x, y in curve for value in (x, A4_HEIGHT - y)))

    def to_bytes(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()


def _color(rgb: Rgb) -> Color:
    red, green, blue = (part / 255 for part in rgb)
    return Color(red, green, blue)
