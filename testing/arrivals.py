"""Sheets that arrive on the fakes: announced in the trail first, then stored."""

from shared.domain.announcement import said_of
from shared.domain.audit import GENESIS, Action, ChainPosition, new_entry
from shared.domain.evidence import ObjectVersion, Upload
from testing.builders import SESSION_ID, a_change
from testing.fakes import FakeWiring


def announce(world: FakeWiring, upload: Upload) -> None:
    """Write the entry of the announcement, into a trail that has none but such entries yet."""
    number = 1 + len([*world.trail.entries(SESSION_ID)])
    position = ChainPosition(SESSION_ID, number, GENESIS)
    world.trail.add(
        new_entry(position, Action.SHEET_ANNOUNCED, a_change("announced"), said_of(upload))
    )


def sent(
    world: FakeWiring, upload: Upload, data: bytes, size_bytes: int | None = None
) -> ObjectVersion:
    """Announce *upload* and store *data* under its key."""
    announce(world, upload)
    return world.evidence.add(upload, data, size_bytes)
