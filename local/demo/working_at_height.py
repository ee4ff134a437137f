"""The main story: a session on paper becomes records, and the crew's compliance follows."""

import secrets
from dataclasses import dataclass
from datetime import date

from local import samples
from local.demo import preparation
from local.demo.client import Answer, Json
from local.demo.outcome import Expected, show_compliance, show_days, show_records
from local.demo.stage import Stage
from local.samples import WORKING_AT_HEIGHT, Session

# What must come of the sample sheet, written down here and computed by nothing under test.
ABSENT, FAILED = {"Goran Petrovic"}, {"Emre Yildiz", "Nguyen Van Thanh"}
COUNTS = {"trainingRecords": 13, "competencyRecords": 0, "passed": 11, "failed": 2, "absent": 1}
RECORD = Expected(
    kind="TRAINING",
    status={"PASSED": "PASSED", "FAILED": "FAILED"},
    session_date="2026-11-10",
    expiry_date="2027-11-10",
)
LATER = {
    date(2027, 10, 10): "GREEN",
    date(2027, 10, 11): "AMBER",
    date(2027, 11, 10): "AMBER",
    date(2027, 11, 11): "RED",
}


@dataclass(frozen=True)
class Finalized:
    """A finalized session, and the request and answer that made it so."""

    session_id: str
    if_match: str
    key: str
    answer: Answer


def play(stage: Stage) -> Finalized:
    session_id = stage.named(WORKING_AT_HEIGHT)
    session = preparation.register(stage)
    preparation.finalize_without_sheet(stage, session_id)
    evidence = preparation.upload_sheet(stage, session_id)
    stale = stage.admin.session(session_id).expect(200).etag
    preparation.draft_attendance(stage, session_id)
    _refuse_stale_view_and_trainer(stage, session_id, stale)
    finalized = _finalize(stage, session_id)
    _show_records(stage, session, evidence)
    _show_compliance(stage, session)
    _look_ahead(stage, session)
    return finalized


def _refuse_stale_view_and_trainer(stage: Stage, session_id: str, stale: str) -> None:
    story, marks = stage.story, samples.attendance(WORKING_AT_HEIGHT)
    story.scene(
        "Who may, and on what view",
        "The admin still has the page from before lunch open. The trainer tries the big button.",
    )
    outdated = stage.admin.save_attendance(session_id, marks[:1], if_match=stale)
    story.refused("Saving on a page that is out of date", outdated, 412)
    story.refused("A trainer presses Finalize", stage.trainer.finalize(session_id), 403)


def _finalize(stage: Stage, session_id: str) -> Finalized:
    story = stage.story
    story.scene("Finalize", "One transaction, all or nothing. The number shown is what is written.")
    view = stage.admin.session(session_id).expect(200)
    preview = view.body["finalization"]["preview"]
    story.check("the preview", expected=COUNTS, seen={name: preview[name] for name in COUNTS})
    story.say(
        f"[bold]This will generate {preview['trainingRecords']} Training Records. "
        "This action cannot be undone.[/]"
    )
    key = secrets.token_urlsafe()
    answer = stage.admin.finalize(session_id, if_match=view.etag, key=key).expect(200)
    seen = {name: answer.body[name] for name in COUNTS}
    story.check("the answer to finalize", expected=COUNTS, seen=seen)
    story.check("the status", expected="COMPLETED", seen=answer.body["status"])
    story.done(f"COMPLETED at {answer.body['finalizedAt']}")
    story.done(f"by {answer.body['finalizedBy']['name']}")
    return Finalized(session_id, view.etag, key, answer)


def _show_records(stage: Stage, session: Session, evidence: Json) -> None:
    stage.story.scene(
        "The records",
        "One for everybody who was there, pass or fail, each quoting the one sheet by its hash.",
    )
    records = show_records(stage, stage.named(WORKING_AT_HEIGHT), session, evidence, RECORD)
    failed = {name for name, record in records.items() if record["result"] == "FAILED"}
    present = {person["name"] for person in session["attendees"]} - ABSENT
    stage.story.check("who has a record", expected=present, seen=set(records))
    stage.story.check("whose record says FAILED", expected=FAILED, seen=failed)
    stage.story.check(
        "a remark",
        expected="Left before the rescue exercise.",
        seen=records["Nguyen Van Thanh"]["remarks"],
    )
    stage.story.done("No record for Goran Petrovic: he was not there.")


def _show_compliance(stage: Stage, session: Session) -> None:
    stage.story.scene(
        "Compliance follows", "An event asks for everybody on the roster to be judged anew."
    )
    green = {person["name"] for person in session["attendees"]} - ABSENT - FAILED
    show_compliance(stage, session, date(2026, 11, 11), green)


def _look_ahead(stage: Stage, session: Session) -> None:
    stage.story.say(
        "The colour is a matter of the day it is asked for; nobody has to press anything:"
    )
    show_days(stage, session["attendees"][0], session["courseId"], LATER)
