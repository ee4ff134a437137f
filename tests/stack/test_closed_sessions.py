"""After the gate, during it, and after a cancellation: a session that takes nothing any more."""

from collections.abc import Callable

import httpx
import pytest

from tests.stack.backstage import Backstage
from tests.stack.problems import CANCELLED, FINALIZED, FINALIZING, problem
from tests.stack.story import (
    Session,
    a_cancelled_session,
    a_finalized_session,
    a_sheet,
    described,
    file_part,
    marks,
    records,
    seen,
)

pytestmark = pytest.mark.stack

Attempt = Callable[[httpx.Client, Session], httpx.Response]


def _plan(person: httpx.Client, session: Session) -> httpx.Response:
    """Try to rewrite the plan."""
    return person.put(session.path, json=session.plan | {"title": "Rewritten"})


def _mark(person: httpx.Client, session: Session) -> httpx.Response:
    """Try to rewrite the grid."""
    return person.patch(session.attendance, json=marks(session, remarks="Rewritten"))


def _upload(person: httpx.Client, session: Session) -> httpx.Response:
    """Try to send another sheet."""
    return person.post(session.evidence, files=file_part(a_sheet()))


def _announce(person: httpx.Client, session: Session) -> httpx.Response:
    """Try to get permission to send another sheet."""
    return person.post(session.evidence, json=described(a_sheet()))


def _finalize(person: httpx.Client, session: Session) -> httpx.Response:
    """Try to finalize."""
    return person.post(session.finalize)


ATTEMPTS = [_mark, _upload, _announce, _finalize]


@pytest.fixture(scope="module")
def finalized(admin: httpx.Client) -> Session:
    """A session whose records are legal documents."""
    return a_finalized_session(admin)


@pytest.fixture(scope="module")
def cancelled(admin: httpx.Client) -> Session:
    """A session that lacked nothing but did not take place."""
    return a_cancelled_session(admin)


@pytest.fixture
def sealed(admin: httpx.Client, backstage: Backstage) -> Session:
    """A session whose records were all written a moment ago, but which is not completed yet."""
    session = a_finalized_session(admin)
    backstage.seal(session)
    return session


@pytest.mark.parametrize("attempt", [_plan, *ATTEMPTS])
def test_a_finalized_session_takes_nothing_any_more(
    attempt: Attempt, admin: httpx.Client, finalized: Session, backstage: Backstage
) -> None:
    """
    After Finalize every change is a conflict, and nothing is changed (spec §1).
    """
    before = backstage.state(finalized)

    response = attempt(admin, finalized)

    assert problem(response) == FINALIZED
    assert backstage.state(finalized) == before


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_cancelled_session_takes_nothing(
    attempt: Attempt, admin: httpx.Client, cancelled: Session, backstage: Backstage
) -> None:
    """
    A session that did not take place has no sheet, no attendance and no records (DESIGN §5.4).
    """
    before = backstage.state(cancelled)

    response = attempt(admin, cancelled)

    assert problem(response) == CANCELLED
    assert backstage.state(cancelled) == before


@pytest.mark.parametrize("attempt", [_plan, *ATTEMPTS])
def test_a_session_that_is_being_finalized_takes_nothing_any_more(
    attempt: Attempt, admin: httpx.Client, sealed: Session, backstage: Backstage
) -> None:
    """
    From the point of no return on everything else is a conflict.
    """
    before = backstage.state(sealed)

    response = attempt(admin, sealed)

    assert problem(response) == FINALIZING
    assert backstage.state(sealed) == before


def test_a_session_that_is_being_finalized_shows_no_records(
    auditor: httpx.Client, sealed: Session
) -> None:
    """
    A staged record counts for nobody before its session is completed; how far it got is shown.
    """
    assert records(auditor, sealed) == {}
    assert seen(auditor, sealed)["finalization"]["progress"] == {"written": 3, "total": 3}


def test_a_cancelled_session_that_took_place_after_all_is_finalized(admin: httpx.Client) -> None:
    """
    Cancelling is not final: set back, the session is as it was, sheet and marks included.
    """
    session = a_cancelled_session(admin)
    admin.put(session.path, json=session.plan | {"status": "SCHEDULED"}).raise_for_status()

    response = admin.post(session.finalize)

    assert response.status_code == 200
    assert response.json()["trainingRecords"] == 3


def test_a_closed_session_can_still_be_looked_at(
    auditor: httpx.Client, finalized: Session, cancelled: Session
) -> None:
    """
    Locked is not hidden: session and sheet stay readable.
    """
    answers = [
        auditor.get(path) for it in (finalized, cancelled) for path in (it.path, it.evidence)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
