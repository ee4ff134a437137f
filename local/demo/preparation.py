"""The act before finalizing: a planned session, its signed sheet, and drafted attendance."""

import hashlib
from collections.abc import Sequence

from local import samples
from local.demo.client import Json
from local.demo.run import DemoRun
from local.samples import WORKING_AT_HEIGHT, Course, Mark, Session


def register(run: DemoRun) -> Session:
    story = run.story
    story.scene("A session is planned", "The admin registers three courses and one session.")
    for course_id, course in run.courses().items():
        run.admin.put_course(course_id, course).expect(200)
    session = run.register(WORKING_AT_HEIGHT)
    people = session["attendees"]
    story.check("the size of the crew", expected=14, seen=len(people))
    story.table(
        ("Course", "Valid for", "Verification"),
        (_course_in_words(course) for course in samples.courses().values()),
    )
    story.done(f"{session['title']}: {session['startsAt'][:10]}, {session['location']}")
    story.done(f"{len(people)} people on the roster, trainer {session['trainer']['name']}")
    return session


def _course_in_words(course: Course) -> tuple[str, str, str]:
    months = course.get("validityMonths")
    verification = "by a second person" if course["requiresVerify"] else "none"
    return course["title"], f"{months} months" if months else "no expiry", verification


def finalize_without_sheet(run: DemoRun, session_id: str) -> None:
    run.story.scene("No sheet, no records", "The admin is quick and presses Finalize first.")
    answer = run.admin.finalize(session_id)
    run.story.refused("Finalize without a sheet", answer, 400, "Evidence Missing")


def upload_sheet(run: DemoRun, session_id: str) -> Json:
    story, sheet = run.story, samples.sheet_pdf()
    story.scene("The signed sheet", "The admin uploads the scan. S3 tells a function to hash it.")
    expected = hashlib.sha256(sheet).hexdigest()
    upload = run.admin.upload_sheet(session_id, "sign-in-sheet.pdf", sheet, "application/pdf")
    story.done(f"sign-in-sheet.pdf, {len(sheet):,} bytes: {upload.expect(202).body['state']}")
    evidence = run.admin.wait_for_hash(session_id)
    story.check("the state of the sheet", expected="ACCEPTED", seen=evidence["state"])
    story.check("the hash of the sheet", expected=expected, seen=evidence["attendanceFileHash"])
    story.check("the size of the sheet", expected=len(sheet), seen=evidence["sizeBytes"])
    story.done("ACCEPTED. The SHA-256 of what is stored is that of the file on this disk:")
    story.say(expected)
    return evidence


def draft_attendance(run: DemoRun, session_id: str) -> None:
    story, marks = run.story, samples.attendance(WORKING_AT_HEIGHT)
    story.scene(
        "Attendance, drafted twice",
        "The trainer saves the first half before lunch, then the rest with one correction.",
    )
    before_lunch: list[Mark] = [{**mark, "hasPassed": True} for mark in marks[:7]]
    after_lunch = [mark for mark in marks[:7] if not mark["hasPassed"]] + marks[7:]
    for draft in (before_lunch, after_lunch):
        saved = run.trainer.save_attendance(session_id, draft).expect(200).body
        story.check("the marks saved", expected=len(draft), seen=saved["updated"])
        story.done(f"{saved['updated']} of 14 people saved, version {saved['version']}")
    grid = run.trainer.session(session_id).expect(200).body["attendees"]
    _check_grid(run, grid, marks)
    grid.sort(key=lambda row: row["name"])
    story.table(
        ("Name", "Present", "Passed", "Remarks"),
        ((row["name"], *_marks_in_words(row), row.get("remarks", "")) for row in grid),
    )
    story.check("records of a draft", expected=[], seen=run.admin.records(session_id))
    story.done("Still a draft: there is no record of anybody.")


def _check_grid(run: DemoRun, grid: Sequence[Json], marks: Sequence[Mark]) -> None:
    run.story.check("the rows of the grid", expected=len(marks), seen=len(grid))
    rows = {row["personnelId"]: row for row in grid}
    for mark in marks:
        seen = {field: rows[mark["personnelId"]][field] for field in mark}
        run.story.check("a row of the grid", expected=mark, seen=seen)


def _marks_in_words(row: Json) -> tuple[str, str]:
    if not row["isPresent"]:
        return "no", ""
    return "yes", "yes" if row["hasPassed"] else "no"
