"""
Events on the bus, version 1. `docs/events/` holds their JSON Schemas.

A version only gains optional fields; anything else is a new version beside the old one.
"""

from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.domain.events import ComplianceRecalculationRequested, Event, SessionFinalized

SOURCE = "training.sessions"


class EventDetail(BaseModel):
    """The fields of every event; *event_id* stays the same when the event is repeated."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, frozen=True
    )

    schema_version: Literal[1] = 1
    event_id: str
    session_id: str
    course_id: str
    finalization_id: str
    occurred_at: datetime


class SessionFinalizedDetail(EventDetail):
    records: int


class ComplianceRecalculationRequestedDetail(EventDetail):
    personnel_ids: tuple[str, ...]


DETAILS: dict[type[Event], type[EventDetail]] = {
    SessionFinalized: SessionFinalizedDetail,
    ComplianceRecalculationRequested: ComplianceRecalculationRequestedDetail,
}


def detail_type(event: Event) -> str:
    return type(event).__name__


def detail_text(event: Event) -> str:
    """The event's `detail` as JSON."""
    return DETAILS[type(event)].model_validate(event).model_dump_json(by_alias=True)


D = TypeVar("D", bound=EventDetail)


class Envelope(BaseModel, Generic[D]):
    """The part of EventBridge's envelope that a consumer needs."""

    detail: D
