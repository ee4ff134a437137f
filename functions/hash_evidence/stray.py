"""An object in a session's folder that is nobody's sheet leaves a note that nobody can remove."""

from typing import Protocol

from shared.application.ports.parts import WithEvidence, WithVault
from shared.domain.announcement import stray_note
from shared.domain.audit import ChangeContext
from shared.domain.evidence import StoredFile
from shared.domain.seal import years_after


class StrayPorts(WithEvidence, WithVault, Protocol):
    """The ports of a note."""

    @property
    def retention_years(self) -> int:
        """How long a note is kept."""


def leave_note(
    session_id: str, file: StoredFile, reason: str, change: ChangeContext, ports: StrayPorts
) -> None:
    """
    Note *file* under a key that follows from its own, so that a repeat finds the note written.

    There are so few such keys for a session that nobody can flood its folder of notes: a stray
    object whose place is taken by another one's note adds none, and is counted all the same.
    """
    ports.vault.put_once(
        ports.evidence.stray_note_key(session_id, file.version.key),
        stray_note(session_id, file, reason),
        "application/json",
        years_after(change.at, ports.retention_years),
    )
