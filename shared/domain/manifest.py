"""
The manifest: one document with everything a finalization decided and was decided from.

Its SHA-256 is stored with the session and every record, and it is what is signed: with manifest,
sheet and record a reader can check that they belong together (21 CFR 11.70). A decision names the
manifest version it was written in, and is always written in that version.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.domain import manifest_v1, manifest_v2, manifest_v3
from shared.domain.canonical import Json
from shared.domain.days import TrainingDays
from shared.domain.records import Record
from shared.domain.session import Attendee, DecidedSession, Finalization, SessionDetails


class UnknownManifestVersion(Exception):
    """
    A decision names a version this release cannot write: a later release made it, or the stored
    value was changed.
    """

    def __init__(self, version: int) -> None:
        super().__init__(f"this release knows no manifest version {version}")


@dataclass(frozen=True, slots=True)
class Writer:
    """
    How one version dates the records of a session, and writes the manifest and a record; and what
    whoever finalizes in it attests to.
    """

    meaning: str
    days: Callable[[SessionDetails], TrainingDays]
    manifest: Callable[[DecidedSession, Sequence[Attendee], Sequence[Record]], Json]
    record: Callable[[Record], Json]


WRITERS = {
    1: Writer(manifest_v1.MEANING, manifest_v1.days, manifest_v1.manifest, manifest_v1.record),
    2: Writer(manifest_v2.MEANING, manifest_v2.days, manifest_v2.manifest, manifest_v2.record),
    3: Writer(manifest_v3.MEANING, manifest_v3.days, manifest_v3.manifest, manifest_v3.record),
}
# What new decisions are written in.
CURRENT_VERSION = 3


def attestation(decision: Finalization | None) -> str | None:
    """
    The words that were attested to by this decision, or that a decision made now attests to; None
    if a later release made it.
    """
    version = CURRENT_VERSION if decision is None else decision.manifest_version
    return WRITERS[version].meaning if version in WRITERS else None


def writer_of(decision: Finalization) -> Writer:
    """
    The writer of the version *decision* was made in.

    Raises:
        UnknownManifestVersion: There is none.
    """
    if decision.manifest_version not in WRITERS:
        raise UnknownManifestVersion(decision.manifest_version)
    return WRITERS[decision.manifest_version]


def manifest_of(
    decided: DecidedSession, attendees: Sequence[Attendee], records: Sequence[Record]
) -> Json:
    """
    The manifest of a decision: the same to the byte whenever it is computed.

    Raises:
        UnknownManifestVersion: The decision was made in a version this release does not know.
    """
    return writer_of(decided.decision).manifest(decided, attendees, records)
