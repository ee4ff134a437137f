"""Afterwards: what is done cannot be done again or changed, only looked at."""

import hashlib

from local import samples
from local.demo.client import Answer
from local.demo.stage import Stage
from local.demo.working_at_height import Finalized
from local.samples import CALLED_OFF, WORKING_AT_HEIGHT


def play(stage: Stage, finalized: Finalized) -> None:
    _try_again(stage, finalized)
    _audit(stage, finalized.session_id)


def _try_again(stage: Stage, finalized: Finalized) -> None:
    story, session_id = stage.story, finalized.session_id
    story.scene("What is done is done", "Everybody tries once more.")
    records = stage.admin.records(session_id)
    marks = samples.attendance(WORKING_AT_HEIGHT)
    story.refused("Finalize again", stage.admin.finalize(session_id), 409)
    story.refused("Change attendance", stage.trainer.save_attendance(session_id, marks), 409)
    story.refused("Replace the sheet", _upload(stage, session_id), 409)
    stage.register(CALLED_OFF)
    story.refused("A sheet for a cancelled session", _upload(stage, stage.named(CALLED_OFF)), 409)
    story.check("the records", expected=records, seen=stage.admin.records(session_id))
    _repeat(stage, finalized)


def _upload(stage: Stage, session_id: str) -> Answer:
    sheet = samples.sheet_pdf()
    return stage.admin.upload_sheet(session_id, "sign-in-sheet.pdf", sheet, "application/pdf")


def _repeat(stage: Stage, finalized: Finalized) -> None:
    """A client that lost the first answer sends the very same request again."""
    again = stage.admin.finalize(
        finalized.session_id, if_match=finalized.if_match, key=finalized.key
    )
    stage.story.check("the repeated answer", expected=finalized.answer, seen=again)
    stage.story.done("Finalize repeated with the same Idempotency-Key: 200, the very same answer.")


def _audit(stage: Stage, session_id: str) -> None:
    """An auditor trusts nobody's hash: the file itself is fetched and hashed once more."""
    story, records = stage.story, stage.auditor.records(session_id)
    story.scene(
        "Years later, an auditor asks",
        "A short-lived link leads to the very version of the sheet that the records quote.",
    )
    found = hashlib.sha256(stage.auditor.fetch_sheet(session_id)).hexdigest()
    quoted = {record["evidenceFileHash"] for record in records}
    story.check("the hash of the sheet that was fetched", expected={found}, seen=quoted)
    story.done(f"The file hashes to what all {len(records)} records say:")
    story.say(found)
