"""
What may be the name of a person, a place or a file: a line of which something shows. And what may
be the id of a session or a course, which is part of addresses and keys.
"""

import json
import re
import unicodedata

from shared.domain.canonical import Json

# As an expression, for whoever looks for the id of a session within a key.
IDENTIFIER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"

# Control characters, halves of a surrogate pair, and the separators of lines and paragraphs.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Letters, numbers, punctuation and symbols show by themselves; marks need one of them to stand on.
_SHOWN = frozenset("LNPS")
# These count as letters or symbols, and are blank: the fillers of Hangul, a Braille cell without
# dots, a note without a head. The others that fonts leave blank are in none of those classes.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")

# Letters and numbers from right to left, and marks that turn the direction of what follows.
_TURNING = frozenset(
    ["R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"]
)
# The marks that enclose: one of them within a text would end what encloses the text.
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))


def is_identifier(text: str) -> bool:
    """Whether *text* may be the id of a session or a course."""
    return re.fullmatch(IDENTIFIER, text) is not None


def name_fault(text: str) -> str | None:
    """
    Say why *text* cannot be a name, in words for the person who wrote it; None if it can.

    Marks that only join letters or turn the direction of writing may be in it: Persian and Hindi
    names need the one, a name beside text of another direction the other.
    """
    if any(unicodedata.category(letter) in _CONTROLS for letter in text):
        return "There is a character in it that cannot be seen, such as a tab or the end of a line"
    if not any(map(_shows, text)):
        return "There is nothing in it that can be seen"
    return None


def _shows(letter: str) -> bool:
    return unicodedata.category(letter)[0] in _SHOWN and letter not in _BLANK


def isolated(text: str) -> str:
    """
    *text* as it can stand within a sentence: if it has a direction of its own, it is enclosed, so
    that it turns nothing beside it.
    """
    if not any(unicodedata.bidirectional(letter) in _TURNING for letter in text):
        return text
    return f"\u2068{text.translate(_ISOLATES)}\u2069"


def shown(value: Json) -> str:
    """A value as it can stand within a sentence."""
    return "nothing" if value is None else isolated(json.dumps(value, ensure_ascii=False))
