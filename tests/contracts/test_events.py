"""Events on the bus: their content, and the schemas that describe them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # has no stubs
import pytest
from pydantic import ValidationError

from shared.contracts.events import (
    SOURCE,
    ComplianceRecalculationRequestedDetail,
    Envelope,
    detail_text,
    detail_type,
)
from shared.domain.events import ComplianceRecalculationRequested, Event, SessionFinalized
from tests.contracts.schemas import FOLDER, documents
from tests.handlers.calls import sample

AT = datetime(2026, 11, 10, 15, 20, 5, 882310, UTC)
CLOSED = SessionFinalized("event-1", "session-1", "course-1", "fin-1", AT, records=13)
REQUESTED = ComplianceRecalculationRequested(
    "event-2", "session-1", "course-1", "fin-1", AT, ("cm3aehuybwkxusi4jqjxv3rhk",)
)
EVENTS: list[Event] = [CLOSED, REQUESTED]
FILES = {
    CLOSED: "session-finalized.v1.schema.json",
    REQUESTED: "compliance-recalculation-requested.v1.schema.json",
}


def schema_of(event: Event) -> object:
    """Return the published schema of an event."""
    return json.loads((FOLDER / FILES[event]).read_text())


def test_detail_says_what_happened_and_where_it_came_from() -> None:
    """Names are in camelCase, the time is in UTC, and the version comes first."""
    assert json.loads(detail_text(CLOSED)) == {
        "schemaVersion": 1,
        "eventId": "event-1",
        "sessionId": "session-1",
        "courseId": "course-1",
        "finalizationId": "fin-1",
        "occurredAt": "2026-11-10T15:20:05.882310Z",
        "records": 13,
    }


@pytest.mark.parametrize("event", EVENTS, ids=detail_type)
def test_detail_type_is_the_name_of_the_event(event: Event) -> None:
    """Rules on the bus match this name, so it never changes."""
    assert detail_type(event) in {"SessionFinalized", "ComplianceRecalculationRequested"}
    assert SOURCE == "training.sessions"


def test_envelope_reads_what_was_published() -> None:
    """A consumer reads what was published; fields that the bus adds are ignored."""
    text = json.dumps(
        {"version": "0", "account": "1", "detail": json.loads(detail_text(REQUESTED))}
    )

    detail = Envelope[ComplianceRecalculationRequestedDetail].model_validate_json(text).detail

    assert detail.personnel_ids == REQUESTED.personnel_ids
    assert (detail.event_id, detail.occurred_at) == (REQUESTED.event_id, AT)


def test_envelope_ignores_fields_of_the_future() -> None:
    """A version may gain optional fields; older consumers ignore them."""
    detail = json.loads(detail_text(REQUESTED)) | {"reason": "finalized"}
    text = json.dumps({"detail": detail})

    envelope = Envelope[ComplianceRecalculationRequestedDetail].model_validate_json(text)

    assert envelope.detail.session_id == "session-1"


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_envelope_refuses_another_version(version: object) -> None:
    """Another version may give the same names another meaning."""
    text = json.dumps({"detail": json.loads(detail_text(REQUESTED)) | {"schemaVersion": version}})

    with pytest.raises(ValidationError, match="schemaVersion"):
        Envelope[ComplianceRecalculationRequestedDetail].model_validate_json(text)


@pytest.mark.parametrize("event", EVENTS, ids=detail_type)
def test_schema_describes_what_is_published(event: Event) -> None:
    """Our events are valid by the schema, and every field of them is in it."""
    published = json.loads(detail_text(event))

    schema = schema_of(event)

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(published, schema)
    assert isinstance(schema, dict)
    assert schema["properties"].keys() == published.keys() == set(schema["required"])


def test_schema_describes_the_sample_event() -> None:
    """The sample message could have been published."""
    (record,) = sample("recalculate_compliance")["Records"]

    jsonschema.validate(json.loads(record["body"])["detail"], schema_of(REQUESTED))


@pytest.mark.parametrize("event", EVENTS, ids=detail_type)
@pytest.mark.parametrize("field", ["schemaVersion", "eventId", "occurredAt"])
def test_schema_refuses_an_event_that_lacks_a_field(event: Event, field: str) -> None:
    """A consumer may rely on every field of the version."""
    published = json.loads(detail_text(event))
    del published[field]

    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(published, schema_of(event))


def test_schemas_are_those_of_the_contracts() -> None:
    """They are generated: run `python -m tests.contracts.schemas` after a change."""
    found = {path.name: path.read_text() for path in Path(FOLDER).glob("*.json")}

    assert found == documents()
    assert found.keys() == set(FILES.values())
