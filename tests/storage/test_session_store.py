"""The `SessionStore` port: one change, one version, whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from shared.application.ports.sessions import SessionIndex, SessionStore
from shared.application.retry import ConcurrentChange
from shared.domain.audit import Action
from shared.domain.errors import NotFound, TrailTaken
from shared.domain.roster import RowChange
from shared.domain.session import (
    OPEN_STATUSES,
    Attendee,
    Session,
    SessionStatus,
    SessionSummary,
    Snapshot,
    Trainer,
)
from shared.storage.sessions import DynamoSessionStore
from testing.builders import (
    COURSE_ID,
    ENDS_AT,
    NOW,
    SESSION_ID,
    a_change,
    a_course,
    a_cuid,
    a_decision,
    a_rejection,
    a_session,
    a_snapshot,
    a_transition,
    an_absentee,
    an_attendee,
    an_upload,
    attendees,
    changed,
    some_details,
)
from testing.environment import ENVIRONMENT
from testing.fakes import ROWS_PER_TRANSACTION
from tests.handlers.stack import Stack
from tests.storage.conftest import Stores

FULL = a_session(
    pending=an_upload(1),
    rejection=a_rejection(2),
    finalization=a_decision(request_key="key-1"),
    status=SessionStatus.COMPLETED,
    roster_change="put-1",
    roster_count=3,
    attendance_sum=2**56 * 10_000,
)
BARE = a_session(
    sheet=None,
    details=some_details(location=None, trainer=Trainer("t", "Jo Lind")),
    status=SessionStatus.SCHEDULED,
)
ROUND_TRIPS = {
    "everything": FULL,
    "as little as possible": BARE,
    "a course without version and validity": a_session(
        finalization=a_decision(course=a_course(version=None, validity=None))
    ),
    "other zones": a_session(
        details=some_details(
            starts_at=datetime(2026, 3, 10, 9, 30, tzinfo=timezone(timedelta(hours=5.75))),
            ends_at=datetime(2026, 3, 10, 17, 0, 0, 123_456, tzinfo=timezone(-timedelta(hours=8))),
        )
    ),
    "letters of all kinds": a_session(
        details=some_details(title='Höhe & "Seil" 高所作業 \U0001f9d7\nzwei', location="«3»")
    ),
}


def seat(store: SessionStore, *people: Attendee, **fields: Any) -> Snapshot:  # noqa: ANN401 - as the builders
    """Store a new session with these people."""
    snapshot = a_snapshot(*people, **fields)
    changes = [RowChange(None, person) for person in people]
    store.save(a_transition(snapshot.session, None, changes[:ROWS_PER_TRANSACTION]))
    return snapshot


def refused(
    store: SessionStore, session: Session, replacing: int | None, *changes: RowChange
) -> None:
    """Check that the write is refused as a conflict and changes nothing."""
    try:
        before: Snapshot | None = store.read(session.session_id)
    except NotFound:
        before = None

    with pytest.raises(ConcurrentChange):
        store.save(a_transition(session, replacing, changes))

    if before is not None:
        assert store.read(session.session_id) == before


class TestSessionStore:
    """What holds for both stores."""

    @pytest.mark.parametrize("session", ROUND_TRIPS.values(), ids=ROUND_TRIPS.keys())
    def test_load_returns_what_was_saved(self, stores: Stores, session: Session) -> None:
        """Every field comes back as it went in."""
        stores.sessions.save(a_transition(session, None))

        assert stores.sessions.load(SESSION_ID) == session

    def test_attendees_of_ids_that_no_key_holds_are_none(self, stores: Stores) -> None:
        """The answer is that no one of that id is on the roster."""
        seat(stores.sessions, an_attendee(1))

        found = stores.sessions.attendees(SESSION_ID, [a_cuid(1), "c" + "x" * 2_000])

        assert [attendee.personnel_id for attendee in found] == [a_cuid(1)]

    @pytest.mark.parametrize(
        "row",
        [
            an_attendee(1, remarks="left at noon", has_passed=False, revision=4),
            an_absentee(1, job_title=None, remarks=None),
            an_attendee(1, name="Zoë O'Brien 高", remarks="x" * 5_000),
            an_attendee(1, personnel_id="c" + "高" * 200),
        ],
    )
    def test_read_returns_the_rows_that_were_saved(self, stores: Stores, row: Attendee) -> None:
        """Every field of a row comes back as it went in."""
        snapshot = seat(stores.sessions, row)

        assert stores.sessions.read(SESSION_ID) == snapshot

    @pytest.mark.parametrize("call", ["load", "read"])
    def test_unknown_session_is_not_found(self, stores: Stores, call: str) -> None:
        """The refusal names the id."""
        with pytest.raises(NotFound, match="nowhere"):
            getattr(stores.sessions, call)("nowhere")

    def test_read_returns_rows_in_the_order_of_ids(self, stores: Stores) -> None:
        """The order does not depend on when people joined."""
        seat(stores.sessions, an_attendee(3), an_attendee(1), an_attendee(2))

        assert stores.sessions.read(SESSION_ID).attendees == attendees(3)

    def test_read_returns_only_its_own_rows(self, stores: Stores) -> None:
        """Rosters do not mix, even where one id begins like another."""
        seat(stores.sessions, an_attendee(1))
        seat(stores.sessions, an_attendee(2), session_id=f"{SESSION_ID}-2", audit_head="other")

        assert stores.sessions.read(SESSION_ID).attendees == (an_attendee(1),)

    def test_read_returns_a_roster_larger_than_an_answer(self, stores: Stores) -> None:
        """DynamoDB answers in pages of 1 MB; all of them are read."""
        rows = [an_attendee(number, remarks="x" * 15_000) for number in range(98)]

        snapshot = seat(stores.sessions, *rows)

        assert stores.sessions.read(SESSION_ID) == snapshot

    def test_attendees_returns_those_who_are_on_the_roster(self, stores: Stores) -> None:
        """Ids that are not on the roster are left out, and no one else is added."""
        seat(stores.sessions, *attendees(3))

        found = stores.sessions.attendees(SESSION_ID, [a_cuid(3), a_cuid(9), a_cuid(1)])

        assert {row.personnel_id: row for row in found} == {
            a_cuid(1): an_attendee(1),
            a_cuid(3): an_attendee(3),
        }

    def test_attendees_of_no_ids_are_none(self, stores: Stores) -> None:
        """Without ids the answer is empty."""
        seat(stores.sessions, *attendees(3))

        assert stores.sessions.attendees(SESSION_ID, []) == []

    def test_attendees_of_an_unknown_session_are_none(self, stores: Stores) -> None:
        """An unknown session has no attendees."""
        assert stores.sessions.attendees("nowhere", [a_cuid(1)]) == []

    def test_attendees_of_many_are_all_found(self, stores: Stores) -> None:
        """More ids than one answer holds are asked for in several calls."""
        snapshot = seat(stores.sessions, *attendees(98))
        more = tuple(an_attendee(number) for number in range(99, 151))
        after = changed(snapshot.session, "more")
        stores.sessions.save(
            a_transition(after, snapshot.session.version, [RowChange(None, row) for row in more])
        )

        found = stores.sessions.attendees(SESSION_ID, [a_cuid(n) for n in range(1, 151)])

        assert {row.personnel_id for row in found} == {row.personnel_id for row in attendees(150)}

    def test_save_replaces_the_whole_session(self, stores: Stores) -> None:
        """A value that the next version lacks is removed from the table."""
        stores.sessions.save(a_transition(FULL, None))
        bare = changed(BARE, "next")

        stores.sessions.save(a_transition(bare, FULL.version))

        assert stores.sessions.load(SESSION_ID) == bare

    def test_save_writes_session_and_rows_together(self, stores: Stores) -> None:
        """One person joins, one leaves and one changes, all in one change."""
        before = seat(stores.sessions, an_attendee(1), an_attendee(2)).session
        changes = [
            RowChange(None, an_attendee(3)),
            RowChange(an_attendee(1), None),
            RowChange(an_attendee(2), an_absentee(2, revision=2)),
        ]

        stores.sessions.save(a_transition(changed(before, "next"), before.version, changes))

        assert stores.sessions.read(SESSION_ID) == Snapshot(
            changed(before, "next"), (an_absentee(2, revision=2), an_attendee(3))
        )

    def test_save_takes_as_many_rows_as_the_port_promises(self, stores: Stores) -> None:
        """98 rows fit, beside the session and its entry."""
        snapshot = seat(stores.sessions, *attendees(ROWS_PER_TRANSACTION))

        assert stores.sessions.read(SESSION_ID) == snapshot

    def test_save_of_a_new_session_loses_if_there_is_one(self, stores: Stores) -> None:
        """Of two concurrent creations only one succeeds."""
        seat(stores.sessions, an_attendee(1))

        refused(stores.sessions, a_session(audit_head="mine", version=1), None)

    @pytest.mark.parametrize("replacing", [6, 8])
    def test_save_loses_if_the_version_is_another(self, stores: Stores, replacing: int) -> None:
        """A caller who decided on an older version has to decide again."""
        session = seat(stores.sessions, an_attendee(1), version=7).session

        refused(stores.sessions, changed(session, "mine"), replacing)

    def test_save_loses_if_there_is_nothing_to_replace(self, stores: Stores) -> None:
        """A session that was deleted is not written again."""
        refused(stores.sessions, a_session(), 6)

    @pytest.mark.parametrize(
        "change",
        [
            RowChange(an_attendee(1, revision=1), an_attendee(1, revision=2)),
            RowChange(an_attendee(1, revision=3), an_attendee(1, revision=4)),
            RowChange(an_attendee(1, revision=1), None),
            RowChange(None, an_attendee(1)),
            RowChange(an_attendee(9), an_attendee(9, revision=2)),
            RowChange(an_attendee(9), None),
        ],
        ids=["changed", "older", "leaving changed", "joined", "gone", "leaving gone"],
    )
    def test_save_loses_if_a_row_is_another(self, stores: Stores, change: RowChange) -> None:
        """If one row changed since it was read, nothing of the change is written."""
        session = seat(stores.sessions, an_attendee(1, revision=2), an_attendee(2)).session
        good = RowChange(an_attendee(2), an_absentee(2, revision=2))

        refused(stores.sessions, changed(session, "mine"), session.version, good, change)

    def test_save_says_so_if_somebody_took_the_number_of_its_entry(self, stores: Stores) -> None:
        """A change writes its entry with its session, so that trying again would never end."""
        session = seat(stores.sessions, an_attendee(1)).session
        stores.trail.append(SESSION_ID, Action.VERIFIED, a_change("forged"), [])

        with pytest.raises(TrailTaken):
            stores.sessions.save(a_transition(changed(session, "mine"), session.version))

        assert stores.sessions.load(SESSION_ID) == session

    def test_save_says_so_if_there_is_a_trail_and_no_session(self, stores: Stores) -> None:
        """It was removed, or never was."""
        stores.trail.append(SESSION_ID, Action.VERIFIED, a_change("forged"), [])

        with pytest.raises(TrailTaken):
            seat(stores.sessions, an_attendee(1), version=1)

    def test_save_repeated_by_the_same_change_is_no_conflict(self, stores: Stores) -> None:
        """A stored change of our own is no conflict."""
        before = seat(stores.sessions, an_attendee(1)).session
        change = RowChange(an_attendee(1), an_absentee(1, revision=2))
        after = changed(before, "mine")
        stores.sessions.save(a_transition(after, before.version, [change]))

        stores.sessions.save(a_transition(after, before.version, [change]))

        assert stores.sessions.read(SESSION_ID) == Snapshot(after, (an_absentee(1, revision=2),))

    def test_save_leaves_other_sessions_alone(self, stores: Stores) -> None:
        """Versions and rows are counted per session."""
        other = seat(stores.sessions, an_attendee(1), session_id="other", version=3)

        seat(stores.sessions, an_attendee(1), version=7)

        assert stores.sessions.read("other") == other


def list_of(store: SessionStore, *sessions: tuple[str, SessionStatus, int]) -> None:
    """Store sessions by name, status and the hour they start."""
    for name, status, hour in sessions:
        details = some_details(starts_at=ENDS_AT + timedelta(hours=hour))
        store.save(a_transition(a_session(session_id=name, status=status, details=details), None))


def names(summaries: Iterable[SessionSummary]) -> list[str]:
    """Return the names of the sessions listed."""
    return [summary.session_id for summary in summaries]


def pages(store: SessionStore, statuses: Sequence[SessionStatus], limit: int) -> list[list[str]]:
    """Return the whole list, page by page."""
    found: list[list[str]] = []
    after: str | None = None
    while page := store.page(statuses, limit, after):
        found.append(names(page))
        after = page[-1].position
    return found


SCHEDULED, IN_PROGRESS = OPEN_STATUSES


class TestSessionList:
    """What holds for both lists."""

    def test_page_shows_the_latest_start_first(self, stores: Stores) -> None:
        """The order does not depend on when the sessions were registered."""
        list_of(stores.sessions, ("b", SCHEDULED, 2), ("c", SCHEDULED, 3), ("a", SCHEDULED, 1))

        assert names(stores.sessions.page([SCHEDULED], 10, None)) == ["c", "b", "a"]

    def test_page_orders_sessions_that_start_together_by_id(self, stores: Stores) -> None:
        """No two sessions share a position, so none is skipped between pages."""
        list_of(stores.sessions, ("b", SCHEDULED, 1), ("c", SCHEDULED, 1), ("a", SCHEDULED, 1))

        assert pages(stores.sessions, [SCHEDULED], 2) == [["c", "b"], ["a"]]

    def test_page_shows_only_the_statuses_asked_for(self, stores: Stores) -> None:
        """Several statuses are one list, sorted as one."""
        list_of(
            stores.sessions,
            ("a", SCHEDULED, 1),
            ("b", IN_PROGRESS, 2),
            ("c", SessionStatus.COMPLETED, 3),
            ("d", SCHEDULED, 4),
        )

        assert names(stores.sessions.page([SCHEDULED, IN_PROGRESS], 10, None)) == ["d", "b", "a"]
        assert names(stores.sessions.page([SessionStatus.COMPLETED], 10, None)) == ["c"]
        assert names(stores.sessions.page([SessionStatus.CANCELLED], 10, None)) == []

    @pytest.mark.parametrize("limit", [1, 5, 50])
    def test_page_goes_on_behind_a_position(self, stores: Stores, limit: int) -> None:
        """Page by page each session comes once, over all statuses."""
        statuses = [*SessionStatus]
        every = [(f"s-{number}", statuses[number % 5], number // 2) for number in range(12)]
        list_of(stores.sessions, *every)

        listed = pages(stores.sessions, statuses, limit)

        latest_first = sorted(every, key=lambda row: (row[2], row[0]), reverse=True)
        assert sum(map(len, listed)) == 12
        assert [name for page in listed for name in page] == [row[0] for row in latest_first]
        assert all(len(page) == limit for page in listed[:-1])

    def test_page_follows_a_change_of_status(self, stores: Stores) -> None:
        """A session is listed once, under its current status."""
        session = a_session(status=SCHEDULED)
        stores.sessions.save(a_transition(session, None))

        stores.sessions.save(
            a_transition(changed(session, "x", status=IN_PROGRESS), session.version)
        )

        assert names(stores.sessions.page([SCHEDULED], 10, None)) == []
        assert names(stores.sessions.page([IN_PROGRESS], 10, None)) == [SESSION_ID]

    def test_page_shows_what_a_line_of_the_list_needs(self, stores: Stores) -> None:
        """The list itself has all of it; no session is read for it."""
        session = a_session(
            roster_count=14, status=SessionStatus.COMPLETED, finalization=a_decision()
        )
        stores.sessions.save(a_transition(session, None))

        (line,) = stores.sessions.page([SessionStatus.COMPLETED], 1, None)

        assert (line.session_id, line.status) == (SESSION_ID, SessionStatus.COMPLETED)
        assert (line.title, line.course_id) == (session.details.title, COURSE_ID)
        assert (line.starts_at, line.ends_at) == (ENDS_AT - timedelta(hours=8), ENDS_AT)
        assert (line.timezone, line.location) == ("Europe/Berlin", "Hall 3")
        assert (line.roster_count, line.finalized_at) == (14, NOW)

    def test_page_shows_a_session_that_lacks_what_is_optional(self, stores: Stores) -> None:
        """A session may have no location and no finalization."""
        stores.sessions.save(a_transition(BARE, None))

        (line,) = stores.sessions.page([SCHEDULED], 1, None)

        assert (line.location, line.finalized_at) == (None, None)


COMPLETED = SessionStatus.COMPLETED


class TestSessionIndex:
    """What holds for both indexes."""

    @pytest.fixture(autouse=True)
    def three(self, stores: Stores) -> None:
        """Store three sessions that start one after another, and one of another status."""
        list_of(stores.sessions, ("b", COMPLETED, 2), ("c", COMPLETED, 3), ("a", COMPLETED, 1))
        list_of(stores.sessions, ("d", SCHEDULED, 2))

    @pytest.mark.parametrize(
        ("hour", "wanted"), [(0, ["c", "b", "a"]), (2, ["c", "b"]), (3, ["c"]), (4, [])]
    )
    def test_started_since_names_the_latest_first(
        self, index: SessionIndex, hour: int, wanted: list[str]
    ) -> None:
        """The given moment is included, and only the given status is named."""
        moment = ENDS_AT + timedelta(hours=hour)

        assert list(index.started_since(COMPLETED, moment)) == wanted

    @pytest.mark.parametrize(
        ("hour", "wanted"), [(4, ["c", "b", "a"]), (2, ["a"]), (1, []), (0, [])]
    )
    def test_started_before_names_the_latest_first(
        self, index: SessionIndex, hour: int, wanted: list[str]
    ) -> None:
        """The given moment is excluded, and only the given status is named."""
        moment = ENDS_AT + timedelta(hours=hour)

        assert list(index.started_before(COMPLETED, moment)) == wanted

    @pytest.mark.parametrize(("late", "wanted"), [(0, ["e"]), (1, [])])
    def test_started_since_may_ask_for_those_finalized_lately(
        self, stores: Stores, index: SessionIndex, late: int, wanted: list[str]
    ) -> None:
        """The given moment is included; a session without a decision has no such moment."""
        session = a_session(session_id="e", status=COMPLETED, finalization=a_decision())
        stores.sessions.save(a_transition(session, None))
        moment = NOW + timedelta(seconds=late)

        found = list(index.started_since(COMPLETED, NOW - timedelta(days=9), moment))

        assert found == wanted


def test_index_names_sessions_that_cannot_be_read(real: Stores, stack: Stack) -> None:
    """A damaged item hides neither itself nor the others from a walk over all of them."""
    list_of(real.sessions, ("a", COMPLETED, 1), ("b", COMPLETED, 2))
    stack.edit("b", "startsAt", {"S": "tomorrow"})

    assert isinstance(real.sessions, DynamoSessionStore)
    assert list(real.sessions.started_since(COMPLETED, ENDS_AT)) == ["b", "a"]
    with pytest.raises(ValueError, match="tomorrow"):
        real.sessions.read("b")


def put_copy(stack: Stack, of: str, key: str, **changes: str) -> None:
    """Put a copy of an item of the session under another key, as no function does."""
    table = ENVIRONMENT["SESSIONS_TABLE"]
    wanted = {"sessionId": {"S": SESSION_ID}, "item": {"S": of}}
    item: dict[str, Any] = {**stack.dynamodb.get_item(TableName=table, Key=wanted)["Item"]}
    texts = {name: {"S": value} for name, value in changes.items()}
    stack.dynamodb.put_item(TableName=table, Item=item | {"item": {"S": key}} | texts)


@pytest.mark.parametrize("key", ["0", "SESSION2", "ATTENDEE#x"])
def test_session_is_read_under_its_own_key_alone(real: Stores, stack: Stack, key: str) -> None:
    """A copy of its item under another key, with another title, is neither read nor listed."""
    seated = seat(real.sessions, an_attendee(1))
    put_copy(stack, "SESSION", key, title="Crane operator")

    assert real.sessions.read(SESSION_ID) == seated
    assert isinstance(real.sessions, DynamoSessionStore)
    assert len(real.sessions.page([seated.session.status], 10, None)) == 1


def test_row_counts_under_the_key_of_its_person_alone(real: Stores, stack: Stack) -> None:
    """A copy of somebody's row under another key puts nobody on the list."""
    seated = seat(real.sessions, an_attendee(1))
    put_copy(stack, f"ATTENDEE#{a_cuid(1)}", f"ATTENDEE#{a_cuid(2)}", name="Somebody Else")

    assert real.sessions.read(SESSION_ID) == seated
