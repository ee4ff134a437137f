"""The results of finalizing: records that name their evidence, and who may do the work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from local.demo.client import Json
from local.demo.run import DemoRun
from local.demo.waiting import wait_for
from local.samples import Person, Session


@dataclass(frozen=True)
class Expected:
    """The values that every record must have; *status* is by result."""

    kind: str
    status: Mapping[str, str]
    session_date: str
    expiry_date: str


def show_records(
    run: DemoRun, session_id: str, session: Session, evidence: Json, expected: Expected
) -> dict[str, Json]:
    """Check and show the records of a session; returns them by the name of the person."""
    names = {person["personnelId"]: person["name"] for person in session["attendees"]}
    items = run.admin.records(session_id)
    records = {names[record["personnelId"]]: record for record in items}
    run.story.check("one record for each person", expected=len(records), seen=len(items))
    for name, record in records.items():
        _check_record(run, name, record, _facts(record["result"], session_id, evidence, expected))
    run.story.table(
        ("Name", "Result", "Status", "Expiry", "Evidence"),
        (
            (name, record["result"], record["status"], record["expiryDate"], _short(record))
            for name, record in sorted(records.items())
        ),
    )
    return records


def show_compliance(run: DemoRun, session: Session, as_of: date, green: Collection[str]) -> None:
    """Wait until everyone's standing is calculated; only the people in *green* are GREEN."""
    story, people = run.story, session["attendees"]
    with story.waiting("The recalculation travels: EventBridge, queue, function"):
        standings = [_standing(run, person, session["courseId"], as_of) for person in people]
    for person, standing in zip(people, standings, strict=True):
        colour = "GREEN" if person["name"] in green else "RED"
        story.check(f"{person['name']}'s colour", expected=colour, seen=standing["status"])
    story.table(
        ("Name", "Job title", f"On {as_of}", "Until"),
        (
            (person["name"], person["jobTitle"], standing["status"], standing.get("expiryDate", ""))
            for person, standing in zip(people, standings, strict=True)
        ),
    )
    story.done(f"{len(green)} GREEN, {len(people) - len(green)} RED.")


def show_days(run: DemoRun, person: Person, course_id: str, days: Mapping[date, str]) -> None:
    """Ask for one person's colour on several *days*; nothing is written in between."""
    for day, colour in days.items():
        standing = run.admin.compliance(person["personnelId"], course_id, day) or {}
        run.story.check(f"the colour on {day}", expected=colour, seen=standing.get("status"))
    run.story.table((f"{person['name']} on", "is"), days.items())


def _facts(result: str, session_id: str, evidence: Json, expected: Expected) -> Json:
    return {
        "sessionId": session_id,
        "kind": expected.kind,
        "status": expected.status[result],
        "sessionDate": expected.session_date,
        "expiryDate": expected.expiry_date,
        "evidenceFileKey": evidence["attendanceFileKey"],
        "evidenceFileVersionId": evidence["attendanceFileVersionId"],
        "evidenceFileHash": evidence["attendanceFileHash"],
    }


def _check_record(run: DemoRun, name: str, record: Json, facts: Json) -> None:
    seen = {field: record.get(field) for field in facts}
    run.story.check(f"the record of {name}", expected=facts, seen=seen)


def _short(record: Json) -> str:
    return f"{record['evidenceFileHash'][:8]}…"


def _standing(run: DemoRun, person: Person, course_id: str, as_of: date) -> Json:
    def calculated() -> Json | None:
        standing = run.admin.compliance(person["personnelId"], course_id, as_of)
        return standing if standing and standing.get("calculatedAt") else None

    return wait_for(f"the compliance of {person['name']} to be calculated", calculated)
