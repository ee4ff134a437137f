"""
What the witness has seen, in the vault.

A key tells what its object is about, so that a listing tells nearly all, and follows from it, so
that what a stream delivers twice is stored once.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from shared.application.ports.vault import Vault
from shared.domain.audit import content_of
from shared.domain.canonical import Json, canonical, moment, sha256
from shared.domain.copies import Departure, EntryRun, Receipt, Trail
from shared.domain.names import is_identifier
from shared.domain.stored_versions import StoredVersion
from shared.domain.tampering import WORDS, Change, Tampering
from shared.domain.witness import TamperNote, Witnessed, WitnessedRun

_LINES, _JSON = "application/jsonl", "application/json"
_RUN = re.compile(r".*/(\d+)-(\d+)-([0-9a-f]{64})\.jsonl")
_LISTS = re.compile(r".*/[0-9a-f]{64}\.jsonl")
_NOTE = re.compile(r".*\.([a-z-]+)\.json")
_KINDS = {kind.value: kind for kind in Tampering}


def folder_of(owner: str) -> str:
    """The id itself; of one that no request can have, a name that is no id, whatever is in it."""
    return (
        owner
        if is_identifier(owner)
        else f"sha256.{sha256(owner.encode(errors='backslashreplace'))}"
    )


class VaultWitness:
    """Implements the `Witness` and `WitnessBook` ports."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seen(self, session_id: str) -> Witnessed:
        folder = folder_of(session_id)
        entries = self._listed(f"witness/{Trail.SESSION}/{folder}/")
        receipts = self._listed(f"witness/records/{folder}/")
        notes = self._listed(f"witness/tampering/{folder}/") | self._listed(f"tampering/{folder}/")
        departures = self._listed(f"witness/departures/{folder}/")
        everything = (entries | receipts | departures | notes).items()
        return Witnessed(
            runs=tuple(_runs(entries)),
            recipients=frozenset(person for person, _ in self._told(receipts)),
            departures=Counter(person for person, _ in set(self._told(departures))),
            notes=tuple(_note(key) for key in notes),
            covered=tuple(key for key, versions in everything if len(versions) > 1),
            strays=(*_strays(entries, _RUN), *_strays(receipts | departures, _LISTS)),
        )

    def copies(self, session_id: str) -> Iterator[bytes]:
        found = self._listed(f"witness/{Trail.SESSION}/{folder_of(session_id)}/")
        return (self._first(versions) for versions in found.values())

    def note(self, note: TamperNote) -> bytes:
        return self._first(self._listed(note.key)[note.key])

    def keep_entries(self, run: EntryRun, until: datetime) -> None:
        first, last = run.entries[0], run.last
        name = f"{first.sequence:08d}-{last.sequence:08d}-{last.sha256}.jsonl"
        key = f"witness/{last.trail}/{folder_of(last.owner)}/{name}"
        self._vault.put_once(key, run.lines, _LINES, until)

    def keep_receipts(self, session_id: str, receipts: Sequence[Receipt], until: datetime) -> None:
        told = [{"personnelId": one.personnel_id, "recordId": one.record_id} for one in receipts]
        self._keep("records", session_id, told, until)

    def keep_departures(
        self, session_id: str, departures: Sequence[Departure], until: datetime
    ) -> None:
        told = [{"personnelId": one.personnel_id, "eventId": one.event_id} for one in departures]
        self._keep("departures", session_id, told, until)

    def keep_note(self, tampering: Tampering, change: Change, until: datetime) -> str:
        owner = folder_of(change.owner)
        folder = owner if change.table.owner == "sessionId" else f"course.{owner}"
        name = f"{_compact(change.at)}-{folder_of(change.event_id)}.{tampering}.json"
        key = f"witness/tampering/{folder}/{name}"
        self._vault.put_once(key, _written(note_v1(tampering, change)), _JSON, until)
        return key

    def _keep(
        self, kind: str, session_id: str, told: Iterable[dict[str, str]], until: datetime
    ) -> None:
        lines = b"".join(canonical(one) + b"\n" for one in told)
        key = f"witness/{kind}/{folder_of(session_id)}/{sha256(lines)}.jsonl"
        self._vault.put_once(key, lines, _LINES, until)

    def _listed(self, prefix: str) -> dict[str, list[StoredVersion]]:
        """The versions of each key, oldest first, in the order of keys."""
        found: dict[str, list[StoredVersion]] = {}
        for one in self._vault.versions(prefix):
            found.setdefault(one.version.key, []).append(one)
        return dict(sorted(found.items()))

    def _first(self, versions: Iterable[StoredVersion]) -> bytes:
        """What was witnessed, whatever was put over it; nothing under delete markers alone."""
        first = next((one.version for one in versions if not one.is_marker), None)
        return self._vault.read_version(first) if first else b""

    def _told(self, lists: Mapping[str, Sequence[StoredVersion]]) -> Iterator[tuple[str, str]]:
        """Each person in *lists*, and the event that told of them, if it is named."""
        for key, versions in lists.items():
            lines = self._first(versions).splitlines() if _LISTS.fullmatch(key) else ()
            for said in map(content_of, lines):
                yield str(said.get("personnelId")), str(said.get("eventId"))


def note_v1(tampering: Tampering, change: Change) -> Json:
    """The content of a tamper note, version 1. A note with other content is a new version."""
    return {
        "noteVersion": 1,
        "what": WORDS[tampering],
        "kind": tampering,
        "table": change.table,
        change.table.owner: change.owner,
        "at": moment(change.at),
        "eventId": change.event_id,
        "old": change.old,
        "new": change.new,
    }


def _written(note: Json) -> bytes:
    """*note* as canonical JSON; one that has no such form, because a letter is none, in ASCII."""
    try:
        return canonical(note)
    except UnicodeEncodeError:
        return json.dumps(note, sort_keys=True).encode()


def _runs(keys: Iterable[str]) -> Iterator[WitnessedRun]:
    for key in keys:
        if match := _RUN.fullmatch(key):
            first, last, sha256_hex = match.groups()
            yield WitnessedRun(int(first), int(last), sha256_hex)


def _strays(keys: Iterable[str], pattern: re.Pattern[str]) -> Iterator[str]:
    return (key for key in keys if not pattern.fullmatch(key))


def _note(key: str) -> TamperNote:
    match = _NOTE.fullmatch(key)
    return TamperNote(key, _KINDS.get(match[1]) if match else None)


def _compact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
