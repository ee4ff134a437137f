"""The audit trail in pages: complete, in order, and never more than an answer carries."""

import pytest

from functions.view_audit import use_case
from functions.view_audit.use_case import AuditPage, view_audit
from shared.domain.audit import Action, AuditEntry, FieldChange
from shared.domain.errors import NotFound
from testing.builders import SESSION_ID, a_change, a_snapshot
from testing.fakes import FakeWiring


def a_world(count: int, letters: int = 1) -> FakeWiring:
    """Return a world in which the session has that many entries."""
    world = FakeWiring(a_snapshot())
    note = FieldChange("", "lateSheet", None, "x" * letters)
    for number in range(count):
        world.trail.append(SESSION_ID, Action.SHEET_LATE, a_change(f"note-{number}"), [note])
    return world


def view(world: FakeWiring, after: int = 0, limit: int = 100) -> AuditPage[AuditEntry]:
    """Look at a page."""
    return view_audit(SESSION_ID, after, limit, world.sessions, world.trail)


@pytest.mark.parametrize(
    ("count", "limit", "has_more"), [(3, 4, False), (3, 3, False), (3, 2, True)]
)
def test_view_audit_says_whether_there_is_more(count: int, limit: int, has_more: bool) -> None:
    """No client is sent to an empty page."""
    page = view(a_world(count), limit=limit)

    assert (len(page.entries), page.has_more) == (min(count, limit), has_more)


def test_view_audit_goes_on_behind_the_last_entry() -> None:
    """All pages together are the same as one large page."""
    world = a_world(7)

    seen: list[AuditEntry] = []
    after = 0
    while (page := view(world, after, limit=3)).entries:
        seen += page.entries
        after = page.entries[-1].sequence

    assert seen == list(world.trail.entries(SESSION_ID))


def test_view_audit_shows_fewer_if_they_are_large() -> None:
    """A page fits an answer with entries of any size, and has at least one."""
    world = a_world(5, letters=use_case.PAGE_BYTES // 2)

    page = view(world)

    assert (len(page.entries), page.has_more) == (1, True)


def test_view_audit_knows_no_unknown_session() -> None:
    """An unknown session is not found, instead of having an empty trail."""
    with pytest.raises(NotFound):
        view(FakeWiring())
