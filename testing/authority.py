"""A time-stamp authority in memory, whose stamps say what they are in plain JSON."""

import json
from datetime import UTC, datetime

from shared.domain.canonical import sha256
from shared.domain.errors import Busy
from shared.domain.time_stamp import StampRefused
from testing.builders import NOW


class FakeAuthority:
    """The `TimeStampAuthority` port; *now* is its clock, and it can be *away*."""

    def __init__(self, name: str = "the authority", now: datetime = NOW) -> None:
        self.name = name
        self.now = now
        self.is_away = False

    def stamp(self, content: bytes) -> bytes:
        """Implement the port."""
        if self.is_away:
            raise Busy
        at = self.now.astimezone(UTC).isoformat()
        return json.dumps({"by": self.name, "of": sha256(content), "at": at}).encode()

    def time_of(self, stamp: bytes, sha256_hex: str) -> datetime:
        """Implement the port."""
        try:
            said = json.loads(stamp)
        except ValueError as failure:
            raise StampRefused("it is no time stamp") from failure
        if (said["by"], said["of"]) != (self.name, sha256_hex):
            raise StampRefused("it is not by this authority, or not over this hash")
        return datetime.fromisoformat(said["at"])
