"""What a finalization tells other modules, and who makes sure that it is told."""

import json
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.stack.announcements import Announcements
from tests.stack.backstage import Backstage
from tests.stack.story import (
    Json,
    a_finalized_session,
    a_session_to_finalize,
    calculated,
    fresh,
    marks,
    records,
    seen,
)
from tests.stack.waiting import wait_until

pytestmark = pytest.mark.stack


def test_a_finalization_is_announced(announcements: Announcements, admin: httpx.Client) -> None:
    """
    One event says that the session is closed, one asks to judge its whole roster anew.
    """
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


def test_nothing_is_owed_after_a_finalization(admin: httpx.Client, backstage: Backstage) -> None:
    """
    What the bus has taken is gone from the outbox before the answer comes.
    """
    session = a_finalized_session(admin)

    assert backstage.outbox(session) == []


def test_a_refused_finalization_is_not_announced(
    announcements: Announcements, admin: httpx.Client
) -> None:
    """
    Nobody hears of what did not happen, and of what did they hear once.
    """
    session = a_session_to_finalize(admin)
    stale = admin.post(session.finalize, headers={"If-Match": '"1"'})
    admin.post(session.finalize).raise_for_status()
    again = admin.post(session.finalize)
    after = a_finalized_session(admin)

    announcements.wait_for(2, after)

    assert (stale.status_code, again.status_code) == (412, 409)
    assert len(announcements.about(session)) == 2


def test_the_relay_delivers_what_is_owed(
    announcements: Announcements, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    What was left over is told later, as the same events with the same ids, and then is forgotten.
    """
    session = a_finalized_session(admin)
    first = announcements.wait_for(2, session)
    backstage.owe(session, hours=1)

    answer = backstage.invoke("relay_outbox", {})

    assert answer["error"] is None
    repeated = announcements.wait_for(4, session)[2:]
    assert {_id(event) for event in repeated} == {_id(event) for event in first}
    assert backstage.outbox(session) == []


def test_the_relay_begins_with_the_oldest(
    announcements: Announcements, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    Whoever has waited longest is told first.
    """
    oldest, older, newest = sessions = [a_finalized_session(admin, people=1) for _ in range(3)]
    announcements.wait_for(6, *sessions)
    for hours, session in ((9, oldest), (8, older), (7, newest)):
        backstage.owe(session, hours)

    backstage.invoke("relay_outbox", {})

    told = announcements.wait_for(12, *sessions)[6:]
    order = dict.fromkeys(event["detail"]["sessionId"] for event in told)
    assert list(order) == [session.session_id for session in (oldest, older, newest)]


@pytest.fixture
def hopeless_row(
    backstage: Backstage, sample_answers: Callable[[], dict[str, str]]
) -> Iterator[None]:
    """Older than everything that is owed, a row that cannot be worked off: there is no session."""
    # The relay is among those that are asked meanwhile, and would fail as well.
    sample_answers()
    row = "0", f"2001-01-01T00:00:00.000000Z#{uuid.uuid4()}"
    backstage.put_outbox_row(*row, fresh("no-session"))
    yield
    backstage.delete_outbox_row(*row)


@pytest.mark.usefixtures("hopeless_row")
def test_a_row_that_fails_holds_up_no_other(
    announcements: Announcements, admin: httpx.Client, backstage: Backstage
) -> None:
    """
    A bad neighbour makes the relay fail, for the alarm to see, but only after all others went.
    """
    session = a_finalized_session(admin, people=1)
    announcements.wait_for(2, session)
    backstage.owe(session, hours=1)

    answer = backstage.invoke("relay_outbox", {})

    assert answer["error"] == "Unhandled"
    assert len(announcements.wait_for(4, session)) == 4
    assert backstage.outbox(session) == []


def test_the_relay_completes_a_session_that_was_left_sealed(
    admin: httpx.Client, backstage: Backstage
) -> None:
    """
    After the point of no return a session goes forward, even if its finalizer died half-way.

    It owes last, as another relay may be at work.
    """
    session = a_finalized_session(admin)
    before = records(admin, session)
    backstage.seal(session)
    backstage.delete_record(session, session.people[1])
    backstage.owe(session, hours=1)

    backstage.invoke("relay_outbox", {})

    assert seen(admin, session)["status"] == "COMPLETED"
    after = records(admin, session)
    assert {who: record["recordId"] for who, record in after.items()} == {
        who: record["recordId"] for who, record in before.items()
    }
    assert backstage.outbox(session) == []


def test_a_recalculation_that_comes_twice_or_too_early_does_no_harm(
    auditor: httpx.Client, admin: httpx.Client, announcements: Announcements, backstage: Backstage
) -> None:
    """
    Of a batch only what cannot be done yet is handed back; doing the rest again changes no colour.
    """
    done, open_ = a_finalized_session(admin, people=1), a_session_to_finalize(admin, people=1)
    (person,) = done.people
    first = calculated(auditor, person, done)
    (event,) = [
        event for event in announcements.wait_for(2, done) if "personnelIds" in event["detail"]
    ]
    early = event | {"detail": event["detail"] | {"sessionId": open_.session_id}}

    answer = backstage.invoke("recalculate_compliance", _batch(again=event, early=early))

    assert answer["error"] is None
    assert answer["payload"] == {"batchItemFailures": [{"itemIdentifier": "early"}]}
    second = calculated(auditor, person, done)
    assert (second["status"], second["basedOn"]) == (first["status"], first["basedOn"])
    assert second["calculatedAt"] > first["calculatedAt"]


@pytest.fixture
def impatient_queue(backstage: Backstage) -> Iterator[str]:
    """The recalculation queue, handing out what failed again after a second, not six minutes."""
    sqs, url = backstage.sqs, backstage.resources["RecalculationQueue"]

    wait_until("the recalculation queue to be idle", backstage.recalculates_nothing)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    yield url
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "360"})


def test_a_recalculation_that_cannot_be_done_is_set_aside(
    impatient_queue: str, backstage: Backstage
) -> None:
    """
    After five tries a message goes to the dead-letter queue, where it waits for somebody to look.
    """
    poison = json.dumps({"detail": {"note": fresh("poison")}})
    dead_letters = backstage.resources["RecalculationDeadLetterQueue"]

    backstage.sqs.send_message(QueueUrl=impatient_queue, MessageBody=poison)

    def is_set_aside() -> bool:
        found = backstage.sqs.receive_message(QueueUrl=dead_letters, MaxNumberOfMessages=10)
        return poison in [message["Body"] for message in found.get("Messages", [])]

    wait_until("the poison message to be set aside", is_set_aside)


def _id(event: Json) -> str:
    """Return what tells an event from others."""
    event_id: str = event["detail"]["eventId"]
    return event_id


def _batch(**events: Json) -> Json:
    """Hand *events* to a function as SQS does, each under its own id."""
    return {
        "Records": [
            {"messageId": name, "eventSource": "aws:sqs", "body": json.dumps(event)}
            for name, event in events.items()
        ]
    }
