"""
Handwriting as cubic curves: no two people sign alike, and one person always signs the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]

TALL = frozenset("bdfhklt")
DEEP = frozenset("gjpqyz")
ROUND = frozenset("acoeu")


@dataclass
class Pen:
    """
    A pen on paper, y growing downwards; every stroke it makes begins where the last one ended.
    """

    at: Point
    random: Random
    slant: float

    def stroke(self, by: Point, first: Point, second: Point) -> Curve:
        """Move *by* an offset, pulled towards two others on the way, as an unsteady hand does."""
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
    """
    Chance that falls the same way each time, so that the samples are the same bytes on each run.
    """
    return Random(seed)  # noqa: S311  # It draws pictures and keeps no secret.


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
    begin = (_looped, _swept, _bowed, _peaked)[ord(initial) % 4]
    return begin(pen, wide, height)


def _looped(pen: Pen, wide: float, high: float) -> Iterator[Curve]:
    yield pen.stroke((wide * 0.8, -high), (wide * 0.1, -high * 0.5), (wide * 0.2, -high * 1.1))
    yield pen.stroke((-wide * 0.5, high * 1.15), (wide * 0.9, high * 0.1), (wide * 0.2, high * 0.9))
    yield pen.stroke(
        (wide * 0.9, -high * 0.45), (-wide * 1.1, -high * 0.1), (-wide * 0.1, -high * 0.6)
    )
    yield pen.stroke((wide * 0.5, high * 0.3), (wide * 0.4, 0), (wide * 0.2, high * 0.35))


def _swept(pen: Pen, wide: float, high: float) -> Iterator[Curve]:
    pen.lift_to((pen.at[0] + wide * 1.4, pen.at[1] - high * 0.85))
    yield pen.stroke(
        (-wide * 1.1, high * 0.3), (-wide * 0.3, -high * 0.5), (-wide * 1.2, -high * 0.3)
    )
    yield pen.stroke((wide * 0.1, high * 0.6), (0, high * 0.3), (-wide * 0.3, high * 0.6))
    yield pen.stroke((wide * 1.5, -high * 0.2), (wide * 0.5, high * 0.1), (wide * 1.1, high * 0.05))


def _bowed(pen: Pen, wide: float, high: float) -> Iterator[Curve]:
    pen.lift_to((pen.at[0] + wide * 0.5, pen.at[1] - high * 0.9))
    yield pen.stroke(
        (-wide * 0.2, high * 1.05), (-wide * 0.1, high * 0.4), (-wide * 0.1, high * 0.8)
    )
    yield pen.stroke((0, -high * 1.05), (-wide * 0.6, -high * 0.4), (-wide * 0.7, -high * 1.0))
    yield pen.stroke(
        (wide * 0.1, high * 0.55), (wide * 1.7, -high * 0.15), (wide * 1.6, high * 0.5)
    )
    yield pen.stroke((wide * 1.1, high * 0.35), (wide * 0.3, high * 0.1), (wide * 0.7, high * 0.4))


def _peaked(pen: Pen, wide: float, high: float) -> Iterator[Curve]:
    yield pen.stroke((wide * 0.6, -high), (wide * 0.1, -high * 0.4), (wide * 0.3, -high * 0.8))
    yield pen.stroke((wide * 0.4, high * 0.8), (wide * 0.1, high * 0.1), (wide * 0.2, high * 0.6))
    yield pen.stroke(
        (wide * 0.6, -high * 0.7), (wide * 0.2, -high * 0.3), (wide * 0.3, -high * 0.6)
    )
    yield pen.stroke((wide * 0.6, high * 0.85), (wide * 0.2, high * 0.1), (wide * 0.1, high * 0.9))


def _letter(pen: Pen, letter: str, wide: float, high: float, base: float) -> Iterator[Curve]:
    settle = (base - pen.at[1]) * 0.6
    if letter in TALL:
        yield pen.stroke(
            (wide * 0.7, -high * 1.7), (wide * 0.5, -high * 0.3), (wide * 1.2, -high * 1.6)
        )
        yield pen.stroke(
            (wide * 0.4, high * 1.7 + settle), (-wide * 0.6, 0), (-wide * 0.2, high * 1.8)
        )
    elif letter in DEEP:
        yield pen.stroke(
            (wide * 0.6, -high * 0.7), (wide * 0.1, -high * 0.6), (wide * 0.4, -high * 0.9)
        )
        yield pen.stroke(
            (-wide * 0.5, high * 2.0), (wide * 0.2, high * 0.8), (wide * 0.1, high * 2.3)
        )
        yield pen.stroke(
            (wide * 1.1, -high * 1.3 + settle),
            (-wide * 0.9, -high * 0.4),
            (wide * 0.3, -high * 1.1),
        )
    elif letter in ROUND:
        yield pen.stroke(
            (wide * 0.5, -high * 0.8), (-wide * 0.3, -high * 0.1), (-wide * 0.1, -high * 0.9)
        )
        yield pen.stroke(
            (wide * 0.5, high * 0.8 + settle), (wide * 0.4, high * 0.1), (wide * 0.1, high * 0.9)
        )
    else:
        yield pen.stroke(
            (wide * 0.5, -high * 0.75), (wide * 0.2, -high * 0.3), (wide * 0.3, -high * 0.9)
        )
        yield pen.stroke(
            (wide * 0.5, high * 0.75 + settle), (wide * 0.2, high * 0.1), (wide * 0.3, high * 0.8)
        )


def _flourish(pen: Pen, at: Point, height: float, room: float) -> Iterator[Curve]:
    """Every second person underlines the name; the others let the pen run out."""
    tail = pen.random.uniform(8, 18)
    yield pen.stroke((tail, -height * 0.2), (tail * 0.3, height * 0.25), (tail * 0.6, height * 0.1))
    if pen.random.choice((True, False)):
        below = at[1] + height * 0.25 - pen.at[1]
        yield pen.stroke((-room * 0.8, below), (tail, height * 0.5), (-room * 0.2, below * 0.6))
        yield pen.stroke(
            (room * 0.9, -height * 0.1), (room * 0.3, -height * 0.3), (room * 0.5, height * 0.15)
        )
