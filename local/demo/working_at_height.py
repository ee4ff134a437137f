"""The main story: a session on paper becomes records, and the crew's compliance follows."""

import secrets
from dataclasses import dataclass
from datetime import date

from local import samples
from local.demo import preparation
from local.demo.client import Answer, Json
from local.demo.outcome import Expected, show_compliance, show_days, show_records
from local.demo.run import DemoRun
from local.samples import WORKING_AT_HEIGHT, Session

# The expected results of the sample sheet, written by hand and not computed by the code under test.
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
    """A finalized session, with the request and the answer of finalizing."""

    session_id: str
    if_match: str
    key: str
    answer: Answer


def play(run: DemoRun) -> Finalized:
    session_id = run.named(WORKING_AT_HEIGHT)
    session = preparation.register(run)
    preparation.finalize_without_sheet(run, session_id)
    evidence = preparation.upload_sheet(run, session_id)
    stale = _warn_of_an_empty_grid(run, session_id)
    preparation.draft_attendance(run, session_id)
    _refuse_stale_view_and_trainer(run, session_id, stale)
    finalized = _finalize(run, session_id)
    _show_records(run, session, evidence)
    _show_compliance(run, session)
    _look_ahead(run, session)
    return finalized


def _warn_of_an_empty_grid(run: DemoRun, session_id: str) -> str:
    """Look at the session before anybody is marked, and return the tag of that view."""
    view = run.admin.session(session_id).expect(200)
    warnings = {one["slug"]: one["detail"] for one in view.body["finalization"]["warnings"]}
    run.story.check("that nobody is marked", expected=True, seen="nobody-marked" in warnings)
    run.story.done(f"A warning, not a refusal: {warnings['nobody-marked']}")
    return view.etag


def _refuse_stale_view_and_trainer(run: DemoRun, session_id: str, stale: str) -> None:
    story, marks = run.story, samples.attendance(WORKING_AT_HEIGHT)
    story.scene(
        "Who may, and on what view",
        "The admin still has the page from before lunch open. The trainer tries the big button.",
    )
    outdated = run.admin.save_attendance(session_id, marks[:1], if_match=stale)
    story.refused("Saving on a page that is out of date", outdated, 412)
    story.refused("A trainer presses Finalize", run.trainer.finalize(session_id), 403)


def _finalize(run: DemoRun, session_id: str) -> Finalized:
    story = run.story
    story.scene("Finalize", "One transaction, all or nothing. The number shown is what is written.")
    view = run.admin.session(session_id).expect(200)
    preview = view.body["finalization"]["preview"]
    story.check("the preview", expected=COUNTS, seen={name: preview[name] for name in COUNTS})
    story.say(
        f"[bold]This will generate {preview['trainingRecords']} Training Records. "
        "This action cannot be undone.[/]"
    )
    attestation = view.body["finalization"]["attestation"]
    story.check("what is attested to", expected="I attest", seen=attestation[:8])
    story.say(f'Who presses Finalize reads first what it means: "{attestation}"')
    key = secrets.token_urlsafe()
    answer = run.admin.finalize(session_id, if_match=view.etag, key=key).expect(200)
    seen = {name: answer.body[name] for name in COUNTS}
    story.check("the answer to finalize", expected=COUNTS, seen=seen)
    story.check("the status", expected="COMPLETED", seen=answer.body["status"])
    story.done(f"COMPLETED at {answer.body['finalizedAt']}")
    story.done(f"by {answer.body['finalizedBy']['name']}")
    return Finalized(session_id, view.etag, key, answer)


def _show_records(run: DemoRun, session: Session, evidence: Json) -> None:
    run.story.scene(
        "The records",
        "One for everybody who was there, pass or fail, each quoting the one sheet by its hash.",
    )
    records = show_records(run, run.named(WORKING_AT_HEIGHT), session, evidence, RECORD)
    failed = {name for name, record in records.items() if record["result"] == "FAILED"}
    present = {person["name"] for person in session["attendees"]} - ABSENT
    run.story.check("who has a record", expected=present, seen=set(records))
    run.story.check("whose record says FAILED", expected=FAILED, seen=failed)
    run.story.check(
        "a remark",
        expected="Left before the rescue exercise.",
        seen=records["Nguyen Van Thanh"]["remarks"],
    )
    run.story.done("No record for Goran Petrovic: he was not there.")


def _show_compliance(run: DemoRun, session: Session) -> None:
    run.story.scene(
        "Compliance follows", "An event asks for everybody on the roster to be judged anew."
    )
    green = {person["name"] for person in session["attendees"]} - ABSENT - FAILED
    show_compliance(run, session, date(2026, 11, 11), green)


def _look_ahead(run: DemoRun, session: Session) -> None:
    run.story.say(
        "The colour is a matter of the day it is asked for; nobody has to press anything:"
    )
    show_days(run, session["attendees"][0], session["courseId"], LATER)
