"""
The summary of a pack for reading: who was there, what came of it, and what was signed.

Drawn line by line, because tables laid out by a library take minutes for 10,000 people.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONT, _BOLD = "Vera", "VeraBd"
_LEFT, _TOP, _BOTTOM = 18 * mm, A4[1] - 18 * mm, 18 * mm
_LINE, _SIZE = 4.6 * mm, 8
_COLUMNS = (_LEFT, 80 * mm, 118 * mm, 142 * mm, 168 * mm)
_LETTERS = 92
_CELL_LETTERS = (36, 22, 12, 14, 14)


def write_summary(manifest: bytes, manifest_sha256: str, file: IO[bytes]) -> None:
    """
    Write the summary of *manifest* as PDF.
    """
    for font in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(font, f"{font}.ttf"))
    decided = json.loads(manifest)
    pages = _Pages(Canvas(file, pagesize=A4, invariant=True), manifest_sha256)
    _head(pages, decided, manifest_sha256)
    _people(pages, decided)
    pages.end()


class _Pages:
    """
    Lines of text, from page to page.
    """

    def __init__(self, canvas: Canvas, footer: str) -> None:
        self._canvas = canvas
        self._footer = f"Summary of the manifest with SHA-256 {footer}"
        self._height = _TOP

    def line(self, *cells: str, font: str = _FONT, size: float = _SIZE) -> None:
        self._turn()
        self._canvas.setFont(font, size)
        limits = _CELL_LETTERS if len(cells) > 1 else (_LETTERS,)
        for left, text, letters in zip(_COLUMNS, cells, limits, strict=False):
            self._canvas.drawString(left, self._height, _drawable(text)[:letters])
        self._height -= _LINE

    def gap(self) -> None:
        self._height -= _LINE

    def end(self) -> None:
        self._foot()
        self._canvas.save()

    def _turn(self) -> None:
        if self._height < _BOTTOM:
            self._foot()
            self._canvas.showPage()
            self._height = _TOP

    def _foot(self) -> None:
        self._canvas.setFont(_FONT, 6)
        page = f"page {self._canvas.getPageNumber()}"
        self._canvas.drawString(_LEFT, 10 * mm, f"{self._footer}, {page}")


def _head(pages: _Pages, decided: Mapping[str, Any], manifest_sha256: str) -> None:
    session, course, decision = decided["session"], decided["course"], decided["finalization"]
    pages.line("Training record", font=_BOLD, size=14)
    pages.gap()
    pages.line(session["title"], font=_BOLD, size=11)
    pages.line(f"{course['title']}, version {course.get('version', 'none')}")
    pages.line(f"{session['startsAt']} to {session['endsAt']} ({session['timezone']})")
    trainer = session["trainer"]
    pages.line(f"Trainer: {trainer['name']} {trainer.get('qualification', '')}")
    pages.gap()
    pages.line("Signed off", font=_BOLD)
    pages.line(f"by {decision['finalizedBy']['name']} at {decision['finalizedAt']}")
    for part in _wrapped(f'meaning: "{decision["meaning"]}"'):
        pages.line(part)
    pages.gap()
    pages.line("What it rests on", font=_BOLD)
    pages.line(f"sheet: {decided['evidence']['fileName']}")
    pages.line(f"SHA-256 of the sheet: {decided['evidence']['sha256']}")
    pages.line(f"SHA-256 of the manifest: {manifest_sha256}")
    pages.line(f"SHA-256 of the audit trail up to here: {decided['auditHead']}")
    for part in _wrapped(
        "The company's key signed the manifest (ECDSA P-256). VERIFY.md says how to check sheet, "
        "manifest, signature and audit trail without this company's software."
    ):
        pages.line(part)


def _people(pages: _Pages, decided: Mapping[str, Any]) -> None:
    records = {record["personnelId"]: record for record in decided["records"]}
    counts = decided["finalization"]["counts"]
    pages.gap()
    pages.line(
        f"{len(decided['attendees'])} people: {counts['passed']} passed, "
        f"{counts['failed']} failed, {counts['absent']} absent",
        font=_BOLD,
    )
    pages.line("name", "job title", "result", "valid to", "kind", font=_BOLD)
    for person in decided["attendees"]:
        record = records.get(person["personnelId"])
        result = record["result"] if record else "absent"
        until = (record["expiryDate"] or "no expiry") if record else ""
        kind = record["kind"] if record else ""
        pages.line(person["name"], person.get("jobTitle", ""), result, until, kind)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= _LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _drawable(text: str) -> str:
    """
    *text* with "?" for letters the font lacks; manifest.json has them all.
    """
    font = pdfmetrics.getFont(_FONT)
    assert isinstance(font, TTFont)  # noqa: S101 - registered above
    known = font.face.charToGlyph
    return "".join(letter if ord(letter) in known else "?" for letter in text)
