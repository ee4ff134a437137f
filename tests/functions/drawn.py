"""What stands on the pages of a PDF: the glyphs, their letters, and where they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from functions.seal_session.pdf import Pdf


@dataclass(frozen=True, slots=True)
class Line:
    """A text of one line and font, and how far it is from the bottom of its page."""

    text: str
    y: float


def a_pdf() -> Pdf:
    """Return a PDF without pages' worth of text yet."""
    return Pdf("Title", "Subject", "Footer")


def printed(*lines: tuple[str, ...], **options: Any) -> PdfReader:  # noqa: ANN401 - as `Pdf.line`
    """Print lines, and return the PDF."""
    pdf = a_pdf()
    for parts in lines:
        pdf.line(*parts, **options)
    return PdfReader(BytesIO(pdf.finish()))


def glyphs(page: PageObject) -> Iterator[tuple[str, int, str]]:
    """Yield font, glyph and letter of what stands on a page, in the order of drawing."""
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
    letters = {name: _letters(font.get_object()) for name, font in fonts.items()}
    places = {name: _places(font.get_object()) for name, font in fonts.items()}
    font = ""
    for operands, operator in ContentStream(page["/Contents"], page.pdf).operations:
        if operator == b"Tf":
            font = operands[0]
        elif operator == b"Tj":
            codes = operands[0].original_bytes
            for at in range(0, len(codes), 2):
                code = int.from_bytes(codes[at : at + 2], "big")
                yield font, places[font][code], letters[font].get(code, "?")


def lines(page: PageObject) -> list[Line]:
    """Return the lines of a page with their places."""
    found: list[Line] = []

    def visit(text: str, _: Any, at: Any, *__: Any) -> None:  # noqa: ANN401 - pypdf's matrices
        if text.strip():
            found.append(Line(text.strip(), at[5]))

    page.extract_text(visitor_text=visit)
    return found


def rules(page: PageObject) -> list[float]:
    """Return how far from the bottom the ruled lines of a page are."""
    operations = ContentStream(page["/Contents"], page.pdf).operations
    return [float(operands[1]) for operands, operator in operations if operator == b"l"]


def _letters(font: Any) -> dict[int, str]:  # noqa: ANN401 - pypdf's dictionaries
    """Return the letters that the codes of a font stand for, which is what a search finds."""
    pairs = re.findall(r"<(\w{4})> <(\w+)>\n", font["/ToUnicode"].get_data().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def _places(font: Any) -> dict[int, int]:  # noqa: ANN401 - pypdf's dictionaries
    """Return which picture each code of a font draws."""
    table = font["/DescendantFonts"][0].get_object()["/CIDToGIDMap"].get_data()
    return {at // 2: int.from_bytes(table[at : at + 2], "big") for at in range(0, len(table), 2)}
