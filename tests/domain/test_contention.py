"""Losing a race, and trying again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.audit import Action
from shared.domain.change import change_session
from shared.domain.contention import ATTEMPTS, LostRace, until_settled
from shared.domain.errors import Busy, NotFound, SessionCancelled
from shared.domain.session import Session, SessionStatus
from shared.domain.step import Step, step
from tests.builders import SESSION_ID, a_change, a_session, a_snapshot, some_details
from tests.fakes import FakeSessions, always, at, no_pause


class OtherRace(Exception):
    """A race of another kind."""


class Attempts:
    """Something that loses a number of times before it is done."""

    def __init__(self, losses: int, race: type[Exception] = LostRace) -> None:
        self.left = losses
        self.race = race
        self.made = 0

    def __call__(self) -> str:
        """Lose, or be done."""
        self.made += 1
        if self.made <= self.left:
            raise self.race
        return "done"


def test_until_settled_returns_the_first_success() -> None:
    """No race, no second attempt."""
    attempt = Attempts(0)

    assert until_settled(attempt, no_pause) == "done"
    assert attempt.made == 1


def test_until_settled_tries_again_after_a_lost_race() -> None:
    """A race lost a few times is won in the end."""
    attempt = Attempts(ATTEMPTS - 1)

    assert until_settled(attempt, no_pause) == "done"
    assert attempt.made == ATTEMPTS


def test_until_settled_gives_up_after_eight_attempts() -> None:
    """Whoever always loses is told to come back later instead of being kept waiting."""
    attempt = Attempts(99)

    with pytest.raises(Busy):
        until_settled(attempt, no_pause)

    assert attempt.made == 8


def test_until_settled_pauses_longer_each_time() -> None:
    """Rivals do not meet again at once."""
    pauses: list[int] = []

    until_settled(Attempts(3), pauses.append)

    assert pauses == [0, 1, 2]


def test_until_settled_does_not_pause_before_the_first_attempt() -> None:
    """Nobody waits who has not lost."""
    pauses: list[int] = []

    until_settled(Attempts(0), pauses.append)

    assert pauses == []


def test_until_settled_repeats_only_the_races_it_is_told_of() -> None:
    """Everything else is somebody's answer and passes through."""
    attempt = Attempts(1, OtherRace)

    with pytest.raises(OtherRace):
        until_settled(attempt, no_pause)

    assert attempt.made == 1


def test_until_settled_can_be_told_of_other_races() -> None:
    """A caller may know of further kinds of races."""
    assert until_settled(Attempts(1, OtherRace), no_pause, races=(OtherRace,)) == "done"


def renamed(title: str) -> Callable[[Session], Step]:
    """Return the decision to give a session that title."""
    return lambda session: changing(session, details=some_details(title=title))


def changing(session: Session, **fields: Any) -> Step:  # noqa: ANN401 - as `replace`
    """Return the step that replaces these *fields*."""
    return step(session, replace(session, **fields), Action.REGISTERED, a_change())


def test_change_session_saves_what_was_decided() -> None:
    """One read, one decision, one write."""
    sessions = FakeSessions(a_snapshot(version=7))

    assert change_session(SESSION_ID, renamed("new"), sessions, no_pause)
    assert sessions.load(SESSION_ID).details.title == "new"
    assert sessions.load(SESSION_ID).version == 8


def test_change_session_writes_nothing_if_nothing_was_decided() -> None:
    """A decision to leave the session as it is costs no version."""
    sessions = FakeSessions(a_snapshot(version=7))

    assert not change_session(SESSION_ID, lambda _: None, sessions, no_pause)
    assert sessions.writes == 0


def test_change_session_decides_anew_on_what_the_rival_left() -> None:
    """After a lost race the decision is made again, on what is there now."""
    sessions = FakeSessions(a_snapshot(version=7))
    rival = a_session(version=8, audit_head="rival", roster_change="theirs")
    sessions.before_write = at(1, lambda: sessions.put(a_snapshot(version=8, audit_head="rival")))
    seen: list[int] = []

    def decide(session: Session) -> Step:
        seen.append(session.version)
        return changing(session)

    assert change_session(SESSION_ID, decide, sessions, no_pause)
    assert seen == [7, 8]
    assert sessions.load(SESSION_ID).version == rival.version + 1


def test_change_session_refuses_if_the_rival_closed_it() -> None:
    """A refusal met on the second attempt is the answer."""
    sessions = FakeSessions(a_snapshot(version=7))
    closed = a_snapshot(version=8, audit_head="rival", status=SessionStatus.CANCELLED)
    sessions.before_write = at(1, lambda: sessions.put(closed))

    def decide(session: Session) -> Step:
        session.require_open()
        return changing(session)

    with pytest.raises(SessionCancelled):
        change_session(SESSION_ID, decide, sessions, no_pause)


def test_change_session_gives_up_when_rivals_never_cease() -> None:
    """Contention that outlasts the attempts is said, not hidden."""
    sessions = FakeSessions(a_snapshot())

    def outrun() -> None:
        session = sessions.load(SESSION_ID)
        sessions.put(a_snapshot(version=session.version + 1, audit_head="rival"))

    sessions.before_write = always(outrun)

    with pytest.raises(Busy):
        change_session(SESSION_ID, renamed("new"), sessions, no_pause)


def test_change_session_knows_no_unknown_session() -> None:
    """There is nothing to change."""
    with pytest.raises(NotFound):
        change_session("nowhere", renamed("new"), FakeSessions(), no_pause)
