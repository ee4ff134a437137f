"""What lies in the tables: names a person can read, and nothing that is not there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from shared.domain.outbox import entry_for
from shared.domain.people import Person
from shared.domain.session import SessionStatus, Trainer
from shared.storage.attributes import IntegerAttribute, ValueAttribute
from shared.storage.database import CONNECT_SECONDS, READ_SECONDS, RETRIES, Connection
from shared.storage.mapping import (
    attendee_item,
    compliance_item,
    outbox_item,
    record_item,
    session_item,
    start_order,
)
from shared.storage.models import AttendeeItem, CourseItem, RecordItem, SessionItem
from tests.builders import (
    SESSION_ID,
    a_cuid,
    a_decision,
    a_record,
    a_rejection,
    a_session,
    a_standing,
    a_step,
    an_attendee,
    an_upload,
)
from tests.handlers.stack import ENVIRONMENT, Stack
from tests.storage.conftest import Stores

FULL = a_session(
    pending=an_upload(1),
    rejection=a_rejection(2),
    finalization=a_decision(request_key="key-1"),
    roster_change="put-1",
)


def test_session_item_has_the_names_of_the_spec() -> None:
    """Whoever knows the spec finds their way in the table (spec §2)."""
    item = session_item(FULL).serialize()

    assert item["attendanceFileKey"] == {"S": FULL.sheet.key if FULL.sheet else None}
    assert item["attendanceFileHash"] == {"S": FULL.sheet.sha256 if FULL.sheet else None}
    assert {"finalizedAt", "finalizedBy", "finalizationId", "courseAsFinalized"} < item.keys()
    assert (item["sessionId"], item["item"]) == ({"S": SESSION_ID}, {"S": "SESSION"})


def test_attendee_item_has_the_names_of_the_spec() -> None:
    """One row, under its session."""
    item = attendee_item(SESSION_ID, an_attendee(1, remarks="late")).serialize()

    assert item["isPresent"] == {"BOOL": True}
    assert item["hasPassed"] == {"BOOL": True}
    assert item["remarks"] == {"S": "late"}
    assert item["item"] == {"S": f"ATTENDEE#{a_cuid(1)}"}


def test_record_item_has_the_names_of_the_spec() -> None:
    """A record points back at session and sheet."""
    item = record_item(a_record()).serialize()

    assert item["result"] == {"S": "PASSED"}
    assert item["sessionId"] == {"S": SESSION_ID}
    assert item["expiryDate"] == {"S": "2027-03-10"}
    assert {"evidenceFileKey", "evidenceFileVersionId", "evidenceFileHash"} < item.keys()


@pytest.mark.parametrize(
    "item",
    [
        session_item(a_session(sheet=None)),
        attendee_item(SESSION_ID, an_attendee(job_title=None)),
        record_item(a_record(expiry_date=None, validity_months=None, trainer=Trainer("t", "Jo"))),
        compliance_item(a_standing()),
        outbox_item(entry_for(SESSION_ID, a_decision())),
    ],
    ids=lambda item: type(item).__name__,
)
def test_items_hold_nothing_that_is_absent(item: Any) -> None:  # noqa: ANN401 - any model
    """What nobody said takes no room and is not NULL, not even within a map."""
    assert "NULL" not in str(item.serialize())


def test_start_order_is_the_start_in_utc_and_the_session() -> None:
    """It sorts as text."""
    assert start_order(a_session()) == f"2026-03-10T07:00:00Z#{SESSION_ID}"


def test_start_order_is_the_sort_key_of_the_list(real: Stores) -> None:
    """The position a client is given is what the index goes on behind."""
    real.sessions.save(a_step(a_session(status=SessionStatus.SCHEDULED), None))

    (line,) = real.sessions.page([SessionStatus.SCHEDULED], 1, None)

    assert line.position == start_order(a_session())


def test_session_and_rows_are_told_apart(real: Stores, stack: Stack) -> None:
    """One partition holds a session and its roster, and nothing else."""
    real.sessions.save(a_step(a_session(roster_count=1, attendance_sum=1), None))

    kinds = {item["kind"]["S"] for item in stack.items(ENVIRONMENT["SESSIONS_TABLE"])}

    assert kinds == {"SESSION"}


@dataclass(frozen=True)
class Sample:
    """A value with everything the tables hold."""

    long_name: str
    is_true: bool
    count: int
    day: date
    person: Person
    parts: list[Person]
    absent: str | None = None


def test_value_attribute_keeps_a_value_as_it_is() -> None:
    """Every kind of field comes back, under names as in JSON."""
    samples: ValueAttribute[Sample] = ValueAttribute(Sample)
    person = Person("u-1", "Jo Lind")
    sample = Sample(
        "x", is_true=False, count=0, day=date(2026, 3, 10), person=person, parts=[person]
    )

    stored = samples.serialize(sample)

    assert samples.deserialize(stored) == sample
    assert stored.keys() == {"longName", "isTrue", "count", "day", "person", "parts"}
    assert (stored["isTrue"], stored["count"]) == ({"BOOL": False}, {"N": "0"})


@dataclass(frozen=True)
class Unstorable:
    """A value with a field of a new kind."""

    ratio: float


def test_value_attribute_refuses_what_the_tables_do_not_hold() -> None:
    """A field of a new kind is noticed before anything is written."""
    ratios: ValueAttribute[Unstorable] = ValueAttribute(Unstorable)

    with pytest.raises(TypeError, match="float"):
        ratios.serialize(Unstorable(1.5))


def test_value_attribute_leaves_out_what_is_none() -> None:
    """A trainer without qualification has none."""
    trainer: ValueAttribute[Trainer] = ValueAttribute(Trainer)

    stored = trainer.serialize(Trainer("t-1", "Jo Lind"))

    assert stored == {"id": {"S": "t-1"}, "name": {"S": "Jo Lind"}}
    assert trainer.deserialize(stored) == Trainer("t-1", "Jo Lind")


def test_value_attribute_reads_what_an_older_release_left_out() -> None:
    """A field that came later has its default."""
    person: ValueAttribute[Person] = ValueAttribute(Person)

    assert person.deserialize({"id": {"S": "u"}, "name": {"S": "Jo"}, "new": {"S": "x"}}) == Person(
        "u", "Jo"
    )


def test_integers_stay_integers() -> None:
    """A version is never 7.0."""
    number = IntegerAttribute()

    assert number.deserialize(number.serialize(7)) == 7
    assert number.serialize(7) == "7"


def test_models_share_one_connection(connection: Connection) -> None:
    """Each further client costs as much start-up time as the first."""
    models = (SessionItem, AttendeeItem, CourseItem, RecordItem)

    shared = {id(model._get_connection().connection) for model in models}  # noqa: SLF001 - no other way

    assert shared == {id(connection)}


@pytest.mark.usefixtures("aws")
def test_connection_gives_up_before_the_api_does(connection: Connection) -> None:
    """Four attempts, each bounded, end before API Gateway's 29 seconds."""
    config = vars(connection.client.meta.config)["_user_provided_options"]

    assert config["connect_timeout"] == CONNECT_SECONDS
    assert config["read_timeout"] == READ_SECONDS
    assert config["retries"] == {"total_max_attempts": 1 + RETRIES, "mode": "standard"}
    assert (1 + RETRIES) * (CONNECT_SECONDS + READ_SECONDS) < 29
