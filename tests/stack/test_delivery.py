"""The events of a finalization, and the relay that publishes what is left."""

import json
import uuid
from collections.abc import Iterator

import httpx
import pytest

from testing.api import (
    Json,
    a_finalized_session,
    a_session_to_finalize,
    calculated,
    fresh,
    marks,
    records,
    seen,
)
from testing.waiting import wait_until
from tests.stack.announcements import Announcements
from tests.stack.operator import Operator

pytestmark = [pytest.mark.stack, pytest.mark.dynamodb]


def test_a_finalization_is_announced(announcements: Announcements, admin: httpx.Client) -> None:
    """One event says that the session is finalized, one asks to recalculate its whole roster."""
    session = a_session_to_finalize(admin)
    admin.patch(session.attendance, json=marks(session, session.people[:1])).raise_for_status()

    answer = admin.post(session.finalize).json()

    events = announcements.wait_for(2, session)
    details = {event["detail-type"]: event["detail"] for event in events}
    assert details.keys() == {"SessionFinalized", "ComplianceRecalculationRequested"}
    for detail in details.values():
        assert detail["schemaVersion"] == 1
        assert detail["courseId"] == session.course_id
        assert detail["occurredAt"] == answer["finalizedAt"]
        assert str(uuid.UUID(detail["eventId"])) == detail["eventId"]
    assert len({detail["finalizationId"] for detail in details.values()}) == 1
    assert details["SessionFinalized"]["records"] == 2
    asked_for = details["ComplianceRecalculationRequested"]["personnelIds"]
    assert sorted(asked_for) == sorted(session.people)


def test_nothing_is_owed_after_a_finalization(admin: httpx.Client, operator: Operator) -> None:
    """The outbox entry is gone before the answer comes."""
    session = a_finalized_session(admin)

    assert operator.outbox(session) == []


def test_a_refused_finalization_is_not_announced(
    announcements: Announcements, admin: httpx.Client
) -> None:
    """A refusal publishes nothing, and a finalization publishes once."""
    session = a_session_to_finalize(admin)
    stale = admin.post(session.finalize, headers={"If-Match": '"1"'})
    admin.post(session.finalize).raise_for_status()
    again = admin.post(session.finalize)
    after = a_finalized_session(admin)

    announcements.wait_for(2, after)

    assert (stale.status_code, again.status_code) == (412, 409)
    assert len(announcements.about(session)) == 2


def test_the_relay_delivers_what_is_owed(
    announcements: Announcements, admin: httpx.Client, operator: Operator
) -> None:
    """
    What was left is published later, as the same events with the same ids, and its entry is
    removed.
    """
    session = a_finalized_session(admin)
    first = announcements.wait_for(2, session)
    operator.owe(session, hours=1)

    operator.invoke("relay_outbox", {})

    repeated = announcements.wait_for(4, session)[2:]
    assert {_id(event) for event in repeated} == {_id(event) for event in first}
    assert operator.outbox(session) == []


def test_the_relay_begins_with_the_oldest(
    announcements: Announcements, admin: httpx.Client, operator: Operator
) -> None:
    """The entry that has waited longest is published first."""
    oldest, older, newest = sessions = [a_finalized_session(admin, people=1) for _ in range(3)]
    announcements.wait_for(6, *sessions)
    for hours, session in ((9, oldest), (8, older), (7, newest)):
        operator.owe(session, hours)

    operator.invoke("relay_outbox", {})

    told = announcements.wait_for(12, *sessions)[6:]
    order = dict.fromkeys(event["detail"]["sessionId"] for event in told)
    assert list(order) == [session.session_id for session in (oldest, older, newest)]


@pytest.fixture
def hopeless_row(operator: Operator) -> Iterator[str]:
    """A row older than every other entry that cannot be processed: there is no session."""
    row, name = ("0", f"2001-01-01T00:00:00.000000Z#{uuid.uuid4()}"), fresh("no-session")
    operator.put_outbox_row(*row, name)
    yield name
    operator.delete_outbox_row(*row)


def test_a_row_that_fails_holds_up_no_other(
    hopeless_row: str, announcements: Announcements, admin: httpx.Client, operator: Operator
) -> None:
    """
    The relay fails because of it, for the alarm to see, but only after all others
    were published.
    """
    session = a_finalized_session(admin, people=1)
    announcements.wait_for(2, session)
    operator.owe(session, hours=1)

    answer = operator.invoke("relay_outbox", {})

    assert hopeless_row in answer["payload"]["errorMessage"]
    assert len(announcements.wait_for(4, session)) == 4
    assert operator.outbox(session) == []


def test_the_relay_completes_a_session_that_was_left_locked(
    admin: httpx.Client, operator: Operator
) -> None:
    """
    After the lock a session is completed, even if its finalizer died half-way.

    Its entry is the last, as another relay may be running.
    """
    session = a_finalized_session(admin)
    before = records(admin, session)
    operator.lock_again(session)
    operator.delete_record(session, session.people[1])
    operator.owe(session, hours=1)

    operator.invoke("relay_outbox", {})

    assert seen(admin, session)["status"] == "COMPLETED"
    after = records(admin, session)
    assert {who: record["recordId"] for who, record in after.items()} == {
        who: record["recordId"] for who, record in before.items()
    }
    assert operator.outbox(session) == []


def test_a_recalculation_that_comes_twice_or_too_early_does_no_harm(
    auditor: httpx.Client, admin: httpx.Client, announcements: Announcements, operator: Operator
) -> None:
    """
    Of a batch only what cannot be done yet is delivered again; a repeat of the rest changes no
    colour.
    """
    done, open_ = a_finalized_session(admin, people=1), a_session_to_finalize(admin, people=1)
    (person,) = done.people
    first = calculated(auditor, person, done)
    (event,) = [
        event for event in announcements.wait_for(2, done) if "personnelIds" in event["detail"]
    ]
    early = event | {"detail": event["detail"] | {"sessionId": open_.session_id}}

    answer = operator.invoke("recalculate_compliance", _batch(again=event, early=early))

    assert answer["error"] is None
    assert answer["payload"] == {"batchItemFailures": [{"itemIdentifier": "early"}]}
    second = calculated(auditor, person, done)
    assert (second["status"], second["basedOn"]) == (first["status"], first["basedOn"])
    assert second["calculatedAt"] > first["calculatedAt"]


@pytest.fixture
def impatient_queue(operator: Operator) -> Iterator[str]:
    """
    The recalculation queue, which delivers failed messages again after a second, not
    six minutes.
    """
    sqs, url = operator.sqs, operator.resources["RecalculationQueue"]

    wait_until("the recalculation queue to be idle", operator.recalculates_nothing)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    yield url
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "360"})


def test_a_recalculation_that_cannot_be_done_is_set_aside(
    impatient_queue: str, operator: Operator
) -> None:
    """After five attempts a message goes to the dead-letter queue, where it waits for a person."""
    poison = json.dumps({"detail": {"note": fresh("poison")}})
    dead_letters = operator.resources["RecalculationDeadLetterQueue"]

    operator.sqs.send_message(QueueUrl=impatient_queue, MessageBody=poison)

    def is_set_aside() -> bool:
        found = operator.sqs.receive_message(QueueUrl=dead_letters, MaxNumberOfMessages=10)
        return poison in [message["Body"] for message in found.get("Messages", [])]

    wait_until("the poison message to be set aside", is_set_aside)


def _id(event: Json) -> str:
    """Return the id that tells an event from others."""
    event_id: str = event["detail"]["eventId"]
    return event_id


def _batch(**events: Json) -> Json:
    """Send *events* to a function as SQS does, each under its own id."""
    return {
        "Records": [
            {"messageId": name, "eventSource": "aws:sqs", "body": json.dumps(event)}
            for name, event in events.items()
        ]
    }
