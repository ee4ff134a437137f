"""
Version 3 of the manifest: all that version 2 says, and which software decided.

It rests on the writers of version 2 because those never change. Once it is released, its own output
never changes either (docs/decisions/0026).
"""

from collections.abc import Sequence

from shared.domain import manifest_v2
from shared.domain.canonical import Json
from shared.domain.records import Record
from shared.domain.release import Release
from shared.domain.session import Attendee, DecidedSession

MEANING = manifest_v2.MEANING

days = manifest_v2.days
record = manifest_v2.record


def manifest(
    decided: DecidedSession, attendees: Sequence[Attendee], records: Sequence[Record]
) -> Json:
    """The whole document."""
    return {
        **manifest_v2.manifest(decided, attendees, records),
        "manifestVersion": 3,
        "release": _release(decided.decision.release or Release()),
    }


def _release(release: Release) -> Json:
    """No name here is "sha256" alone: the check of a pack finds the sheet's hash by that."""
    return {
        "version": release.version,
        "python": release.python,
        "architecture": release.architecture,
        "functionSha256": release.function_sha256,
        "layerSha256": release.layer_sha256,
    }
