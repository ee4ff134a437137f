"""Retrying after a conflict, a bounded number of times."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.application.retry import ATTEMPTS, ConcurrentChange, change_session, retry_on_conflict
from shared.domain.audit import Action
from shared.domain.errors import Busy, NotFound, SessionCancelled
from shared.domain.session import Session, SessionStatus
from shared.domain.transition import Transition, transition
from testing.builders import SESSION_ID, a_change, a_session, a_snapshot, some_details
from testing.fakes import FakeSessions, always, at, no_pause


class OtherRace(Exception):
    """A conflict of another kind."""


class Attempts:
    """An operation that meets a number of conflicts before it succeeds."""

    def __init__(self, losses: int, race: type[Exception] = ConcurrentChange) -> None:
        self.left = losses
        self.race = race
        self.made = 0

    def __call__(self) -> str:
        """Raise a conflict, or succeed."""
        self.made += 1
        if self.made <= self.left:
            raise self.race
        return "done"


def test_retry_on_conflict_returns_the_first_success() -> None:
    """Without a conflict there is no second attempt."""
    attempt = Attempts(0)

    assert retry_on_conflict(attempt, no_pause) == "done"
    assert attempt.made == 1


def test_retry_on_conflict_tries_again_after_a_lost_race() -> None:
    """After a few conflicts the operation succeeds in the end."""
    attempt = Attempts(ATTEMPTS - 1)

    assert retry_on_conflict(attempt, no_pause) == "done"
    assert attempt.made == ATTEMPTS


def test_retry_on_conflict_gives_up_after_eight_attempts() -> None:
    """After eight conflicts the caller is told to come back later."""
    attempt = Attempts(99)

    with pytest.raises(Busy):
        retry_on_conflict(attempt, no_pause)

    assert attempt.made == 8


def test_retry_on_conflict_pauses_longer_each_time() -> None:
    """Callers in conflict do not meet again at once."""
    pauses: list[int] = []

    retry_on_conflict(Attempts(3), pauses.append)

    assert pauses == [0, 1, 2]


def test_retry_on_conflict_does_not_pause_before_the_first_attempt() -> None:
    """Without a conflict there is no pause."""
    pauses: list[int] = []

    retry_on_conflict(Attempts(0), pauses.append)

    assert pauses == []


def test_retry_on_conflict_repeats_only_the_races_it_is_told_of() -> None:
    """Any other error passes through to the caller."""
    attempt = Attempts(1, OtherRace)

    with pytest.raises(OtherRace):
        retry_on_conflict(attempt, no_pause)

    assert attempt.made == 1


def test_retry_on_conflict_can_be_told_of_other_races() -> None:
    """A caller may name further conflicts to retry on."""
    assert retry_on_conflict(Attempts(1, OtherRace), no_pause, conflicts=(OtherRace,)) == "done"


def renamed(title: str) -> Callable[[Session], Transition]:
    """Return the decision to give a session that title."""
    return lambda session: changing(session, details=some_details(title=title))


def changing(session: Session, **fields: Any) -> Transition:  # noqa: ANN401 - as `replace`
    """Return the transition that replaces these *fields*."""
    return transition(session, replace(session, **fields), Action.REGISTERED, a_change())


def test_change_session_saves_what_was_decided() -> None:
    """One read, one decision, one write."""
    sessions = FakeSessions(a_snapshot(version=7))

    assert change_session(SESSION_ID, renamed("new"), sessions, no_pause)
    assert sessions.load(SESSION_ID).details.title == "new"
    assert sessions.load(SESSION_ID).version == 8


def test_change_session_writes_nothing_if_nothing_was_decided() -> None:
    """A decision to leave the session as it is adds no version."""
    sessions = FakeSessions(a_snapshot(version=7))

    assert not change_session(SESSION_ID, lambda _: None, sessions, no_pause)
    assert sessions.writes == 0


def test_change_session_decides_anew_on_what_the_rival_left() -> None:
    """After a conflict the decision is made again, on the session as it is now."""
    sessions = FakeSessions(a_snapshot(version=7))
    rival = a_session(version=8, audit_head="rival", roster_change="theirs")
    sessions.before_write = at(1, lambda: sessions.put(a_snapshot(version=8, audit_head="rival")))
    seen: list[int] = []

    def decide(session: Session) -> Transition:
        seen.append(session.version)
        return changing(session)

    assert change_session(SESSION_ID, decide, sessions, no_pause)
    assert seen == [7, 8]
    assert sessions.load(SESSION_ID).version == rival.version + 1


def test_change_session_refuses_if_the_rival_closed_it() -> None:
    """A refusal at the second attempt is the answer."""
    sessions = FakeSessions(a_snapshot(version=7))
    closed = a_snapshot(version=8, audit_head="rival", status=SessionStatus.CANCELLED)
    sessions.before_write = at(1, lambda: sessions.put(closed))

    def decide(session: Session) -> Transition:
        session.require_open()
        return changing(session)

    with pytest.raises(SessionCancelled):
        change_session(SESSION_ID, decide, sessions, no_pause)


def test_change_session_gives_up_when_rivals_never_cease() -> None:
    """A conflict that outlasts all attempts is reported as busy."""
    sessions = FakeSessions(a_snapshot())

    def outrun() -> None:
        session = sessions.load(SESSION_ID)
        sessions.put(a_snapshot(version=session.version + 1, audit_head="rival"))

    sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        change_session(SESSION_ID, renamed("new"), sessions, no_pause)


def test_change_session_knows_no_unknown_session() -> None:
    """A session that does not exist is not found."""
    with pytest.raises(NotFound):
        change_session("nowhere", renamed("new"), FakeSessions(), no_pause)
