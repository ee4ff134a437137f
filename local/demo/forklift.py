"""The second story: a competency, which a pass on the sheet alone does not grant."""

import hashlib
from datetime import date

from local import samples
from local.demo.client import Json, put_sheet
from local.demo.outcome import Expected, show_compliance, show_records
from local.demo.run import DemoRun
from local.samples import FORKLIFT

COUNTS = {"trainingRecords": 0, "competencyRecords": 6, "passed": 5, "failed": 1, "absent": 0}
PENDING = {"PASSED": "PENDING_VERIFICATION", "FAILED": "PENDING_VERIFICATION"}


def play(run: DemoRun) -> None:
    story, session_id = run.story, run.named(FORKLIFT)
    story.scene(
        "A competency",
        "Forklift operators are verified by a second person. The sheet is a phone photo, stored "
        "straight in S3: the API signs exactly this file's length, type and SHA-256.",
    )
    session = run.register(FORKLIFT)
    evidence = _store_photo(run, session_id)
    marks = samples.attendance(FORKLIFT)
    run.trainer.save_attendance(session_id, marks).expect(200)
    _finalize(run, session_id)
    expected = Expected("COMPETENCY", PENDING, "2026-11-12", "2028-11-12")
    records = show_records(run, session_id, session, evidence, expected)
    failed = [name for name, record in records.items() if record["result"] == "FAILED"]
    story.check("whose record says FAILED", expected=["Liam O'Connor"], seen=failed)
    show_compliance(run, session, date(2026, 11, 13), green=())
    story.say("Until a verifier signs off, nobody is covered.")


def _store_photo(run: DemoRun, session_id: str) -> Json:
    story, photo = run.story, samples.forklift_sheet_photo()
    place = run.trainer.announce_sheet(session_id, "forklift sheet.jpg", photo, "image/jpeg")
    put_sheet(place.expect(201).body, photo)
    evidence = run.trainer.wait_for_hash(session_id)
    expected = hashlib.sha256(photo).hexdigest()
    story.check("the state of the photo", expected="ACCEPTED", seen=evidence["state"])
    story.check("the hash of the photo", expected=expected, seen=evidence["attendanceFileHash"])
    story.done(f"Photo of {len(photo):,} bytes ACCEPTED, SHA-256 {expected[:12]}…")
    return evidence


def _finalize(run: DemoRun, session_id: str) -> None:
    answer = run.admin.finalize(session_id).expect(200)
    seen = {name: answer.body[name] for name in COUNTS}
    run.story.check("the answer to finalize", expected=COUNTS, seen=seen)
    run.story.done(f"Finalized: {seen['competencyRecords']} competency records.")
