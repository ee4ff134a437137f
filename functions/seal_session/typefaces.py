"""Which font has which letters, and what stands on paper for those that none has."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TypeAlias, cast
from unicodedata import category, normalize

from fpdf import FPDF
from fpdf.fonts import TTFFont

PLAIN, BOLD = "", "B"
MAIN = "DejaVuSans"
_FONTS = Path(__file__).with_name("fonts")
# Which font has the letters from where to where in Unicode. Droid, for Chinese, has what is left.
_SCRIPTS = (
    ("NotoSansSyriac-Regular", "\u0700", "\u074f"),
    ("NotoSansThaana-Regular", "\u0780", "\u07bf"),
    ("NotoSansDevanagari-Regular", "\u0900", "\u097f"),
    ("NotoSansBengali-Regular", "\u0980", "\u09ff"),
    ("NotoSansGurmukhi-Regular", "\u0a00", "\u0a7f"),
    ("NotoSansGujarati-Regular", "\u0a80", "\u0aff"),
    ("NotoSansOriya-Regular", "\u0b00", "\u0b7f"),
    ("NotoSansTamil-Regular", "\u0b80", "\u0bff"),
    ("NotoSansTelugu-Regular", "\u0c00", "\u0c7f"),
    ("NotoSansKannada-Regular", "\u0c80", "\u0cff"),
    ("NotoSansMalayalam-Regular", "\u0d00", "\u0d7f"),
    ("NotoSansSinhala-Regular", "\u0d80", "\u0dff"),
    ("NotoSansThai-Regular", "\u0e00", "\u0e7f"),
    ("NotoSansLao-Regular", "\u0e80", "\u0eff"),
    ("NotoSerifTibetan-Regular", "\u0f00", "\u0fff"),
    ("NotoSansMyanmar-Regular", "\u1000", "\u109f"),
    ("NanumGothicCoding", "\u1100", "\u11ff"),
    ("NotoSansEthiopic-Regular", "\u1200", "\u139f"),
    ("NotoSansCherokee-Regular", "\u13a0", "\u13ff"),
    ("NotoSansKhmer-Regular", "\u1780", "\u17ff"),
    ("NotoSansMongolian-Regular", "\u1800", "\u18af"),
    ("NotoSansOlChiki-Regular", "\u1c50", "\u1c7f"),
    ("NanumGothicCoding", "\u3130", "\u318f"),
    ("NotoSansCherokee-Regular", "\uab70", "\uabbf"),
    ("NanumGothicCoding", "\uac00", "\ud7ff"),
    ("NotoSansAdlam-Regular", "\U0001e900", "\U0001e95f"),
)
_REST = "DroidSansFallbackFull"
# What Unicode says to leave blank if a font does not have it (Default_Ignorable_Code_Point): it
# joins, turns or chooses pictures of letters, and is none itself.
_BLANK = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Those of them that shape the letters beside them: joiners, and the variants of Mongolian.
_SHAPING = frozenset("\u200c\u200d\u180b\u180c\u180d\u180f")
# No script puts more marks on a letter; a pile of them would hide the lines above.
_MARKS, _MOST_MARKS = frozenset({"Mn", "Mc", "Me"}), 4
# Vowels and last consonants of Hangul make one syllable with the first.
_FIRST_JOINED, _LAST_JOINED = "\u1161", "\u11ff"
# What is drawn in their place is enclosed: it turns nothing beside it.
_ENCLOSED = "\u2066{}\u2069"

Piece: TypeAlias = tuple[str, str]
"""Letters, with the key of the font that has them."""


def is_mark(letter: str) -> bool:
    """Whether *letter* belongs to the one before it, in whose font it is drawn."""
    is_jamo = _FIRST_JOINED <= letter <= _LAST_JOINED
    return is_jamo or letter in _SHAPING or category(letter) in _MARKS


def is_drawn(letter: str) -> bool:
    """Whether *letter* has a part in how a line looks."""
    return letter in _SHAPING or not _BLANK.match(letter)


def is_number(piece: str) -> bool:
    """Whether *piece* is the number of a letter that cannot be printed."""
    return piece.endswith("]\u2069")


class Typefaces:
    """The fonts of a document, each read once a letter needs it: that takes time."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._pieces: dict[tuple[str, str], tuple[Piece, ...]] = {}
        pdf.add_font(MAIN, PLAIN, _FONTS / "DejaVuSans.ttf")
        pdf.add_font(MAIN, BOLD, _FONTS / "DejaVuSans-Bold.ttf")

    def font(self, key: str) -> TTFFont:
        return cast(TTFFont, self._pdf.fonts[key])

    def pieces(self, text: str, style: str) -> Iterator[Piece]:
        """*text* in pieces that one font has; a letter that no font has is its Unicode number."""
        for cluster in _clusters(text):
            found = self._pieces.get((cluster, style))
            if found is None:
                found = self._pieces[cluster, style] = tuple(self._found(cluster, style))
            yield from found

    def _found(self, cluster: str, style: str) -> Iterator[Piece]:
        """A letter with its marks in the first font that has all, or else in one that has it."""
        main = MAIN.lower() + style
        kept = cluster[: 1 + _MOST_MARKS]
        key = self._first(kept, main) or self._first(cluster[0], main)
        if key is None:
            kept = ""
        elif not self._has(key, kept):
            kept = "".join(one for one in kept if self._has(key, one))
        if key and kept:
            yield kept, key
        lacking = cluster[len(kept) :] if cluster.startswith(kept) else _without(cluster, kept)
        yield from ((name, main) for name in _numbers(lacking))

    def _first(self, text: str, main: str) -> str | None:
        """The first font that has all of *text*: the main one, that of its script, the rest."""
        candidates = [main, MAIN.lower(), *map(_font_with, text[:2]), _REST]
        return next((key for key in map(self._read, candidates) if self._has(key, text)), None)

    def _read(self, name: str) -> str:
        """The key of a font, which is read if it was not yet."""
        if name.lower() not in self._pdf.fonts and name not in self._pdf.fonts:
            self._pdf.add_font(name, PLAIN, _FONTS / f"{name}.ttf")
        return name if name in self._pdf.fonts else name.lower()

    def _has(self, key: str, text: str) -> bool:
        """Whether a font has all of *text*, be it as one letter or in parts."""
        known = self.font(key).cmap
        seen = _BLANK.sub("", text)
        forms = (seen, normalize("NFC", seen), normalize("NFD", seen))
        return any(all(ord(one) in known for one in form) for form in forms)


def _clusters(text: str) -> Iterator[str]:
    """Each letter with the marks on it."""
    start = 0
    for index in range(1, len(text)):
        if not is_mark(text[index]):
            yield text[start:index]
            start = index
    yield text[start:]


@cache
def _font_with(letter: str) -> str:
    """The name of the font that has *letter* if any has, besides the main one."""
    found = (name for name, first, last in _SCRIPTS if first <= letter <= last)
    return next(found, _REST)


def _without(cluster: str, kept: str) -> str:
    return "".join(one for one in cluster if one not in kept)


def _numbers(letters: str) -> Iterator[str]:
    """What stands for letters that cannot be printed."""
    for letter, same in groupby(_BLANK.sub("", letters)):
        count = len(list(same))
        times = f"{count} times " if count > 1 else ""
        yield _ENCLOSED.format(f"[{times}U+{ord(letter):04X}]")
