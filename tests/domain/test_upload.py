"""What an upload does to its session, in whatever order the news of it arrives."""

from collections.abc import Callable
from functools import reduce
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import (
    FinalizationInProgress,
    SessionCancelled,
    SessionFinalized,
    TrainingError,
)
from shared.domain.evidence import EvidenceState
from shared.domain.session import Session, SessionStatus
from shared.domain.step import Step
from shared.domain.upload import accepted, announced, rejected, withdrawn
from tests.builders import NOW, a_change, a_rejection, a_session, a_sheet, an_upload

T = TypeVar("T")
CHANGE = a_change()
Decide = Callable[[Session], Step | None]

STEPS: dict[str, Decide] = {
    "announced": lambda session: announced(session, an_upload(1), CHANGE),
    "accepted": lambda session: accepted(session, a_sheet(1), CHANGE),
    "rejected": lambda session: rejected(session, a_rejection(1), CHANGE),
}
REFUSALS: dict[SessionStatus, type[TrainingError]] = {
    SessionStatus.CANCELLED: SessionCancelled,
    SessionStatus.FINALIZING: FinalizationInProgress,
    SessionStatus.COMPLETED: SessionFinalized,
}


def changed(step: Step | None) -> Session:
    """Return what a step that has to be taken makes of the session."""
    assert step is not None
    return step.after


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_upload_is_refused_by_a_session_that_takes_no_sheet(
    step: Decide, status: SessionStatus
) -> None:
    """Cancelled, sealed or finalized: neither announced nor accepted nor rejected any more."""
    session = a_session(status=status, sheet=None)

    with pytest.raises(REFUSALS[status]):
        step(session)


def test_announced_upload_is_waited_for() -> None:
    """From the announcement on, the session waits."""
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


def test_announced_older_upload_changes_nothing() -> None:
    """Two people upload at once: the newer one is waited for whoever is heard last."""
    assert announced(a_session(pending=an_upload(2)), an_upload(1), CHANGE) is None


def test_withdrawn_upload_is_no_longer_waited_for() -> None:
    """An upload that failed does not hold up finalizing."""
    session = a_session(pending=an_upload(1))

    after = changed(withdrawn(session, an_upload(1).upload_id, CHANGE))

    assert after.pending is None
    assert after.version == session.version + 1


@pytest.mark.parametrize("pending", [None, an_upload(2)])
def test_withdrawn_upload_that_is_not_waited_for_changes_nothing(pending: object) -> None:
    """Somebody else's upload is not withdrawn with mine."""
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
    """Late and repeated news change nothing."""
    assert accepted(a_session(sheet=a_sheet(3)), a_sheet(minute), CHANGE) is None


@pytest.mark.parametrize("step", ["accepted", "rejected"])
def test_decided_older_upload_leaves_the_newer_one_waited_for(step: str) -> None:
    """The news of an older upload does not end the check of a newer one."""
    after = changed(STEPS[step](a_session(sheet=None, pending=an_upload(2))))

    assert after.pending == an_upload(2)


def test_accepted_newer_sheet_ends_the_waiting_for_an_older_one() -> None:
    """Whoever announced before is overtaken."""
    after = changed(accepted(a_session(sheet=None, pending=an_upload(1)), a_sheet(2), CHANGE))

    assert after.pending is None


def test_rejected_upload_leaves_the_sheet_and_says_why() -> None:
    """A bad scan does not take the good one away."""
    session = a_session(sheet=a_sheet(1), pending=an_upload(2))

    after = changed(rejected(session, a_rejection(2), CHANGE))

    assert (after.sheet, after.rejection, after.pending) == (a_sheet(1), a_rejection(2), None)


def test_rejected_upload_older_than_the_sheet_changes_nothing() -> None:
    """Nobody is told of a fault that a newer sheet has mended."""
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
    """Let the session hear what became of the upload of that minute."""
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
    """S3 repeats and shuffles its notifications; the outcome does not depend on it."""
    good, _, heard = drawn

    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    assert end.sheet == (a_sheet(max(good)) if good else None)
    assert end.pending is None


@given(news())
def test_any_order_of_news_ends_with_the_state_of_the_latest_upload(
    drawn: tuple[list[int], list[int], list[int]],
) -> None:
    """The admin reads of the last upload, whichever news came last."""
    good, bad, heard = drawn

    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    is_rejected = max(bad, default=-1) > max(good, default=-1)
    expected = EvidenceState.REJECTED if is_rejected else EvidenceState.ACCEPTED
    assert end.evidence_state(NOW) is expected


@given(news())
def test_news_heard_twice_change_nothing_the_second_time(
    drawn: tuple[list[int], list[int], list[int]],
) -> None:
    """Once everything was heard, every repeat leaves the session as it is."""
    good, _, heard = drawn
    end = reduce(lambda session, minute: hear(session, minute, good), heard, a_session(sheet=None))

    again = reduce(lambda session, minute: hear(session, minute, good), heard, end)

    assert again == end


@given(news(), st.integers(0, 5))
def test_sheet_never_goes_backwards(
    drawn: tuple[list[int], list[int], list[int]], announced_at: int
) -> None:
    """At no moment is a newer accepted sheet replaced by an older one."""
    good, _, heard = drawn
    session = changed(announced(a_session(sheet=None), an_upload(announced_at), CHANGE))

    for minute in heard:
        before, session = session, hear(session, minute, good)

        assert before.sheet is None or session.sheet is not None
        if before.sheet and session.sheet:
            assert before.sheet.upload_id <= session.sheet.upload_id
