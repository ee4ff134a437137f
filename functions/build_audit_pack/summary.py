"""
The summary of a pack for reading: who was there, what came of it, and what was signed.

Drawn line by line, which takes 10,000 people a second or two.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

from pydyf import PDF, Array, Dictionary, Stream, String

# Two of the fonts every reader has, so that none is carried along; measures are in points.
_FONTS = {"F1": "/Helvetica", "F2": "/Helvetica-Bold"}
_PLAIN, _BOLD = _FONTS
_WIDTH, _HEIGHT = 595, 842
_LEFT, _TOP, _BOTTOM, _FOOT = 50, 790, 50, 28
_LINE, _SIZE = 13, 8
_COLUMNS, _CELL_LETTERS = (_LEFT, 225, 335, 400, 475), (38, 24, 12, 14, 14)
_LETTERS = 105


def write_summary(manifest: bytes, manifest_sha256: str, file: IO[bytes]) -> None:
    """
    Write the summary of *manifest* as PDF.
    """
    decided = json.loads(manifest)
    pages = _Pages(manifest_sha256)
    _head(pages, decided, manifest_sha256)
    _people(pages, decided)
    pages.write(file)


class _Pages:
    """
    Lines of text, from page to page.
    """

    def __init__(self, manifest_sha256: str) -> None:
        self._footer = f"Summary of the manifest with SHA-256 {manifest_sha256}"
        self._pdf = PDF()
        fonts = {name: self._font(base) for name, base in _FONTS.items()}
        self._resources = Dictionary({"Font": Dictionary(fonts)})
        self._number = 0
        self._begin()

    def line(self, *cells: str, font: str = _PLAIN, size: int = _SIZE) -> None:
        if self._y < _BOTTOM:
            self._end()
            self._begin()
        limits = _CELL_LETTERS if len(cells) > 1 else (_LETTERS,)
        for x, text, letters in zip(_COLUMNS, cells, limits, strict=False):
            self._show(x, self._y, text[:letters], font, size)
        self._y -= _LINE

    def gap(self) -> None:
        self._y -= _LINE

    def write(self, file: IO[bytes]) -> None:
        self._end()
        self._pdf.write(file)

    def _font(self, base: str) -> bytes:
        description = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": base}
        font = Dictionary({**description, "Encoding": "/WinAnsiEncoding"})
        self._pdf.add_object(font)
        reference: bytes = font.reference
        return reference

    def _show(self, x: int, y: int, text: str, font: str, size: int) -> None:
        self._page.begin_text()
        self._page.set_font_size(font, size)
        self._page.set_text_matrix(1, 0, 0, 1, x, y)
        self._page.show_text_string(String(_drawable(text)))
        self._page.end_text()

    def _begin(self) -> None:
        self._page = Stream(compress=True)
        self._number += 1
        self._y = _TOP

    def _end(self) -> None:
        self._show(_LEFT, _FOOT, f"{self._footer}, page {self._number}", _PLAIN, 6)
        self._pdf.add_object(self._page)
        self._pdf.add_page(
            Dictionary(
                {
                    "Type": "/Page",
                    "Parent": self._pdf.pages.reference,
                    "MediaBox": Array([0, 0, _WIDTH, _HEIGHT]),
                    "Resources": self._resources,
                    "Contents": self._page.reference,
                }
            )
        )


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


def _drawable(text: str) -> bytes:
    """
    *text* in the letters of western Europe, with "?" for others; manifest.json has them all.
    """
    return " ".join(text.split()).encode("cp1252", "replace")
