"""
Whether a file ends where its own format says it ends.

A scan that was cut off, by a camera that ran empty or a share that was still copying, begins well
and opens in most programs, but a part of the sheet is missing.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, Protocol

from shared.domain.evidence import HEIC, JPEG, PDF, PNG, TIFF, WEBP


class Ending(Protocol):
    """Follows a file piece by piece; nothing but a few bytes is kept."""

    def feed(self, piece: bytes) -> None:
        """The next bytes of the file."""

    @property
    def is_whole(self) -> bool:
        """After the last piece: whether the file reached the end of its format."""


def ending_of(kind: str) -> Ending | None:
    """What follows a file of this content type; None if it is not the type of a sheet."""
    begin = _ENDINGS.get(kind)
    return begin() if begin else None


class _PdfTail:
    """`%%EOF` stands in the last 1,024 bytes (ISO 32000-1, Annex H.3.4.4); what follows is lost."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        self._tail = (self._tail + piece[-1024:])[-1024:]

    @property
    def is_whole(self) -> bool:
        return b"%%EOF" in self._tail


class _PngChunks:
    """The last chunk is IEND: no data, and so always the same twelve bytes."""

    _END = b"\0\0\0\0IEND\xae\x42\x60\x82"

    def __init__(self) -> None:
        self._rest = b""
        self.is_whole = False

    def feed(self, piece: bytes) -> None:
        data = self._rest + piece
        self.is_whole = self.is_whole or self._END in data
        self._rest = data[1 - len(self._END) :]


class _JpegSegments:
    """
    The end mark follows the last scan.

    A preview among the metadata has an end mark of its own, so segments are passed by their
    lengths. After the end phones put more, such as a video; that is not looked at.
    """

    # In a scan, 0xFF00 is data and 0xFFD0 to 0xFFD7 only restart it.
    _MARK = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
    _END = b"\xd9"

    def __init__(self) -> None:
        self._rest = b""
        self._ahead = 0
        self.is_whole = False

    def feed(self, piece: bytes) -> None:
        passed = min(self._ahead, len(piece))
        self._ahead -= passed
        data, at = self._rest + piece[passed:], 0
        while mark := self._MARK.search(data, at):
            if self.is_whole or mark[1] == self._END:
                self.is_whole = True
                return
            if len(data) < mark.end() + 2:
                self._rest = data[mark.start() :]
                return
            at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2], "big")
        self._ahead += max(at - len(data), 0)
        self._rest = b"\xff" if data[at:].endswith(b"\xff") else b""


class _HeicBoxes:
    """Each box says how long it is, so the file ends where its last box ends."""

    # Size and type; a box of more than 4 GiB has its size behind them.
    _HEAD, _LARGE_HEAD = 8, 16

    def __init__(self) -> None:
        self._rest = b""
        self._ahead = 0
        self._decided: bool | None = None

    def feed(self, piece: bytes) -> None:
        passed = min(self._ahead, len(piece))
        self._ahead -= passed
        data, at = self._rest + piece[passed:], 0
        while self._decided is None and (size := self._size(data[at : at + self._LARGE_HEAD])):
            at += size
        self._ahead += max(at - len(data), 0)
        self._rest = data[at : at + self._LARGE_HEAD]

    @property
    def is_whole(self) -> bool:
        reached = self._ahead == 0 and not self._rest
        return reached if self._decided is None else self._decided

    def _size(self, head: bytes) -> int:
        """The size of the box that begins with *head*; 0 if that cannot be said, or not yet."""
        if len(head) < self._HEAD:
            return 0
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            return int.from_bytes(head[8:], "big") if len(head) == self._LARGE_HEAD else 0
        if size < self._HEAD:
            # Zero: the box reaches to the end of the file, wherever that is.
            self._decided = size == 0
            return 0
        return size


class _SaidLength:
    """The first eight bytes say how far the file reaches at least."""

    def __init__(self, least: Callable[[bytes], int]) -> None:
        self._least = least
        self._head = b""
        self._size = 0

    def feed(self, piece: bytes) -> None:
        self._head = (self._head + piece[:8])[:8]
        self._size += len(piece)

    @property
    def is_whole(self) -> bool:
        return self._size >= self._least(self._head)


def _webp_length(head: bytes) -> int:
    return 8 + int.from_bytes(head[4:8], "little")


def _tiff_length(head: bytes) -> int:
    """
    Up to the directory of the first page, which scanners write after it. Where it comes first, the
    end is not noticed: that would need its offsets, and reading back.
    """
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    return 2 + int.from_bytes(head[4:8], order)


_ENDINGS: Mapping[str, Callable[[], Ending]] = {
    PDF: _PdfTail,
    PNG: _PngChunks,
    JPEG: _JpegSegments,
    HEIC: _HeicBoxes,
    WEBP: partial(_SaidLength, _webp_length),
    TIFF: partial(_SaidLength, _tiff_length),
}
