"""A pack of the first release is still intact, and everything in it still verifies."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from functions.build_audit_pack.archive import Contents, write_archive
from functions.build_audit_pack.instructions import check as script
from shared.application.verify import verify
from shared.domain.audit import AuditEntry
from shared.domain.canonical import sha256
from shared.domain.evidence import Upload
from shared.domain.named_sheets import named_sheets
from shared.domain.seal import Seal
from testing.builders import NOW
from testing.fakes import FakeEvidence, FakeWiring
from testing.vault import PublicKey
from tests.first_release import (
    COMPETENCIES,
    DECISION,
    FULL,
    FULL_ID,
    SHEET,
    SHEET_BYTES,
    frozen,
    the_manifest,
    the_trail,
)
from tests.functions.packs import INTACT, check, check_by_commands


def the_pack() -> bytes:
    """Return the pack as it was delivered."""
    return frozen(
        "functions/pack.v1.zip",
        "b8d85922f1255e24361d20634f6fa8b07de5248c9e1419e0e53a0b2984e1dca1",
    )


@cache
def parts() -> Mapping[str, bytes]:
    """Return the files in the pack by their names."""
    with ZipFile(BytesIO(the_pack())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Unpack it."""
    with ZipFile(BytesIO(the_pack())) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_pack_of_the_first_release_checks_out_by_its_own_commands(folder: Path) -> None:
    """The commands are those that came with it."""
    said = check_by_commands(folder)

    assert said.splitlines()[-1] == INTACT


def test_pack_of_the_first_release_checks_out_by_the_script_of_today(folder: Path) -> None:
    """A session signed then can be packed again, with the script of today."""
    (folder / "verify.sh").write_bytes(script())

    said = check(folder)

    assert said.splitlines()[-1] == INTACT


def entries() -> list[AuditEntry]:
    """Return the trail in the pack."""
    lines = parts()["audit.jsonl"].decode().splitlines()
    return [
        AuditEntry(FULL_ID, json.loads(line)["sequence"], line, sha256(line.encode()))
        for line in lines
    ]


def test_frozen_files_are_of_one_session() -> None:
    """Manifest and trail in the pack are the frozen files of the same names."""
    assert parts()["manifest.json"] == the_manifest()
    assert parts()["audit.jsonl"].decode().splitlines() == the_trail()
    assert parts()["sheet.pdf"] == SHEET_BYTES


def test_pack_is_put_together_as_by_the_first_release() -> None:
    """All files have the same bytes, except for those that only people read."""
    seal = Seal(
        manifest=parts()["manifest.json"],
        signature=parts()["manifest.sig"],
        trail_signature=parts()["trail.sig"],
        public_key=parts()["public-key.pem"],
    )
    file = BytesIO()

    write_archive(Contents(FULL_ID, SHEET.content_type, seal, entries(), [SHEET_BYTES]), file)

    with ZipFile(file) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    # It drew a summary into each pack, which nothing signed.
    assert found.keys() == parts().keys() - {"summary.pdf"} | {"verify.sh"}
    assert {name for name in found if found[name] != parts().get(name)} == {
        "VERIFY.md",
        "verify.sh",
    }


def stored(world: FakeWiring) -> FakeWiring:
    """Store everything the first release had stored of the session."""
    world.sessions.put(FULL)
    world.records.add(*COMPETENCIES)
    for entry in entries():
        world.trail.add(entry)
    for part in ("manifest.json", "manifest.sig", "trail.sig", "public-key.pem"):
        key = f"seals/{FULL_ID}/{DECISION.finalization_id}/{part}"
        world.vault.put_once(key, parts()[part], "", DECISION.finalized_at)
    world.evidence, world.signatures = the_bucket(), PublicKey(parts()["public-key.pem"])
    return world


def the_bucket() -> FakeEvidence:
    """Return a bucket with every sheet that the trail names, in the versions of then."""
    bucket = FakeEvidence()
    upload = Upload(
        SHEET.upload_id,
        SHEET.key,
        SHEET.file_name,
        SHEET.content_type,
        SHEET.uploaded_at,
        SHEET.uploaded_by,
    )
    named = {sheet.version.version_id: sheet.version.key for sheet in named_sheets(entries())}
    for number in range(1, 7):
        key = named.get(f"version-{number}", "of another session")
        bucket.add(replace(upload, key=key), SHEET_BYTES if key == SHEET.key else b"")
    return bucket


def test_session_that_the_first_release_signed_verifies() -> None:
    """Sheet, manifest, signature, session, records and trail still verify in later releases."""
    verified = verify(FULL_ID, NOW, stored(FakeWiring()))

    assert [check for check in verified.checks if not check.is_intact] == []
