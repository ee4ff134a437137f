"""What one reading of a sheet's bytes shows: type, size, hash, end, and whether it is encrypted."""

import hashlib

from shared.domain.endings import ending_of
from shared.domain.evidence import PDF
from shared.domain.signatures import FIRST_BYTES

# The trailer of an encrypted PDF has this entry, never compressed (ISO 32000-1, 7.5.8).
_ENCRYPT = b"/Encrypt"


class Reading:
    """A file of content type *kind*, piece by piece; nothing but a few bytes of it is kept."""

    def __init__(self, kind: str) -> None:
        self.first_bytes = b""
        self.size_bytes = 0
        self.names_encryption = False
        self._is_pdf = kind == PDF
        self._before = b""
        self._digest = hashlib.sha256()
        self._ending = ending_of(kind)

    def feed(self, piece: bytes) -> None:
        """The next bytes of the file."""
        self.first_bytes += piece[: FIRST_BYTES - len(self.first_bytes)]
        self.size_bytes += len(piece)
        self._digest.update(piece)
        if self._ending:
            self._ending.feed(piece)
        if self._is_pdf:
            self._look_for_encryption(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def ends_early(self) -> bool:
        return self._ending is not None and not self._ending.is_whole

    def _look_for_encryption(self, piece: bytes) -> None:
        seam = self._before + piece[: len(_ENCRYPT)]
        # From the end: it is faster, and a trailer is more often there.
        self.names_encryption |= _ENCRYPT in seam or piece.rfind(_ENCRYPT) >= 0
        self._before = (self._before + piece[-len(_ENCRYPT) :])[-len(_ENCRYPT) :]
