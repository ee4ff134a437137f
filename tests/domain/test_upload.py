"""What an upload does to its session, in any order in which the news arrives."""

from collections.abc import Callable
from functools import reduce
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.announcement import announced_in
from shared.domain.audit import Action
from shared.domain.errors import (
    FinalizationInProgress,
    SessionAlreadyFinalized,
    SessionCancelled,
    TrainingError,
)
from shared.domain.evidence import EvidenceState
from shared.domain.session import Session, SessionStatus
from shared.domain.transition import Transition
from shared.domain.upload import accepted, announced, rejected, withdrawn
from testing.builders import NOW, a_change, a_rejection, a_session, a_sheet, an_upload

T = TypeVar("T")
CHANGE = a_change()
Decide = Callable[[Session], Transition | None]

STEPS: dict[str, Decide] = {
    "announced": lambda session: announced(session, an_upload(1), CHANGE),
    "accepted": lambda session: accepted(session, a_sheet(1), CHANGE),
    "rejected": lambda session: rejected(session, a_rejection(1), CHANGE),
}
REFUSALS: dict[SessionStatus, type[TrainingError]] = {
    SessionStatus.CANCELLED: SessionCancelled,
    SessionStatus.FINALIZING: FinalizationInProgress,
    SessionStatus.COMPLETED: SessionAlreadyFinalized,
}


def changed(transition: Transition | None) -> Session:
    """Return the session after a transition that must not be None."""
    assert transition is not None
    return transition.after


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("transition", STEPS.values(), ids=STEPS.keys())
def test_upload_is_refused_by_a_session_that_takes_no_sheet(
    transition: Decide, status: SessionStatus
) -> None:
    """A cancelled, locked or finalized session does not announce, accept or reject an upload."""
    session = a_session(status=status, sheet=None)

    with pytest.raises(REFUSALS[status]):
        transition(session)


@pytest.mark.parametrize(
    ("transition", "action"),
    [
        (STEPS["announced"], Action.SHEET_ANNOUNCED),
        (STEPS["accepted"], Action.SHEET_ACCEPTED),
        (STEPS["rejected"], Action.SHEET_REJECTED),
        (
            lambda session: withdrawn(session, an_upload(0).upload_id, CHANGE),
            Action.SHEET_WITHDRAWN,
        ),
    ],
)
def test_upload_says_in_the_trail_what_became_of_it(transition: Decide, action: Action) -> None:
    """Each outcome of an upload has its own action in the trail."""
    taken = transition(a_session(sheet=None, pending=an_upload(0)))

    assert taken is not None
    assert taken.entry.action is action


def test_announced_upload_is_waited_for() -> None:
    """From the announcement on, the session waits for the upload."""
    session = a_session(sheet=None)

    after = changed(announced(session, an_upload(1), CHANGE))

    assert after.pending == an_upload(1)
    assert after.version == session.version + 1


def test_announced_upload_leaves_the_accepted_sheet_in_force() -> None:
    """A replacement counts from its acceptance, not from its announcement."""
    after = changed(announced(a_session(sheet=a_sheet(0)), an_upload(1), CHANGE))

    assert after.sheet == a_sheet(0)


def test_announced_newer_upload_replaces_the_one_waited_for() -> None:
    """Only the latest announcement is waited for."""
    after = changed(announced(a_session(pending=an_upload(1)), an_upload(2), CHANGE))

    assert after.pending == an_upload(2)


def test_announced_older_upload_is_noted_and_not_waited_for() -> None:
    """Of two concurrent uploads the newer is waited for; the other one is evidence as well."""
    session = a_session(pending=an_upload(2))

    taken = announced(session, an_upload(1), CHANGE)

    assert (taken.after.pending, taken.after.version) == (an_upload(2), session.version + 1)
    assert announced_in([taken.entry], an_upload(1).upload_id) == an_upload(1)


def test_withdrawn_upload_is_no_longer_waited_for() -> None:
    """An upload that failed does not hold up finalizing."""
    session = a_session(pending=an_upload(1))

    after = changed(withdrawn(session, an_upload(1).upload_id, CHANGE))

    assert after.pending is None
    assert after.version == session.version + 1


@pytest.mark.parametrize("pending", [None, an_upload(2)])
def test_withdrawn_upload_that_is_not_waited_for_changes_nothing(pending: object) -> None:
    """An upload does not withdraw another one."""
    assert withdrawn(a_session(pending=pending), an_upload(1).upload_id, CHANGE) is None


def test_accepted_sheet_ends_the_waiting_for_it() -> None:
    """The sheet is in force, and nothing is pending."""
    session = a_session(sheet=None, pending=an_upload(1))

    after = changed(accepted(session, a_sheet(1), CHANGE))

    assert (after.sheet, after.pending) == (a_sheet(1), None)


def test_accepted_sheet_replaces_an_older_one() -> None:
    """Before Finalize a new sheet replaces the old one (DESIGN §5.5)."""
    after = changed(accepted(a_session(sheet=a_sheet(1)), a_sheet(2), CHANGE))

    assert after.sheet == a_sheet(2)


@pytest.mark.parametrize("minute", [2, 3])
def test_accepted_sheet_never_replaces_itself_or_a_newer_one(minute: int) -> None:
    """Late and repeated news changes nothing."""
    assert accepted(a_session(sheet=a_sheet(3)), a_sheet(minute), CHANGE) is None


@pytest.mark.parametrize("transition", ["accepted", "rejected"])
def test_decided_older_upload_leaves_the_newer_one_waited_for(transition: str) -> None:
    """The news of an older upload does not end the check of a newer one."""
    after = changed(STEPS[transition](a_session(sheet=None, pending=an_upload(2))))

    assert after.pending == an_upload(2)


def test_accepted_newer_sheet_ends_the_waiting_for_an_older_one() -> None:
    """An upload that was announced earlier no longer matters."""
    after = changed(accepted(a_session(sheet=None, pending=an_upload(1)), a_sheet(2), CHANGE))

    assert after.pending is None


def test_rejected_upload_leaves_the_sheet_and_says_why() -> None:
    """A rejected scan leaves the accepted sheet in force."""
    session = a_session(sheet=a_sheet(1), pending=an_upload(2))

    after = changed(rejected(session, a_rejection(2), CHANGE))

    assert (after.sheet, after.rejection, after.pending) == (a_sheet(1), a_rejection(2), None)


def test_rejected_upload_older_than_the_sheet_changes_nothing() -> None:
    """A fault that a newer sheet has corrected is not reported."""
    assert rejected(a_session(sheet=a_sheet(2)), a_rejection(1), CHANGE) is None


@pytest.mark.parametrize("minute", [1, 2])
def test_rejected_upload_is_noted_once(minute: int) -> None:
    """Repeated and older rejections change nothing."""
    session = a_session(sheet=None, rejection=a_rejection(2))

    assert rejected(session, a_rejection(minute), CHANGE) is None


@st.composite
def news(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    """Draw uploads by minute: which are valid, which are not, and in which order they are heard."""
    count = draw(st.integers(1, 5))
    is_valid = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    repeats = draw(st.lists(st.integers(0, count - 1), max_size=6))
    heard = draw(st.permutations([*range(count), *repeats]))
    good = [minute for minute in range(count) if is_valid[minute]]
    return good, [minute for minute in range(count) if not is_valid[minute]], heard


def hear(session: Session, minute: int, good: list[int]) -> Session:
    """Let the session process the outcome of the upload of that minute."""
    valid = minute in good
    after = (
        accepted(session, a_sheet(minute), CHANGE)
        if valid
        else rejected(session, a_rejection(minute), CHANGE)
    )
    return after.after if after else session


@given(news())
def test_any_order_of_news_ends_with_the_newest_valid_sheet(
    drawn: tuple[list[int], list[int], list[int]],
) -> None:
    """S3 repeats and reorders its notifications; the result is the same."""
    good, _, heard = drawn

    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    assert end.sheet == (a_sheet(max(good)) if good else None)
    assert end.pending is None


@given(news())
def test_any_order_of_news_ends_with_the_state_of_the_latest_upload(
    drawn: tuple[list[int], list[int], list[int]],
) -> None:
    """The admin sees the state of the last upload, in any order of the news."""
    good, bad, heard = drawn

    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    is_rejected = max(bad, default=-1) > max(good, default=-1)
    expected = EvidenceState.REJECTED if is_rejected else EvidenceState.ACCEPTED
    assert end.evidence_state(NOW) is expected


@given(news())
def test_news_heard_twice_change_nothing_the_second_time(
    drawn: tuple[list[int], list[int], list[int]],
) -> None:
    """Processing is idempotent: a repeat leaves the session as it is."""
    good, _, heard = drawn
    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    again = reduce(lambda session, minute: hear(session, minute, good), heard, end)

    assert again == end


@given(news(), st.integers(0, 5))
def test_sheet_never_goes_backwards(
    drawn: tuple[list[int], list[int], list[int]], announced_at: int
) -> None:
    """An older sheet never replaces a newer accepted one."""
    good, _, heard = drawn
    session = changed(announced(a_session(sheet=None), an_upload(announced_at), CHANGE))

    for minute in heard:
        before, session = session, hear(session, minute, good)

        assert before.sheet is None or session.sheet is not None
        if before.sheet and session.sheet:
            assert before.sheet.upload_id <= session.sheet.upload_id
