"""The stored items: names a person can read, and no values that are absent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from shared.domain.outbox import entry_for
from shared.domain.people import Person
from shared.domain.session import SessionStatus, Trainer
from shared.domain.warning import GateWarning, WarningSlug
from shared.storage.attributes import IntegerAttribute, ValueAttribute
from shared.storage.database import CONNECT_SECONDS, READ_SECONDS, RETRIES, Connection
from shared.storage.limits import AWS
from shared.storage.mapping import (
    attendee_from,
    attendee_item,
    compliance_item,
    record_item,
    session_from,
    session_item,
    start_order,
)
from shared.storage.models import AttendeeItem, CourseItem, RecordItem, SessionItem
from shared.storage.outbox import outbox_item
from testing.builders import (
    SESSION_ID,
    a_cuid,
    a_decision,
    a_record,
    a_rejection,
    a_session,
    a_standing,
    a_transition,
    an_attendee,
    an_upload,
)
from testing.environment import ENVIRONMENT
from tests.handlers.stack import Stack
from tests.storage.conftest import Stores

FULL = a_session(
    pending=an_upload(1),
    rejection=a_rejection(2),
    finalization=a_decision(request_key="key-1"),
    roster_change="put-1",
)


def test_session_item_has_the_names_of_the_spec() -> None:
    """A reader of the specification recognizes the table (spec §2)."""
    item = session_item(FULL).serialize()

    assert item["attendanceFileKey"] == {"S": FULL.sheet.key if FULL.sheet else None}
    assert item["attendanceFileHash"] == {"S": FULL.sheet.sha256 if FULL.sheet else None}
    assert {"finalizedAt", "finalizedBy", "finalizationId", "courseAsFinalized"} < item.keys()
    assert (item["sessionId"], item["item"]) == ({"S": SESSION_ID}, {"S": "SESSION"})


@pytest.mark.parametrize("version", [1, 2])
def test_session_item_keeps_the_version_of_the_manifest(version: int) -> None:
    """A decision is read in its own version, even if new ones are made in another."""
    decided = a_session(finalization=a_decision(manifest_version=version))

    item = session_item(decided)

    assert item.serialize()["manifestVersion"] == {"N": str(version)}
    assert session_from(item) == decided


def test_session_item_keeps_what_was_warned_of() -> None:
    """Warnings and their acknowledgement are a part of the decision."""
    warnings = (
        GateWarning(WarningSlug.PEOPLE_UNMARKED, "1 of 2 was never marked.", (a_cuid(1),)),
        GateWarning(WarningSlug.COURSE_CHANGED, "The rules were changed."),
    )
    decision = a_decision(warnings=warnings, acknowledged=(WarningSlug.COURSE_CHANGED,))
    decided = a_session(finalization=decision)

    item = session_item(decided)

    assert item.serialize()["acknowledged"] == {"L": [{"S": "course-changed"}]}
    assert session_from(SessionItem.from_raw_data(item.serialize())) == decided


@pytest.mark.parametrize("is_marked", [None, False, True])
def test_attendee_item_keeps_whether_it_was_marked(*, is_marked: bool | None) -> None:
    """A row of the first release does not say so, and stays that way."""
    row = an_attendee(is_marked=is_marked)

    item = attendee_item(SESSION_ID, row)

    assert ("isMarked" in item.serialize()) is (is_marked is not None)
    assert attendee_from(AttendeeItem.from_raw_data(item.serialize())) == row


def test_attendee_item_has_the_names_of_the_spec() -> None:
    """A row is stored under its session."""
    item = attendee_item(SESSION_ID, an_attendee(1, remarks="late")).serialize()

    assert item["isPresent"] == {"BOOL": True}
    assert item["hasPassed"] == {"BOOL": True}
    assert item["remarks"] == {"S": "late"}
    assert item["item"] == {"S": f"ATTENDEE#{a_cuid(1)}"}


def test_record_item_has_the_names_of_the_spec() -> None:
    """A record names its session and its sheet."""
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
        record_item(a_record(expiry_date=None, validity=None, trainer=Trainer("t", "Jo"))),
        compliance_item(a_standing()),
        outbox_item(entry_for(SESSION_ID, a_decision()), AWS),
    ],
    ids=lambda item: type(item).__name__,
)
def test_items_hold_nothing_that_is_absent(item: Any) -> None:  # noqa: ANN401 - any model
    """An absent value is left out instead of NULL, in maps too."""
    assert "NULL" not in str(item.serialize())


def test_start_order_is_the_start_in_utc_and_the_session() -> None:
    """As text, it sorts by time."""
    assert start_order(a_session()) == f"2026-03-10T07:00:00Z#{SESSION_ID}"


def test_start_order_is_the_sort_key_of_the_list(real: Stores) -> None:
    """A client's position in the list is the key after which the index continues."""
    real.sessions.save(a_transition(a_session(status=SessionStatus.SCHEDULED), None))

    (line,) = real.sessions.page([SessionStatus.SCHEDULED], 1, None)

    assert line.position == start_order(a_session())


def test_session_and_rows_are_told_apart(real: Stores, stack: Stack) -> None:
    """A partition holds a session and its roster, and nothing else."""
    real.sessions.save(a_transition(a_session(roster_count=1, attendance_sum=1), None))

    kinds = {item["kind"]["S"] for item in stack.items(ENVIRONMENT["SESSIONS_TABLE"])}

    assert kinds == {"SESSION"}


@dataclass(frozen=True)
class Sample:
    """A value with everything the tables hold."""

    long_name: str
    sha256: str
    file_sha256: str
    is_true: bool
    count: int
    day: date
    person: Person
    parts: list[Person]
    absent: str | None = None


def test_value_attribute_keeps_a_value_as_it_is() -> None:
    """A field of every kind is read back as it was, under the names of JSON."""
    samples: ValueAttribute[Sample] = ValueAttribute(Sample)
    person = Person("u-1", "Jo Lind")
    sample = Sample(
        "x",
        sha256="ab",
        file_sha256="cd",
        is_true=False,
        count=0,
        day=date(2026, 3, 10),
        person=person,
        parts=[person],
    )

    stored = samples.serialize(sample)

    assert samples.deserialize(stored) == sample
    assert stored.keys() == {
        *("longName", "sha256", "fileSha256", "isTrue", "count", "day", "person", "parts")
    }
    assert (stored["isTrue"], stored["count"]) == ({"BOOL": False}, {"N": "0"})


@dataclass(frozen=True)
class Unstorable:
    """A value with a field of a new kind."""

    ratio: float


def test_value_attribute_refuses_what_the_tables_do_not_hold() -> None:
    """A field of a new kind is refused before anything is written."""
    ratios: ValueAttribute[Unstorable] = ValueAttribute(Unstorable)

    with pytest.raises(TypeError, match="float"):
        ratios.serialize(Unstorable(1.5))


def test_value_attribute_leaves_out_what_is_none() -> None:
    """A trainer without a qualification is stored without one."""
    trainer: ValueAttribute[Trainer] = ValueAttribute(Trainer)

    stored = trainer.serialize(Trainer("t-1", "Jo Lind"))

    assert stored == {"id": {"S": "t-1"}, "name": {"S": "Jo Lind"}}
    assert trainer.deserialize(stored) == Trainer("t-1", "Jo Lind")


def test_value_attribute_reads_what_an_older_release_left_out() -> None:
    """A field that was added later has its default."""
    person: ValueAttribute[Person] = ValueAttribute(Person)

    assert person.deserialize({"id": {"S": "u"}, "name": {"S": "Jo"}, "new": {"S": "x"}}) == Person(
        "u", "Jo"
    )


def test_integers_stay_integers() -> None:
    """A version is never read as 7.0."""
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
