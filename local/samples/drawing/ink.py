"""Handwriting as cubic curves: signatures differ by person, and a person's are always equal."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Stroke = tuple[Point, Point, Point]


@dataclass(frozen=True)
class Glyph:
    """
    Strokes in letter widths and heights, each as two offsets to be pulled towards and one to reach.

    *begin* is where the first stroke starts.
    """

    strokes: tuple[Stroke, ...]
    begin: Point = (0, 0)


LOOPED = Glyph(
    (
        ((0.1, -0.5), (0.2, -1.1), (0.8, -1)),
        ((0.9, 0.1), (0.2, 0.9), (-0.5, 1.15)),
        ((-1.1, -0.1), (-0.1, -0.6), (0.9, -0.45)),
        ((0.4, 0), (0.2, 0.35), (0.5, 0.3)),
    )
)
SWEPT = Glyph(
    (
        ((-0.3, -0.5), (-1.2, -0.3), (-1.1, 0.3)),
        ((0, 0.3), (-0.3, 0.6), (0.1, 0.6)),
        ((0.5, 0.1), (1.1, 0.05), (1.5, -0.2)),
    ),
    begin=(1.4, -0.85),
)
BOWED = Glyph(
    (
        ((-0.1, 0.4), (-0.1, 0.8), (-0.2, 1.05)),
        ((-0.6, -0.4), (-0.7, -1.0), (0, -1.05)),
        ((1.7, -0.15), (1.6, 0.5), (0.1, 0.55)),
        ((0.3, 0.1), (0.7, 0.4), (1.1, 0.35)),
    ),
    begin=(0.5, -0.9),
)
PEAKED = Glyph(
    (
        ((0.1, -0.4), (0.3, -0.8), (0.6, -1)),
        ((0.1, 0.1), (0.2, 0.6), (0.4, 0.8)),
        ((0.2, -0.3), (0.3, -0.6), (0.6, -0.7)),
        ((0.2, 0.1), (0.1, 0.9), (0.6, 0.85)),
    )
)
TALL = Glyph((((0.5, -0.3), (1.2, -1.6), (0.7, -1.7)), ((-0.6, 0), (-0.2, 1.8), (0.4, 1.7))))
DEEP = Glyph(
    (
        ((0.1, -0.6), (0.4, -0.9), (0.6, -0.7)),
        ((0.2, 0.8), (0.1, 2.3), (-0.5, 2.0)),
        ((-0.9, -0.4), (0.3, -1.1), (1.1, -1.3)),
    )
)
BOWL = Glyph((((-0.3, -0.1), (-0.1, -0.9), (0.5, -0.8)), ((0.4, 0.1), (0.1, 0.9), (0.5, 0.8))))
HUMP = Glyph((((0.2, -0.3), (0.3, -0.9), (0.5, -0.75)), ((0.2, 0.1), (0.3, 0.8), (0.5, 0.75))))

CAPITALS = (LOOPED, SWEPT, BOWED, PEAKED)
LETTERS = (
    dict.fromkeys("bdfhklt", TALL) | dict.fromkeys("gjpqyz", DEEP) | dict.fromkeys("aceou", BOWL)
)


@dataclass
class Pen:
    """A pen on paper, y growing downwards; a stroke begins where the last one ended."""

    at: Point
    random: Random
    slant: float

    def stroke(self, by: Point, first: Point, second: Point) -> Curve:
        """Draw a curve *by* an offset, with two control points, as an unsteady hand does."""
        start = self.at
        points = [self._leaning(start, offset) for offset in (first, second, by)]
        self.at = points[2]
        return (start, points[0], points[1], points[2])

    def lift_to(self, point: Point) -> None:
        self.at = point

    def _leaning(self, start: Point, offset: Point) -> Point:
        dx, dy = offset
        wobble = self.random.uniform(-0.35, 0.35)
        return (start[0] + dx - dy * self.slant + wobble, start[1] + dy + wobble)


def steady(seed: str) -> Random:
    """Random numbers from a fixed seed, so that the samples have the same bytes on each run."""
    return Random(seed)  # noqa: S311  # It draws pictures, and no secret depends on it.


def signature(name: str, at: Point, height: float = 15.0, width: float = 95.0) -> list[Curve]:
    """Sign as *name*, beginning on the base line *at*: legible at first, a wave towards the end."""
    random = steady(f"signature of {name}")
    pen = Pen(
        (at[0] + random.uniform(0, 14), at[1] + random.uniform(-2, 2)),
        random,
        slant=random.uniform(0.1, 0.5),
    )
    letters = name.rsplit(maxsplit=1)[-1].lower()
    room = width * random.uniform(0.55, 0.8)
    curves = list(_capital(pen, letters[0], height * random.uniform(0.8, 1.1)))
    for position, letter in enumerate(letters[1:], start=1):
        fading = 1.0 - 0.55 * position / len(letters)
        curves += _letter(pen, letter, room / (len(letters) + 2), height * 0.55 * fading, at[1])
    return curves + list(_flourish(pen, at, height, room))


def tick(at: Point, seed: str) -> list[Curve]:
    random = steady(f"tick {seed}")
    pen = Pen(at, random, slant=0.1)
    rise = random.uniform(8, 11)
    return [
        pen.stroke((3, 4.5), (1, 1), (2.2, 3)),
        pen.stroke((7, -rise), (1.5, -3), (5, -rise * 0.8)),
    ]


def cross(at: Point, seed: str) -> list[Curve]:
    pen = Pen(at, steady(f"cross {seed}"), slant=0.0)
    falling = pen.stroke((8, 8), (2, 3), (6, 5))
    pen.lift_to((at[0] + 8, at[1] - 0.5))
    return [falling, pen.stroke((-8.5, 8.5), (-2, 3), (-6, 6))]


def _capital(pen: Pen, initial: str, height: float) -> Iterator[Curve]:
    """One of four ways to begin, by the *initial*; each ends near the base line."""
    wide = pen.random.uniform(5, 9)
    capital = CAPITALS[ord(initial) % len(CAPITALS)]
    pen.lift_to((pen.at[0] + capital.begin[0] * wide, pen.at[1] + capital.begin[1] * height))
    yield from _write(pen, capital, wide, height)


def _letter(pen: Pen, letter: str, wide: float, high: float, base: float) -> Iterator[Curve]:
    """Each letter drifts; its last stroke settles back towards the *base* line."""
    yield from _write(pen, LETTERS.get(letter, HUMP), wide, high, (base - pen.at[1]) * 0.6)


def _write(pen: Pen, glyph: Glyph, wide: float, high: float, settle: float = 0) -> Iterator[Curve]:
    last = glyph.strokes[-1]
    for stroke in glyph.strokes:
        first, second, by = ((dx * wide, dy * high) for dx, dy in stroke)
        yield pen.stroke((by[0], by[1] + (settle if stroke is last else 0)), first, second)


def _flourish(pen: Pen, at: Point, height: float, room: float) -> Iterator[Curve]:
    """The end of a signature: every second person underlines, the others end in a wave."""
    tail = pen.random.uniform(8, 18)
    yield pen.stroke((tail, -height * 0.2), (tail * 0.3, height * 0.25), (tail * 0.6, height * 0.1))
    if pen.random.choice((True, False)):
        below = at[1] + height * 0.25 - pen.at[1]
        yield pen.stroke((-room * 0.8, below), (tail, height * 0.5), (-room * 0.2, below * 0.6))
        yield pen.stroke(
            (room * 0.9, -height * 0.1), (room * 0.3, -height * 0.3), (room * 0.5, height * 0.15)
        )
