"""May this person do the work today? Boundaries, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compliance import Colour, Verdict, grants_compliance, verdict_on
from shared.domain.records import Record, RecordKind, RecordStatus, Result
from testing.builders import SESSION_DATE, a_competency, a_record

SOON = timedelta(days=30)
ENDS = date(2027, 3, 10)
DAY = timedelta(days=1)

GRANTING = [
    (RecordKind.TRAINING, Result.PASSED, RecordStatus.PASSED),
    (RecordKind.COMPETENCY, Result.PASSED, RecordStatus.VERIFIED),
]


@pytest.mark.parametrize("kind", RecordKind)
@pytest.mark.parametrize("result", Result)
@pytest.mark.parametrize("status", RecordStatus)
def test_only_a_final_pass_grants_compliance(
    kind: RecordKind, result: Result, status: RecordStatus
) -> None:
    """A passed training, or a passed competency that was verified, and nothing else."""
    record = a_record(kind=kind, result=result, status=status)

    assert grants_compliance(record) is ((kind, result, status) in GRANTING)


@pytest.mark.parametrize(
    ("as_of", "colour"),
    [
        (SESSION_DATE - DAY, Colour.RED),
        (SESSION_DATE, Colour.GREEN),
        (ENDS - timedelta(days=31), Colour.GREEN),
        (ENDS - timedelta(days=30), Colour.AMBER),
        (ENDS - DAY, Colour.AMBER),
        (ENDS, Colour.AMBER),
        (ENDS + DAY, Colour.RED),
        (ENDS + timedelta(days=31), Colour.RED),
    ],
)
def test_verdict_holds_from_the_training_through_the_last_day(as_of: date, colour: Colour) -> None:
    """Not before the training took place, all of its last day, and not the day after."""
    assert verdict_on([a_record(expiry_date=ENDS)], as_of, SOON).colour is colour


@pytest.mark.parametrize("as_of", [SESSION_DATE, ENDS, date(2126, 1, 1)])
def test_verdict_without_expiry_stays_green(as_of: date) -> None:
    """A pass that never expires never expires soon."""
    record = a_record(validity=None, expiry_date=None)

    assert verdict_on([record], as_of, SOON) == Verdict(Colour.GREEN, record.record_id, None)


def test_verdict_names_what_it_rests_on() -> None:
    """The verdict names the record and the last day, so that it can be explained."""
    record = a_record(expiry_date=ENDS)

    assert verdict_on([record], SESSION_DATE, SOON) == Verdict(Colour.GREEN, record.record_id, ENDS)


def test_verdict_of_nothing_is_red_and_rests_on_nothing() -> None:
    """A person without any record is not covered."""
    assert verdict_on([], SESSION_DATE, SOON) == Verdict(Colour.RED, None, None)


def test_verdict_of_what_has_expired_rests_on_nothing() -> None:
    """An expired pass does not count, however long it was valid."""
    assert verdict_on([a_record(expiry_date=ENDS)], ENDS + DAY, SOON) == Verdict(Colour.RED)


@pytest.mark.parametrize(
    ("record", "colour"),
    [
        (a_record(result=Result.FAILED, status=RecordStatus.FAILED), Colour.RED),
        (a_competency(RecordStatus.PENDING_VERIFICATION), Colour.RED),
        (a_competency(RecordStatus.REJECTED), Colour.RED),
        (a_competency(RecordStatus.VERIFIED), Colour.GREEN),
        (a_competency(RecordStatus.PENDING_VERIFICATION, result=Result.FAILED), Colour.RED),
        (a_competency(RecordStatus.VERIFIED, result=Result.FAILED), Colour.RED),
    ],
)
def test_verdict_counts_only_what_is_passed_and_final(record: Record, colour: Colour) -> None:
    """A failure is only proof of the attempt, and a competency counts once it is verified."""
    assert verdict_on([record], SESSION_DATE, SOON).colour is colour


def test_verdict_is_not_spoilt_by_a_later_failure() -> None:
    """A failed refresher does not take away the pass before it."""
    passed = a_record(1, expiry_date=ENDS)
    failed = a_record(
        2, result=Result.FAILED, status=RecordStatus.FAILED, session_date=SESSION_DATE + DAY
    )

    assert verdict_on([passed, failed], SESSION_DATE + DAY, SOON).record_id == passed.record_id


def test_verdict_rests_on_the_record_that_covers_longest() -> None:
    """An old pass of long validity beats a newer short one."""
    long = a_record(1, expiry_date=date(2030, 1, 1))
    short = a_record(2, session_date=SESSION_DATE + DAY, expiry_date=ENDS)

    assert verdict_on([long, short], SESSION_DATE + DAY, SOON).record_id == long.record_id


def test_verdict_prefers_what_never_expires() -> None:
    """A pass without an expiry date beats any pass with one."""
    endless = a_record(1, expiry_date=None)
    dated = a_record(2, expiry_date=date(2126, 1, 1))

    assert verdict_on([dated, endless], SESSION_DATE, SOON).record_id == endless.record_id


def test_verdict_turns_green_again_when_trained_again() -> None:
    """The warning ends with the refresher, not with the old record."""
    old = a_record(1, expiry_date=ENDS)
    new = a_record(2, session_date=ENDS - DAY, expiry_date=ENDS + timedelta(days=365))

    assert verdict_on([old], ENDS, SOON).colour is Colour.AMBER
    assert verdict_on([old, new], ENDS, SOON).colour is Colour.GREEN


def test_verdict_on_a_past_day_ignores_what_came_later() -> None:
    """On the day of the accident only the trainings before it count."""
    later = a_record(session_date=SESSION_DATE + DAY)

    assert verdict_on([later], SESSION_DATE, SOON).colour is Colour.RED


@pytest.mark.parametrize(("days", "colour"), [(0, Colour.GREEN), (1, Colour.AMBER)])
def test_verdict_warns_as_early_as_it_is_told_to(days: int, colour: Colour) -> None:
    """The days of warning are a parameter; with 0 only the last day warns."""
    record = a_record(expiry_date=ENDS)

    assert verdict_on([record], ENDS - DAY, timedelta(days=days)).colour is colour
    assert verdict_on([record], ENDS, timedelta(days=days)).colour is Colour.AMBER


OFFSETS = st.integers(-400, 800).map(timedelta)
RECORDS = st.builds(
    lambda number, state, trained, ends: a_record(
        number,
        kind=state[0],
        result=state[1],
        status=state[2],
        session_date=SESSION_DATE + trained,
        expiry_date=None if ends is None else SESSION_DATE + trained + abs(ends),
    ),
    st.integers(1, 99),
    st.sampled_from(GRANTING)
    | st.tuples(
        st.sampled_from(RecordKind), st.sampled_from(Result), st.sampled_from(RecordStatus)
    ),
    OFFSETS,
    st.none() | OFFSETS,
)


@given(st.lists(RECORDS, max_size=6, unique_by=lambda r: r.record_id), OFFSETS, st.randoms())
def test_verdict_does_not_depend_on_the_order_of_records(
    records: list[Record], day: timedelta, random: object
) -> None:
    """The verdict is the same in any order of the records."""
    shuffled = sorted(records, key=lambda _: random.random())  # type: ignore[attr-defined]

    one = verdict_on(records, SESSION_DATE + day, SOON)

    assert verdict_on(shuffled, SESSION_DATE + day, SOON) == one


@given(st.lists(RECORDS, max_size=6), RECORDS, OFFSETS)
def test_verdict_is_never_worse_for_one_more_record(
    records: list[Record], further: Record, day: timedelta
) -> None:
    """One more record never makes a person's compliance worse."""
    ranks = [Colour.RED, Colour.AMBER, Colour.GREEN]

    before = verdict_on(records, SESSION_DATE + day, SOON).colour
    after = verdict_on([*records, further], SESSION_DATE + day, SOON).colour

    assert ranks.index(after) >= ranks.index(before)


@given(st.lists(RECORDS, max_size=6), OFFSETS)
def test_verdict_is_red_exactly_if_nothing_covers_the_day(
    records: list[Record], day: timedelta
) -> None:
    """GREEN and AMBER name the record they rest on; RED names none."""
    as_of = SESSION_DATE + day

    found = verdict_on(records, as_of, SOON)

    covers = [
        record
        for record in records
        if (record.kind, record.result, record.status) in GRANTING
        and record.session_date <= as_of
        and (record.expiry_date or date.max) >= as_of
    ]
    assert (found.colour is Colour.RED) == (not covers) == (found.record_id is None)
