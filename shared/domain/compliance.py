"""Compliance: whether a person may do the work, now or on a day; a function of their records."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from shared.domain.days import start_of
from shared.domain.records import Record, RecordKind, RecordStatus, Result


class Colour(StrEnum):
    """GREEN: covered. AMBER: covered, but not for long. RED: not covered."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    A colour, the record it is based on (the one valid longest), and that record's last day.

    *changes_at* is the moment of the next change of colour, if no record is added until then. It is
    None if there is none, and for what was judged by dates alone.
    """

    colour: Colour
    record_id: str | None = None
    expiry_date: date | None = None
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """A person's standing in a course, as last calculated; *revision* counts the calculations."""

    personnel_id: str
    course_id: str
    verdict: Verdict
    calculated_at: datetime
    revision: int


def grants_compliance(record: Record) -> bool:
    """
    A pass that is final: a passed training, or a passed competency that was verified.

    A failure is kept as proof of the attempt and grants nothing (spec §1).
    """
    if record.result is not Result.PASSED:
        return False
    final = RecordStatus.PASSED if record.kind is RecordKind.TRAINING else RecordStatus.VERIFIED
    return record.status is final


def verdict_on(records: Iterable[Record], day: date, expiring_soon: timedelta) -> Verdict:
    """
    Judge one person's *records* of one course by their dates alone: as of a calendar day.

    A record covers the days from its session's date through its expiry date. Of several, the one
    that covers longest counts, so the result does not depend on their order.
    """
    return _verdict([_span(one, expiring_soon, _same) for one in _granting(records)], day)


def verdict_at(records: Iterable[Record], now: datetime, expiring_soon: timedelta) -> Verdict:
    """
    Judge them at this moment: a record covers from the start of its session's date to the end of
    its expiry date where the training took place.

    Records of the first release name no place; their days are days in UTC, as they were then.
    """
    spans = [_span(one, expiring_soon, start_of) for one in _granting(records)]
    return replace(_verdict(spans, now), changes_at=_next_change(spans, now))


T = TypeVar("T", date, datetime)


@dataclass(frozen=True, slots=True)
class _Span(Generic[T]):
    """
    What a record covers: from *begins* until just before *ends*, and as AMBER from *ends_soon* on;
    the last two are None if it never expires.
    """

    record: Record
    begins: T
    ends_soon: T | None = None
    ends: T | None = None

    @property
    def edges(self) -> list[T]:
        return [edge for edge in (self.begins, self.ends_soon, self.ends) if edge is not None]

    def covers(self, time: T) -> bool:
        return self.begins <= time and (self.ends is None or time < self.ends)

    def colour(self, time: T) -> Colour:
        is_ending = self.ends_soon is not None and self.ends_soon <= time
        return Colour.AMBER if is_ending else Colour.GREEN


def _granting(records: Iterable[Record]) -> Iterator[Record]:
    return (record for record in records if grants_compliance(record))


def _span(
    record: Record, expiring_soon: timedelta, begin: Callable[[date, str | None], T]
) -> _Span[T]:
    begins = begin(record.session_date, record.time_zone)
    if record.expiry_date is None:
        return _Span(record, begins)
    soon, after = record.expiry_date - expiring_soon, record.expiry_date + timedelta(days=1)
    return _Span(record, begins, begin(soon, record.time_zone), begin(after, record.time_zone))


def _same(day: date, _time_zone: str | None) -> date:
    return day


def _verdict(spans: Sequence[_Span[T]], time: T) -> Verdict:
    covering = [span for span in spans if span.covers(time)]
    if not covering:
        return Verdict(Colour.RED)
    best = max(covering, key=_reach)
    return Verdict(best.colour(time), best.record.record_id, best.record.expiry_date)


def _reach(span: _Span[T]) -> tuple[bool, T, date, str]:
    """How long a record covers; what never expires comes after all that does."""
    never = span.ends is None
    return never, span.ends or span.begins, span.record.session_date, span.record.record_id


def _next_change(spans: Sequence[_Span[datetime]], now: datetime) -> datetime | None:
    """The first moment after *now* at which the colour is another, if nothing is recorded."""
    colour = _verdict(spans, now).colour
    edges = sorted(edge for span in spans for edge in span.edges if edge > now)
    return next((edge for edge in edges if _verdict(spans, edge).colour is not colour), None)
