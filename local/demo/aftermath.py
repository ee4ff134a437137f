"""The act after finalizing: a finalized session cannot be changed or finalized again, only read."""

import hashlib

from local import samples
from local.demo.client import Answer
from local.demo.run import DemoRun
from local.demo.working_at_height import Finalized
from local.samples import CALLED_OFF, WORKING_AT_HEIGHT


def play(run: DemoRun, finalized: Finalized) -> None:
    _try_again(run, finalized)
    _audit(run, finalized.session_id)


def _try_again(run: DemoRun, finalized: Finalized) -> None:
    story, session_id = run.story, finalized.session_id
    story.scene("What is done is done", "Everybody tries once more.")
    records = run.admin.records(session_id)
    marks = samples.attendance(WORKING_AT_HEIGHT)
    story.refused("Finalize again", run.admin.finalize(session_id), 409)
    story.refused("Change attendance", run.trainer.save_attendance(session_id, marks), 409)
    story.refused("Replace the sheet", _upload(run, session_id), 409)
    run.register(CALLED_OFF)
    story.refused("A sheet for a cancelled session", _upload(run, run.named(CALLED_OFF)), 409)
    story.check("the records", expected=records, seen=run.admin.records(session_id))
    _repeat(run, finalized)


def _upload(run: DemoRun, session_id: str) -> Answer:
    sheet = samples.sheet_pdf()
    return run.admin.upload_sheet(session_id, "sign-in-sheet.pdf", sheet, "application/pdf")


def _repeat(run: DemoRun, finalized: Finalized) -> None:
    """A client that lost the first answer repeats the same request."""
    again = run.admin.finalize(finalized.session_id, if_match=finalized.if_match, key=finalized.key)
    run.story.check("the repeated answer", expected=finalized.answer, seen=again)
    run.story.done("Finalize repeated with the same Idempotency-Key: 200, the very same answer.")


def _audit(run: DemoRun, session_id: str) -> None:
    """An auditor does not trust a stored hash: the file itself is fetched and hashed again."""
    story, records = run.story, run.auditor.records(session_id)
    story.scene(
        "Years later, an auditor asks",
        "A short-lived link leads to the very version of the sheet that the records quote.",
    )
    found = hashlib.sha256(run.auditor.fetch_sheet(session_id)).hexdigest()
    quoted = {record["evidenceFileHash"] for record in records}
    story.check("the hash of the sheet that was fetched", expected={found}, seen=quoted)
    story.done(f"The file hashes to what all {len(records)} records say:")
    story.say(found)
