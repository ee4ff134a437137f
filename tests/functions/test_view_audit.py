"""The audit trail in pages: all of it, in order, and never more than an answer carries."""

import pytest

from functions.view_audit import use_case
from functions.view_audit.use_case import AuditPage, view_audit
from shared.domain.audit import Action, AuditEntry, Cell
from shared.domain.errors import NotFound
from tests.builders import SESSION_ID, a_change, a_snapshot
from tests.fakes import World


def a_world(count: int, letters: int = 1) -> World:
    """Return a world in which so much was noted about the session."""
    world = World(a_snapshot())
    note = Cell("", "lateSheet", None, "x" * letters)
    for number in range(count):
        world.trail.append(SESSION_ID, Action.SHEET_LATE, a_change(f"note-{number}"), [note])
    return world


def view(world: World, after: int = 0, limit: int = 100) -> AuditPage:
    """Look at a page."""
    return view_audit(SESSION_ID, after, limit, world.sessions, world.trail)


@pytest.mark.parametrize(
    ("count", "limit", "has_more"), [(3, 4, False), (3, 3, False), (3, 2, True)]
)
def test_view_audit_says_whether_there_is_more(count: int, limit: int, has_more: bool) -> None:
    """Nobody is sent for an empty page."""
    page = view(a_world(count), limit=limit)

    assert (len(page.entries), page.has_more) == (min(count, limit), has_more)


def test_view_audit_goes_on_behind_the_last_entry() -> None:
    """Page by page comes to the same as all at once."""
    world = a_world(7)

    seen: list[AuditEntry] = []
    after = 0
    while (page := view(world, after, limit=3)).entries:
        seen += page.entries
        after = page.entries[-1].sequence

    assert seen == list(world.trail.entries(SESSION_ID))


def test_view_audit_shows_fewer_if_they_are_large() -> None:
    """A page fits the answer whatever its entries hold, and has at least one."""
    world = a_world(5, letters=use_case.PAGE_BYTES // 2)

    page = view(world)

    assert (len(page.entries), page.has_more) == (1, True)


def test_view_audit_knows_no_unknown_session() -> None:
    """Not an empty trail: there is nothing that could have one."""
    with pytest.raises(NotFound):
        view(World())
