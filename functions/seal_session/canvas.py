"""Lines of text on a PDF's pages: in the letters of whoever is named, and in their direction."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, repeat

from fpdf import FPDF
from fpdf.enums import Align, TextDirection
from fpdf.fonts import TTFFont
from fpdf.line_break import Fragment, TextLine
from fpdf.unicode_script import UnicodeScript, get_unicode_script

from functions.seal_session.direction import levels_of, on_paper
from functions.seal_session.typefaces import (
    MAIN,
    PLAIN,
    Typefaces,
    is_drawn,
    is_mark,
    is_number,
)

# Up to here (Latin Extended-B) letters stand side by side, one for one, and the main font has all.
_LAST_PLAIN, _SOFT_HYPHEN = chr(0x24F), "\u00ad"
# These are of the script of the letters beside them.
_ANY_SCRIPT = frozenset({UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Writing:
    """
    A text as it is drawn: each letter with the key of its font and its level of direction.

    Without *fonts* it needs no shaping, which takes ten times as long. *has_numbers* says that
    Unicode numbers stand for letters that cannot be printed.
    """

    letters: str
    fonts: Sequence[str] = ()
    levels: Sequence[int] = ()
    has_numbers: bool = False

    def part(self, start: int, end: int) -> "Writing":
        return Writing(
            self.letters[start:end],
            self.fonts[start:end],
            self.levels[start:end],
            self.has_numbers,
        )


class _Drawn(Fragment):
    """A part of a line that is measured once, because measuring is shaping."""

    _measured: float | None = None

    def get_width(
        self,
        start: int = 0,
        end: int | None = None,
        chars: str | None = None,
        initial_cs: bool = True,
    ) -> float:
        if self._measured is None:
            self._measured = super().get_width(start, end, chars, initial_cs)
        return self._measured


class _Line(TextLine):
    """The parts of a line that are in the order in which they stand on paper."""

    def get_ordered_fragments(self) -> list[Fragment]:
        return list(self.fragments)


class Canvas(FPDF):
    """
    Draws lines where it is told.

    The library's own order of letters is that of whole texts without numbers or brackets in them,
    and it parts a letter from its marks. So it is given runs that are in their order and of one
    font, script and direction; it shapes and places the letters of each.
    """

    def __init__(self) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(False)
        self.c_margin = 0
        # A name may have "{nb}" in it, which is not the number of pages.
        self.str_alias_nb_pages = ""
        self._typefaces = Typefaces(self)

    def choose(self, style: str, size: float) -> None:
        """Draw and measure in this style and size from now on."""
        self.set_font(MAIN, style, size)

    def writing(self, text: str) -> Writing:
        """*text*, which is one line, with a font for each of its letters."""
        if _is_plain(text):
            return Writing(text)
        pieces = list(self._typefaces.pieces(text, self.font_style))
        letters = "".join(piece for piece, _ in pieces)
        fonts = [key for piece, key in pieces for _ in piece]
        levels = levels_of(letters, base_of=text)
        drawn = [index for index, letter in enumerate(letters) if is_drawn(letter)]
        return Writing(
            "".join(letters[index] for index in drawn),
            [fonts[index] for index in drawn],
            [levels[index] for index in drawn],
            any(is_number(piece) for piece, _ in pieces),
        )

    def numbers_in(self, text: str) -> int:
        """How many Unicode numbers stand for letters of *text*."""
        if _is_plain(text):
            return 0
        return sum(is_number(piece) for piece, _ in self._typefaces.pieces(text, PLAIN))

    def width_of(self, writing: Writing) -> float:
        if not writing.fonts:
            return sum(self._advances(writing))
        return sum(part.get_width() for part in self._parts(writing))

    def lines(self, writing: Writing, room: float, first: float) -> list[Writing]:
        """
        *writing* in lines none of which is wider than *room*, if a letter is not. If it takes
        several, the first one is not wider than *first*.
        """
        if self.width_of(writing) <= room:
            return [writing]
        advances = list(self._advances(writing))
        scale = 1.0
        while True:
            ends = _line_ends(writing.letters, advances, room * scale, first * scale)
            lines = [writing.part(*both) for both in ends]
            rooms = chain([first], repeat(room))
            excess = max(
                self.width_of(line) / wide for line, wide in zip(lines, rooms, strict=False)
            )
            if excess <= 1 or all(len(line.letters) <= 1 for line in lines):
                return lines
            # Shaped letters are not as wide as single ones.
            scale *= min(1 / excess, 0.99)

    def draw(self, x: float, y: float, writing: Writing, height: float) -> None:
        """Draw a line whose letters stand at *y*."""
        if not writing.fonts:
            self.text(x, y, writing.letters)
            return
        parts = list(self._parts(writing))
        width = sum(part.get_width() for part in parts)
        # The library puts letters in the middle of a cell: half its height and 0.3 of the font's.
        self.set_xy(x, y - height / 2 - 0.3 * self.font_size_pt)
        # A part says its font, and what comes after the line says it again.
        self.current_font_is_set_on_page = False
        line = _Line(parts, width, 0, Align.L, height, width)
        self._render_styled_text_line(line, height, prevent_font_change=True)

    def _advances(self, writing: Writing) -> Iterator[float]:
        """How wide each letter is by itself."""
        size = self.font_size_pt / 1000
        if not writing.fonts:
            widths = self._typefaces.font(MAIN.lower() + self.font_style).cw
            return (widths[ord(letter)] * size for letter in writing.letters)
        known = {key: self._typefaces.font(key).cw for key in set(writing.fonts)}
        both = zip(writing.letters, writing.fonts, strict=True)
        return (known[key][ord(letter)] * size for letter, key in both)

    def _parts(self, writing: Writing) -> Iterator[_Drawn]:
        """The parts of a line from left to right."""
        for run in on_paper(writing.levels):
            level = writing.levels[run[0]]
            found = [self._part(writing, part, level) for part in _same_look(writing, run)]
            yield from reversed(found) if level % 2 else found

    def _part(self, writing: Writing, part: range, level: int) -> _Drawn:
        font = self._typefaces.font(writing.fonts[part[0]])
        state = self._get_current_graphics_state()
        state.current_font = font
        state.font_style = PLAIN
        state.text_shaping = {
            "features": {},
            "script": None,
            # Not that of the machine.
            "language": "und",
            "paragraph_direction": TextDirection.LTR,
            "fragment_direction": TextDirection.RTL if level % 2 else TextDirection.LTR,
        }
        return _Drawn(writing.letters[part[0] : part[-1] + 1], state, self.k)


def close_fonts(pdf: FPDF) -> None:
    """Close the files of all fonts."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.close()


def _is_plain(text: str) -> bool:
    return text.isascii() or (max(text) <= _LAST_PLAIN and _SOFT_HYPHEN not in text)


def _same_look(writing: Writing, run: range) -> Iterator[range]:
    """The parts of *run* that are of one font and of one script."""
    script = UnicodeScript.COMMON
    start = run[0]
    for index in run:
        own = get_unicode_script(writing.letters[index])
        changes = own not in _ANY_SCRIPT and own != script
        is_other = changes and script not in _ANY_SCRIPT
        if index > start and (is_other or writing.fonts[index] != writing.fonts[index - 1]):
            yield range(start, index)
            start = index
        script = own if changes else script
    yield range(start, run[-1] + 1)


def _line_ends(
    letters: str, advances: Sequence[float], room: float, first: float
) -> Iterator[tuple[int, int]]:
    """Where lines begin and end: at a blank, or else between two letters with their marks."""
    totals = [0.0, *accumulate(advances)]
    start = 0
    while start < len(letters):
        end = bisect_right(totals, totals[start] + (room if start else first)) - 1
        end = max(start + 1, end)
        blank = letters.rfind(" ", start + 1, end + 1) if end < len(letters) else -1
        if blank > 0:
            yield start, blank
            start = blank + 1
            continue
        while start + 1 < end < len(letters) and is_mark(letters[end]):
            end -= 1
        yield start, end
        start = end
