"""
Compliance: may this person do the work today? A pure function of their records and a date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.domain.records import Record, RecordKind, RecordStatus, Result


class Colour(StrEnum):
    """
    GREEN: covered. AMBER: covered, but not for long. RED: not covered.
    """

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    A colour, and what it rests on: the record that covers longest, and the last day it does.
    """

    colour: Colour
    record_id: str | None = None
    expiry_date: date | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """
    One person's standing in one course, as last calculated; *revision* counts the calculations.
    """

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


def verdict(records: Iterable[Record], as_of: date, expiring_soon: timedelta) -> Verdict:
    """
    Judge one person's *records* of one course as of a day.

    A record counts from its session's date through its expiry date, both included. Of several, the
    one that covers longest counts, so the outcome does not depend on their order.
    """
    covering = [
        record
        for record in records
        if grants_compliance(record)
        and record.session_date <= as_of
        and (record.expiry_date is None or as_of <= record.expiry_date)
    ]
    if not covering:
        return Verdict(Colour.RED)
    best = max(
        covering,
        key=lambda record: (record.expiry_date or date.max, record.session_date, record.record_id),
    )
    ends_soon = best.expiry_date is not None and best.expiry_date - as_of <= expiring_soon
    return Verdict(Colour.AMBER if ends_soon else Colour.GREEN, best.record_id, best.expiry_date)
