"""In court: the session verifies itself, and a pack proves it to whoever trusts nobody here."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from local.demo.client import Json
from local.demo.stage import Stage
from local.demo.waiting import wait_for

PARTS = ["SHEET", "MANIFEST", "SIGNATURE", "SESSION", "RECORDS", "AUDIT_TRAIL"]


def play(stage: Stage, session_id: str) -> None:
    _verify(stage, session_id)
    with TemporaryDirectory() as home:
        folder = Path(home) / "pack"
        _check_pack(stage, session_id, folder)
        _forge_pack(stage, folder)


def _verify(stage: Stage, session_id: str) -> None:
    story = stage.story
    story.scene(
        "Is everything still as it was signed?",
        "The sheet is hashed again, the manifest computed again, the signature checked by the key.",
    )

    def signed() -> Json | None:
        found = stage.auditor.verification(session_id).expect(200).body
        return found if found["intact"] else None

    found = wait_for("the signature", signed)
    seen = [check["subject"] for check in found["checks"] if check["intact"]]
    story.check("what is intact", expected=PARTS, seen=seen)
    story.done(f"Intact: {', '.join(part.lower().replace('_', ' ') for part in PARTS)}.")


def _check_pack(stage: Stage, session_id: str, folder: Path) -> None:
    story = stage.story
    story.scene(
        "In court",
        "The other side trusts nobody here. It gets one file, and checks it with openssl and "
        "sha256sum.",
    )
    archive = folder.with_suffix(".zip")
    archive.write_bytes(stage.auditor.fetch_pack(session_id))
    shutil.unpack_archive(archive, folder)
    said = _pasted(folder)
    story.check("the last word of the commands", expected="INTACT", seen=said[-1])
    for line in said:
        story.say(line)


def _forge_pack(stage: Stage, folder: Path) -> None:
    """Let somebody who failed have passed, in the one place where it would count."""
    story, manifest = stage.story, folder / "manifest.json"
    forged = manifest.read_bytes().replace(b'"result":"FAILED"', b'"result":"PASSED"', 1)
    manifest.write_bytes(forged)
    said = _pasted(folder)
    caught = [line for line in said if line.startswith("NOT INTACT: manifest.json")]
    story.check("what the commands say of a forged pack", expected=1, seen=len(caught))
    story.check("whether it passes", expected=False, seen="INTACT" in said)
    story.done("One result changed from FAILED to PASSED, and the same commands say:")
    story.say(caught[0])


def _pasted(folder: Path) -> list[str]:
    """Paste the commands of the pack's own instructions into a shell."""
    commands = (folder / "VERIFY.md").read_text().partition("```sh\n")[2].partition("```")[0]
    ran = subprocess.run(
        ["/bin/sh", "-c", commands], cwd=folder, capture_output=True, text=True, check=False
    )
    return ran.stdout.splitlines()
