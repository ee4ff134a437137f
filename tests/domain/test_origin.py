"""Who wrote an entry is told by its origin, and nobody else can say so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.audit import GENESIS, Action, AuditEntry, ChainPosition, new_entry
from shared.domain.copies import Trail
from shared.domain.origin import (
    WRITERS,
    Place,
    invented,
    is_genuine,
    origin_faults,
    origin_of,
)
from shared.domain.tampering import Change, Table, Tampering
from testing.builders import COURSE_ID, SESSION_ID, a_change, a_course, a_course_change

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def key_of(function: str) -> bytes:
    """Return the key of a function: each has its own."""
    return f"key of {function}".encode()


def an_entry(
    action: Action = Action.VERIFIED, sequence: int = 1, by: str | None = None
) -> AuditEntry:
    """Return an entry that its own function has written, or another one that *by* names."""
    entry = new_entry(ChainPosition(SESSION_ID, sequence, GENESIS), action, a_change(), [])
    writer = by or WRITERS[Trail.SESSION][action]
    return replace(entry, origin=origin_of(entry.sha256, key_of(writer)))


def told(entry: AuditEntry, **item: object) -> Change:
    """Return that *entry* was added, as the stream of its table tells it."""
    stored = {
        "sessionId": entry.session_id,
        "sequence": entry.sequence,
        "content": entry.content,
        "sha256": entry.sha256,
        "origin": entry.origin,
    }
    return Change(Table.AUDIT, "event-1", NOW, None, {**stored, **item})  # type: ignore[dict-item]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_one_writer(action: Action) -> None:
    """An entry of its own kind is genuine, and one by any other function is not."""
    writers = set(WRITERS[Trail.SESSION].values()) | {"register_course", "relay_outbox"}

    genuine = {by for by in writers if invented(told(an_entry(action, by=by)), key_of) is None}

    assert genuine == {WRITERS[Trail.SESSION][action]}


@pytest.mark.parametrize(
    "item",
    [
        {"origin": None},
        {"origin": ""},
        {"origin": "ab" * 32},
        {"origin": "ä"},
        {"origin": 7},
        {"content": an_entry(Action.SIGNED).content},
        {"content": "nonsense"},
        {"content": "[]"},
        {"content": '{"action":"VERIFIED"}'},
        {"content": '{"action":"PAID"}'},
        {"sessionId": "another-session"},
        {"sequence": 2},
    ],
    ids=str,
)
def test_entry_that_its_function_did_not_write_is_invented(item: dict[str, object]) -> None:
    """Nor is a genuine one in another place, or one with other content."""
    assert invented(told(an_entry()), key_of) is None
    assert invented(told(an_entry(), **item), key_of) is Tampering.ENTRY_INVENTED


def test_entry_of_a_course_is_written_by_one_function() -> None:
    """Its trail is another one: what registers sessions writes nothing there."""
    entry = a_course_change(a_course()).entry
    place = Place(Trail.COURSE, COURSE_ID, entry.sequence)

    genuine = {
        by
        for by in ("register_course", "register_session")
        if is_genuine(place, entry.content, origin_of(entry.sha256, key_of(by)), key_of)
    }

    assert genuine == {"register_course"}


@pytest.mark.parametrize("change", ["replaced", "removed", "of a session"])
def test_only_new_entries_have_an_origin_to_check(change: str) -> None:
    """What replaces or removes one is noted as that."""
    item = told(an_entry(), origin="ab" * 32).new
    changes = {
        "replaced": Change(Table.AUDIT, "event-1", NOW, item, item),
        "removed": Change(Table.AUDIT, "event-1", NOW, item, None),
        "of a session": Change(Table.SESSIONS, "event-1", NOW, None, item),
    }

    assert invented(changes[change], key_of) is None


def trail(*origins: str | None) -> list[AuditEntry]:
    """Return a trail of verifications; one written by "nobody" has no origin."""
    entries = [an_entry(sequence=number, by=by) for number, by in enumerate(origins, start=1)]
    return [
        replace(entry, origin=None) if by == "nobody" else entry
        for entry, by in zip(entries, origins, strict=True)
    ]


@pytest.mark.parametrize(
    ("origins", "faulty"),
    [
        ((), []),
        ((None, None), []),
        (("nobody", "nobody"), []),
        (("nobody", None, None), []),
        (("nobody", None, "nobody", None), [3]),
        ((None, "save_attendance"), [2]),
        (("nobody", "save_attendance", "nobody"), [2, 3]),
    ],
)
def test_trail_needs_origins_from_the_first_one_on(
    origins: tuple[str | None, ...], faulty: list[int]
) -> None:
    """What was written before there were origins needs none."""
    assert origin_faults(trail(*origins), key_of) == tuple(
        f"entry {number} was not written by the function that writes such entries"
        for number in faulty
    )
