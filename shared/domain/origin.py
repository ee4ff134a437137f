"""
The origin of an entry of a trail: which function wrote it.

Beside each entry lies a MAC of its SHA-256, under a key that only the role of the function that
wrote it can get. So rights on the database alone invent no entry, and the role of one function
invents only what that function writes anyway. Who can check an origin could also make one; so only
functions check that can write no trail.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.audit import Action, AuditEntry, content_of
from shared.domain.canonical import sha256
from shared.domain.copies import NewEntry, Trail, new_entries
from shared.domain.tampering import Change, Tampering

WRITERS: Mapping[Trail, Mapping[str, str]] = {
    Trail.SESSION: {
        Action.REGISTERED: "register_session",
        Action.ATTENDANCE_SAVED: "save_attendance",
        Action.SHEET_ANNOUNCED: "upload_evidence",
        Action.SHEET_WITHDRAWN: "upload_evidence",
        Action.SHEET_ACCEPTED: "hash_evidence",
        Action.SHEET_REJECTED: "hash_evidence",
        Action.SHEET_LATE: "hash_evidence",
        Action.FINALIZED: "finalize_session",
        Action.SIGNED: "seal_session",
        Action.VERIFIED: "verify_session",
    },
    Trail.COURSE: {Action.REGISTERED: "register_course"},
}

# The key of a function, named by its folder.
KeyOf = Callable[[str], bytes]
# The origin of an entry with this SHA-256, by the function that runs.
OriginOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry is stored: in the trail of *owner*, a session or a course."""

    trail: Trail
    owner: str
    sequence: int


def origin_of(sha256_hex: str, key: bytes) -> str:
    """The origin of the entry with this SHA-256 if the function with this key writes it."""
    return hmac.digest(key, sha256_hex.encode(), "sha256").hex()


def is_genuine(place: Place, content: str, origin: str | None, key_of: KeyOf) -> bool:
    """
    True if the function that writes such entries wrote this one, for this place.

    Its own content says the place, so that a genuine entry proves nothing in another trail.
    """
    said = content_of(content)
    writer = WRITERS[place.trail].get(str(said.get("action")))
    at_home = (said.get(place.trail.owner_name), said.get("sequence")) == (
        place.owner,
        place.sequence,
    )
    if writer is None or origin is None or not at_home:
        return False
    expected = origin_of(sha256(content.encode()), key_of(writer))
    return hmac.compare_digest(expected.encode(), origin.encode())


def invented(change: Change, key_of: KeyOf) -> Tampering | None:
    """What a change is if it is a new entry that the function of such entries did not write."""
    for entry in new_entries([change]):
        if not is_genuine(_place_of(entry), entry.content, entry.origin, key_of):
            return Tampering.ENTRY_INVENTED
    return None


def origin_faults(entries: Sequence[AuditEntry], key_of: KeyOf) -> tuple[str, ...]:
    """
    Name the entries of a session's trail that were not written by the function of such entries.

    Entries before the first one with an origin were written before there were any.
    """
    start = next((entry.sequence for entry in entries if entry.origin is not None), None)
    return tuple(
        f"entry {entry.sequence} was not written by the function that writes such entries"
        for entry in entries
        if start is not None and entry.sequence >= start and not _is_genuine(entry, key_of)
    )


def _is_genuine(entry: AuditEntry, key_of: KeyOf) -> bool:
    place = Place(Trail.SESSION, entry.session_id, entry.sequence)
    return is_genuine(place, entry.content, entry.origin, key_of)


def _place_of(entry: NewEntry) -> Place:
    return Place(entry.trail, entry.owner, entry.sequence)
