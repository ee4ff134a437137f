"""The port to a time-stamp authority, which says outside of the company when something existed."""

from datetime import datetime
from typing import Protocol


class TimeStampAuthority(Protocol):
    def stamp(self, content: bytes) -> bytes:
        """
        The authority's answer, checked: a stamp of the SHA-256 of *content*, with certificates.

        Raises:
            Busy: The authority does not answer.
            StampRefused: It does not grant one, or what it sent is not what was asked for.
        """

    def time_of(self, stamp: bytes, sha256_hex: str) -> datetime:
        """
        The moment, in UTC, from which on the authority vouches for this SHA-256.

        Raises:
            StampRefused: It is no stamp of this SHA-256, or of another authority.
        """
