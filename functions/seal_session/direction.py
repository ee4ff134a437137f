"""The order of letters on paper: Unicode's bidirectional algorithm (UAX 9)."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

# Letters and numbers from right to left, and marks that turn what follows.
_ISOLATES = frozenset({"RLI", "LRI", "FSI"})
_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO"}) | _ISOLATES
_STRONG = frozenset({"L", "R", "AL", "EN", "AN"})
# The library looks for the next letter with a direction by recursion, which ends at a thousand.
# No language writes as many signs or blanks in a row. It nests 125 levels, an isolate takes two.
_MOST_NEUTRAL, _MOST_NESTED = 400, 60


def levels_of(text: str, base_of: str) -> Sequence[int]:
    """
    How deep each letter lies within changes of direction; where the number is odd, writing goes
    from right to left.

    The direction of the whole is that of *base_of*, the text as it was written.
    """
    if not any(unicodedata.bidirectional(one) in _TURNING for one in base_of):
        return [0] * len(text)
    base = auto_detect_base_direction(base_of)
    levels: list[int] = []
    for portion in _portions(text):
        levels += _levels(portion, base)
    return levels


def _levels(text: str, base: TextDirection) -> Iterator[int]:
    level = int(base == TextDirection.RTL)
    known = {
        one.character_index: int(one.embedding_level)
        for one in BidiParagraph(text, base).get_characters()
    }
    for index in range(len(text)):
        # What only joins or turns has no level of its own: it stays with the letter before it.
        level = known.get(index, level)
        yield level


def _portions(text: str) -> Iterator[str]:
    """*text* in one piece, or in those that the library can order."""
    start = 0
    neutral = [0]
    for index, letter in enumerate(text):
        kind = unicodedata.bidirectional(letter)
        if kind == "PDI" and len(neutral) > 1:
            neutral.pop()
        neutral[-1] = 0 if kind in _STRONG else neutral[-1] + 1
        if neutral[-1] > _MOST_NEUTRAL:
            yield text[start:index]
            start, neutral = index, [1]
        elif kind in _ISOLATES and len(neutral) < _MOST_NESTED:
            neutral.append(0)
    yield text[start:]


def on_paper(levels: Sequence[int]) -> Iterator[range]:
    """
    The runs of letters of one line, from left to right. Within a run all have one level, and are
    in the order in which they were written.
    """
    runs = [range(found[0], found[-1] + 1) for found in _runs(levels)]
    # Rule L2: from the deepest level to the lowest odd one, what is at least as deep is reversed.
    for level in range(max(levels, default=0), 0, -1):
        is_deep = [levels[run[0]] >= level for run in runs]
        runs = [runs[index] for index in _turned(is_deep)]
    yield from runs


def _runs(levels: Sequence[int]) -> Iterator[list[int]]:
    for _, found in groupby(range(len(levels)), levels.__getitem__):
        yield list(found)


def _turned(is_deep: Sequence[bool]) -> Iterator[int]:
    """The numbers of runs, with those that follow each other in the deep reversed."""
    for turns, found in groupby(range(len(is_deep)), is_deep.__getitem__):
        numbers = list(found)
        yield from reversed(numbers) if turns else numbers
