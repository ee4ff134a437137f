"""The audit pack: what is in it, and when it is given."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from functions.build_audit_pack.use_case import build_audit_pack
from shared.domain.audit import AuditEntry
from shared.domain.canonical import canonical, sha256
from shared.domain.errors import NotFound, SealPending, SessionNotFinalized
from shared.domain.seal_folder import SealPart
from shared.domain.session import SessionStatus
from shared.domain.tampering import Change, Table, Tampering
from shared.storage.witness import VaultWitness
from testing.builders import (
    NOW,
    PDF_BYTES,
    SESSION_ID,
    a_change,
    a_run,
    attendees,
)
from testing.vault import FakeVault
from tests.functions.packs import INTACT, NOT_INTACT, check, packed, unpack
from tests.functions.sealed import Sealed

NAMES = {
    "VERIFY.md",
    "verify.sh",
    "manifest.json",
    "manifest.sig",
    "trail.sig",
    "public-key.pem",
    "audit.jsonl",
    "witness.jsonl",
    "sheet.pdf",
    "summary.pdf",
    "summary.sig",
}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack of a session with a few entries."""
    return unpack(Sealed(), tmp_path_factory.mktemp("pack"))


def test_pack_holds_everything(pristine: Path) -> None:
    """A pack holds sheet, manifest, signatures, key, trail, its copy, summary, and how to check."""
    assert {path.name for path in pristine.iterdir()} == NAMES
    assert (pristine / "sheet.pdf").read_bytes() == PDF_BYTES


def test_pack_of_a_session_with_a_late_sheet_checks_out(tmp_path: Path) -> None:
    """A note after the signature is the next entry of the chain."""
    sealed = Sealed()
    sealed.note_late()

    said = check(unpack(sealed, tmp_path))

    assert "entries after the signature (here 1) and notes of tampering (here 0)" in said
    assert said.splitlines()[-1] == INTACT


def test_pack_has_a_trail_of_canonical_lines(pristine: Path) -> None:
    """Each line is an entry, byte for byte as it was hashed."""
    lines = (pristine / "audit.jsonl").read_bytes().splitlines()

    assert [canonical(json.loads(line)) for line in lines] == lines
    assert [json.loads(line)["action"] for line in lines] == ["REGISTERED", "FINALIZED", "SIGNED"]


def test_pack_has_a_name_that_cannot_be_guessed() -> None:
    """Its name under packs/ is random, and the bucket deletes it after a day."""
    (key,) = packed(Sealed())

    assert key == f"packs/{SESSION_ID}/fin-1/token/audit-pack.zip"


@pytest.mark.parametrize(
    "part",
    SealPart,
)
def test_pack_waits_for_the_signature(part: SealPart) -> None:
    """A pack without a signature would prove nothing."""
    sealed = Sealed()
    del sealed.world.vault.objects[sealed.key(part)]

    with pytest.raises(SealPending):
        packed(sealed)


def test_pack_of_a_session_that_is_not_finalized_is_refused() -> None:
    """Nothing about it is final yet."""
    sealed = Sealed()
    sealed.store(status=SessionStatus.FINALIZING)

    with pytest.raises(SessionNotFinalized):
        packed(sealed)


def test_pack_of_an_unknown_session_is_not_found() -> None:
    """Without a session there is nothing to pack."""
    sealed = Sealed()
    world = sealed.world

    with pytest.raises(NotFound):
        build_audit_pack("nowhere", "token", NOW, world, BytesIO)


def test_pack_waits_for_the_witness() -> None:
    """An entry that is not copied yet would make a pack that never checks out."""
    sealed = Sealed()
    sealed.world.witness = VaultWitness(FakeVault())

    with pytest.raises(SealPending):
        packed(sealed)


def test_pack_takes_an_entry_that_is_copied_in_the_meantime(tmp_path: Path) -> None:
    """The copy takes a second or two, for which nobody has to come again."""
    sealed = Sealed()
    witness = sealed.world.witness
    sealed.world.witness = VaultWitness(FakeVault())

    def come_back(_: int) -> None:
        sealed.world.witness = witness

    sealed.world.pause = come_back

    assert check(unpack(sealed, tmp_path)).splitlines()[-1] == INTACT


def test_pack_does_not_wait_for_ever_for_a_copy(tmp_path: Path) -> None:
    """A trail that the witness never saw is given out, and its own check says so."""
    sealed = Sealed()
    sealed.world.witness = VaultWitness(FakeVault())

    said = check(unpack(sealed, tmp_path, NOW + timedelta(hours=1)))

    assert "witness.jsonl lacks the entry of the decision" in said
    assert said.splitlines()[-1] == NOT_INTACT


def test_pack_has_each_witnessed_line_once_and_in_order(tmp_path: Path) -> None:
    """Copies may overlap: a stream delivers late, twice, and in another order."""
    sealed = Sealed()
    first, second, third = sealed.entries()
    for run in ((second, third), (first, second, third)):
        sealed.world.witness.keep_entries(a_run(*run), NOW)

    folder = unpack(sealed, tmp_path)

    assert (folder / "witness.jsonl").read_bytes() == (folder / "audit.jsonl").read_bytes()


def test_pack_is_built_whatever_was_put_into_the_trail(tmp_path: Path) -> None:
    """An entry that is none is witnessed like any other, and keeps no pack from being given."""
    sealed = Sealed()
    for number, content in ((4, "{}"), (5, "no JSON\nand two lines")):
        entry = AuditEntry(SESSION_ID, number, content, sha256(content.encode()))
        sealed.world.trail.add(entry)

    assert check(unpack(sealed, tmp_path)).splitlines()[-1] == NOT_INTACT


def test_pack_of_a_session_that_was_tampered_with_says_so(tmp_path: Path) -> None:
    """The notes are in it, with the item as it was, and no check of it ends well."""
    sealed = Sealed()
    change = Change(Table.SESSIONS, "ab12", NOW, {"sessionId": SESSION_ID, "title": "Old"}, None)
    sealed.world.witness.keep_note(Tampering.SESSION_REMOVED, change, NOW)

    folder = unpack(sealed, tmp_path)

    (note,) = (folder / "tampering.jsonl").read_text().splitlines()
    assert json.loads(note)["old"]["title"] == "Old"
    said = check(folder)
    assert "tampering.jsonl tells of changes" in said
    assert "notes of tampering (here 1). That none was taken out" in said
    assert said.splitlines()[-1] == NOT_INTACT


def test_pack_names_each_of_many_tamper_notes(tmp_path: Path) -> None:
    """The first are shown whole, the others by their keys: no flood of them prevents a pack."""
    sealed = Sealed()
    for number in range(30):
        change = Change(Table.SESSIONS, f"event{number}", NOW, {"sessionId": SESSION_ID}, None)
        sealed.world.witness.keep_note(Tampering.SESSION_REMOVED, change, NOW)

    folder = unpack(sealed, tmp_path)

    notes = [json.loads(line) for line in (folder / "tampering.jsonl").read_text().splitlines()]
    assert ["note" in note for note in notes] == [False] * 20 + [True] * 10
    assert len({note["note"] for note in notes[20:]}) == 10


def test_pack_of_a_session_with_a_second_seal_says_so(tmp_path: Path) -> None:
    """It has the true one, and names what lies beside and over it."""
    sealed = Sealed()
    sealed.world.vault.put_once(f"seals/{SESSION_ID}/fin-2/manifest.json", b"{}", "", NOW)
    sealed.world.vault.overwrite(sealed.key(SealPart.MANIFEST), b"{}")

    folder = unpack(sealed, tmp_path)

    assert (folder / "manifest.json").read_bytes() == sealed.plan.manifest
    assert len((folder / "tampering.jsonl").read_text().splitlines()) == 2
    assert check(folder).splitlines()[-1] == NOT_INTACT


@pytest.mark.torture
def test_pack_of_ten_thousand_people_checks_out(tmp_path: Path) -> None:
    """A session may have this many people."""
    sealed = Sealed(people=attendees(10_000))

    folder = unpack(sealed, tmp_path)

    assert check(folder).splitlines()[-1] == INTACT
    assert a_change().request_id in (folder / "audit.jsonl").read_text()
