"""A phone's photo of the sheet: on a desk, slightly rotated, unevenly lit, with sensor noise."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from local.samples.drawing.ink import Curve, Point, steady
from local.samples.drawing.page import A4_HEIGHT, A4_WIDTH, BOLD, GREY, REGULAR, Rgb, Type

SCALE = 2.5
SIZE = (round(A4_WIDTH * SCALE), round(A4_HEIGHT * SCALE))
PHOTO_SIZE = (1200, 1600)
MARGIN = 190  # Pixels of desk around the sheet.
# The part of the desk in the picture, from the top left corner.
CORNERS: tuple[Point, ...] = ((96, 60), (20, 2420), (1836, 2360), (1762, 118))
EXIF = {0x010F: "Aurora Mobile", 0x0110: "A5 Pro", 0x0112: 1, 0x0131: "Camera 11.4"}
# Exposure time, aperture, ISO, focal length.
EXPOSURE = {0x829A: (1, 60), 0x829D: (18, 10), 0x8827: 320, 0x920A: (54, 10)}
EXIF_TAKEN_AT, EXIF_DETAILS, EXIF_TAKEN_AT_DETAIL = 0x0132, 0x8769, 0x9003


class PhotoPage:
    def __init__(self, seed: str) -> None:
        self._random = steady(seed)
        self._paper = Image.new("RGB", SIZE, (250, 249, 245))
        self._draw = ImageDraw.Draw(self._paper)

    def text(self, x: float, y: float, text: str, style: Type) -> None:
        font = _font(BOLD if style.bold else REGULAR, style.size * SCALE)
        at = (x * SCALE, y * SCALE)
        self._draw.text(at, text, fill=style.colour, font=font, anchor="ls")

    def box(self, x: float, y: float, width: float, height: float, colour: Rgb) -> None:
        self._draw.rectangle(
            (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE), fill=colour
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Rgb = GREY) -> None:
        self._draw.line((x1 * SCALE, y1 * SCALE, x2 * SCALE, y2 * SCALE), fill=colour, width=2)

    def ink(self, curves: Iterable[Curve], colour: Rgb, width: float) -> None:
        for curve in curves:
            dots = [(x * SCALE, y * SCALE) for x, y in _along(curve)]
            self._draw.line(dots, fill=colour, width=round(width * SCALE), joint="curve")

    def to_jpeg(self, taken_at: str) -> bytes:
        """Take the picture; *taken_at* is the camera's clock, ``YYYY:MM:DD HH:MM:SS``."""
        scene = _on_desk(self._paper, self._random)
        view = tuple(value for corner in CORNERS for value in corner)
        photo = scene.transform(PHOTO_SIZE, Image.Transform.QUAD, view, Image.Resampling.BICUBIC)
        photo = ImageChops.multiply(photo, _light())
        photo = Image.blend(photo.filter(ImageFilter.GaussianBlur(0.6)), _noise(self._random), 0.06)
        jpeg = BytesIO()
        photo.save(jpeg, "JPEG", quality=76, exif=_exif(taken_at))
        return jpeg.getvalue()


def _on_desk(paper: Image.Image, random: Random) -> Image.Image:
    size = (SIZE[0] + 2 * MARGIN, SIZE[1] + 2 * MARGIN)
    scene = _desk(size, random)
    shadow = Image.new("L", size, 0)
    ImageDraw.Draw(shadow).rectangle(
        (MARGIN + 4, MARGIN + 10, MARGIN + SIZE[0] + 16, MARGIN + SIZE[1] + 26), fill=170
    )
    scene.paste((30, 22, 16), mask=shadow.filter(ImageFilter.GaussianBlur(16)))
    scene.paste(ImageChops.multiply(paper, _folds()), (MARGIN, MARGIN))
    return scene


def _desk(size: tuple[int, int], random: Random) -> Image.Image:
    """Wood: noise that is stretched along the grain."""
    coarse = (size[0] // 6, 5)
    grain = Image.frombytes("L", coarse, random.randbytes(coarse[0] * coarse[1]))
    grain = grain.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))
    return Image.merge("RGB", [_levels(grain, base, 0.16) for base in (118, 84, 56)])


def _folds() -> Image.Image:
    """The sheet was folded twice to fit a pocket: two creases, each with its shade."""
    folds = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(folds)
    for third in (1, 2):
        y = SIZE[1] * third // 3
        draw.rectangle((0, y, SIZE[0], y + 26), fill=247)
        draw.line((0, y, SIZE[0], y + 3), fill=214, width=3)
    return folds.filter(ImageFilter.GaussianBlur(2.2)).convert("RGB")


def _light() -> Image.Image:
    """Warm light from the upper left, and the shadow of the hand that holds the phone."""
    width, height = PHOTO_SIZE
    slope = Image.linear_gradient("L").rotate(155, fillcolor=128).crop((60, 60, 196, 196))
    slope = _levels(slope.resize(PHOTO_SIZE, Image.Resampling.BICUBIC), 200, 0.21)
    hand = Image.new("L", PHOTO_SIZE, 255)
    ImageDraw.Draw(hand).ellipse((width * 0.62, height * 0.8, width * 1.35, height * 1.4), fill=196)
    light = ImageChops.multiply(slope, hand.filter(ImageFilter.GaussianBlur(90)))
    return Image.merge("RGB", [_levels(light, 0, warmth) for warmth in (1.0, 0.975, 0.92)])


def _levels(image: Image.Image, darkest: float, contrast: float) -> Image.Image:
    return image.point([round(darkest + contrast * value) for value in range(256)])


def _noise(random: Random) -> Image.Image:
    width, height = PHOTO_SIZE
    noise = Image.frombytes("RGB", PHOTO_SIZE, random.randbytes(width * height * 3))
    return noise.filter(ImageFilter.GaussianBlur(0.8))


def _exif(taken_at: str) -> Image.Exif:
    exif = Image.Exif()
    exif.update({**EXIF, EXIF_TAKEN_AT: taken_at})
    exif.get_ifd(EXIF_DETAILS).update({**EXPOSURE, EXIF_TAKEN_AT_DETAIL: taken_at})
    return exif


def _along(curve: Curve, steps: int = 14) -> list[Point]:
    start, first, second, end = curve
    points = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        corners = list(zip(weights, (start, first, second, end), strict=True))
        points.append((sum(w * p[0] for w, p in corners), sum(w * p[1] for w, p in corners)))
    return points


@cache
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    with files("reportlab").joinpath("fonts", name).open("rb") as file:
        return ImageFont.truetype(BytesIO(file.read()), size)
