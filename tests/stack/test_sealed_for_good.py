"""
A session that is sealed, and somebody inside: with the role of the function that finalizes, or with
rights on the database alone, they rewrite it, take it away, or cut its history off.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from shared.contracts.events import SOURCE, detail_text, detail_type
from shared.domain.audit import Action, ChainPosition, FieldChange, new_entry
from shared.domain.people import Person
from shared.domain.plan import FinalizeCommand, Plan, plan_finalization
from shared.domain.session import Session as StoredSession
from shared.domain.session import SessionStatus, Snapshot
from shared.messaging.kms import KmsOrigin
from shared.storage.mapping import (
    attendee_from,
    attendee_item,
    audit_item,
    record_item,
    session_from,
    session_item,
)
from shared.storage.models import AttendeeItem, SessionItem
from testing.api import Json, Session, a_finalized_session, a_plan, hand_in, save_marks
from testing.builders import a_change
from testing.waiting import wait_for
from tests.stack.operator import Item, Operator
from tests.stack.roles import Role
from tests.stack.test_evidence_chain import faults, sealed

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]

NOBODY = Person("nobody", "Nobody")


def entries(operator: Operator, session: Session) -> list[Item]:
    """Return the stored trail."""
    return operator.items(operator.stack.tables.audit, "sessionId", session.session_id)


def stored(operator: Operator, session: Session) -> Snapshot:
    """Return the session and its roster as they are stored."""
    rows = operator.rows(session)
    people = (attendee_from(AttendeeItem.from_raw_data(row)) for row in rows if "name" in row)
    return Snapshot(session_from(SessionItem.from_raw_data(operator.own_row(session))), (*people,))


def rewrite(operator: Operator, session: Session) -> None:
    """
    Finalize it again with the finalizer's own role: entries over those of finalization and signing,
    rows and records that agree with them, and the event that asks for a seal.
    """
    found = stored(operator, session)
    change = a_change("forged", NOBODY, datetime.now(UTC))
    decision = found.session.finalization
    assert decision is not None
    marking = new_entry(
        ChainPosition(session.session_id, found.session.version, decision.audit_head),
        Action.ATTENDANCE_SAVED,
        change,
        [FieldChange(found.attendees[0].personnel_id, "hasPassed", True, False)],
    )
    people = (replace(found.attendees[0], has_passed=False), *found.attendees[1:])
    before = reopened(found.session, marking.sha256, sum(one.fingerprint for one in people))
    forged = plan_finalization(
        Snapshot(before, people), decision.course, FinalizeCommand("forged", change)
    )
    role = Role(operator, "finalize_session")
    tables, dynamodb = operator.stack.tables, role.client("dynamodb")
    origin_of = KmsOrigin(
        lambda: role.client("kms"), operator.resources["FinalizeSessionOriginKey"]
    )
    finalizing = forged.commit_transition.entry
    for table, item in (
        (tables.audit, audit_item(marking, origin_of(marking.sha256))),
        (tables.audit, audit_item(finalizing, origin_of(finalizing.sha256))),
        (tables.sessions, attendee_item(session.session_id, people[0])),
        (tables.sessions, session_item(forged.completed)),
        *((tables.records, record_item(record)) for record in forged.records),
    ):
        dynamodb.put_item(TableName=table, Item=item.to_dynamodb_dict())
    tell(role, operator, forged)


def reopened(session: StoredSession, audit_head: str, attendance_sum: int) -> StoredSession:
    """Return it as it would be before another finalization."""
    return replace(
        session,
        status=SessionStatus.IN_PROGRESS,
        audit_head=audit_head,
        attendance_sum=attendance_sum,
        finalization=None,
    )


def tell(role: Role, operator: Operator, plan: Plan) -> None:
    """Publish the events of a finalization."""
    events: list[Json] = [
        {
            "Source": SOURCE,
            "DetailType": detail_type(event),
            "Detail": detail_text(event),
            "EventBusName": operator.stack.bus,
        }
        for event in plan.events
    ]
    role.client("events").put_events(Entries=events)


def delete(operator: Operator, session: Session) -> None:
    """Remove the session, its roster, its records and its trail."""
    tables = operator.stack.tables
    for record in operator.records(session):
        operator.delete(tables.records, record, "personnelId", "recordId")
    for entry in entries(operator, session):
        operator.delete(tables.audit, entry, "sessionId", "sequence")
    for row in operator.rows(session):
        operator.delete(tables.sessions, row, "sessionId", "item")


def cancel(operator: Operator, session: Session) -> None:
    """Call it cancelled."""
    operator.edit(session, "status", {"S": "CANCELLED"})


def set_back(operator: Operator, session: Session) -> None:
    """Call it planned, as if it had never been decided."""
    own = operator.own_row(session)
    gone = ("finalizationId", "finalizedAt", "manifestSha256")
    row = {name: value for name, value in own.items() if name not in gone}
    operator.put(operator.stack.tables.sessions, row | {"status": {"S": "SCHEDULED"}})


def cut(operator: Operator, session: Session) -> None:
    """Remove what was noted after the signature."""
    signing = next(e for e in entries(operator, session) if '"SIGNED"' in e["content"]["S"])
    for entry in entries(operator, session):
        if int(entry["sequence"]["N"]) > int(signing["sequence"]["N"]):
            operator.delete(operator.stack.tables.audit, entry, "sessionId", "sequence")


ATTACKS: dict[str, Callable[[Operator, Session], None]] = {
    attack.__name__: attack for attack in (rewrite, delete, cancel, set_back, cut)
}
Attacked = dict[str, Session]
Findings = dict[str, list[str]]


def night(operator: Operator) -> Findings:
    """Run the nightly check now, and return what it finds wrong, by session."""
    ran = operator.invoke("verify_sealed_sessions", {})
    assert ran["error"] is None, ran
    return {one["session_id"]: one["faults"] for one in ran["payload"]["findings"]}


@pytest.fixture(scope="module")
def attacked(admin: httpx.Client, operator: Operator) -> Attacked:
    """A sealed session for each attack, reported as intact in the night before it."""
    sessions = {name: sealed(admin, a_finalized_session(admin)) for name in ATTACKS}
    before = night(operator)
    assert not [one for one in sessions.values() if one.session_id in before]
    for name, session in sessions.items():
        ATTACKS[name](operator, session)
    return sessions


@pytest.fixture(scope="module")
def found(attacked: Attacked, operator: Operator) -> Findings:
    """What the night after finds."""
    assert attacked
    return night(operator)


@pytest.mark.parametrize(
    ("attack", "fault"),
    [
        ("rewrite", "MANIFEST: its SHA-256 is"),
        ("delete", "SESSION: it was finalized, and there is no such session any more"),
        ("cancel", "SESSION: it was finalized, and is CANCELLED now"),
        ("set_back", "SESSION: it was finalized, and is SCHEDULED now"),
        ("cut", "AUDIT_TRAIL: the entry"),
    ],
)
def test_night_names_what_was_done(
    attack: str, fault: str, attacked: Attacked, found: Findings
) -> None:
    """It begins with the vault, in which the seal lies for good."""
    named = found[attacked[attack].session_id]

    assert any(one.startswith(fault) for one in named), named


def seal_is_refused(operator: Operator, session: Session) -> None:
    """Wait until the sealer has named the two manifests; there is still one seal."""

    def refused() -> bool | None:
        lines = operator.lines("seal_session", session.session_id)
        return any("SealedOtherwise" in str(line) for line in lines) or None

    wait_for(f"the refusal to seal {session.session_id}", refused)
    listed = operator.s3.list_object_versions(
        Bucket=operator.stack.bucket, Prefix=f"seals/{session.session_id}/"
    )["Versions"]
    manifests = [one for one in listed if one["Key"].endswith("/manifest.json")]
    assert len(manifests) == 1


def test_rewritten_session_gets_no_second_seal(
    attacked: Attacked, admin: httpx.Client, operator: Operator
) -> None:
    """The sealer signs nothing, and verification compares with the true seal."""
    seal_is_refused(operator, attacked["rewrite"])

    subjects = faults(admin, attacked["rewrite"]).keys()

    assert subjects >= {"MANIFEST", "SESSION", "RECORDS", "AUDIT_TRAIL"}


def test_session_that_is_registered_anew_gets_no_second_seal(
    admin: httpx.Client, operator: Operator
) -> None:
    """Everything in the database is new and agrees, but the true seal lies in the vault."""
    session = sealed(admin, a_finalized_session(admin))
    delete(operator, session)
    plan = a_plan(session.course_id, title="Another training")
    admin.put(session.path, json=plan).raise_for_status()
    anew = replace(session, plan=plan)
    hand_in(admin, anew)
    save_marks(admin, anew)
    admin.post(anew.finalize).raise_for_status()

    seal_is_refused(operator, anew)

    assert faults(admin, anew).keys() >= {"MANIFEST", "SESSION", "RECORDS", "AUDIT_TRAIL"}
