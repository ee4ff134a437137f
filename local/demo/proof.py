"""In court: the API verifies the session, and a pack proves it without this company's software."""

import shutil
import subprocess
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from local.demo.client import Json
from local.demo.run import DemoRun
from local.demo.waiting import wait_for

PARTS = [
    "SHEET",
    "MANIFEST",
    "SIGNATURE",
    "SESSION",
    "RECORDS",
    "AUDIT_TRAIL",
    "SEAL",
    "WITNESS",
    "TIME_STAMP",
]

# Entries after the signature, and VERIFY.md with the script itself.
LEFT_OUT = ["entries", "VERIFY.md,"]
COVERED = ["sheet", "manifest", "summary", "audit trail", "the witness's copy of it", "time stamp"]


def play(run: DemoRun, session_id: str) -> None:
    _verify(run, session_id)
    with TemporaryDirectory() as home:
        folder = Path(home) / "pack"
        _check_pack(run, session_id, folder)
        _forge_pack(run, folder)


def _verify(run: DemoRun, session_id: str) -> None:
    story = run.story
    story.scene(
        "Is everything still as it was signed?",
        "The sheet is hashed again, the manifest computed again, the signature checked by the key.",
    )

    def stamped() -> Json | None:
        answer = run.auditor.verification(session_id).expect(HTTPStatus.OK, HTTPStatus.CONFLICT)
        if answer.status == HTTPStatus.CONFLICT:
            return None
        is_stamped = _stamp(answer.body).startswith("it was stamped")
        return answer.body if answer.body["intact"] and is_stamped else None

    found = wait_for("signature and time stamp", stamped)
    seen = [check["subject"] for check in found["checks"] if check["intact"]]
    story.check("what is intact", expected=PARTS, seen=seen)
    story.done(f"Intact: {', '.join(part.lower().replace('_', ' ') for part in PARTS)}.")
    story.say(f"Of the time, an authority (here one of the demo's own) says: {_stamp(found)}.")


def _stamp(verification: Json) -> str:
    """Return what is said of the time stamp."""
    notes = {check["subject"]: check.get("notes", []) for check in verification["checks"]}
    return str(notes["TIME_STAMP"][0])


def _check_pack(run: DemoRun, session_id: str, folder: Path) -> None:
    story = run.story
    story.scene(
        "In court",
        "The other side trusts nobody here. It gets one file, and checks it with a shell and "
        "openssl.",
    )
    archive = folder.with_suffix(".zip")
    archive.write_bytes(wait_for("the pack", lambda: run.auditor.fetch_pack(session_id)))
    shutil.unpack_archive(archive, folder)
    said = _checked(folder)
    story.check("the last word of the check", expected="INTACT", seen=said[-1])
    story.check("what the check does not cover", expected=LEFT_OUT, seen=_not_covered(said))
    story.done(f"Covered: {', '.join(COVERED)}.")
    for line in said:
        story.say(line)


def _not_covered(said: list[str]) -> list[str]:
    lines = (line.partition(": ") for line in said)
    return [what.split(" ")[0] for word, _, what in lines if word == "Not covered"]


def _forge_pack(run: DemoRun, folder: Path) -> None:
    """Forge the manifest: a person who failed has passed."""
    story, manifest = run.story, folder / "manifest.json"
    forged = manifest.read_bytes().replace(b'"result":"FAILED"', b'"result":"PASSED"', 1)
    manifest.write_bytes(forged)
    *said, last = _checked(folder)
    fault = "manifest.json is not what was signed"
    story.check("what the check names in a forged pack", expected=True, seen=fault in said)
    story.check("its last word then", expected="NOT INTACT", seen=last)
    story.done("One result changed from FAILED to PASSED, and the same check says:")
    story.say(f"{fault}: {last}")


def _checked(folder: Path) -> list[str]:
    """Return what the pack's own check says."""
    ran = subprocess.run(
        ["/bin/sh", "verify.sh"], cwd=folder, capture_output=True, text=True, check=False
    )
    return ran.stdout.splitlines()
